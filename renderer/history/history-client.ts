/**
 * The way of a screen's part to a history, handed in: parts that tell a visitor's story take one of these and know no host. Every
 * question and what it took is noted in `asked`, so that people see what the store was asked.
 */
import type { HistoryAnswer, HistoryQuestion, PassageParameter } from '#protocol/history-passage.ts';
import { createAskedLog, type AskedLog } from '#renderer/history/asked-log.ts';

export type HistoryQuery = Readonly<Partial<Record<PassageParameter, string>>>;

/** What a Backend told. */
export interface Told<T> {
  readonly value: T;
  /** Where the next page begins; null: that was all, or no listing. */
  readonly next: string | null;
  /** The header `Link` of a visit that crossed domains. */
  readonly link: string | null;
}

/** Rows that an erasure took, by table of the store. */
export interface Erasure {
  readonly identityId: string;
  readonly erased: Readonly<Record<string, number>>;
  /** Rows that stayed, as something in their visit still runs, by table. */
  readonly inProgress: Readonly<Record<string, number>>;
}

export interface HistoryClient {
  /** Rejects with a HistoryRefusal, or with what `signal` was aborted by. */
  get<T>(path: readonly string[], query?: HistoryQuery, signal?: AbortSignal): Promise<Told<T>>;
  /** A page of a listing as CSV. */
  getCsv(path: readonly string[], query: HistoryQuery, signal?: AbortSignal): Promise<Told<string>>;
  /** Right to erasure: takes the identity and its visits out of every table. */
  erase(identityId: string): Promise<Told<Erasure>>;
  readonly asked: AskedLog;
}

export type RefusalKind =
  /** There is no such record, or no more. */
  | 'unknown'
  /** All visitors were asked for, and nothing is indexed for that. */
  | 'notIndexed'
  /** Nobody answered, or the store can't be reached: later it may be. */
  | 'unreachable'
  /** Something is wrong with the question, or with who asks. */
  | 'refused';

export class HistoryRefusal extends Error {
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.name = 'HistoryRefusal';
    this.kind = kind;
  }
}

/** Passes a question on; rejects in words where it could not be passed on. */
export type PassQuestion = (question: HistoryQuestion, signal: AbortSignal | undefined) => Promise<HistoryAnswer>;

export function createHistoryClient(pass: PassQuestion): HistoryClient {
  const asked = createAskedLog();

  async function ask<T>(
    question: HistoryQuestion,
    signal: AbortSignal | undefined,
    read: (body: string) => T,
  ): Promise<Told<T>> {
    let answer: HistoryAnswer;
    try {
      answer = await pass(question, signal);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new HistoryRefusal('unreachable', error instanceof Error ? error.message : String(error));
    }
    if (answer.outcome === 'unanswered') {
      asked.note(question, answer, null);
      throw new HistoryRefusal('unreachable', answer.message);
    }
    if (answer.status !== 200) {
      asked.note(question, answer, null);
      throw new HistoryRefusal(kindOf(answer.status), messageOf(answer.body));
    }
    const value = read(answer.body);
    asked.note(question, answer, Array.isArray(value) ? value.length : null);
    return { value, next: answer.pagingNext, link: answer.link };
  }

  return {
    asked,
    // A Backend of the same build answers in the shapes of protocol/wire-history.ts.
    get: <T>(path: readonly string[], query: HistoryQuery = {}, signal?: AbortSignal) =>
      ask({ method: 'GET', path, query }, signal, (body) => JSON.parse(body) as T),
    getCsv: (path, query, signal) =>
      ask({ method: 'GET', path, query: { ...query, format: 'csv' } }, signal, (body) => body),
    erase: (identityId) =>
      ask(
        { method: 'DELETE', path: ['identities', identityId], query: {} },
        undefined,
        (body) => JSON.parse(body) as Erasure,
      ),
  };
}

function kindOf(status: number): RefusalKind {
  if (status === 404) return 'unknown';
  if (status === 501) return 'notIndexed';
  return status === 503 || status === 429 ? 'unreachable' : 'refused';
}

/** `{"error": {"message": "..."}}`, as every refusal of a Backend. */
function messageOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { readonly error?: { readonly message?: string } };
    return error?.message ?? 'The Backend did not say why.';
  } catch {
    // Somebody else answers at this address.
    return 'The answer could not be read.';
  }
}
