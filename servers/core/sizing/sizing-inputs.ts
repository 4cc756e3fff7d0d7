/**
 * What the sizing of a deployment starts from (deployment guide, "Input Data for Load Estimation"): checked, completed with
 * defaults, and with a note of what was given and what was assumed.
 */
import { fail, succeed, type Problem, type Result } from '../result.ts';
import { createInputCheck, type InputCheck, type NumberRule } from './input-check.ts';

/** The inputs by name, as people give them. Rates come per hour or per day, one of the two each. */
export interface SizingInputs {
  readonly visitsPerHour: number;
  readonly pageViewsPerHour: number;
  /** Rates of the busiest hour; null: the average hour counts as the busiest. */
  readonly maxVisitsPerHour: number | null;
  readonly maxPageViewsPerHour: number | null;
  /** Business events of a page view. */
  readonly pageEvents: number;
  /** Identity events (SignIn, SignOut, UserInfo) of a visit. */
  readonly visitEvents: number;
  /** Share of page views that carry a category. */
  readonly categorizedShare: number;
  /** Cassandra nodes that share the disk. */
  readonly nodes: number;
  readonly replicationFactor: number;
  /** Requests/s that one Web Engagement Server can take. */
  readonly requestsPerNode: number;
  /** How long history is kept. */
  readonly retentionDays: number;
}

/** Names that may be given; `visitsPerDay` and `pageViewsPerDay` stand for the rates per hour. */
export type SizingInputName = keyof SizingInputs | 'visitsPerDay' | 'pageViewsPerDay';
export type GivenSizingInputs = { readonly [Name in SizingInputName]?: unknown };

export interface CheckedSizingInputs {
  readonly inputs: SizingInputs;
  readonly given: ReadonlySet<SizingInputName>;
}

/**
 * Defaults: the solution of the guide's example and disk table ("Load Estimation Example", "Disk Space Usage"), and a request
 * rate a node that is ours, since the guide's chart is not public (docs/adr/0004-sizing-assumptions.md).
 */
export const SIZING_DEFAULTS = {
  pageEvents: 2,
  visitEvents: 0.1,
  categorizedShare: 0.5,
  nodes: 4,
  replicationFactor: 3,
  requestsPerNode: 500,
  retentionDays: 365,
} as const;

const RATE_MAX = 1e12;
const RATE: NumberRule = { expected: 'a number > 0 and <= 1e12', above: 0, max: RATE_MAX };
const EVENTS: NumberRule = { expected: 'a number >= 0 and <= 1e6', min: 0, max: 1e6 };
const NODES: NumberRule = { expected: 'a whole number >= 1 and <= 10000', integer: true, min: 1, max: 10_000 };

const RULES: Readonly<Record<SizingInputName, NumberRule>> = {
  visitsPerHour: RATE,
  pageViewsPerHour: RATE,
  visitsPerDay: RATE,
  pageViewsPerDay: RATE,
  maxVisitsPerHour: RATE,
  maxPageViewsPerHour: RATE,
  pageEvents: EVENTS,
  visitEvents: EVENTS,
  categorizedShare: { expected: 'a share from 0 to 1', min: 0, max: 1 },
  nodes: NODES,
  replicationFactor: NODES,
  requestsPerNode: RATE,
  retentionDays: { expected: 'a number of days > 0 and <= 36500 (30d on the command line)', above: 0, max: 36_500 },
};
const NAMES: readonly SizingInputName[] = Object.keys(RULES).filter(isInputName);

function isInputName(name: string): name is SizingInputName {
  return Object.hasOwn(RULES, name);
}

/**
 * `given` is what somebody typed or posted: `GivenSizingInputs` where it is right. Every problem at once; nothing is repaired.
 * `place` stands before each problem.
 */
