/** The event ids of a slice in memory, against a plain list. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partOf, SliceIds } from '#stores/sqlite/slice-ids.ts';

const keys = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: -3, max: 3 }));

test('rows are found by their key, also where keys are equal or stand beside each other, and by parts', () => {
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 3_000 }), fc.array(keys, { maxLength: 20 }), (added, asked) => {
      const ids = new SliceIds();
      for (const [i, key] of added.entries()) ids.add(key, i + 1);
      for (const key of [...asked, ...added.slice(0, 20)]) {
        const rows = added.flatMap((each, i) => (each === key ? [i + 1] : []));
        expect(ids.seqsOf(key).toSorted((a, b) => a - b)).toEqual(rows);
        expect(ids.has(key)).toBe(rows.length > 0);
      }
      const gathering = ids.inParts(500);
      let step = gathering.next();
      while (step.done !== true) step = gathering.next();
      const pairs = step.value.flatMap((numbers, part) =>
        numbers.flatMap((key, i) => (i % 2 === 0 ? [[part, key, numbers[i + 1] ?? 0] as const] : [])),
      );
      const expected = added.map((key, i) => [partOf(key), key, i + 1] as const);
      expect(pairs.toSorted((a, b) => a[2] - b[2])).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});
