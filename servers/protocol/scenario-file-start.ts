/** Local times of a scenario: `2026-03-02T09:00:00` in a time zone, to the moment that it names and back. */

const LOCAL_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;
const DAY_MS = 86_400_000;

export type LocalTime = { readonly ok: true; readonly at: number } | { readonly ok: false; readonly message: string };

export function isTimeZone(timeZone: string): boolean {
  try {
    createFormat(timeZone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * Epoch ms of a local time. Where clocks go back and a time comes twice, the first; a time that clocks skip, or a day
 * that no calendar has, is refused. `timeZone` must be known.
 */
export function parseLocalTime(text: string, timeZone: string): LocalTime {
  const match = LOCAL_TIME.exec(text);
  if (match === null) {
    return { ok: false, message: `expected a local time such as 2026-03-02T09:00:00, got "${text}"` };
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  const wanted = new Date(asUtc).toISOString().slice(0, 19);
  if (wanted !== `${text.length === 16 ? `${text}:00` : text}`) {
    return { ok: false, message: `expected a time that exists, got "${text}"` };
  }
  const format = createFormat(timeZone);
  // The zone's offset at the moment itself is one of those a day before and a day after.
  const candidates = [asUtc - DAY_MS, asUtc + DAY_MS]
    .map((near) => asUtc - (Date.parse(`${formatLocal(format, near)}Z`) - near))
    .sort((a, b) => a - b);
  const at = candidates.find((candidate) => formatLocal(format, candidate) === wanted);
  if (at !== undefined) return { ok: true, at };
  return { ok: false, message: `clocks in ${timeZone} skip ${text}: choose a time before or after the change` };
}

/** `2026-03-02T09:00:00`: what clocks in `timeZone` show at `at` (epoch ms). */
export function describeLocalTime(at: number, timeZone: string): string {
  return formatLocal(createFormat(timeZone), at);
}

function createFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}

function formatLocal(format: Intl.DateTimeFormat, at: number): string {
  const parts = new Map(format.formatToParts(at).map((part) => [part.type, part.value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const date = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
  return `${date}T${part('hour')}:${part('minute')}:${part('second')}`;
}