export function parseSizingInputs(given: unknown, place = 'sizing inputs'): Result<CheckedSizingInputs, Problem> {
  const check = createInputCheck(place);
  if (!isInputs(given)) {
    check.refuse('', 'expected the inputs by name, e.g. {"visitsPerHour": 3000, "pageViewsPerHour": 32000}');
    return fail(check.problems);
  }
  for (const name of Object.keys(given)) {
    if (!isInputName(name)) check.refuse(name, `unknown input; expected one of ${NAMES.join(', ')}`);
  }
  const read = (name: SizingInputName, required = false): number | undefined =>
    check.number(name, given[name], RULES[name], required);
  const visitsPerHour = readAverage(check, given, read, 'visitsPerHour', 'visitsPerDay');
  const pageViewsPerHour = readAverage(check, given, read, 'pageViewsPerHour', 'pageViewsPerDay');
  const readOr = (name: keyof typeof SIZING_DEFAULTS): number =>
    isGiven(given, name) ? (read(name) ?? Number.NaN) : SIZING_DEFAULTS[name];
  const inputs: SizingInputs = {
    visitsPerHour,
    pageViewsPerHour,
    maxVisitsPerHour: read('maxVisitsPerHour') ?? null,
    maxPageViewsPerHour: read('maxPageViewsPerHour') ?? null,
    pageEvents: readOr('pageEvents'),
    visitEvents: readOr('visitEvents'),
    categorizedShare: readOr('categorizedShare'),
    nodes: readOr('nodes'),
    replicationFactor: readOr('replicationFactor'),
    requestsPerNode: readOr('requestsPerNode'),
    retentionDays: readOr('retentionDays'),
  };
  checkTogether(check, inputs, given);
  if (check.problems.length > 0) return fail(check.problems);
  return succeed({ inputs, given: new Set(NAMES.filter((name) => isGiven(given, name))) });
}

function isInputs(given: unknown): given is GivenSizingInputs {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function isGiven(given: GivenSizingInputs, name: SizingInputName): boolean {
  return given[name] !== undefined && given[name] !== null;
}

type AverageName = 'visitsPerHour' | 'pageViewsPerHour';
type DailyName = 'visitsPerDay' | 'pageViewsPerDay';

/** One of the rate per hour and the rate per day, per hour; NaN where it is wrong (and named). */
function readAverage(
  check: InputCheck,
  given: GivenSizingInputs,
  read: (name: SizingInputName, required?: boolean) => number | undefined,
  hourly: AverageName,
  daily: DailyName,
): number {
  if (!isGiven(given, daily)) return read(hourly, true) ?? Number.NaN;
  if (isGiven(given, hourly)) {
    check.refuse(daily, 'expected a rate per hour or a rate per day, got both');
  }
  return (read(daily) ?? Number.NaN) / 24;
}

/** What must hold between the inputs; comparisons with NaN are false, so a value that is wrong by itself is named once. */
function checkTogether(check: InputCheck, inputs: SizingInputs, given: GivenSizingInputs): void {
  const { visitsPerHour, pageViewsPerHour, maxVisitsPerHour, maxPageViewsPerHour } = inputs;
  if (pageViewsPerHour < visitsPerHour) {
    const daily = isGiven(given, 'pageViewsPerDay');
    const name = daily ? 'pageViewsPerDay' : 'pageViewsPerHour';
    const factor = daily ? 24 : 1;
    check.refuse(
      name,
      `expected at least one page view a visit (>= ${tidy(visitsPerHour * factor)}), got ${tidy(pageViewsPerHour * factor)}`,
    );
  }
  if (maxVisitsPerHour !== null && maxVisitsPerHour < visitsPerHour) {
    check.refuse(
      'maxVisitsPerHour',
      `expected at least the average of ${tidy(visitsPerHour)} visits an hour, got ${tidy(maxVisitsPerHour)}`,
    );
  }
  checkMaxPageViews(check, maxVisitsPerHour, maxPageViewsPerHour, pageViewsPerHour);
  if (inputs.replicationFactor > inputs.nodes) {
    check.refuse(
      'replicationFactor',
      `expected at most the number of nodes (${inputs.nodes}), got ${inputs.replicationFactor}`,
    );
  }
}

function checkMaxPageViews(
  check: InputCheck,
  maxVisits: number | null,
  maxPageViews: number | null,
  pageViews: number,
): void {
  if (maxPageViews === null) return;
  if (maxVisits === null) {
    check.refuse('maxPageViewsPerHour', 'expected the maximum of visits beside it, which is missing or wrong');
  } else if (maxPageViews < maxVisits) {
    check.refuse(
      'maxPageViewsPerHour',
      `expected at least one page view a visit (>= ${tidy(maxVisits)}), got ${tidy(maxPageViews)}`,
    );
  } else if (maxPageViews < pageViews) {
    check.refuse(
      'maxPageViewsPerHour',
      `expected at least the average of ${tidy(pageViews)} page views an hour, got ${tidy(maxPageViews)}`,
    );
  }
}

function tidy(value: number): string {
  return String(Number(value.toPrecision(12)));
}
