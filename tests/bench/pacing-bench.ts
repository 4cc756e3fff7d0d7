/**
 * Every acceptance band of pacing (docs/pacing.md) in one table: all sizes, patience and loss, both targets, shifts from a cold
 * start, visitors and supply that change, broken pacers, the DUAL algorithms with reactive abandonment told apart, and what a
 * tick costs. Everything is learned on the run. Prints markdown, writes it to the file of the first argument too, and fails
 * where a band is missed. `RUNS=2` is a quick look, `PARTS=ticks,duals` only these tables. Run it: `npm run bench:pacing`.
 */
import { BandTable } from './pacing-bench-table.ts';
import { broken, busyGoals, disturbances, duals } from './pacing-bench-others.ts';
import { plainRules, shifts, steadyState } from './pacing-bench-promise.ts';
import { ticks } from './pacing-bench-ticks.ts';

const runs = Number(process.env['RUNS'] ?? 8);
const table = new BandTable();
const began = process.cpuUsage();
table.say(`Pacing, ${runs} runs a row unless told, Node ${process.versions.node}. All shares in per cent.`);
const parts: Readonly<Record<string, () => void>> = {
  ticks: () => ticks(table),
  steadyState: () => steadyState(table, runs),
  plainRules: () => plainRules(table),
  shifts: () => shifts(table, runs),
  busyGoals: () => busyGoals(table, runs),
  disturbances: () => disturbances(table, runs),
  duals: () => duals(table, runs),
  broken: () => broken(table),
};
const wanted = process.env['PARTS']?.split(',') ?? Object.keys(parts);
const unknown = wanted.filter((part) => parts[part] === undefined);
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}: there are ${Object.keys(parts).join(', ')}`);
for (const part of wanted) parts[part]?.();
const { user, system } = process.cpuUsage(began);
const { bands, missed } = table.counts;
table.say(
  `\n${missed === 0 ? `All ${bands} bands hold` : `${missed} of ${bands} bands missed`}; ${((user + system) / 1e6).toFixed(0)} s of processor time.`,
);
const file = process.argv[2];
if (file !== undefined) table.write(file);
process.exitCode = missed === 0 ? 0 : 1;
