/**
 * Pacing's promise where it is hardest: log-ins and log-outs in mid-run, lognormal times, and where an agent has several chats
 * at once, chats that slow each other down; over 20 seeds each, beside the same run without these. Prints markdown and fails where a band is missed.
 * `SEEDS=4` is a quick look. Run it: `npm run bench:shifts`.
 */
import { runScenario } from '#testbed/run-scenario.ts';
import { shiftsScenario, type ShiftsSize } from '#tests/testbed/shifts-scenario.ts';

const SEEDS = Number(process.env['SEEDS'] ?? 20);
const SIZES: readonly ShiftsSize[] = [
  { agents: 10, capacity: 1, hours: 8 },
  { agents: 25, capacity: 2, hours: 6 },
  { agents: 100, capacity: 1, hours: 4 },
];
const ABANDONED_MEAN_MAX = 0.03;
const ABANDONED_MAX = 0.035;
const BUSY_LOSS_MAX = 0.03;

interface Outcome {
  readonly abandoned: readonly number[];
  readonly busy: readonly number[];
}

function run(size: ShiftsSize, hard: boolean): Outcome {
  const scenario = shiftsScenario(size, hard);
  const figures = Array.from({ length: SEEDS }, (_, index) => runScenario(scenario, { seed: 501 + index }).figures);
  return {
    abandoned: figures.map(({ abandonmentShare }) => abandonmentShare ?? 1),
    busy: figures.map(({ busyShare }) => busyShare ?? 0),
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

let missed = 0;
process.stdout.write(
  '| agents x chats | abandoned, mean (highest) | busy | busy without these | abandoned without these | band |\n| --- | --- | --- | --- | --- | --- |\n',
);
for (const size of SIZES) {
  const hard = run(size, true);
  const easy = run(size, false);
  const highest = Math.max(...hard.abandoned);
  const loss = meanOf(easy.busy) - meanOf(hard.busy);
  const holds = meanOf(hard.abandoned) <= ABANDONED_MEAN_MAX && highest <= ABANDONED_MAX && loss <= BUSY_LOSS_MAX;
  if (!holds) missed += 1;
  process.stdout.write(
    `| ${size.agents} x ${size.capacity} | ${percent(meanOf(hard.abandoned))} (${percent(highest)}) | ${percent(meanOf(hard.busy))} | ${percent(meanOf(easy.busy))} | ${percent(meanOf(easy.abandoned))} (${percent(Math.max(...easy.abandoned))}) | ${holds ? '✓' : '✗'} |\n`,
  );
}
const { user, system } = process.cpuUsage();
process.stdout.write(`\n${SEEDS} seeds; ${((user + system) / 1e6).toFixed(0)} s of processor time.\n`);
process.exitCode = missed === 0 ? 0 : 1;
