/** Hot leads by hour as a small table for a terminal: a row a rule over all days, then a row a day over all rules. */
import type { ReplaySummary } from './replay-summary.ts';

export interface CalendarRow {
  readonly label: string;
  /** A cell an hour of the day; null: no page view in this hour. */
  readonly hours: readonly (number | null)[];
  readonly sum: number;
}

/** More days are not shown. */
export const CALENDAR_DAYS_MAX = 31;

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** One row a rule, summed over the days. */
export function listRuleRows(summary: ReplaySummary): readonly CalendarRow[] {
  const isDouble = (name: string): boolean => summary.rules.filter(({ rule }) => rule === name).length > 1;
  return summary.rules.map(({ rule, package: of, hotLeads, followUps }) => ({
    label: `${rule}${isDouble(rule) ? ` (${of})` : ''}${followUps > 0 ? ', follow-up' : ''}`,
    hours: countHours(summary.hours, (hour) => hour.rules[`${of}/${rule}`] ?? 0),
    sum: hotLeads + followUps,
  }));
}

/** One row a day, summed over the rules. */
export function listDayRows(summary: ReplaySummary): readonly CalendarRow[] {
  return [...Map.groupBy(summary.hours, ({ hour }) => hour.slice(0, 10))].map(([day, hours]) => ({
    label: day,
    hours: countHours(hours, ({ hotLeads }) => hotLeads),
    sum: hours.reduce((sum, { hotLeads }) => sum + hotLeads, 0),
  }));
}

function countHours(
  hours: ReplaySummary['hours'],
  countOf: (hour: ReplaySummary['hours'][number]) => number,
): readonly (number | null)[] {
  const ofDay = Map.groupBy(hours, ({ hour }) => Number(hour.slice(11, 13)));
  return HOURS.map((hour) => ofDay.get(hour)?.reduce((sum, one) => sum + countOf(one), 0) ?? null);
}

/** Lines of equal width: a head with every third hour, then the rows; `.` stands for none, a blank for an hour without
 * page views. */
export function renderCalendar(
  title: string,
  rows: readonly CalendarRow[],
): { readonly head: string; readonly rows: readonly string[] } {
  const label = Math.max(title.length, ...rows.map((row) => row.label.length));
  const cell = Math.max(2, ...rows.flatMap((row) => row.hours.map((count) => describeCell(count).length + 1)));
  const sum = Math.max(3, ...rows.map((row) => String(row.sum).length));
  const marks = HOURS.filter((hour) => hour % 3 === 0)
    .map((hour) =>
      String(hour)
        .padStart(2, '0')
        .padStart(cell)
        .padEnd(cell * 3),
    )
    .join('');
  const cells = (row: CalendarRow): string => row.hours.map((count) => describeCell(count).padStart(cell)).join('');
  return {
    head: `${title.padEnd(label)}  ${marks}  ${'all'.padStart(sum)}`,
    rows: rows.map((row) => `${row.label.padEnd(label)}  ${cells(row)}  ${String(row.sum).padStart(sum)}`),
  };
}

/** Thousands are told in short: `12k`. */
function describeCell(count: number | null): string {
  if (count === null) return '';
  if (count === 0) return '.';
  return count < 1_000 ? String(count) : `${Math.floor(count / 1_000)}k`;
}
