/** When a rule is valid, in plain English. */
import type { BusinessHours, Validity } from './rule-package.ts';
import { joinWith } from '#core/plain-words.ts';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Of Swedish dates the year stands first: `2026-11-01 09:00`. */
const MOMENT = new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'short' });

/** `only Monday to Friday from 09:00 to 18:00 (Europe/Berlin)`. */
export function describeHours({ days, fromMinute, toMinute, timeZone }: BusinessHours): string {
  return `only ${describeDays(days)} from ${describeMinute(fromMinute)} to ${describeMinute(toMinute)} (${timeZone})`;
}

/** `from 2026-11-01 00:00 UTC on until 2027-01-01 00:00 UTC`; '' without bounds. */
export function describeValidity({ fromMs, toMs }: Validity): string {
  const parts: string[] = [];
  if (fromMs !== null) parts.push(`from ${MOMENT.format(fromMs)} UTC on`);
  if (toMs !== null) parts.push(`until ${MOMENT.format(toMs)} UTC`);
  return parts.join(' ');
}

/** Three days in a row and more as one span. */
function describeDays(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b);
  if (sorted.length === DAYS.length) return 'every day';
  const spans: number[][] = [];
  for (const day of sorted) {
    const span = spans.at(-1);
    if (span !== undefined && span.at(-1) === day - 1) span.push(day);
    else spans.push([day]);
  }
  const words = spans.flatMap((span) => {
    const names = span.map((day) => DAYS[day - 1] ?? String(day));
    return names.length > 2 ? [`${names[0]} to ${names.at(-1)}`] : names;
  });
  return joinWith('and', words);
}

function describeMinute(minute: number): string {
  const pad = (part: number): string => String(part).padStart(2, '0');
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}
