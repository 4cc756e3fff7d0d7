/** Assertions for programmer errors: they crash and say why. Operating errors are values instead. */

export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${why}`);
}

/**
 * Closes a switch over a union: a new member that nobody handles fails to compile, and crashes if data smuggles it in.
 */
export function assertNever(value: never, what: string): never {
  throw new Error(`assertion failed: unhandled ${what}: ${JSON.stringify(value)}`);
}

/** The value of a lookup that cannot miss; crashes with `what` where the caller's reasoning was wrong. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`assertion failed: no ${what}`);
  return value;
}
