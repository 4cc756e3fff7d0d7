/** How long to wait before trying again: doubling, with jitter from a stream of its own, all in wall time. */
import type { RandomStream } from '#core/random/stream.ts';

export interface BackoffLaw {
  readonly msMin: number;
  readonly msMax: number;
}

/**
 * Wait before attempt `attempt` (1: the first repetition), ms: the upper half of msMin * 2^(attempt - 1), at most msMax,
 * so that those who failed together don't come back together.
 */
export function backoffMs(attempt: number, { msMin, msMax }: BackoffLaw, jitter: RandomStream): number {
  const fullMs = Math.min(msMax, msMin * 2 ** Math.min(attempt - 1, 30));
  return fullMs * (0.5 + 0.5 * jitter.next());
}
