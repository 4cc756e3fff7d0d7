/** What the store was asked, newest first: the same question again is the same line, counted. */
import type { HistoryAnswer, HistoryQuestion } from '#protocol/history-passage.ts';
import { formatCurl, formatQuestion } from '#renderer/view/history-asked.ts';

export interface AskedLine {
  /** `GET /visits/A1` */
  readonly text: string;
  readonly times: number;
  /** Of the last time: HTTP status; null: nobody answered. */
  readonly status: number | null;
  readonly tookMs: number | null;
  /** Records of a listing; null: it was none. */
  readonly rows: number | null;
  readonly backend: string | null;
  /** null: nobody answered, so there is no address. */
  readonly curl: string | null;
}

export interface AskedLog {
  note(question: HistoryQuestion, answer: HistoryAnswer, rows: number | null): void;
  /** Another array after each note. */
  lines(): readonly AskedLine[];
  subscribe(listener: () => void): () => void;
}

const LINES_MAX = 200;

export function createAskedLog(): AskedLog {
  const listeners = new Set<() => void>();
  let lines: readonly AskedLine[] = [];
  return {
    note(question, answer, rows) {
      const text = formatQuestion(question);
      const before = lines.find((line) => line.text === text);
      const line: AskedLine = {
        text,
        times: (before?.times ?? 0) + 1,
        rows,
        ...(answer.outcome === 'answered'
          ? {
              status: answer.status,
              tookMs: answer.tookMs,
              backend: answer.backend,
              curl: formatCurl(question, answer.url, answer.credentials),
            }
          : { status: null, tookMs: null, backend: null, curl: before?.curl ?? null }),
      };
      lines = [line, ...lines.filter((other) => other !== before)].slice(0, LINES_MAX);
      for (const listener of listeners) listener();
    },
    lines: () => lines,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
