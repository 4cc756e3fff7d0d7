/**
 * Replays an access log or recorded events through categories and rules, and tells what they would have made of it. The format
 * is told by the first line that is not blank: recorded events begin with `{`.
 */
import { present } from '#core/assert.ts';
import { compileCategories } from '#core/categories/category-matcher.ts';
import type { Category } from '#core/categories/category.ts';
import type { CompiledRules } from '#core/rules/compiled-rules.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { DEFAULT_RULE_SETTINGS } from '#core/rules/rules-in-force.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { isTooOldToMatch, type RecordedEvent } from '#protocol/recorded-event.ts';
import { BadLines, listBadLines } from './bad-lines.ts';
import type { Coverage } from './coverage.ts';
import {
  readRecords,
  takeInOrder,
  type OrderedReading,
  type ParseLine,
  type ReadingCounts,
  type ReadingOptions,
  type Timed,
} from './in-order.ts';
import { parseLogLine, type LogLine } from './log-line.ts';
import type { LogCounts } from './log-tally.ts';
import { LogVisits } from './log-visits.ts';
import { findPage } from './page-request.ts';
import { parseRecordedLine } from './parse-recorded-line.ts';
import { readLines } from './read-lines.ts';
import { ReplayPass, type ReplaySinks } from './replay-pass.ts';
import type { ReplayTally } from './replay-tally.ts';
import type { RuleDiff } from './rule-diff.ts';
import { createRuleSet } from './rule-run.ts';
import { RobotFinder } from './robots.ts';

export type { PageSink } from './replay-pass.ts';

export type RecordingFormat = 'accessLog' | 'recordedEvents';

export interface ReplayOrder extends ReadingOptions, ReplaySinks {
  readonly file: string;
  /** With distinct names, in the order in which they count; none: categories alone. */
  readonly packages: readonly RulePackage[];
  readonly categories: readonly Category[];
  /** `https://host` of the site that wrote an access log; undefined: URLs are paths. */
  readonly origin?: string | undefined;
  /** The rules to compare `packages` with, both over the same events. */
  readonly before?: readonly RulePackage[] | undefined;
  /** `cep.domainSeparation`: each package is asked for the events of its own domain only. Default: all packages for all events. */
  readonly domainSeparation?: boolean | undefined;
}

export interface ReplayResult {
  readonly format: RecordingFormat;
  readonly reading: OrderedReading;
  readonly coverage: Coverage;
  /** Null for recorded events. */
  readonly log: LogCounts | null;
  readonly visits: number;
  readonly visitsWithHotLead: number;
  readonly tally: ReplayTally;
  readonly rules: CompiledRules;
  /** What changes from `before` to `packages`; null where nothing is compared. */
  readonly diff: RuleDiff | null;
}

/** Lines that are named where none can be read. */
const BAD_LINES_TOLD_MAX = 5;

/**
 * Replays `order.file`. Throws OperatingError where it is not to be read, holds no line that can be read, or an origin is given
 * for recorded events, which carry their own URLs, or none for a log whose pages are to be told apart by domain.
 */
export async function replay(order: ReplayOrder): Promise<ReplayResult> {
  const format = await detectFormat(order.file);
  if (format === 'accessLog' && order.domainSeparation === true && order.origin === undefined) {
    throw new OperatingError(
      'INVALID_USAGE',
      `${order.file} tells paths alone: to separate domains, say whose they are`,
    );
  }
  return format === 'accessLog' ? replayLog(order) : replayEvents(order);
}

async function detectFormat(file: string): Promise<RecordingFormat> {
  for await (const { lines } of readLines(file)) {
    const [first] = lines;
    if (first !== undefined) return first.text.trimStart().startsWith('{') ? 'recordedEvents' : 'accessLog';
  }
  throw new OperatingError('INVALID_INPUT', `${file} is empty: there is nothing to replay`);
}

interface Replayer<R> {
  readonly parse: ParseLine<R>;
  readonly take: (pass: ReplayPass) => (record: R, line: number) => void;
}

