/**
 * Takes the records of a file in the order of (at, line): as they are read while they are in order, and from the begin once
 * more, sorted, when one is not. So a sorted file of any size costs one reading and no room.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { present } from '#core/assert.ts';
import { fail, type Result } from '#core/result.ts';
import type { LineFault } from '#protocol/recorded-event.ts';
import { BadLines } from './bad-lines.ts';
import { LineSorter, SORTER_LIMITS, type SorterLimits } from './line-sorter.ts';
import { readLines } from './read-lines.ts';

export interface Timed {
  /** Integer ms. */
  readonly at: number;
}

export type ParseLine<R> = (text: string) => Result<R, LineFault>;

/** What a reading has met so far. */
export interface ReadingCounts {
  /** Lines that are not blank. */
  lines: number;
  blank: number;
  readonly bad: BadLines;
}

/** How far a reading is. */
export interface ReadingProgress {
  /** `surveying` and `sorting` read the file without replaying it. */
  readonly what: 'surveying' | 'reading' | 'sorting' | 'replaying';
  readonly done: number;
  readonly total: number;
}

export interface ReadingOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ReadingProgress) => void) | undefined;
  readonly sorterLimits?: SorterLimits | undefined;
}

export interface RecordBatch<R> {
  readonly records: readonly { readonly record: R; readonly line: number; readonly text: string }[];
}

/** Reads all lines of `file` in their own order; counts into `counts`. */
export async function* readRecords<R>(
  file: string,
  parse: ParseLine<R>,
  counts: ReadingCounts,
  options: ReadingOptions & { readonly what: ReadingProgress['what'] },
): AsyncGenerator<RecordBatch<R>> {
  for await (const batch of readLines(file, options.signal)) {
    counts.blank += batch.blank;
    counts.lines += batch.lines.length;
    const records: { record: R; line: number; text: string }[] = [];
    for (const { line, text, fault } of batch.lines) {
      const parsed = fault === null ? parse(text) : fail([{ column: 1, why: fault }]);
      if (parsed.ok) records.push({ record: parsed.value, line, text });
      else counts.bad.add(line, present(parsed.problems[0], 'fault of a bad line'));
    }
    options.onProgress?.({ what: options.what, done: batch.bytesRead, total: batch.bytesTotal });
    yield { records };
  }
}

export interface OrderedReading {
  readonly counts: ReadingCounts;
  /** False: the lines had to be sorted. */
  readonly wasInOrder: boolean;
  /** Temporary files that the sorting took. */
  readonly runsWritten: number;
}

/**
 * Hands every record of `file` to what `begin` returns. `begin` may be called a second time: what the first one's taker was
 * given is void then.
 */
export async function takeInOrder<R extends Timed>(
  file: string,
  parse: ParseLine<R>,
  begin: () => (record: R, line: number) => void,
  options: ReadingOptions = {},
): Promise<OrderedReading> {
  return (await takeAsRead(file, parse, begin, options)) ?? (await takeSorted(file, parse, begin, options));
}

function createCounts(): ReadingCounts {
  return { lines: 0, blank: 0, bad: new BadLines() };
}

/** Undefined where a record came too late. */
async function takeAsRead<R extends Timed>(
  file: string,
  parse: ParseLine<R>,
  begin: () => (record: R, line: number) => void,
  options: ReadingOptions,
): Promise<OrderedReading | undefined> {
  const counts = createCounts();
  const take = begin();
  let latest = -Infinity;
  for await (const { records } of readRecords(file, parse, counts, { ...options, what: 'reading' })) {
    for (const { record, line } of records) {
      if (record.at < latest) return undefined;
      latest = record.at;
      take(record, line);
    }
  }
  return { counts, wasInOrder: true, runsWritten: 0 };
}

async function takeSorted<R extends Timed>(
  file: string,
  parse: ParseLine<R>,
  begin: () => (record: R, line: number) => void,
  options: ReadingOptions,
): Promise<OrderedReading> {
  const counts = createCounts();
  const sorter = new LineSorter(options.sorterLimits ?? SORTER_LIMITS);
  try {
    for await (const { records } of readRecords(file, parse, counts, { ...options, what: 'sorting' })) {
      for (const { record, line, text } of records) sorter.add({ at: record.at, line, text });
    }
    const take = begin();
    const total = counts.lines - counts.bad.count;
    let done = 0;
    for (const batch of sorter.batches()) {
      options.signal?.throwIfAborted();
      for (const { line, text } of batch) {
        const parsed = parse(text);
        take(present(parsed.ok ? parsed.value : null, 'record in a line that was parsed before'), line);
      }
      done += batch.length;
      options.onProgress?.({ what: 'replaying', done, total });
      await nextTurn();
    }
    return { counts, wasInOrder: false, runsWritten: sorter.runsWritten };
  } finally {
    sorter.dispose();
  }
}
