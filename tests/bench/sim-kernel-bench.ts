/**
 * How fast the kernel is: the hold model against a bare flatqueue loop, M/M/100 with statistics against a loop written by hand.
 * `--fixed` takes flatqueue on typed arrays of fixed size, which is a little faster where it fits.
 */
import { cpus } from 'node:os';
import { createDurationSampler } from '#core/random/duration-sampler.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import { describeTiming, formatTable, timeInTurns, type Contestant } from './sim-bench-rounds.ts';
import { holdContestants } from './sim-hold-bench.ts';
import { queueContestants } from './sim-queue-bench.ts';

const ROUNDS = 7;
const CUSTOMERS = 1_000_000;

function timeRows(job: string, contestants: readonly Contestant[], count: number): readonly (readonly string[])[] {
  const timings = timeInTurns(contestants, ROUNDS);
  const reference = timings[0];
  if (reference === undefined) throw new Error(`no contestants for ${job}`);
  return timings.map((timing) => [job, ...describeTiming(timing, count, reference)]);
}

/** What a stream for a visitor and a drawn number cost, ns: no contest, just the price. */
function streamRows(): readonly (readonly string[])[] {
  const count = 1_000_000;
  const source = createRandomSource(1);
  const stream = source.stream('long');
  const exponential = createDurationSampler({ kind: 'exponential', meanMs: 1000 });
  const lognormal = createDurationSampler({ kind: 'lognormal', meanMs: 1000, cv: 0.8 });
  const draws: readonly [string, (index: number) => number][] = [
    ['a number', () => stream.next()],
    ['an exponential duration', () => exponential(stream)],
    ['a lognormal duration', () => lognormal(stream)],
    ['a stream and its first number', (index) => source.stream('visitor', index).next()],
  ];
  return draws.flatMap(([name, draw]) => {
    const job: Contestant = {
      name,
      run: () => {
        let sum = 0;
        for (let index = 0; index < count; index++) sum += draw(index);
        return sum > 0;
      },
    };
    return timeRows('random', [job], count).map((row) => row.slice(0, -1));
  });
}

const fixed = process.argv.includes('--fixed');
const rows: (readonly string[])[] = [['job', 'how', 'median ns', 'range ns', 'speed']];
for (const pending of [1_000, 10_000, 100_000, 1_000_000]) {
  const events = pending === 1_000_000 ? 2_000_000 : 1_000_000;
  rows.push(...timeRows(`hold, N = ${pending.toLocaleString('en')}`, holdContestants(pending, events, fixed), events));
}
rows.push(...timeRows('M/M/100, per customer', queueContestants(100, CUSTOMERS), CUSTOMERS));
rows.push(...streamRows());

const machine = cpus();
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${machine.length} x ${machine[0]?.model ?? 'unknown CPU'}`,
);
console.log(
  `${ROUNDS} rounds in turns after one to warm up; speed is relative to the first of each job (aim: kernel at least 0.5x)`,
);
console.log(formatTable(rows));
