/**
 * How punctual the crowd's arrival generator is by itself: 20,000 arrivals a second on the domain clock, lateness of each
 * start. Aim: p99 <= 1.5 ms. Run with `node tests/bench/generator-bench.ts`.
 */
import { cpus, loadavg } from 'node:os';
import { createRandomSource } from '#core/random/random-source.ts';
import { present } from '#core/assert.ts';
import { Arrivals } from '#crowd/arrivals.ts';
import { CrowdArrivals } from '#testbed/live/crowd-arrivals.ts';
import { DomainClock, readMonoMs } from '#node/domain-clock.ts';
import { CrowdDriver } from '#testbed/live/crowd-driver.ts';
import type { LatenessFigures } from '#testbed/live/crowd-lateness.ts';
import { formatTable } from './sim-bench-rounds.ts';

const ROUNDS = 7;
const ROUND_MS = 3_000;
const RATES_PER_SECOND = [200, 2_000, 20_000];
const AIM_MS = 1.5;

/** Domain time = wall time. */
function createWallClock(): DomainClock {
  const monoMs = readMonoMs();
  return new DomainClock({ anchorMonoMs: monoMs, anchorDomainMs: 0, speed: 1, fromMonoMs: monoMs });
}

async function runRound(ratePerSecond: number, seed: number): Promise<LatenessFigures & { readonly cpuShare: number }> {
  const driver = new CrowdDriver(createWallClock(), 0);
  const steps = [{ atUs: 0, ratePerUs: ratePerSecond / 1e6 }];
  const cpuBefore = process.cpuUsage();
  const crowd = new CrowdArrivals({
    driver,
    arrivals: new Arrivals(steps, createRandomSource(seed).stream('arrivals'), 0),
    latenessMsMax: 1_000,
    hasRoom: () => true,
    arrive: () => undefined,
  });
  crowd.watch();
  driver.begin();
  await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
  driver.close();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ...crowd.lateness.figures(), cpuShare: (user + system) / (ROUND_MS * 1_000) };
}

function medianAndRange(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const text = (value: number | undefined): string => present(value, 'round').toFixed(3);
  return `${text(sorted[Math.floor(sorted.length / 2)])} (${text(sorted[0])} - ${text(sorted.at(-1))})`;
}

const loadBefore = loadavg()[0] ?? NaN;
const rows: (readonly string[])[] = [
  ['arrivals/s', 'started a round', 'p50 ms', 'p99 ms', 'max ms', 'CPU share', 'aim'],
];
for (const ratePerSecond of RATES_PER_SECOND) {
  await runRound(ratePerSecond, 0);
  const rounds = [];
  for (let round = 1; round <= ROUNDS; round += 1) rounds.push(await runRound(ratePerSecond, round));
  const p99s = rounds.map(({ p99Ms }) => p99Ms);
  const medianMs = present(p99s.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)], 'round');
  rows.push([
    ratePerSecond.toLocaleString('en'),
    medianAndRange(rounds.map(({ count }) => count)).replaceAll('.000', ''),
    medianAndRange(rounds.map(({ p50Ms }) => p50Ms)),
    medianAndRange(p99s),
    medianAndRange(rounds.map(({ maxMs }) => maxMs)),
    medianAndRange(rounds.map(({ cpuShare }) => cpuShare)),
    medianMs <= AIM_MS ? 'met' : 'missed',
  ]);
}
const machine = cpus();
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${machine.length} x ${machine[0]?.model ?? 'unknown CPU'}, load before it ${loadBefore.toFixed(2)}`,
);
console.log(
  `${ROUNDS} rounds of ${ROUND_MS / 1_000} s each after one to warm up: median (range); aim: p99 <= ${AIM_MS} ms`,
);
console.log(formatTable(rows));
