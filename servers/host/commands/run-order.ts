/** The options of `engage run`, read and checked together: every wrong one is named at once. */
import type { Problem } from '#core/result.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { parseDuration } from '#protocol/quantities.ts';
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
  readonly store: StoreProfile;
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

const STORES: Readonly<Record<string, StoreProfile>> = {
  auto: 'sqlite',
  memory: 'memory',
  sqlite: 'sqlite',
  cassandra: 'cassandra',
};

/** Throws `OperatingError('INVALID_USAGE')` with every option that is wrong. */
export function readRunOrder(options: RunOptions): RunOrder {
  const problems: Problem[] = [];
  const wrong = (option: string, message: string): void =>
    void problems.push({ file: option, line: 0, column: 0, path: '', message });
  const mode = options.mode === 'live' ? 'live' : 'sim';
  if (options.mode !== mode) wrong(`--mode ${options.mode}`, 'expected sim or live');
  const order: RunOrder = {
    mode,
    seed: readSeed(options, wrong),
    seeds: readSeeds(options, wrong),
    store: readStore(options, wrong),
    out: options.out,
    reporters: readReporters(options, wrong),
    hasJournal: options.journal === true,
    keepsEvents: options.events === true,
    wallMsMax: readMaxWall(options, wrong),
    isQuiet: options.quiet === true,
    isJson: options.json === true,
  };
  if (mode === 'live' && order.store === 'cassandra') {
    wrong('--store cassandra', 'not yet in live runs, expected sqlite or memory');
  }
  if (order.hasJournal && order.out === undefined) wrong('--journal', 'it needs --out, where the journals are written');
  if (order.hasJournal && order.seeds !== undefined)
    wrong('--journal', 'it needs a single seed: --seed instead of --seeds');
  if (order.keepsEvents) refuseEvents(order, wrong);
  if (problems.length > 0) throw new OperatingError('INVALID_USAGE', 'these options can not be run with', problems);
  return order;
}

/** Where events can not be kept, or not as what this order runs. */
function refuseEvents({ out, seeds, mode, store }: RunOrder, wrong: Wrong): void {
  if (out === undefined) wrong('--events', 'it needs --out, where the events are written');
  if (seeds !== undefined) wrong('--events', 'it needs a single seed: --seed instead of --seeds');
  if (mode === 'live' && store === 'memory') {
    wrong('--events', 'a live run keeps its events in its store: --store sqlite instead of memory');
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

function readStore({ store }: RunOptions, wrong: Wrong): StoreProfile {
  const profile = Object.hasOwn(STORES, store) ? STORES[store] : undefined;
  if (profile === undefined) wrong(`--store ${store}`, `expected one of ${Object.keys(STORES).join(', ')}`);
  return profile ?? 'sqlite';
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
