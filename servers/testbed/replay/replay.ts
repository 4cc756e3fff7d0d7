/**
 * Replays an access log or recorded events through categories and rules, and tells what they would have made of it. The format
 * is told by the first line that is not blank: recorded events begin with `{`.
 */
import { present } from '#core/assert.ts';
import { compileCategories, type CategoryMatcher } from '#core/categories/category-matcher.ts';
import type { Category } from '#core/categories/category.ts';
import { compileRules } from '#core/rules/compile-rules.ts';
import type { CompiledRules } from '#core/rules/compiled-rules.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { isTooOldToMatch, parseRecordedEvent, type RecordedEvent } from '#protocol/recorded-event.ts';
import { BadLines, listBadLines } from './bad-lines.ts';
import { CoverageCounter, type Coverage } from './coverage.ts';
import { FiringStream, type FiringSink } from './firing-stream.ts';
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
import { LogTally, type LogCounts } from './log-tally.ts';
import { LogVisits } from './log-visits.ts';
import { findPage } from './page-request.ts';
import { readLines } from './read-lines.ts';
import { ReplayNode } from './replay-node.ts';
import { ReplayTally } from './replay-tally.ts';
import { RobotFinder } from './robots.ts';

export type RecordingFormat = 'accessLog' | 'recordedEvents';

export interface ReplayOrder extends ReadingOptions {
  readonly file: string;
  /** With distinct names, in the order in which they count; none: categories alone. */
  readonly packages: readonly RulePackage[];
  readonly categories: readonly Category[];
  /** `https://host` of the site that wrote an access log; undefined: URLs are paths. */
  readonly origin?: string | undefined;
  /** Takes every firing, in order. */
  readonly firings?: FiringSink | undefined;
  /** Takes every page view. */
  readonly pages?: PageSink | undefined;
}

export interface PageSink {
  restart(): void;
  takePage(url: string, title: string, languageCode: string): void;
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
}

/** Lines that are named where none can be read. */
const BAD_LINES_TOLD_MAX = 5;

/**
 * Replays `order.file`. Throws OperatingError where it is not to be read, holds no line that can be read, or an origin is given
 * for recorded events, which carry their own URLs.
 */
export async function replay(order: ReplayOrder): Promise<ReplayResult> {
  const format = await detectFormat(order.file);
  return format === 'accessLog' ? replayLog(order) : replayEvents(order);
}

async function detectFormat(file: string): Promise<RecordingFormat> {
  for await (const { lines } of readLines(file)) {
    const [first] = lines;
    if (first !== undefined) return first.text.trimStart().startsWith('{') ? 'recordedEvents' : 'accessLog';
  }
  throw new OperatingError('INVALID_INPUT', `${file} is empty: there is nothing to replay`);
}

/** All that is counted from one begin of a replay. */
class ReplayPass {
  readonly tally: ReplayTally;
  readonly node: ReplayNode;
  readonly coverage = new CoverageCounter();
  readonly logTally = new LogTally();
  readonly #firings: FiringStream;
  readonly #pages: PageSink | undefined;

  constructor(order: ReplayOrder, categories: CategoryMatcher, rules: CompiledRules) {
    order.firings?.restart();
    order.pages?.restart();
    this.tally = new ReplayTally(rules);
    this.#pages = order.pages;
    this.#firings = new FiringStream(rules, (firing) => {
      this.tally.takeFiring(firing);
      order.firings?.take(firing);
    });
    this.node = new ReplayNode(categories, order.packages, {
      batch: ({ events }) => {
        for (const event of events) this.countEvent(event, event.at);
      },
      lead: ({ firing }) => this.#firings.add(firing),
    });
  }

  countEvent(event: Pick<VisitEvent, 'eventName' | 'url' | 'title' | 'languageCode' | 'category'>, at: number): void {
    this.tally.takeEvent(event.eventName, at, event.category);
    if (event.eventName === 'PageEntered') this.#pages?.takePage(event.url, event.title, event.languageCode);
  }

  end(): void {
    this.#firings.flush();
  }
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
  for await (const { records } of readRecords(order.file, parseLogLine, counts, { ...order, what: 'surveying' })) {
    for (const { record } of records) robots.observe(record);
  }
  return robots;
}

interface LogContext {
  readonly pass: ReplayPass;
  readonly visits: LogVisits;
  readonly robots: RobotFinder;
}

function takeLogLine(line: LogLine, number: number, { pass, visits, robots }: LogContext): void {
  pass.coverage.add(line.at);
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
  pass.node.take(visitID, events, line.at);
}

async function replayEvents(order: ReplayOrder): Promise<ReplayResult> {
  if (order.origin !== undefined) {
    throw new OperatingError(
      'INVALID_USAGE',
      `${order.file} holds recorded events, which carry their own URLs: a base URL is for access logs`,
    );
  }
  return replayWith<RecordedEvent>(order, 'recordedEvents', {
    parse: parseRecordedEvent,
    take: (pass) => (recorded) => takeEvent(recorded, pass),
  });
}

function takeEvent(recorded: RecordedEvent, pass: ReplayPass): void {
  const { at, event } = recorded;
  pass.coverage.add(at);
  if (!isTooOldToMatch(recorded)) {
    pass.node.take(event.visitID, [event], at);
    return;
  }
  pass.tally.lateEvents += 1;
  pass.countEvent({ ...event, category: pass.node.categoryOf(event) }, at);
  pass.node.see(event.visitID, at);
}

async function replayWith<R extends Timed>(
  order: ReplayOrder,
  format: RecordingFormat,
  { parse, take }: Replayer<R>,
): Promise<ReplayResult> {
  const categories = compileCategories(order.categories);
  const rules = compileRules(order.packages);
  let latest: ReplayPass | undefined;
  const begin = (): ((record: R, line: number) => void) => {
    latest = new ReplayPass(order, categories, rules);
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
    visits: pass.node.visits,
    visitsWithHotLead: pass.node.visitsWithHotLead,
    tally: pass.tally,
    rules,
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
