/** The summary of a replay, as `summary.json` and `--json` give it: equal inputs give equal bytes, wherever they lie. */
import { basename } from 'node:path';
import type { Category } from '#core/categories/category.ts';
import type { Rule } from '#core/rules/rule-package.ts';
import type { BadLine } from './bad-lines.ts';
import { describeSample } from './coverage.ts';
import { createDiffSummary, DEFAULT_INVITE_COST, type DiffSummary, type InviteCost } from './diff-summary.ts';
import { describeHour } from './log-moment.ts';
import type { NoPageReason } from './page-request.ts';
import type { RecordingFormat, ReplayResult } from './replay.ts';
import type { RobotCount } from './log-tally.ts';

export interface ReplaySummary {
  /** Name of the file without its folder. */
  readonly file: string;
  readonly format: RecordingFormat;
  /** First and last time, ISO 8601 in UTC. */
  readonly from: string;
  readonly to: string;
  readonly lines: { readonly read: number; readonly blank: number; readonly bad: number };
  /** The first 1,000 of them. */
  readonly badLines: readonly BadLine[];
  readonly coverage: {
    readonly minutesSpanned: number;
    readonly minutesWithRecords: number;
    readonly hoursWithRecords: number;
    readonly isSample: boolean;
  };
  /** Null for recorded events. */
  readonly robots: {
    readonly requests: number;
    readonly clients: number;
    readonly rules: readonly RobotCount[];
  } | null;
  /** Requests of persons that are no page views, by reason; null for recorded events. */
  readonly notPages: Readonly<Record<NoPageReason, number>> | null;
  readonly visits: number;
  readonly pageViews: number;
  readonly events: number;
  /** Stored but not matched: more than 30 s old when they were sent. */
  readonly lateEvents: number;
  readonly categories: readonly { readonly name: string; readonly pageViews: number }[];
  readonly pageViewsWithoutCategory: number;
  readonly hotLeads: number;
  readonly visitsWithHotLead: number;
  /** Tasks for later, for which nobody is invited: no hot leads. */
  readonly followUps: number;
  /** In the order of their evaluation. */
  readonly rules: readonly {
    readonly rule: string;
    readonly package: string;
    readonly hotLeads: number;
    readonly followUps: number;
  }[];
  /** Hours (UTC) with page views or firings; `rules` are those that fired, by `package/rule`. */
  readonly hours: readonly {
    readonly hour: string;
    readonly pageViews: number;
    readonly hotLeads: number;
    readonly followUps: number;
    readonly rules: Readonly<Record<string, number>>;
  }[];
  /** What to bear in mind, in sentences. */
  readonly notes: readonly string[];
  /** What changes from other rules to these; null: nothing was compared. */
  readonly diff: DiffSummary | null;
}

export function createReplaySummary(
  file: string,
  result: ReplayResult,
  categories: readonly Category[],
  cost: InviteCost = DEFAULT_INVITE_COST,
): ReplaySummary {
  const { coverage, reading, tally, log } = result;
  const { byName, none } = tally.countCategories();
  const rules = result.rules.rules.map(({ rule, package: of, ordinal }) => ({
    rule: rule.name,
    package: of.name,
    ...splitByAction(rule, tally.byRule[ordinal] ?? 0),
  }));
  return {
    file: basename(file),
    format: result.format,
    from: new Date(coverage.from).toISOString(),
    to: new Date(coverage.to).toISOString(),
    lines: { read: reading.counts.lines, blank: reading.counts.blank, bad: reading.counts.bad.count },
    badLines: reading.counts.bad.first,
    coverage: {
      minutesSpanned: coverage.minutesSpanned,
      minutesWithRecords: coverage.minutesWithRecords,
      hoursWithRecords: coverage.hoursWithRecords,
      isSample: coverage.isSample,
    },
    robots: log === null ? null : sumUpRobots(log.robots),
    notPages: log?.noPages ?? null,
    visits: result.visits,
    pageViews: tally.pageViews,
    events: tally.events,
    lateEvents: tally.lateEvents,
    categories: listCategories(categories, byName),
    pageViewsWithoutCategory: none,
    hotLeads: tally.hotLeads,
    visitsWithHotLead: result.visitsWithHotLead,
    followUps: tally.followUps,
    rules,
    hours: tally.listHours().map(({ at, pageViews, hotLeads, followUps, byRule }) => ({
      hour: describeHour(at),
      pageViews,
      hotLeads,
      followUps,
      rules: Object.fromEntries(
        rules.flatMap(({ rule, package: of }, ordinal) => {
          const count = byRule[ordinal] ?? 0;
          return count === 0 ? [] : [[`${of}/${rule}`, count] as const];
        }),
      ),
    })),
    notes: listNotes(result, categories, byName),
    diff: result.diff === null ? null : createDiffSummary(result.diff, cost),
  };
}

/** A rule has one action. */
function splitByAction({ actions }: Rule, fired: number): { readonly hotLeads: number; readonly followUps: number } {
  const isFollowUp = actions.some(({ kind }) => kind === 'followUp');
  return { hotLeads: isFollowUp ? 0 : fired, followUps: isFollowUp ? fired : 0 };
}

export function writeReplaySummary(summary: ReplaySummary): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}

function sumUpRobots(rules: readonly RobotCount[]): NonNullable<ReplaySummary['robots']> {
  const sum = (pick: (count: RobotCount) => number): number => rules.reduce((total, count) => total + pick(count), 0);
  return { requests: sum(({ requests }) => requests), clients: sum(({ clients }) => clients), rules };
}

/** Those of the category file in its order, then what the recording itself carried. */
function listCategories(
  categories: readonly Category[],
  counted: ReadonlyMap<string, number>,
): ReplaySummary['categories'] {
  const names = new Set([...categories.map(({ name }) => name), ...counted.keys()]);
  return [...names].map((name) => ({ name, pageViews: counted.get(name) ?? 0 }));
}

function listNotes(
  result: ReplayResult,
  categories: readonly Category[],
  counted: ReadonlyMap<string, number>,
): readonly string[] {
  const sample = describeSample(result.coverage);
  const late = result.tally.lateEvents;
  return [
    ...(sample === null ? [] : [sample]),
    ...(late === 0
      ? []
      : [`${late} ${late === 1 ? 'event was' : 'events were'} more than 30 s old when sent: stored, not matched.`]),
    ...listUnknownCategories(result, categories, counted),
  ];
}

/** A rule that asks for a category that nothing gives can not fire. */
function listUnknownCategories(
  { rules }: ReplayResult,
  categories: readonly Category[],
  counted: ReadonlyMap<string, number>,
): readonly string[] {
  const known = new Set([...categories.map(({ name }) => name), ...counted.keys()]);
  const asking = new Map<string, Set<string>>();
  for (const { rule, patterns } of rules.rules) {
    for (const name of patterns.flatMap((pattern) => pattern.categories)) {
      if (!known.has(name)) asking.set(name, (asking.get(name) ?? new Set()).add(rule.name));
    }
  }
  return [...asking].map(([name, of]) => {
    const who = [...of].map((rule) => `"${rule}"`).join(', ');
    const asks = of.size === 1 ? `the rule ${who} asks` : `the rules ${who} ask`;
    return `No category file and no event knows the category "${name}", which ${asks} for.`;
  });
}