async function replayLog(order: ReplayOrder): Promise<ReplayResult> {
  const robots = await findRobots(order);
  return replayWith<LogLine>(order, 'accessLog', {
    parse: parseLogLine,
    take: (pass) => {
      const visits = new LogVisits(order.origin ?? '');
      return (line, number) => takeLogLine(line, number, { pass, visits, robots });
    },
  });
}

/** Reads the whole log once before it is replayed: what a client asked for last says what it was at first. */
async function findRobots(order: ReplayOrder): Promise<RobotFinder> {
  const robots = new RobotFinder();
  const counts: ReadingCounts = { lines: 0, blank: 0, bad: new BadLines() };
  await readRecords(order.file, parseLogLine, counts, { ...order, what: 'surveying' }, (record) => {
    robots.observe(record);
    return true;
  });
  return robots;
}

interface LogContext {
  readonly pass: ReplayPass;
  readonly visits: LogVisits;
  readonly robots: RobotFinder;
}

function takeLogLine(line: LogLine, number: number, { pass, visits, robots }: LogContext): void {
  pass.reach(line.at);
  pass.logTally.countLine(line);
  const rule = robots.ruleOf(line);
  if (rule !== null) {
    pass.logTally.countRobot(line, rule);
    return;
  }
  const page = findPage(line);
  if ('reason' in page) {
    pass.logTally.countNoPage(page.reason);
    return;
  }
  const { visitID, events } = visits.takePage(line, number, page.target);
  pass.take(visitID, events);
}

async function replayEvents(order: ReplayOrder): Promise<ReplayResult> {
  if (order.origin !== undefined) {
    throw new OperatingError(
      'INVALID_USAGE',
      `${order.file} holds recorded events, which carry their own URLs: a base URL is for access logs`,
    );
  }
  return replayWith<RecordedEvent>(order, 'recordedEvents', {
    parse: parseRecordedLine,
    take: (pass) => (recorded) => takeEvent(recorded, pass),
  });
}

function takeEvent(recorded: RecordedEvent, pass: ReplayPass): void {
  const { at, event } = recorded;
  pass.reach(at);
  if (isTooOldToMatch(recorded)) pass.takeLate(event);
  else pass.take(event.visitID, [event]);
}

async function replayWith<R extends Timed>(
  order: ReplayOrder,
  format: RecordingFormat,
  { parse, take }: Replayer<R>,
): Promise<ReplayResult> {
  const categories = compileCategories(order.categories);
  const settings = { ...DEFAULT_RULE_SETTINGS, domainSeparation: order.domainSeparation === true };
  const rules = createRuleSet(order.packages, settings);
  const before = order.before === undefined ? null : createRuleSet(order.before, settings);
  let latest: ReplayPass | undefined;
  const begin = (): ((record: R, line: number) => void) => {
    latest = new ReplayPass(categories, rules, before, order);
    return take(latest);
  };
  const reading = await takeInOrder<R>(order.file, parse, begin, order);
  const pass = present(latest, 'pass of a replay that was begun');
  pass.end();
  const coverage = pass.coverage.cover();
  if (coverage === null) throw nothingReadable(order.file, format, reading);
  return {
    format,
    reading,
    coverage,
    log: format === 'accessLog' ? pass.logTally.counts() : null,
    visits: pass.visits,
    visitsWithHotLead: pass.visitsWithHotLead,
    tally: pass.tally,
    rules: rules.compiled,
    diff: pass.diff,
  };
}

function nothingReadable(file: string, format: RecordingFormat, { counts }: OrderedReading): OperatingError {
  const what = format === 'accessLog' ? 'an access log in the common or combined format' : 'recorded events';
  const lines = counts.lines === 1 ? 'its line' : `none of its ${counts.lines} lines`;
  const verb = counts.lines === 1 ? 'can not be read' : 'can be read';
  return new OperatingError(
    'INVALID_INPUT',
    `${file}: ${lines} ${verb} as ${what}`,
    listBadLines(counts.bad, file, BAD_LINES_TOLD_MAX),
  );
}
