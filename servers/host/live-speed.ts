/** How fast a live run may go: its servers and sockets are real, and so is what they can take. */
import { OperatingError } from '#protocol/operating-error.ts';
import { LIVE_SPEED_RANGE } from '#protocol/run-feed-live.ts';
import type { RunSpeed } from '#protocol/run-feed.ts';

/** Virtual seconds a wall second; throws INVALID_INPUT for a speed that no live run can have. */
export function parseLiveSpeed(speed: RunSpeed): number {
  if (speed !== 'max' && speed >= LIVE_SPEED_RANGE.min && speed <= LIVE_SPEED_RANGE.max) return speed;
  throw new OperatingError(
    'INVALID_INPUT',
    `A live run goes at ${LIVE_SPEED_RANGE.min}x to ${LIVE_SPEED_RANGE.max}x, not at ${speed === 'max' ? 'max' : `${speed}x`}: its servers and sockets are real`,
  );
}
