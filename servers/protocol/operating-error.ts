/**
 * Everything that can go wrong in operation, in one table: code, exit status of the command line, HTTP status of a
 * server. Programmer errors are assertions instead and crash.
 */
import type { Problem } from '#core/result.ts';

export const EXIT = { ok: 0, internal: 1, invalid: 2, threshold: 3, unavailable: 4, interrupted: 130 } as const;

export const OPERATING_ERRORS = {
  INVALID_INPUT: { exit: EXIT.invalid, http: 400 },
  INVALID_USAGE: { exit: EXIT.invalid, http: 400 },
  FILE_NOT_FOUND: { exit: EXIT.invalid, http: 404 },
  NOT_SUPPORTED: { exit: EXIT.invalid, http: 501 },
  FORBIDDEN: { exit: EXIT.unavailable, http: 403 },
  NOT_FOUND: { exit: EXIT.invalid, http: 404 },
  CONFLICT: { exit: EXIT.unavailable, http: 409 },
  TOO_LARGE: { exit: EXIT.invalid, http: 413 },
  TOO_MANY: { exit: EXIT.unavailable, http: 429 },
  PORT_IN_USE: { exit: EXIT.unavailable, http: 503 },
  UNAVAILABLE: { exit: EXIT.unavailable, http: 503 },
  THRESHOLD_FAILED: { exit: EXIT.threshold, http: 200 },
  INTERRUPTED: { exit: EXIT.interrupted, http: 503 },
} as const;

export type OperatingErrorCode = keyof typeof OPERATING_ERRORS;

/** An operating error on its way to the one place that shows it. `problems` name every fault of an input at once. */
export class OperatingError extends Error {
  readonly code: OperatingErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: OperatingErrorCode, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.name = 'OperatingError';
    this.code = code;
    this.problems = problems;
  }
}

/** `scenarios/x.yaml:3:5 traffic/visitsPerHour: expected a number >= 0`, as compilers write it. */
export function describeProblem(problem: Problem): string {
  const place = problem.line > 0 ? `${problem.file}:${problem.line}:${problem.column}` : problem.file;
  return problem.path === '' ? `${place}: ${problem.message}` : `${place} ${problem.path}: ${problem.message}`;
}
