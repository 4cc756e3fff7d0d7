/** When rules are in force: `valid: { from, to }` as moments, `hours` as days and times of day on the clock of a time zone. */
import { z } from 'zod';
import type { BusinessHours, Validity } from '#core/rules/rule-package.ts';
import { checkedSection, type FieldReport } from '#protocol/rule-package-file-section.ts';
import { describeWrong } from '#protocol/scenario-file-fields.ts';
import { isTimeZone } from '#protocol/scenario-file-start.ts';

type Given = Readonly<Record<string, unknown>>;

const MOMENT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,3})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const MOMENT_EXPECTED =
  'expected a time with Z or its offset, such as 2026-11-01T00:00:00Z or 2026-11-01T01:00:00+01:00';
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const DAYS_EXPECTED = `expected days such as mon-fri or [sat, sun], of ${DAYS.join(', ')}`;
const TIME_EXPECTED = 'expected a time of day in quotes, from "00:00" to "24:00"';
const ZONE_EXPECTED = 'expected a time zone such as Europe/Berlin';

/** Reads a text by `read`; what it does not know is answered with `expected`. */
function textBy<T>(expected: string, read: (text: string) => T | undefined): z.ZodType<T> {
  return z.unknown().transform((given, context): T => {
    const value = typeof given === 'string' ? read(given) : undefined;
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: describeWrong(expected, given) });
    return z.NEVER;
  });
}

/** Epoch ms; undefined where the text is no moment, or one that no calendar has. */
function parseMoment(text: string): number | undefined {
  const local = MOMENT.exec(text)?.[1];
  if (local === undefined) return undefined;
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(local)) return undefined;
  return Date.parse(text);
}

const momentSchema = textBy(MOMENT_EXPECTED, parseMoment);

function checkValidity(given: Given, report: FieldReport): void {
  const [from, to] = [given['from'], given['to']].map((text) =>
    typeof text === 'string' ? parseMoment(text) : undefined,
  );
  if (from !== undefined && to !== undefined && to <= from) report(['to'], 'expected a later time than "from"');
  if (given['from'] === undefined && given['to'] === undefined) report([], 'expected from, to or both, got none');
}

export const validitySchema = checkedSection(
  { from: momentSchema.optional(), to: momentSchema.optional() },
  checkValidity,
  ({ from = null, to = null }): Validity => ({ fromMs: from, toMs: to }),
);

/** `mon-fri` or `sat` as days from 1 to 7; a range may run over the end of the week. */
function parseDays(text: string): readonly number[] | undefined {
  const [first, last, ...others] = text.split('-').map((name) => DAYS.findIndex((day) => day === name));
  if (first === undefined || first < 0 || last === -1 || others.length > 0) return undefined;
  const count = last === undefined ? 1 : ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => ((first + index) % 7) + 1);
}

const daysSchema = z.unknown().transform((given, context): readonly number[] => {
  const written: readonly unknown[] = Array.isArray(given) ? given : [given];
  const parsed = written.map((text) => (typeof text === 'string' ? parseDays(text) : undefined));
  if (written.length > 0 && parsed.every((days) => days !== undefined)) {
    return [...new Set(parsed.flat())].sort((a, b) => a - b);
  }
  context.addIssue({ code: 'custom', message: describeWrong(DAYS_EXPECTED, given) });
  return z.NEVER;
});

/** Minutes since midnight. */
function parseTimeOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? [];
  const minute = Number(hours) * 60 + Number(minutes);
  return minute <= 1_440 ? minute : undefined;
}

const timeSchema = textBy(TIME_EXPECTED, parseTimeOfDay);

/** A name of the time zone database: an offset would not follow the clocks. */
const zoneSchema = textBy(ZONE_EXPECTED, (text) => (/^[A-Za-z]/.test(text) && isTimeZone(text) ? text : undefined));

function checkHours(given: Given, report: FieldReport): void {
  const [from, to] = [given['from'] ?? '00:00', given['to'] ?? '24:00'].map((text) =>
    typeof text === 'string' ? parseTimeOfDay(text) : undefined,
  );
  if (from === undefined || to === undefined || from < to) return;
  report([given['to'] === undefined ? 'from' : 'to'], 'expected hours that end after they begin, on the same day');
}

export const hoursSchema = checkedSection(
  {
    days: daysSchema.default([1, 2, 3, 4, 5, 6, 7]),
    from: timeSchema.default(0),
    to: timeSchema.default(1_440),
    timeZone: zoneSchema,
  },
  checkHours,
  ({ days, from, to, timeZone }): BusinessHours => ({ days, fromMinute: from, toMinute: to, timeZone }),
);
