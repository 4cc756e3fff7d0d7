/** The outcome of something that can fail on bad input: a value, or every problem found, never a mixture. */
export type Result<T, P> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly P[] };

/**
 * One fault of an input: where it is and what was expected. `line` and `column` count from 1; 0 where there is no text.
 */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Slash-separated place inside the document, e.g. `groups/0/agents`; empty for the document itself. */
  readonly path: string;
  /** What is wrong and what was expected, one sentence without a full stop. */
  readonly message: string;
}

export function succeed<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<P>(problems: readonly P[]): { readonly ok: false; readonly problems: readonly P[] } {
  return { ok: false, problems };
}
