/**
 * When the ledgers of pacing begin anew: once a day, at a time of day on the clock of a zone, so that each day keeps the goal by
 * itself. Clocks that skip the time or show it twice reset once all the same.
 */
import { createOffsetClock } from '#core/offset-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The first reset after a moment, epoch ms. */
export type NextReset = (at: number) => number;

/** `minute`: of the day, 0 being midnight. */
export function createLedgerDay(minute: number, timeZone: string): NextReset {
  const offsetAt = createOffsetClock(timeZone);
  // By the day alone, so that a day has one reset, wherever it is asked from.
  const resetOf = (day: number): number => {
    const local = day * DAY_MS + minute * MINUTE_MS;
    return local - offsetAt(local - offsetAt(local));
  };
  return (at) => {
    let day = Math.floor((at + offsetAt(at)) / DAY_MS) - 1;
    while (resetOf(day) <= at) day += 1;
    return resetOf(day);
  };
}
