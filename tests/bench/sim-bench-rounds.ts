/** Times contestants in turns, several rounds, so that a busy machine slows all of them and not one. */

export interface Contestant {
  readonly name: string;
  /** Does the whole job; what it gives must be equal for all contestants. */
  readonly run: () => unknown;
}

export interface Timing {
  readonly name: string;
  /** Milliseconds of each counted round, sorted. */
  readonly roundsMs: readonly number[];
  readonly medianMs: number;
}

const ROUNDS_AT_LEAST = 5;

/** Runs every contestant once to warm up and then `rounds` times in turns; throws when two of them disagree on the result. */
export function timeInTurns(contestants: readonly Contestant[], rounds: number): readonly Timing[] {
  if (rounds < ROUNDS_AT_LEAST) throw new Error(`${rounds} rounds say little: at least ${ROUNDS_AT_LEAST}`);
  const timings = contestants.map(({ name }) => ({ name, roundsMs: new Array<number>() }));
  const agreed = JSON.stringify(contestants[0]?.run());
  for (let round = 0; round <= rounds; round++) {
    contestants.forEach(({ name, run }, index) => {
      const startMs = performance.now();
      const result = JSON.stringify(run());
      if (round > 0) timings[index]?.roundsMs.push(performance.now() - startMs);
      if (result !== agreed) throw new Error(`${name} gives ${result}, ${contestants[0]?.name} gives ${agreed}`);
    });
  }
  return timings.map(({ name, roundsMs }) => {
    const sorted = roundsMs.sort((a, b) => a - b);
    return { name, roundsMs: sorted, medianMs: sorted[Math.floor(sorted.length / 2)] ?? NaN };
  });
}

/** One line of a table: nanoseconds for each of `count` things, median and range, and the speed relative to `reference` (1: as fast). */
export function describeTiming(timing: Timing, count: number, reference: Timing): readonly string[] {
  const nanoseconds = (ms: number | undefined): string => (((ms ?? NaN) / count) * 1e6).toFixed(1);
  return [
    timing.name,
    nanoseconds(timing.medianMs),
    `${nanoseconds(timing.roundsMs[0])} - ${nanoseconds(timing.roundsMs.at(-1))}`,
    `${(reference.medianMs / timing.medianMs).toFixed(2)}x`,
  ];
}

/** Text columns of equal width, the first two flush left. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  const pad = (cell: string, column: number): string =>
    column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('   ').trimEnd()).join('\n');
}
