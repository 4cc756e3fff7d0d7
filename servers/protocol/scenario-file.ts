/**
 * The scenario file: reads its text against the schema and checks what its keys mean together. Every fault is found in
 * one reading; the files it names are loaded by the testbed, which has a disk.
 */
import type { Problem } from '#core/result.ts';
import { parseDuration, parseShare } from '#protocol/quantities.ts';
import { checkDocument, type DocumentPath, type Override } from '#protocol/scenario-file-document.ts';
import { isRecord } from '#protocol/scenario-file-fields.ts';
import { scenarioFileSchema, type ScenarioFile } from '#protocol/scenario-file-schema.ts';
import { trafficSchema, type TrafficFile } from '#protocol/scenario-file-traffic.ts';
import type { Fidelity, GivenOptions } from '#protocol/scenario.ts';
import { isTimeZone, parseLocalTime } from '#protocol/scenario-file-start.ts';

export type { ScenarioFile } from '#protocol/scenario-file-schema.ts';

/** A file that a scenario names, and the place where it does. */
export interface FileReference {
  /** As written, relative to the scenario file. */
  readonly name: string;
  readonly path: DocumentPath;
}

export interface ScenarioDocument {
  /** Undefined where the schema found a fault; `problems` says which. */
  readonly value: ScenarioFile | undefined;
  /** Epoch ms of `startsAt`; undefined where it or `timeZone` is at fault. */
  readonly startsAt: number | undefined;
  readonly references: {
    readonly site: FileReference | undefined;
    readonly rules: readonly FileReference[];
    readonly templates: readonly FileReference[];
    readonly categories: FileReference | undefined;
    readonly csv: FileReference | undefined;
    readonly strategies: {
      readonly engagement: FileReference | undefined;
      readonly chatRouting: FileReference | undefined;
    };
  };
  /** Undefined where it is at fault itself, whatever else is wrong. */
  readonly traffic: TrafficFile | undefined;
  /** Texts of the thresholds, whatever else is wrong. */
  readonly thresholds: readonly { readonly text: string; readonly path: DocumentPath }[];
  readonly groupNames: readonly string[];
  /** Where each group's name stands, with its channel. */
  readonly groupChannels: readonly {
    readonly name: string;
    readonly channel: 'chat' | 'voice';
    readonly index: number;
  }[];
  /** The plain values among the options, by section and name; the rest is named by `problems`. */
  readonly options: GivenOptions;
  readonly fidelity: Fidelity;
  readonly problems: Problem[];
  readonly report: (path: DocumentPath, message: string) => void;
  readonly problemAt: (path: DocumentPath, message: string) => Problem;
}

type Report = ScenarioDocument['report'];
type Raw = Readonly<Record<string, unknown>>;

/** Reads a scenario; `overrides` are put in before it is checked. */
export function readScenarioFile(text: string, file: string, overrides: readonly Override[] = []): ScenarioDocument {
  const document = checkDocument(text, file, scenarioFileSchema, overrides);
  const raw: Raw = isRecord(document.raw) ? document.raw : {};
  const { report } = document;
  const strategies = isRecord(raw['strategies']) ? raw['strategies'] : {};
  checkTraffic(raw['traffic'], report);
  checkVisitors(raw['visitors'], report);
  checkGroups(listOf(raw['groups']), report);
  checkFaults(raw, report);
  checkWhatIfs(raw, report);
  return {
    value: document.value,
    startsAt: readStart(raw, report),
    references: {
      site: refer(raw['site'], ['site']),
      rules: referEach(raw, 'rules'),
      templates: referEach(raw, 'templates'),
      categories: refer(raw['categories'], ['categories']),
      csv: isRecord(raw['traffic']) ? refer(raw['traffic']['csv'], ['traffic', 'csv']) : undefined,
      strategies: {
        engagement: refer(strategies['engagement'], ['strategies', 'engagement']),
        chatRouting: refer(strategies['chatRouting'], ['strategies', 'chatRouting']),
      },
    },
    traffic: trafficSchema.safeParse(raw['traffic']).data,
    thresholds: listOf(raw['thresholds']).flatMap((threshold, index) =>
      typeof threshold === 'string' ? [{ text: threshold, path: ['thresholds', index] }] : [],
    ),
    groupNames: listOf(raw['groups']).flatMap((group) =>
      isRecord(group) && typeof group['name'] === 'string' ? [group['name']] : [],
    ),
    groupChannels: listOf(raw['groups']).flatMap((group, index) =>
      isRecord(group) && typeof group['name'] === 'string'
        ? [
            {
              name: group['name'],
              channel: group['channel'] === 'voice' ? ('voice' as const) : ('chat' as const),
              index,
            },
          ]
        : [],
    ),
    options: pickOptions(raw['options']),
    fidelity: raw['fidelity'] === 'faithful' ? 'faithful' : 'improved',
    problems: document.problems,
    report,
    problemAt: document.problemAt,
  };
}

