/** Reading and ordering: lines of all kinds of files, and any order of them sorted in little memory. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { succeed } from '#core/result.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { takeInOrder, type OrderedReading } from '#testbed/replay/in-order.ts';
import { LineSorter } from '#testbed/replay/line-sorter.ts';
import { LINE_BYTES_MAX, readLines } from '#testbed/replay/read-lines.ts';
import { createFolder, writeRecording } from './recordings.ts';

async function read(file: string): Promise<readonly (readonly [line: number, text: string])[]> {
  const lines: [number, string][] = [];
  for await (const batch of readLines(file)) {
    for (const { line, text, fault } of batch.lines) lines.push([line, fault === null ? text : `bad: ${fault}`]);
  }
  return lines;
}

async function errorOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return error instanceof OperatingError ? `${error.code} ${error.message}` : `unexpected: ${String(error)}`;
}

describe('reading lines', () => {
  it('gives them their numbers, without blank ones, whatever their ends and whether the last one has one', async () => {
    expect(await read(writeRecording('\ufeffone\r\n\n  \nfour\nfünf'))).toEqual([
      [1, 'one'],
      [4, 'four'],
      [5, 'fünf'],
    ]);
  });

  it('reads gzip by its content, also of several members', async () => {
    const members = Buffer.concat([gzipSync('one\ntwo'), gzipSync('\nthree\n')]);
    expect(await read(writeRecording(members, 'log'))).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
  });

  it('gives the same lines wherever the pieces of the file end', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `${'ü'.repeat(i % 37)}${i}`);
    const texts = (await read(writeRecording(lines))).map(([, text]) => text);
    expect(texts).toEqual(lines);
  });

  it('names a line that is too long or not UTF-8, and reads on', async () => {
    const long = Buffer.alloc(LINE_BYTES_MAX + 1, 'x');
    const content = Buffer.concat([Buffer.from('one\n'), long, Buffer.from('\nthree\n'), Buffer.from([0xff, 10])]);
    const end = Buffer.from('five\n');
    expect(await read(writeRecording(Buffer.concat([content, end])))).toEqual([
      [1, 'one'],
      [2, `bad: longer than ${LINE_BYTES_MAX} bytes`],
      [3, 'three'],
      [4, 'bad: expected UTF-8, got other bytes'],
      [5, 'five'],
    ]);
  });

  it('says in words what can not be read', async () => {
    const whole = gzipSync(Array.from({ length: 9_999 }, (_, i) => `line ${i}`).join('\n'));
    expect(await errorOf(read('/nowhere/access.log'))).toBe('FILE_NOT_FOUND there is no file /nowhere/access.log');
    expect(await errorOf(read(createFolder()))).toMatch(/^INVALID_INPUT .*: expected a file, found a folder$/);
    expect(await errorOf(read(writeRecording(whole.subarray(0, 5_000), 'cut.gz')))).toMatch(
      /^INVALID_INPUT .*cut\.gz: its gzip stream is damaged after line \d+: unexpected end of file$/,
    );
    expect(await errorOf(read('/dev/null'))).toMatch(/^INVALID_INPUT .*found a pipe or a device$/);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new OperatingError('INTERRUPTED', 'interrupted'));
    const reading = (async () => {
      for await (const batch of readLines(writeRecording(['one']), stop.signal)) expect(batch).toBeUndefined();
    })();
    expect(await errorOf(reading)).toBe('INTERRUPTED interrupted');
  });
});

const TINY = { memoryChars: 400, runsAtOnce: 2 };

/** Sorts `at`s as lines 1, 2, ...; gives `at line` in order and how many runs went to disk. */
function sort(ats: readonly number[], limits = TINY): { readonly lines: readonly string[]; readonly runs: number } {
  const sorter = new LineSorter(limits);
  try {
    ats.forEach((at, index) => sorter.add({ at, line: index + 1, text: `text ${index + 1} ü "` }));
    const lines = [...sorter.batches()].flat().map(({ at, line, text }) => {
      expect(text).toBe(`text ${line} ü "`);
      return `${at} ${line}`;
    });
    return { lines, runs: sorter.runsWritten };
  } finally {
    sorter.dispose();
  }
}

function listTemporary(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('engage-sort-'));
}

describe('sorting lines', () => {
  it('orders by time and equal times by line, whatever fits into memory', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 120 }), (ats) => {
        const expected = ats
          .map((at, index) => ({ at, line: index + 1 }))
          .toSorted((a, b) => a.at - b.at || a.line - b.line)
          .map(({ at, line }) => `${at} ${line}`);
        expect(sort(ats).lines).toEqual(expected);
        expect(sort(ats, { memoryChars: 1 << 20, runsAtOnce: 2 }).lines).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('really goes to disk in little memory, merges in several rounds, and leaves nothing there', () => {
    const before = listTemporary();
    // 400 characters hold 5 lines of 12 + 64: 120 lines make 20 runs, which two at a time give 10 + 5 + 3 + 2 merged ones.
    expect(sort(Array.from({ length: 120 }, (_, i) => 120 - i)).runs).toBe(20 + 10 + 5 + 3 + 2);
    expect(sort([3, 2, 1], { memoryChars: 1 << 20, runsAtOnce: 2 }).runs).toBe(0);
    expect(listTemporary()).toEqual(before);
  });
});

describe('taking records in order', () => {
  async function take(ats: readonly number[]): Promise<OrderedReading & { readonly taken: readonly string[] }> {
    let taken: string[] = [];
    const reading = await takeInOrder(
      writeRecording(ats.map(String)),
      (text) => succeed({ at: Number(text) }),
      () => {
        const ofThisPass: string[] = [];
        taken = ofThisPass;
        return ({ at }, line) => ofThisPass.push(`${at} ${line}`);
      },
      { sorterLimits: TINY },
    );
    return { ...reading, taken };
  }

  it('needs one reading where the file is in order, equal times included', async () => {
    expect(await take([1, 2, 2, 3])).toMatchObject({
      wasInOrder: true,
      taken: ['1 1', '2 2', '2 3', '3 4'],
      runsWritten: 0,
    });
  });

  it('begins anew where it is not, and counts every line once', async () => {
    const reading = await take([...Array.from({ length: 50 }, (_, i) => i), 7]);
    expect(reading).toMatchObject({ wasInOrder: false, counts: { lines: 51 } });
    expect(reading.taken).toHaveLength(51);
    expect(reading.taken.slice(7, 10)).toEqual(['7 8', '7 51', '8 9']);
    expect(reading.runsWritten).toBeGreaterThan(0);
  });
});
