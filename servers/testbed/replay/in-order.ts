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

/** Takes a record as soon as it is read; false: no more is wanted. */
export type TakeRecord<R> = (record: R, line: number, text: string) => boolean;

/** Reads the lines of `file` in their own order, each let go when it is taken; counts into `counts`. False: `take` wanted no more. */
export async function readRecords<R>(
  file: string,
  parse: ParseLine<R>,
  counts: ReadingCounts,
  options: ReadingOptions & { readonly what: ReadingProgress['what'] },
  take: TakeRecord<R>,
): Promise<boolean> {
  for await (const batch of readLines(file, options.signal)) {
    counts.blank += batch.blank;
    counts.lines += batch.lines.length;
    for (const { line, text, fault } of batch.lines) {
      const parsed = fault === null ? parse(text) : fail([{ column: 1, why: fault }]);
      if (!parsed.ok) counts.bad.add(line, present(parsed.problems[0], 'fault of a bad line'));
      else if (!take(parsed.value, line, text)) return false;
    }
    options.onProgress?.({ what: options.what, done: batch.bytesRead, total: batch.bytesTotal });
  }
  return true;
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
  const isInOrder = await readRecords(file, parse, counts, { ...options, what: 'reading' }, (record, line) => {
    if (record.at < latest) return false;
    latest = record.at;
    take(record, line);
    return true;
  });
  return isInOrder ? { counts, wasInOrder: true, runsWritten: 0 } : undefined;
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
    await readRecords(file, parse, counts, { ...options, what: 'sorting' }, (record, line, text) => {
      sorter.add({ at: record.at, line, text });
      return true;
    });
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