function refer(name: unknown, path: DocumentPath): FileReference | undefined {
  return typeof name === 'string' && name.trim() !== '' ? { name, path } : undefined;
}

function referEach(raw: Raw, key: string): readonly FileReference[] {
  return listOf(raw[key]).flatMap((name, index) => refer(name, [key, index]) ?? []);
}

function pickOptions(given: unknown): GivenOptions {
  const sections = isRecord(given) ? Object.entries(given) : [];
  return Object.fromEntries(
    sections.map(([section, options]) => [
      section,
      Object.fromEntries(
        Object.entries(isRecord(options) ? options : {}).flatMap(
          ([name, value]): [string, string | number | boolean][] =>
            typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, value]] : [],
        ),
      ),
    ]),
  );
}

function readStart(raw: Raw, report: Report): number | undefined {
  const { startsAt, timeZone = 'UTC' } = raw;
  if (typeof timeZone === 'string' && !isTimeZone(timeZone)) {
    report(['timeZone'], `expected a time zone such as Europe/Berlin, got "${timeZone}"`);
    return undefined;
  }
  if (typeof startsAt !== 'string' || typeof timeZone !== 'string') return undefined;
  const time = parseLocalTime(startsAt, timeZone);
  if (time.ok) return time.at;
  report(['startsAt'], time.message);
  return undefined;
}

function checkTraffic(traffic: unknown, report: Report): void {
  if (!isRecord(traffic)) return;
  const { visitsPerHour: visits, pageViewsPerHour: pageViews } = traffic;
  if (typeof visits === 'number' && typeof pageViews === 'number' && pageViews < visits && visits > 0) {
    const message = `expected at least one page view a visit: ${visits} an hour or more, got ${pageViews}`;
    report(['traffic', 'pageViewsPerHour'], message);
  }
  if (Array.isArray(traffic['profile'])) checkSteps(traffic['profile'], report);
  const everyMs = duration(traffic['every']);
  for (const key of ['from', 'for', 'average']) {
    const ms = duration(traffic[key]);
    if (ms === undefined || everyMs === undefined || everyMs === 0 || ms % everyMs === 0) continue;
    report(
      ['traffic', key],
      `expected a multiple of "every" (${String(traffic['every'])}), got ${String(traffic[key])}`,
    );
  }
}

function checkSteps(steps: readonly unknown[], report: Report): void {
  let previousMs = -1;
  steps.forEach((step, index) => {
    const atMs = isRecord(step) ? duration(step['at']) : undefined;
    if (atMs === undefined) return;
    const path = ['traffic', 'profile', index, 'at'];
    if (index === 0 && atMs !== 0) report(path, 'expected the first step at 0s');
    if (index > 0 && atMs <= previousMs) report(path, 'expected a later time than the step before');
    previousMs = atMs;
  });
  const rates = steps.map((step) => (isRecord(step) ? step['visitsPerHour'] : undefined));
  if (rates.length > 0 && rates.every((rate) => rate === 0)) {
    report(['traffic', 'profile'], 'expected at least one step with visits');
  }
}

function checkVisitors(visitors: unknown, report: Report): void {
  if (!isRecord(visitors)) return;
  const [accept, reject] = [share(visitors['acceptShare']), share(visitors['rejectShare'])];
  if (accept === undefined || reject === undefined || accept + reject <= 1 + 1e-12) return;
  const total = Number((accept + reject).toPrecision(12));
  report(['visitors', 'rejectShare'], `expected acceptShare + rejectShare of at most 1, got ${total}`);
}

function checkGroups(groups: readonly unknown[], report: Report): void {
  const names = groups.map((group) => (isRecord(group) ? group['name'] : undefined));
  names.forEach((name, index) => {
    if (typeof name === 'string' && names.indexOf(name) < index) {
      report(['groups', index, 'name'], `the group "${name}" is there twice`);
    }
  });
  groups.forEach((group, index) => {
    if (!isRecord(group)) return;
    checkShifts(listOf(group['shifts']), ['groups', index, 'shifts'], report);
    checkOffers(group, index, report);
    checkVoice(group, index, report);
    const to = isRecord(group['transfers']) ? group['transfers']['to'] : undefined;
    if (typeof to === 'string' && !names.includes(to)) {
      report(['groups', index, 'transfers', 'to'], `expected a group of the scenario, got "${to}"`);
    }
  });
}

