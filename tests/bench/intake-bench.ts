/**
 * What the intake costs beside what a bare server does with the same bytes in the same run: ratios of medians over rounds
 * in turns. `npm run bench:intake [-- --rounds N --seconds S --only singles,batches,overload,invites,bayeux,generator]`
 */
import { parseArgs } from 'node:util';
import { benchBatches } from './intake-bench-batches.ts';
import { benchInvites } from './intake-bench-invites.ts';
import { benchOverload } from './intake-bench-overload.ts';
import { describeMachine } from './intake-bench-report.ts';
import { benchBayeux, benchGenerator } from './intake-bench-others.ts';
import type { BenchOptions } from './intake-bench-options.ts';
import { benchSingles } from './intake-bench-singles.ts';

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<void>>> = {
  singles: benchSingles,
  batches: benchBatches,
  bayeux: benchBayeux,
  invites: benchInvites,
  overload: benchOverload,
  generator: benchGenerator,
};

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: Object.keys(BENCHES).join(',') },
  },
});
const options: BenchOptions = { rounds: Number(values.rounds), roundMs: Number(values.seconds) * 1_000 };
console.log(describeMachine(options));
for (const name of values.only.split(',')) {
  const bench = BENCHES[name];
  if (bench === undefined) throw new Error(`no benchmark ${name}: expected some of ${Object.keys(BENCHES).join(', ')}`);
  await bench(options);
}
console.log(describeMachine(options));
// Whatever a benchmark has left open is no reason to stay.
process.exit(0);
