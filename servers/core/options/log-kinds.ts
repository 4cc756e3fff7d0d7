/** The kinds of values of the section `log`: outputs, segments and expiry. */
import { PUT_IN_QUOTES, REFUSED, type ValueKind } from './value-kind.ts';

export type LogOutput =
  { readonly to: 'stdout' | 'stderr' | 'network' | 'memory' } | { readonly to: 'file'; readonly name: string };

const STREAMS = ['stdout', 'stderr', 'network', 'memory'] as const;

/** Outputs between commas; what is none of the four streams is the name of a file (guide L3235-3253). */
export const logOutputs: ValueKind<readonly LogOutput[]> = {
  valid: 'stdout, stderr, network, memory or file names, separated by commas',
  secret: false,
  read(raw) {
    if (typeof raw !== 'string') return PUT_IN_QUOTES;
    const items = raw.split(',').map((item) => item.trim());
    if (items.some((item) => item === '' || /[\0\r\n]/.test(item))) return REFUSED;
    return { ok: true, value: items.map(readOutput) };
  },
  write: (value) => value.map((output) => (output.to === 'file' ? output.name : output.to)).join(', '),
};

function readOutput(item: string): LogOutput {
  const stream = STREAMS.find((one) => one === item);
  return stream === undefined ? { to: 'file', name: item } : { to: stream };
}

/** When a log file is closed and the next one begun: never, by size (1 MB = 1024 KB) or after some hours. */
export type LogSegment =
  | { readonly by: 'nothing' }
  | { readonly by: 'size'; readonly kilobytes: number }
  | { readonly by: 'time'; readonly hours: number };

/** Guide L3306-3319: a bare number counts kilobytes, at least 100 of them. */
export const logSegment: ValueKind<LogSegment> = {
  valid: 'false, <number> KB of at least 100, a bare number of them, <number> MB, or <number> hr',
  secret: false,
  read(raw) {
    if (isFalse(raw)) return { ok: true, value: { by: 'nothing' } };
    const given = readCount(raw, ['KB', 'MB', 'hr']);
    if (given === undefined) return REFUSED;
    if (given.unit === 'hr') return { ok: true, value: { by: 'time', hours: given.count } };
    const kilobytes = given.unit === 'MB' ? given.count * 1024 : given.count;
    return kilobytes >= 100 ? { ok: true, value: { by: 'size', kilobytes } } : REFUSED;
  },
  write(value) {
    if (value.by === 'nothing') return false;
    return value.by === 'size' ? value.kilobytes : `${value.hours} hr`;
  },
};

/** How long log files are kept: always, so many files, or so many days. */
export type LogExpiry =
  | { readonly by: 'nothing' }
  | { readonly by: 'files'; readonly files: number }
  | { readonly by: 'days'; readonly days: number };

/** Guide L3321-3337: a bare number counts files. */
export const logExpiry: ValueKind<LogExpiry> = {
  valid: 'false, <number> file from 1 to 1000, a bare number of them, or <number> day from 1 to 100',
  secret: false,
  read(raw) {
    if (isFalse(raw)) return { ok: true, value: { by: 'nothing' } };
    const given = readCount(raw, ['file', 'day']);
    if (given === undefined) return REFUSED;
    if (given.unit === 'day')
      return given.count <= 100 ? { ok: true, value: { by: 'days', days: given.count } } : REFUSED;
    return given.count <= 1000 ? { ok: true, value: { by: 'files', files: given.count } } : REFUSED;
  },
  write(value) {
    if (value.by === 'nothing') return false;
    return value.by === 'files' ? value.files : `${value.days} day`;
  },
};

function isFalse(raw: unknown): boolean {
  return raw === false || raw === 'false';
}

/** `<count>` or `<count> <unit>`, the count at least 1; undefined where it is neither. */
function readCount(
  raw: unknown,
  units: readonly string[],
): { readonly count: number; readonly unit: string } | undefined {
  const match = /^([1-9]\d{0,8}) ?([A-Za-z]*)$/.exec(
    typeof raw === 'number' ? String(raw) : typeof raw === 'string' ? raw : '',
  );
  const unit = match?.[2] ?? '';
  if (match === null || (unit !== '' && !units.includes(unit))) return undefined;
  return { count: Number(match[1]), unit };
}
