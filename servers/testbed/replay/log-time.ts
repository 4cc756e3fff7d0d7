/** The time of an access log's line: `17/May/2015:10:05:03 +0000`, to the second, with its zone. */

const SHAPE = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** In ms since 1970; undefined where it is no time of the calendar. A leap second (:60) is the next second. */
export function parseLogTime(text: string): number | undefined {
  const found = SHAPE.exec(text);
  if (found === null) return undefined;
  const [day, year, hour, minute, second, zoneHours, zoneMinutes] = [1, 3, 4, 5, 6, 8, 9].map((i) => Number(found[i]));
  const month = MONTHS.indexOf(found[2] ?? '');
  if (day === undefined || year === undefined || hour === undefined || minute === undefined) return undefined;
  if (second === undefined || zoneHours === undefined || zoneMinutes === undefined || month < 0) return undefined;
  if (hour > 23 || minute > 59 || second > 60 || zoneHours > 14 || zoneMinutes > 59) return undefined;
  const date = new Date(Date.UTC(year, month, day));
  if (date.getUTCDate() !== day || date.getUTCFullYear() !== year) return undefined;
  const zoneMs = (zoneHours * 60 + zoneMinutes) * 60_000 * (found[7] === '-' ? -1 : 1);
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1_000 - zoneMs;
}
