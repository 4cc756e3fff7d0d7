/** Journals as they are written and read, also where a kill tore the last line off. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Effect } from '#core/effects.ts';
import { Journal, readJournal, type JournalHead, type JournalRecord } from '#node/journal.ts';

const HEAD: JournalHead = {
  type: 'head',
  version: 1,
  node: 'backend-1',
  role: 'backend',
  incarnation: 2,
  idPrefix: 'backend-1~2',
  config: { scenario: { name: 'a shop' } },
};
const EFFECT: Effect = { type: 'acknowledge', requestId: 1, stored: true };

describe('a journal', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
    file = join(folder, 'backend-1~2.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function writeJournal(records: number): void {
    const journal = new Journal(file, HEAD);
    for (let number = 1; number <= records; number += 1) {
      journal.write({
        at: number * 10,
        from: number === 1 ? null : 'frontend-1~1#4',
        input: { number },
        effects: [EFFECT],
      });
    }
    journal.close();
  }

  function readAll(): { lines: (JournalHead | JournalRecord)[]; tornBytes: number } {
    const reading = readJournal(file);
    const lines: (JournalHead | JournalRecord)[] = [];
    for (let next = reading.next(); ; next = reading.next()) {
      if (next.done === true) return { lines, tornBytes: next.value };
      lines.push(next.value);
    }
  }

  test('reads as it was written, records numbered from 1', () => {
    writeJournal(2);
    expect(readAll()).toEqual({
      lines: [
        HEAD,
        { n: 1, at: 10, from: null, input: { number: 1 }, effects: [EFFECT] },
        { n: 2, at: 20, from: 'frontend-1~1#4', input: { number: 2 }, effects: [EFFECT] },
      ],
      tornBytes: 0,
    });
  });

  test('has each record in the file before the next is written', () => {
    const journal = new Journal(file, HEAD);
    journal.write({ at: 1, from: null, input: 'é', effects: [] });
    expect(readFileSync(file, 'utf8')).toContain('"input":"é","effects":[]}\n');
    journal.close();
  });

  test('is never written over', () => {
    writeJournal(1);
    expect(() => new Journal(file, HEAD)).toThrow(/EEXIST/);
  });

  test('is not written to once it is closed', () => {
    const journal = new Journal(file, HEAD);
    journal.close();
    expect(() => journal.write({ at: 1, from: null, input: 'late', effects: [] })).toThrow(/is closed/);
  });

  test('leaves out a last line that a kill tore, wherever it was torn', () => {
    writeJournal(3);
    const whole = readFileSync(file);
    const end = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let size = whole.length - 1; size >= end; size -= 1) {
      truncateSync(file, size);
      const { lines, tornBytes } = readAll();
      expect(lines).toHaveLength(3);
      expect(tornBytes).toBe(size - end);
    }
  });

  test('reads lines longer than what is read at once', () => {
    const text = 'ü'.repeat(1_500_000);
    const journal = new Journal(file, HEAD);
    journal.write({ at: 1, from: null, input: text, effects: [] });
    journal.write({ at: 2, from: null, input: 'short', effects: [] });
    journal.close();
    expect(
      readAll()
        .lines.slice(1)
        .map((line) => ('input' in line ? line.input : null)),
    ).toEqual([text, 'short']);
  });

  test('is refused where a line in its middle is damaged, a record is missing or the head is another', () => {
    writeJournal(3);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, lines.with(2, '{"n":2,').join('\n'));
    expect(() => readAll()).toThrow(/line 3 is no JSON/);
    writeFileSync(file, lines.toSpliced(2, 1).join('\n'));
    expect(() => readAll()).toThrow(/record 2 is missing/);
    writeFileSync(file, lines.slice(1).join('\n'));
    expect(() => readAll()).toThrow(/does not begin as a journal/);
  });

  test('that was torn in its head is empty', () => {
    appendFileSync(file, '{"type":"head","ver');
    expect(readAll()).toEqual({ lines: [], tornBytes: 19 });
  });
});
