/**
 * The store as the other nodes see it: puts and questions by one connection, asked again after it was lost (the store
 * takes everything twice without harm).
 *
 * - History puts are pipelined; one that is unanswered for 2 s fails, and so does one for which there is no room.
 * - Operations puts never fail. One request is under way at a time and takes all the groups that came meanwhile, so that
 *   the store gets a writer's rows in order whatever is sent again.
 * - Where the store's file of operations was replaced by an older one, what this client was told is stored, and may not be in
 *   it, is put again before all else.
 */
import { assertNever } from '#core/assert.ts';
import type { CommitGroup, HistoryGroup, OperationsRow } from '#core/effects.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { present } from '#core/assert.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type {
  Erasure,
  HistoryEntity,
  HistoryListing,
  HistoryQuestions,
  HistoryRange,
  HistoryRecords,
  HistoryScope,
} from '#ports/history.ts';
import type { ClaimOutcome, OperationsKind } from '#ports/stores.ts';
import { Deadlines } from './deadlines.ts';
import { NumberedQueue } from '#core/numbered-queue.ts';
import { StoreConnection } from './store-connection.ts';
import { StoreOperations } from './store-operations.ts';
import { StoreRedo } from './store-redo.ts';
import type { StoreNotice, StoreQuestion, StoreReply } from './store-wire.ts';

export interface StoreClientLimits {
  /** A history put or a question about a visit that is unanswered so long has failed. */
  readonly historyMsMax: number;
  /** Unanswered history puts, and what their frames take. */
  readonly historyPutsMax: number;
  readonly historyCharsMax: number;
  /** Rows that may wait before `full` is true. */
  readonly operationsRowsMax: number;
}

const STORE_CLIENT_LIMITS: StoreClientLimits = {
  historyMsMax: 2000,
  historyPutsMax: 10_000,
  historyCharsMax: 32 * 1024 * 1024,
  operationsRowsMax: 50_000,
};
/** A page of event ids, a question to the history and an erasure may take the store longer than a put. */
const LISTING_MS_MAX = 30_000;
const RETRY_MS_MIN = 50;
const RETRY_MS_MAX = 1000;

export interface StoreClientOptions {
  /** http://host:port of the store node; null: not known yet, see `setUrl`. */
  readonly url: string | null;
  readonly secret: string;
  /** A logger of pino, or what looks like it. */
  readonly log: { warn(fields: object, message: string): void; info(message: string): void };
  readonly limits?: Partial<StoreClientLimits>;
  /** Why the store can't be reached; null: it can. */
  readonly onState?: (reason: string | null) => void;
  /** What is wrong with a store that serves; null: nothing any more. */
  readonly onDegraded?: (reason: string | null) => void;
}

/**
 * The questions to the history are as the port has them, with at most HISTORY_LIMIT_MAX records a listing. They reject with
 * NOT_SUPPORTED where the store keeps no index for them, with UNAVAILABLE where it can't answer, or hasn't after 30 s.
 */
export interface StoreClient extends HistoryQuestions {
  /** `onStored` is called once, later: true after the commit; false, for history alone, where it is not known. */
  commit(group: CommitGroup, onStored: (ok: boolean) => void): void;
  /** As the port has it. Rejects with UNAVAILABLE after 2 s. */
  pastOf(browserVisitID: string): Promise<readonly VisitEvent[]>;
  /** As the port has it. Asked until answered. */
  recover(kinds?: readonly OperationsKind[]): Promise<readonly OperationsRow[]>;
  /** Asked until answered. */
  claim(key: string, claimant: string): Promise<ClaimOutcome>;
  /** An identity with its history, and with what the contact center has finished. Rejects with UNAVAILABLE after 30 s. */
  erase(identityId: string): Promise<Erasure>;
  /** Rejects with UNAVAILABLE after 30 s. */
  eventIDs(after: string | null, limit: number): Promise<readonly string[]>;
  readonly connected: boolean;
  /** More operations rows wait than should: take nothing in that makes more of them. */
  readonly full: boolean;
  setUrl(url: string | null): void;
  /** Unanswered history puts fail, questions are rejected, operations puts stay unanswered. */
  close(): void;
}

interface Pending {
  readonly frame: string;
  readonly items: unknown[];
  readonly onReply: (reply: StoreReply, items: readonly unknown[]) => void;
  /** The time is up, or the client was closed. */
  readonly onGivenUp: (why: string) => void;
  /** Where the time that it may take is bounded. */
  readonly deadlines: Deadlines<number> | undefined;
}

interface UntilDone {
  readonly onDone: (outcome: ClaimOutcome | undefined, items: readonly unknown[]) => void;
  readonly onClosed?: (error: OperatingError) => void;
  /** False: it has become another request's matter. */
  readonly isWanted?: () => boolean;
}

interface StoreAnswer {
  /** The last one. */
  readonly reply: Extract<StoreReply, { readonly ok: true }>;
  readonly items: readonly unknown[];
}

export function createStoreClient(options: StoreClientOptions): StoreClient {
  return new LiveStoreClient(options);
}