const OF_CALLBACKS = ['dialTime', 'noAnswerShare', 'retryAfter', 'callsMax', 'callWithin', 'reschedules'];
const OF_CHATS = ['transfers'];

function checkVoice(group: Raw, index: number, report: Report): void {
  const isVoice = group['channel'] === 'voice';
  for (const key of isVoice ? OF_CHATS : OF_CALLBACKS) {
    if (group[key] === undefined) continue;
    const message = isVoice
      ? 'callbacks are not passed on; expected in a chat group alone'
      : 'expected in a voice group alone';
    report(['groups', index, key], message);
  }
}

function checkOffers(group: Raw, index: number, report: Report): void {
  const [miss, reject] = [share(group['missShare']) ?? 0, share(group['rejectShare']) ?? 0];
  if (miss > 0 && group['ringTime'] === undefined) {
    report(['groups', index, 'missShare'], 'expected a "ringTime" too: without it a missed offer would ring for ever');
  }
  if (miss + reject > 1 + 1e-12) {
    report(['groups', index, 'rejectShare'], 'expected missShare + rejectShare of at most 1');
  }
}

function checkShifts(shifts: readonly unknown[], path: DocumentPath, report: Report): void {
  shifts.forEach((shift, index) => {
    if (!isRecord(shift)) return;
    const [fromMs, toMs] = [duration(shift['from']), duration(shift['to'])];
    if (fromMs === undefined || toMs === undefined || toMs > fromMs) return;
    report([...path, index, 'to'], `expected a time after "from" (${String(shift['from'])})`);
  });
}

/** Faults name nodes that are there, and come one at a time: what two at once do can't be told apart. */
function checkFaults(raw: Raw, report: Report): void {
  const nodes = nodesOf(raw['cluster']);
  let busyUntilMs = 0;
  const faults = listOf(raw['faults']).map((fault, index) => ({ fault, index, atMs: readAt(fault) }));
  for (const { fault, index, atMs } of faults.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0))) {
    if (!isRecord(fault)) continue;
    for (const kind of ['kill', 'stop', 'restart', 'slow', 'partition']) {
      const node = fault[kind];
      if (typeof node !== 'string' || nodes.includes(node)) continue;
      report(['faults', index, kind], `expected one of ${nodes.join(', ')}, got "${node}"`);
    }
    if (atMs === undefined) continue;
    if (atMs < busyUntilMs) report(['faults', index, 'at'], 'expected a time after the end of the fault before it');
    const forMs = duration(fault['for']);
    busyUntilMs = Math.max(busyUntilMs, atMs + (forMs ?? (fault['restart'] === undefined ? Infinity : 0)));
  }
}

/** Told after the end, nobody would hear it. */
function checkWhatIfs(raw: Raw, report: Report): void {
  const [warmupMs, durationMs] = [duration(raw['warmup'] ?? '0s'), duration(raw['duration'])];
  if (warmupMs === undefined || durationMs === undefined) return;
  listOf(raw['whatIf']).forEach((whatIf, index) => {
    const atMs = readAt(whatIf);
    if (atMs === undefined || atMs < warmupMs + durationMs) return;
    report(['whatIf', index, 'at'], 'expected a time before the end of the run (warm-up and duration)');
  });
}

function readAt(fault: unknown): number | undefined {
  return isRecord(fault) ? duration(fault['at']) : undefined;
}

function nodesOf(cluster: unknown): readonly string[] {
  const count = (role: string): number => {
    const given = isRecord(cluster) ? cluster[role] : undefined;
    return typeof given === 'number' && given >= 1 && given <= 100 ? Math.floor(given) : 1;
  };
  const named = (role: string, many: number): readonly string[] =>
    Array.from({ length: many }, (_, index) => `${role}-${index + 1}`);
  return [
    ...named('frontend', count('frontends')),
    ...named('backend', count('backends')),
    'contact-center',
    'store',
    'balancer',
  ];
}

function listOf(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [];
}

function duration(given: unknown): number | undefined {
  return typeof given === 'string' ? parseDuration(given) : undefined;
}

function share(given: unknown): number | undefined {
  return typeof given === 'number' || typeof given === 'string' ? parseShare(given) : undefined;
}
