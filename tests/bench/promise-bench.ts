/**
 * Pacing's promise through the whole stack where rules limit the supply: 300 shifts of eight hours from a cold start, as the
 * product runs them, each refusal looked at, beside the exact optimum for that rate of leads. Two workers; prints markdown and
 * fails where a band is missed. `SHARE=0.1` is a quick look. Run it: `npm run bench:promise`.
 */
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { constrainedOptimum } from '#tests/oracles/constrained-optimum.ts';
import { LEAD_RICH, leadRichScenario } from '#tests/testbed/lead-rich-scenario.ts';
import { watchShift, type WatchedShift } from '#tests/testbed/watched-shift.ts';

const SHARE = Number(process.env['SHARE'] ?? 1);
const WORKERS = 2;
const HOURS = 8;
const FIRST_SEED = 3_001;
/** Agents and shifts. */
const SIZES = [
  [5, 100],
  [10, 100],
  [30, 70],
  [100, 30],
] as const;
const GOAL = 0.03;
const WORST = 0.035;
const KEPT_LEAST = 0.95;
const BUSY_GAP_MAX = 0.03;

interface Order {
  readonly agents: number;
  readonly seeds: readonly number[];
}

async function runShifts(agents: number, count: number): Promise<readonly WatchedShift[]> {
  const seeds = Array.from({ length: count }, (_, index) => FIRST_SEED + index);
  const parts = await Promise.all(
    Array.from({ length: WORKERS }, async (_, part) => {
      const order: Order = { agents, seeds: seeds.filter((_seed, index) => index % WORKERS === part) };
      const worker = new Worker(new URL(import.meta.url), { workerData: order });
      const [shifts] = (await once(worker, 'message')) as [readonly WatchedShift[]];
      return shifts;
    }),
  );
  return parts.flat();
}

const percent = (share: number): string => (100 * share).toFixed(2);

function meanOf(shifts: readonly WatchedShift[], pick: (shift: WatchedShift) => number): number {
  return shifts.reduce((sum, shift) => sum + pick(shift), 0) / shifts.length;
}

/** Whether all bands hold; a row is printed. */
async function judge(agents: number, count: number): Promise<boolean> {
  const startedAt = performance.now();
  const shifts = await runShifts(agents, count);
  const seconds = (performance.now() - startedAt) / 1_000;
  const leadsPerHour = meanOf(shifts, ({ usableLeads }) => usableLeads) / HOURS;
  const optimum = constrainedOptimum({
    ...LEAD_RICH,
    acceptShare: meanOf(shifts, ({ acceptedShare }) => acceptedShare),
    slots: agents,
    leadsPerHour,
    goalShare: GOAL,
  });
  const kept = shifts.filter(({ abandonedShare }) => abandonedShare <= GOAL).length;
  const worst = shifts.reduce((most, shift) => (shift.abandonedShare > most.abandonedShare ? shift : most));
  const busy = meanOf(shifts, ({ busyShare }) => busyShare);
  const refused = meanOf(shifts, (shift) => shift.refused / shift.usableLeads);
  const wronglyRefused = shifts.reduce((sum, shift) => sum + shift.wronglyRefused, 0);
  const holds =
    kept >= KEPT_LEAST * count &&
    worst.abandonedShare <= WORST &&
    optimum.busyShare - busy <= BUSY_GAP_MAX &&
    wronglyRefused === 0;
  process.stdout.write(
    `| ${agents} | ${kept} of ${count} | ${percent(meanOf(shifts, ({ abandonedShare }) => abandonedShare))} (${percent(worst.abandonedShare)}, seed ${worst.seed}) | ` +
      `${percent(busy)} | ${percent(optimum.busyShare)} | ${leadsPerHour.toFixed(0)} | ${percent(refused)} | ${wronglyRefused} | ${seconds.toFixed(0)} | ${holds ? '✓' : '✗'} |\n`,
  );
  return holds;
}

if (isMainThread) {
  process.stdout.write(
    `Seeds from ${FIRST_SEED} on.\n\n` +
      '| agents | shifts that keep 3 % | abandoned, mean (highest) | busy | optimum | usable leads an hour | refused | of them wrongly | seconds | band |\n' +
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n',
  );
  let missed = 0;
  for (const [agents, count] of SIZES) {
    if (!(await judge(agents, Math.max(WORKERS, Math.round(count * SHARE))))) missed += 1;
  }
  process.exitCode = missed === 0 ? 0 : 1;
} else {
  const { agents, seeds } = workerData as Order;
  const scenario = leadRichScenario(agents, HOURS);
  parentPort?.postMessage(seeds.map((seed) => watchShift(scenario, seed)));
}
