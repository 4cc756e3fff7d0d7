/** What leads to the rows of a slice, by id and by visit, against a plain list: in memory, while it is sealed, sealed, and after a failure. */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SliceIndex, type IndexedRow } from '#stores/sqlite/slice-index.ts';

const row = fc.record({
  key: fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: -2, max: 2 })),
  visit: fc.integer({ min: 1, max: 4 }),
  ms: fc.integer({ min: 0, max: 9 }),
});
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('add' as const), rows: fc.array(row, { maxLength: 30 }) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('seal' as const), steps: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('fail' as const) }) },
);

test('rows are found by key and by visit, newest first, whatever of the slice is sealed', () => {
  let sealed = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.array(row, { maxLength: 20 }), (steps, before) => {
      const database = new Database(':memory:');
      const rows: IndexedRow[] = before.map((each, i) => ({ ...each, seq: i + 1 }));
      const index = new SliceIndex(database, 1, rows, 40);
      for (const each of steps) {
        if (each.op === 'fail' && !index.isSealed) index.sealAgain();
        if (each.op === 'add') {
          for (const added of each.rows) {
            rows.push({ ...added, seq: rows.length + 1 });
            index.add({ ...added, seq: rows.length });
          }
        }
        if (each.op === 'seal') for (let taken = 0; taken < each.steps && !index.seal(); taken += 1);
        if (each.op === 'seal') index.sealed();
        sealed += index.isSealed ? 1 : 0;
        for (const { key } of rows) {
          const found = rows.filter((other) => other.key === key).map(({ seq }) => seq);
          expect(index.mayHave(key)).toBe(true);
          expect(index.seqsOf(key).toSorted((a, b) => a - b)).toEqual(found);
        }
        for (const visit of [1, 2, 3, 4, 5]) {
          const places = rows.filter((other) => other.visit === visit).map(({ ms, seq }) => ({ ms, seq }));
          expect([...index.placesOf(visit)]).toEqual(places.sort((a, b) => b.ms - a.ms || b.seq - a.seq));
        }
      }
      database.close();
    }),
    { numRuns: 60, seed: 6 },
  );
  expect(sealed).toBeGreaterThan(20);
});