class LiveStoreClient implements StoreClient {
  readonly #limits: StoreClientLimits;
  readonly #connection: StoreConnection;
  readonly #historyDeadlines: Deadlines<number>;
  readonly #listingDeadlines: Deadlines<number>;
  readonly #operations: StoreOperations;
  readonly #redo = new StoreRedo();
  readonly #options: StoreClientOptions;
  /** Of the store that answered last. */
  #lineage: string | null = null;
  /** In order of asking. */
  readonly #pending = new NumberedQueue<Pending>();
  /** Questions that the store could not answer, and what to do when there will be no next time. */
  readonly #retries = new Map<NodeJS.Timeout, () => void>();
  #historyPuts = 0;
  #historyChars = 0;
  #closed = false;

  constructor(options: StoreClientOptions) {
    this.#options = options;
    this.#limits = { ...STORE_CLIENT_LIMITS, ...options.limits };
    const { historyMsMax } = this.#limits;
    this.#historyDeadlines = new Deadlines(historyMsMax, (id) => this.#giveUp(id, historyMsMax));
    this.#listingDeadlines = new Deadlines(LISTING_MS_MAX, (id) => this.#giveUp(id, LISTING_MS_MAX));
    this.#operations = new StoreOperations((group, onStored, isWanted) => {
      const handleStored = (): void => {
        this.#redo.stored(group.rows);
        onStored();
      };
      this.#askUntilDone({ op: 'put', group }, { onDone: handleStored, isWanted });
    });
    this.#connection = new StoreConnection({
      url: options.url,
      secret: options.secret,
      onOpen: (lineage) => {
        options.log.info('connected to the store');
        options.onState?.(null);
        options.onDegraded?.(null);
        this.#askAgain();
        this.#redoIn(lineage);
      },
      onNotice: (notice) => this.#handleNotice(notice),
      onReply: (reply) => this.#handleReply(reply),
      onLost: (why) => {
        options.log.warn({ why }, 'the store can not be reached');
        options.onState?.(why);
      },
    });
  }

  get connected(): boolean {
    return this.#connection.connected;
  }

  get full(): boolean {
    return this.#operations.waitingRows > this.#limits.operationsRowsMax;
  }

  commit(group: CommitGroup, onStored: (ok: boolean) => void): void {
    if (group.store === 'operations') this.#operations.add(group, onStored);
    else this.#putHistory(group, onStored);
  }

  async pastOf(browserVisitID: string): Promise<readonly VisitEvent[]> {
    const past = await this.#askOnce({ op: 'past', visitID: browserVisitID }, this.#historyDeadlines);
    // JSON has no undefined.
    return (past.items as VisitEvent[]).map((event) => ({ ...event, identity: event.identity }));
  }

  async recover(kinds?: readonly OperationsKind[]): Promise<readonly OperationsRow[]> {
    const question: StoreQuestion = kinds === undefined ? { op: 'recover' } : { op: 'recover', kinds };
    return new Promise((resolve, reject) => {
      const onDone = (_: unknown, items: readonly unknown[]): void => {
        const rows = items as readonly OperationsRow[];
        this.#redo.stored(rows);
        resolve(rows);
      };
      this.#askUntilDone(question, { onDone, onClosed: reject });
    });
  }

  async claim(key: string, claimant: string): Promise<ClaimOutcome> {
    return new Promise((resolve, reject) => {
      const onDone = (outcome: ClaimOutcome = 'lost'): void => {
        if (outcome === 'won') this.#redo.claimed(key, claimant);
        resolve(outcome);
      };
      this.#askUntilDone({ op: 'claim', key, claimant }, { onDone, onClosed: reject });
    });
  }

  async eventIDs(after: string | null, limit: number): Promise<readonly string[]> {
    const { items } = await this.#askOnce({ op: 'eventIDs', after, limit }, this.#listingDeadlines);
    return items as readonly string[];
  }

  async get<E extends HistoryEntity>(entity: E, recordId: string): Promise<HistoryRecords[E] | null> {
    const { items } = await this.#askOnce({ op: 'get', entity, recordId }, this.#listingDeadlines);
    return (items[0] ?? null) as HistoryRecords[E] | null;
  }

  async list<E extends HistoryEntity>(
    entity: E,
    scope: HistoryScope,
    range: HistoryRange,
  ): Promise<HistoryListing<HistoryRecords[E]>> {
    const { items, reply } = await this.#askOnce({ op: 'list', entity, scope, range }, this.#listingDeadlines);
    return { records: items as readonly HistoryRecords[E][], next: reply.next ?? null };
  }

  async erase(identityId: string): Promise<Erasure> {
    const { reply } = await this.#askOnce({ op: 'erase', identityId }, this.#listingDeadlines);
    return present(reply.erasure, 'what an erasure came to');
  }

  setUrl(url: string | null): void {
    this.#connection.setUrl(url);
  }

  close(): void {
    this.#closed = true;
    this.#connection.close();
    for (const [retry, giveUp] of this.#retries) {
      clearTimeout(retry);
      giveUp();
    }
    this.#historyDeadlines.close();
    this.#listingDeadlines.close();
    for (const pending of this.#pending.values()) pending.onGivenUp('the store client was closed');
    this.#pending.clear();
  }

  #putHistory(group: HistoryGroup, onStored: (ok: boolean) => void): void {
    const { historyPutsMax, historyCharsMax } = this.#limits;
    if (this.#closed || this.#historyPuts >= historyPutsMax || this.#historyChars >= historyCharsMax) {
      setImmediate(onStored, false);
      return;
    }
    // Leads travel to the contact center; the history keeps events.
    const batch = { ...group.batch, leads: undefined };
    const chars = this.#ask({ op: 'put', group: { ...group, batch } }, this.#historyDeadlines, {
      onReply: (reply) => settle(reply.ok),
      onGivenUp: () => settle(false),
    });
    const settle = (ok: boolean): void => {
      this.#historyPuts -= 1;
      this.#historyChars -= chars;
      onStored(ok);
    };
    this.#historyPuts += 1;
    this.#historyChars += chars;
  }

  #askOnce(question: StoreQuestion, deadlines: Deadlines<number>): Promise<StoreAnswer> {
    return new Promise((resolve, reject) => {
      const refuse = (why: string): void => reject(new OperatingError('UNAVAILABLE', `store: ${why}`));
      if (this.#closed) refuse('the store client was closed');
      else
        this.#ask(question, deadlines, {
          onReply: (reply, items) => {
            if (reply.ok) resolve({ reply, items });
            else if ('fault' in reply && reply.fault === 'notIndexed')
              reject(new OperatingError('NOT_SUPPORTED', reply.message));
            else refuse(describeRefusal(reply));
          },
          onGivenUp: refuse,
        });
    });
  }

  /** Asks again, later and later, while the store says that it can't. */
  #askUntilDone(question: StoreQuestion, then: UntilDone, retryMs = RETRY_MS_MIN): void {
    const { onDone, onClosed, isWanted } = then;
    const giveUp = (): void => onClosed?.(new OperatingError('UNAVAILABLE', 'store: the store client was closed'));
    if (this.#closed) {
      giveUp();
      return;
    }
    this.#ask(question, undefined, {
      onReply: (reply, items) => {
        if (reply.ok) {
          onDone(reply.outcome, items);
          return;
        }
        if (isWanted?.() === false) return;
        const retry = setTimeout(() => {
          this.#retries.delete(retry);
          if (isWanted?.() !== false) this.#askUntilDone(question, then, Math.min(2 * retryMs, RETRY_MS_MAX));
        }, retryMs);
        this.#retries.set(retry, giveUp);
      },
      onGivenUp: giveUp,
    });
  }

  /** Gives back how many characters the frame takes. */
  #ask(
    question: StoreQuestion,
    deadlines: Deadlines<number> | undefined,
    then: Pick<Pending, 'onReply' | 'onGivenUp'>,
  ): number {
    const id = this.#pending.next;
    const frame = JSON.stringify({ id, ...question });
    deadlines?.add(id);
    this.#pending.add({ frame, items: [], deadlines, onReply: then.onReply, onGivenUp: then.onGivenUp });
    this.#connection.send(frame);
    return frame.length;
  }

  #giveUp(id: number, msMax: number): void {
    this.#pending.take(id)?.onGivenUp(`no answer in ${msMax} ms`);
  }

  #askAgain(): void {
    for (const { frame, items } of this.#pending.values()) {
      items.length = 0;
      this.#connection.send(frame);
    }
  }

  /** What is under way goes again with the rest: the store takes it twice, and in this order the newest rows come last. */
  #redoIn(lineage: string | null): void {
    const isOther = this.#lineage !== null && lineage !== null && lineage !== this.#lineage;
    this.#lineage = lineage ?? this.#lineage;
    if (!isOther) return;
    const { rows, claims } = this.#redo;
    this.#options.log.warn({ rows: rows.length, claims: claims.length }, 'the store was replaced: put again');
    this.#operations.addFirst(rows);
    for (const [key, claimant] of claims)
      this.#askUntilDone({ op: 'claim', key, claimant }, { onDone: () => undefined });
  }

  #handleNotice(notice: StoreNotice): void {
    switch (notice.notice) {
      case 'degraded':
        this.#options.onDegraded?.(notice.reason);
        return;
      case 'backupBegun':
        this.#redo.backupBegun(notice.mark);
        return;
      case 'backupGood':
        this.#redo.backupGood(notice.mark);
        return;
      default:
        assertNever(notice, 'store notice');
    }
  }

  #handleReply(reply: StoreReply): void {
    const pending = this.#pending.get(reply.id);
    // Answered already, or given up.
    if (pending === undefined) return;
    if (reply.ok) for (const item of reply.items ?? []) pending.items.push(item);
    if (reply.ok && reply.more === true) return;
    this.#pending.take(reply.id);
    pending.deadlines?.delete(reply.id);
    pending.onReply(reply, pending.items);
  }
}

function describeRefusal(reply: Extract<StoreReply, { readonly ok: false }>): string {
  return 'full' in reply ? 'too much is waiting' : reply.message;
}
