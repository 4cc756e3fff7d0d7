/** Runs the SQLite part of the store bench and says what it has measured. */
import { describe, describeTail } from './store-bench-figures.ts';
import {
  dropSlices,
  readWhileWriting,
  rememberNothing,
  writeBare,
  writeHistory,
  type Written,
} from './store-bench-sqlite.ts';

export interface SqliteBench {
  readonly rows: number;
  readonly rounds: number;
  readonly millions: number;
}

export async function benchSqlite({ rows, rounds, millions }: SqliteBench): Promise<void> {
  for (const batchRows of [1_000, 10_000]) await compare(rows, rounds, batchRows);
  await read(rows);
  await forget(rows);
  if (millions === 0) return;
  console.log('\nmemory and file after each million of events, of which six hours are kept (760,000 an hour), MiB:');
  await rememberNothing(millions, ({ residentMib, fileMib }) => console.log(`  ${residentMib}, file ${fileMib}`));
}

async function compare(rows: number, rounds: number, batchRows: number): Promise<void> {
  const taken: Record<'bare' | 'limited' | 'full', Written[]> = { bare: [], limited: [], full: [] };
  for (let round = 0; round < rounds; round += 1) {
    taken.bare.push(await writeBare(rows, batchRows));
    taken.limited.push(await writeHistory(rows, batchRows, true));
    taken.full.push(await writeHistory(rows, batchRows, false));
  }
  const counts = Object.values(taken).flatMap((all) => all.map((each) => each.rows));
  if (counts.some((count) => count !== rows)) throw new Error(`rows differ: ${counts.join(', ')}, expected ${rows}`);
  console.log(`\nSQLite, ${rows} events in transactions of ${batchRows}, FULL, median of ${rounds} (range); aim: 0.6x`);
  tell('bare append', taken.bare, taken.bare);
  tell('history, limitIndexing true', taken.limited, taken.bare);
  tell('history, limitIndexing false', taken.full, taken.bare);
}

function tell(name: string, all: readonly Written[], bare: readonly Written[]): void {
  const speed = describe(all.map(({ rows, puts }) => rows / puts.seconds / 1_000));
  const [first] = all;
  const perEvent = (figure: number | undefined): number => (figure ?? NaN) / (first?.rows ?? NaN);
  const size = `${Math.round(perEvent(first?.bytes))} bytes and ${perEvent(first?.entries).toFixed(2)} rows and entries of indexes an event`;
  console.log(`  ${name}: ${speed} thousand/s, ${size}`);
  if (all === bare) return;
  const ratios = (of: (written: Written) => number): string => {
    const each = all.map((written, i) => of(bare[i] ?? written) / of(written));
    return `${describe(each, 2)}x`;
  };
  const [putting, puttingCpu] = [ratios(({ puts }) => puts.seconds), ratios(({ puts }) => puts.cpuSeconds)];
  const whole = ratios(({ puts, sealing }) => puts.seconds + sealing.seconds);
  const wholeCpu = ratios(({ puts, sealing }) => puts.cpuSeconds + sealing.cpuSeconds);
  console.log(`    ${putting}, by processor time ${puttingCpu}; with sealing ${whole}, ${wholeCpu}`);
  const longest = all.map(({ longestSealingMs }) => longestSealingMs);
  console.log(`    longest step of sealing ${describe(longest, 1)} ms`);
}

async function read(rows: number): Promise<void> {
  const reads = await readWhileWriting(rows, 200);
  console.log('\n50 newest events of a visit while 200 rows at a time are put (aim: p99 of 2 ms)');
  console.log(`  ${describeTail(reads.map(({ seconds }) => 1_000 * seconds))}`);
  console.log(`  by processor time ${describeTail(reads.map(({ cpuSeconds }) => 1_000 * cpuSeconds))}`);
}

async function forget(rows: number): Promise<void> {
  const dropped = await dropSlices(rows);
  const ms = (figure: number): string => `${figure.toFixed(1)} ms`;
  console.log(`\nretention: ${dropped.rows} rows taken away in ${dropped.steps} steps, ${ms(dropped.totalMs)} in all`);
  console.log(
    `  highest stall of a put of 20 rows ${ms(dropped.longestStallMs)}, without retention ${ms(dropped.longestPutBeforeMs)} (aim: 50 ms); ` +
      `longest step ${ms(dropped.longestStepMs)}, by processor time ${ms(dropped.longestStepCpuMs)}`,
  );
}
