/**
 * `npm run bench:store [-- --rows 1000000 --rounds 3 --millions 0]`: what the history takes beside a bare append of the same rows, in
 * turns, and how it reads and forgets meanwhile. Contestants must end with equally many rows.
 */
import { parseArgs } from 'node:util';
import {
  dropSlices,
  readWhileWriting,
  rememberNothing,
  writeBare,
  writeHistory,
  type Written,
} from './store-bench-sqlite.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    millions: { type: 'string', default: '0' },
  },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);

for (const batchRows of [1_000, 10_000]) {
  const taken: Record<'bare' | 'limited' | 'full', Written[]> = { bare: [], limited: [], full: [] };
  for (let round = 0; round < rounds; round += 1) {
    taken.bare.push(await writeBare(rows, batchRows));
    taken.limited.push(await writeHistory(rows, batchRows, true));
    taken.full.push(await writeHistory(rows, batchRows, false));
  }
  const counts = Object.values(taken).flatMap((all) => all.map((each) => each.rows));
  if (counts.some((count) => count !== rows)) throw new Error(`rows differ: ${counts.join(', ')}, expected ${rows}`);
  console.log(`\nSQLite, ${rows} rows in transactions of ${batchRows}, FULL, median of ${rounds} (range)`);
  for (const [name, all] of Object.entries(taken)) {
    const ratios = all.map((each, i) => (taken.bare[i]?.seconds ?? NaN) / each.seconds);
    const cpuRatios = all.map((each, i) => (taken.bare[i]?.cpuSeconds ?? NaN) / each.cpuSeconds);
    const speed = describe(all.map((each) => each.rows / each.seconds / 1_000));
    const bytes = Math.round((all[0]?.bytes ?? NaN) / rows);
    console.log(
      `  ${name.padEnd(8)} ${speed} thousand rows/s, ${describe(ratios, 2)}x; by processor time ${describe(cpuRatios, 2)}x; ${bytes} bytes an event`,
    );
  }
}

const reads = (await readWhileWriting(rows, 200)).toSorted((a, b) => a - b);
const at = (share: number): string => (reads[Math.floor(share * (reads.length - 1))] ?? NaN).toFixed(2);
console.log(`\n50 newest events of a visit while 200 rows at a time are put: ${reads.length} reads`);
console.log(`  median ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms (aim: p99 <= 2 ms)`);

const dropped = await dropSlices(rows);
console.log(
  `\nretention: ${dropped.rows} rows taken away in ${dropped.steps} steps, ${Math.round(dropped.totalMs)} ms in all`,
);
console.log(
  `  longest step ${dropped.longestStepMs.toFixed(1)} ms (by processor time ${dropped.longestStepCpuMs.toFixed(1)} ms), longest put of 20 rows ${dropped.longestPutMs.toFixed(1)} ms (aim: 50 ms)`,
);

const resident = await rememberNothing(Number(values.millions));
if (resident.length > 0) console.log(`\nresident MiB after each million of events: ${resident.join(', ')}`);

function describe(figures: readonly number[], digits = 0): string {
  const sorted = figures.toSorted((a, b) => a - b);
  const text = (figure: number | undefined): string => (figure ?? NaN).toFixed(digits);
  return `${text(sorted[Math.floor(sorted.length / 2)])} (${text(sorted[0])} to ${text(sorted.at(-1))})`;
}
