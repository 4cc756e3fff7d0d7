/**
 * Times contestants in turns by the processor time of the process, which other work on the machine moves little, with the heap
 * swept before each turn. Needs `node --expose-gc`.
 */
import { present } from '#core/assert.ts';

export interface Contestant {
  readonly name: string;
  /** Does the whole job once, from nothing; gives how often rules fired. */
  readonly run: () => number | Promise<number>;
}

export interface CpuTiming {
  readonly name: string;
  readonly firings: number;
  /** Processor time of each counted round, ns, in the order of the rounds. */
  readonly roundsNs: readonly number[];
}

const ROUNDS = 5;

/** `BENCH_ROUNDS` makes it fewer while one works on the benchmark; fewer than five say little. */
export function countRounds(): number {
  return Number(process.env['BENCH_ROUNDS'] ?? ROUNDS);
}

export function collectGarbage(): void {
  present(globalThis.gc, 'gc: run node with --expose-gc')();
}

/** One turn each to warm up, then the rounds. A contestant that fires now more and now less often is an error. */
export async function timeInTurns(contestants: readonly Contestant[]): Promise<readonly CpuTiming[]> {
  const timings = contestants.map(({ name }) => ({ name, firings: 0, roundsNs: new Array<number>() }));
  for (let round = 0; round <= countRounds(); round += 1) {
    for (const [place, { name, run }] of contestants.entries()) {
      const timing = present(timings[place], 'timing');
      collectGarbage();
      const began = process.cpuUsage();
      const firings = await run();
      const { user, system } = process.cpuUsage(began);
      if (round === 0) timing.firings = firings;
      else timing.roundsNs.push((user + system) * 1_000);
      if (firings !== timing.firings) throw new Error(`${name} fired ${timing.firings} times, then ${firings} times`);
    }
  }
  return timings;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const median = present(sorted[Math.floor(sorted.length / 2)], 'round');
  return { median, least: present(sorted[0], 'round'), most: present(sorted.at(-1), 'round') };
}

/** How many times as fast as `reference`, round by round; each may have its own number of events. */
export function speedOf(timing: CpuTiming, events: number, reference: CpuTiming, referenceEvents: number): Spread {
  return spreadOf(
    timing.roundsNs.map((ns, round) => present(reference.roundsNs[round], 'round') / referenceEvents / (ns / events)),
  );
}

/** `3.31M (3.10M to 3.40M)` */
export function describeRate(timing: CpuTiming, events: number): string {
  return describeSpread(spreadOf(timing.roundsNs.map((ns) => (events * 1e9) / ns)), describeCount);
}

/** `0.42x (0.40 to 0.45)` */
export function describeRatio(ratio: Spread): string {
  const digits = ratio.median >= 100 ? 0 : 2;
  const text = (value: number): string => value.toFixed(digits);
  return `${text(ratio.median)}x (${text(ratio.least)} to ${text(ratio.most)})`;
}

/** `3.31M`, `117k`, `810` */
export function describeCount(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  return value >= 1e4 ? `${(value / 1e3).toFixed(0)}k` : value.toFixed(0);
}

export function describeSpread(spread: Spread, text: (value: number) => string): string {
  return `${text(spread.median)} (${text(spread.least)} to ${text(spread.most)})`;
}
