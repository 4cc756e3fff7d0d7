/** Business hours on the clock of a time zone. The zone's offset is asked for once a quarter of an hour: it changes at no other time. */
import type { BusinessHours } from './rule-package.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Zones change their offset at full quarters of an hour of UTC. */
const OFFSET_STEP_MS = 15 * MINUTE_MS;
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

/** What the clock of an IANA time zone shows ahead of UTC at a moment, ms. */
function createOffsetClock(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  let step = Number.NaN;
  let offsetMs = 0;
  return (at) => {
    const asked = Math.floor(at / OFFSET_STEP_MS);
    if (asked !== step) {
      step = asked;
      offsetMs = parseOffset(format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '');
    }
    return offsetMs;
  };
}

/** `GMT`, `GMT-03:30`, `GMT+01:00`. */
function parseOffset(text: string): number {
  const [, sign, hours = 0, minutes = 0] = /^GMT([+-])(\d\d):(\d\d)/u.exec(text) ?? [];
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return sign === '-' ? -offsetMs : offsetMs;
}
