/** The newest lines of every node's log, numbered, so that a screen that comes back asks for what it has not got. */
import { LOG_LINES_MAX, type LogLevel, type LogLine } from '#protocol/run-feed-live.ts';

const LINES_KEPT = 2_000;
const MESSAGE_MAX = 400;
const MORE_MAX = 1_000;

/** In every line, and no news on a screen that shows one node's log. */
const OWN_FIELDS = new Set(['level', 'time', 'msg', 'node', 'role', 'incarnation', 'pid', 'hostname', 'stream']);

const LEVELS: Readonly<Record<string, LogLevel>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
};

interface NodeLog {
  readonly lines: string[];
  /** Number of the newest line. */
  n: number;
}

export class LiveLog {
  readonly #nodes = new Map<string, NodeLog>();

  add(node: string, line: string): void {
    const log = this.#nodes.get(node) ?? { lines: [], n: 0 };
    this.#nodes.set(node, log);
    log.lines.push(line);
    log.n += 1;
    if (log.lines.length > 2 * LINES_KEPT) log.lines.splice(0, log.lines.length - LINES_KEPT);
  }

  /** The newest lines after number `after`, oldest first, at most LOG_LINES_MAX; read only now, as most are never shown. */
  after(node: string, after: number): readonly LogLine[] {
    const log = this.#nodes.get(node);
    if (log === undefined) return [];
    const count = Math.min(LOG_LINES_MAX, log.lines.length, Math.max(0, log.n - after));
    const first = log.n - count + 1;
    return log.lines.slice(log.lines.length - count).map((line, index) => parseLogLine(first + index, line));
  }

  /** Number of the node's newest line; 0: none. */
  newest(node: string): number {
    return this.#nodes.get(node)?.n ?? 0;
  }
}

/** A line of pino's, or anything else, as what it says. */
export function parseLogLine(n: number, line: string): LogLine {
  const fields = parseObject(line);
  if (fields === undefined) return { n, level: 'error', atMs: null, message: line.slice(0, MESSAGE_MAX), more: '' };
  const { level, time, msg } = fields;
  const more = Object.fromEntries(Object.entries(fields).filter(([name]) => !OWN_FIELDS.has(name)));
  const at = typeof time === 'string' || typeof time === 'number' ? new Date(time).getTime() : Number.NaN;
  return {
    n,
    level: (typeof level === 'string' ? LEVELS[level] : undefined) ?? 'info',
    atMs: Number.isNaN(at) ? null : at,
    message: typeof msg === 'string' ? msg.slice(0, MESSAGE_MAX) : '',
    more: Object.keys(more).length === 0 ? '' : JSON.stringify(more).slice(0, MORE_MAX),
  };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    // What Node itself writes when it crashes is no JSON.
    return undefined;
  }
}
