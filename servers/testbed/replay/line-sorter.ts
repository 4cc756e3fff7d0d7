/**
 * Sorts lines by (at, line) in bounded memory: what fits is sorted there, else sorted runs go to temporary files and are merged.
 * Lines come in the order of their numbers, so a stable sort by time is enough within a run, and runs are in order of their age.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatingError } from '#protocol/operating-error.ts';
import { SortedRunReader, writeSortedRun, type TimedLine } from './sorted-run.ts';

export interface SorterLimits {
  /** Characters of lines held in memory at once. */
  readonly memoryChars: number;
  /** Runs merged at once. */
  readonly runsAtOnce: number;
}

export const SORTER_LIMITS: SorterLimits = { memoryChars: 64 << 20, runsAtOnce: 32 };

/** What an entry costs beside its characters. */
const ENTRY_CHARS = 64;
const BATCH_LINES = 2_048;

export class LineSorter {
  readonly #limits: SorterLimits;
  #held: TimedLine[] = [];
  #heldChars = 0;
  /** Files of sorted runs, the oldest lines first. */
  #runs: string[] = [];
  #folder: string | undefined;
  #runsWritten = 0;

  constructor(limits: SorterLimits = SORTER_LIMITS) {
    this.#limits = limits;
  }

  /** Runs written to disk so far, those of intermediate merges included. */
  get runsWritten(): number {
    return this.#runsWritten;
  }

  /** Adds a line; its number is higher than those before. Throws OperatingError where the disk has no room. */
  add(line: TimedLine): void {
    this.#held.push(line);
    this.#heldChars += line.text.length + ENTRY_CHARS;
    if (this.#heldChars > this.#limits.memoryChars) this.#spill();
  }

  /** All lines in order. Nothing may be added any more. */
  *batches(): Generator<readonly TimedLine[]> {
    if (this.#runs.length === 0) {
      const lines = sortByTime(this.#held);
      this.#held = [];
      for (let start = 0; start < lines.length; start += BATCH_LINES) yield lines.slice(start, start + BATCH_LINES);
      return;
    }
    if (this.#held.length > 0) this.#spill();
    while (this.#runs.length > this.#limits.runsAtOnce) this.#mergeGroups();
    yield* mergeRuns(this.#runs);
  }

  /** Removes the temporary files. To be called whatever has happened. */
  dispose(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #spill(): void {
    this.#runs.push(this.#write([sortByTime(this.#held)]));
    this.#held = [];
    this.#heldChars = 0;
  }

  /** Makes one run of each group of neighbours. */
  #mergeGroups(): void {
    const merged: string[] = [];
    for (let start = 0; start < this.#runs.length; start += this.#limits.runsAtOnce) {
      const group = this.#runs.slice(start, start + this.#limits.runsAtOnce);
      merged.push(this.#write(mergeRuns(group)));
      for (const run of group) rmSync(run);
    }
    this.#runs = merged;
  }

  #write(batches: Iterable<readonly TimedLine[]>): string {
    try {
      this.#folder ??= mkdtempSync(join(tmpdir(), 'engage-sort-'));
      this.#runsWritten += 1;
      const file = join(this.#folder, `${this.#runsWritten}`);
      writeSortedRun(file, batches);
      return file;
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      throw new OperatingError('UNAVAILABLE', `no room to sort the lines in ${tmpdir()}: ${error.message}`);
    }
  }
}

function sortByTime(lines: TimedLine[]): readonly TimedLine[] {
  return lines.sort((a, b) => a.at - b.at);
}

/** Runs in order of their age: of equal times the older run's lines come first. */
function* mergeRuns(files: readonly string[]): Generator<readonly TimedLine[]> {
  const readers = files.map((file) => new SortedRunReader(file));
  try {
    let batch: TimedLine[] = [];
    for (;;) {
      const next = takeEarliest(readers);
      if (next === undefined) break;
      batch.push(next);
      if (batch.length < BATCH_LINES) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } finally {
    for (const reader of readers) reader.close();
  }
}

function takeEarliest(readers: readonly SortedRunReader[]): TimedLine | undefined {
  let earliest: SortedRunReader | undefined;
  for (const reader of readers) {
    if (reader.head === undefined) continue;
    if (earliest?.head === undefined || reader.head.at < earliest.head.at) earliest = reader;
  }
  const line = earliest?.head;
  earliest?.advance();
  return line;
}
