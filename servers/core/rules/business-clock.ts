/** Business hours on the clock of a time zone. */
import { createOffsetClock } from '#core/offset-clock.ts';
import type { BusinessHours } from './rule-package.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** 1 January 1970 was a Thursday; 1 is Monday. */
const EPOCH_WEEKDAY = 4;

/** Is `at` (epoch ms) within the hours? */
export type BusinessClock = (at: number) => boolean;

export function createBusinessClock(hours: BusinessHours): BusinessClock {
  const offsetAt = createOffsetClock(hours.timeZone);
  const days = new Set(hours.days);
  return (at) => {
    const local = at + offsetAt(at);
    const day = Math.floor(local / DAY_MS);
    const weekday = ((((day + EPOCH_WEEKDAY - 1) % 7) + 7) % 7) + 1;
    const minute = Math.floor((local - day * DAY_MS) / MINUTE_MS);
    return days.has(weekday) && minute >= hours.fromMinute && minute < hours.toMinute;
  };
}
