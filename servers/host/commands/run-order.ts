/** The options of `engage run`, read and checked together: every wrong one is named at once. */
import type { Problem } from '#core/result.ts';
import { CONTACT_POINT } from '#protocol/engage-config.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { parseDuration } from '#protocol/quantities.ts';
import { STORE_NAMES, type StoreName } from '#protocol/run-feed-live.ts';
import type { StoreProfile } from '#sim/latency.ts';
import { parseSeedChoice, SEEDS_MAX, type SeedChoice } from '#testbed/seeds.ts';
import type { ScenarioOptions } from './scenario-options.ts';

export const REPORTERS = ['console', 'json', 'junit', 'html'] as const;
export type Reporter = (typeof REPORTERS)[number];

/** As commander hands them over. */
export interface RunOptions extends ScenarioOptions {
  readonly mode: string;
  readonly seed?: string;
  readonly seeds?: string;
  readonly store: string;
  readonly contactPoints?: string;
  readonly out?: string;
  readonly reporter?: string;
  readonly journal?: true;
  readonly events?: true;
  readonly maxWall?: string;
  readonly quiet?: true;
  readonly json?: true;
}

export interface RunOrder {
  readonly mode: 'sim' | 'live';
  readonly seed: number | undefined;
  /** Undefined: a single run. */
  readonly seeds: SeedChoice | undefined;
  /** As it was asked for: what a live run has. */
  readonly storeName: StoreName;
  /** Whose latencies a simulated run has. */
  readonly store: StoreProfile;
  /** Undefined: as the options have them. */
  readonly contactPoints: readonly string[] | undefined;
  readonly out: string | undefined;
  readonly reporters: readonly Reporter[];
  readonly hasJournal: boolean;
  /** Events are kept for `engage export`. */
  readonly keepsEvents: boolean;
  readonly wallMsMax: number | undefined;
  readonly isQuiet: boolean;
  /** Summaries on stdout, nothing else there. */
  readonly isJson: boolean;
}

/** Throws `OperatingError('INVALID_USAGE')` with every option that is wrong. */
export function readRunOrder(options: RunOptions): RunOrder {
  const problems: Problem[] = [];
  const wrong = (option: string, message: string): void =>
    void problems.push({ file: option, line: 0, column: 0, path: '', message });
  const mode = options.mode === 'live' ? 'live' : 'sim';
  if (options.mode !== mode) wrong(`--mode ${options.mode}`, 'expected sim or live');
  const storeName = readStore(options, wrong);
  const order: RunOrder = {
    mode,
    seed: readSeed(options, wrong),
    seeds: readSeeds(options, wrong),
    storeName,
    store: storeName === 'auto' ? 'sqlite' : storeName,
    contactPoints: readContactPoints(options, wrong),
    out: options.out,
    reporters: readReporters(options, wrong),
    hasJournal: options.journal === true,
    keepsEvents: options.events === true,
    wallMsMax: readMaxWall(options, wrong),
    isQuiet: options.quiet === true,
    isJson: options.json === true,
  };
  if (order.contactPoints !== undefined && (mode === 'sim' || storeName === 'memory' || storeName === 'sqlite')) {
    wrong('--contact-points', 'only a live run with --store cassandra or auto goes to a Cassandra');
  }
  if (order.hasJournal && order.out === undefined) wrong('--journal', 'it needs --out, where the journals are written');
  if (order.hasJournal && order.seeds !== undefined)
    wrong('--journal', 'it needs a single seed: --seed instead of --seeds');
  if (order.keepsEvents) refuseEvents(order, wrong);
  if (problems.length > 0) throw new OperatingError('INVALID_USAGE', 'these options can not be run with', problems);
  return order;
}

/** Where events can not be kept, or not as what this order runs. */
function refuseEvents({ out, seeds, mode, storeName }: RunOrder, wrong: Wrong): void {
  if (out === undefined) wrong('--events', 'it needs --out, where the events are written');
  if (seeds !== undefined) wrong('--events', 'it needs a single seed: --seed instead of --seeds');
  if (mode === 'live' && (storeName === 'memory' || storeName === 'cassandra')) {
    wrong('--events', `a live run keeps its events in its store: --store sqlite instead of ${storeName}`);
  }
}

type Wrong = (option: string, message: string) => void;

function readSeed({ seed, seeds }: RunOptions, wrong: Wrong): number | undefined {
  if (seed === undefined) return undefined;
  if (seeds !== undefined) wrong(`--seed ${seed}`, 'expected either --seed or --seeds');
  const value = /^\d+$/.test(seed) ? Number(seed) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  wrong(`--seed ${seed}`, 'expected a whole number of at least 0');
  return undefined;
}

function readSeeds({ seeds }: RunOptions, wrong: Wrong): SeedChoice | undefined {
  if (seeds === undefined) return undefined;
  const choice = parseSeedChoice(seeds);
  if (choice === undefined)
    wrong(`--seeds ${seeds}`, `expected a number from 1 to ${SEEDS_MAX}, or a list such as 3,5,9`);
  return choice;
}

function readStore({ store }: RunOptions, wrong: Wrong): StoreName {
  const name = STORE_NAMES.find((each) => each === store);
  if (name === undefined) wrong(`--store ${store}`, `expected one of ${STORE_NAMES.join(', ')}`);
  return name ?? 'auto';
}

function readContactPoints({ contactPoints }: RunOptions, wrong: Wrong): readonly string[] | undefined {
  if (contactPoints === undefined) return undefined;
  const points = contactPoints.split(',').map((point) => point.trim());
  const bad = points.find((point) => !CONTACT_POINT.test(point));
  if (bad !== undefined)
    wrong(`--contact-points ${contactPoints}`, `expected hosts, or host:port, between commas, got "${bad}"`);
  return points;
}

function readReporters({ reporter, out, json }: RunOptions, wrong: Wrong): readonly Reporter[] {
  if (reporter === undefined) {
    const files: readonly Reporter[] = out === undefined ? [] : ['json', 'html'];
    return json === true ? files : ['console', ...files];
  }
  const names = reporter.split(',').map((name) => name.trim());
  const known = names.filter((name): name is Reporter => REPORTERS.some((one) => one === name));
  const unknown = names.filter((name) => !REPORTERS.some((one) => one === name));
  if (unknown.length > 0) {
    wrong(`--reporter ${reporter}`, `unknown: ${unknown.join(', ')}; expected some of ${REPORTERS.join(',')}`);
  }
  if (out === undefined && known.some((name) => name !== 'console')) {
    wrong(`--reporter ${reporter}`, 'json, junit and html are files: give --out, the folder to write them into');
  }
  if (json === true && known.includes('console')) wrong('--json', 'expected either --json or the console reporter');
  return [...new Set(known)];
}

function readMaxWall({ maxWall }: RunOptions, wrong: Wrong): number | undefined {
  if (maxWall === undefined) return undefined;
  const ms = parseDuration(maxWall);
  if (ms !== undefined && ms > 0) return ms;
  wrong(`--max-wall ${maxWall}`, 'expected a duration above 0 such as 90s or 15m');
  return undefined;
}
