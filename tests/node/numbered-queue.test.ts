/** The queue of what waits for an answer, against a Map that is given and asked the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberedQueue } from '#node/numbered-queue.ts';

test('holds what a Map with consecutive keys holds, whatever is taken when', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constant('add' as const) },
    { weight: 4, arbitrary: fc.nat(4) },
    { weight: 1, arbitrary: fc.nat(3_000) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 4_000, size: 'max' }), (steps) => {
      const queue = new NumberedQueue<string>();
      const model = new Map<number, string>();
      let added = 0;
      for (const order of steps) {
        if (order === 'add') {
          added += 1;
          expect(queue.next).toBe(added);
          expect(queue.add(`entry ${added}`)).toBe(added);
          model.set(added, `entry ${added}`);
        } else {
          // Mostly one of the oldest, as answers come; at times any number, there or not.
          const number = order < 5 ? ([...model.keys()][order] ?? 0) : order;
          expect(queue.get(number)).toBe(model.get(number));
          expect(queue.take(number)).toBe(model.get(number));
          model.delete(number);
        }
        expect(queue.size).toBe(model.size);
      }
      expect(queue.values()).toEqual([...model.values()]);
      queue.clear();
      expect([queue.size, queue.values(), queue.get(added), queue.next]).toEqual([0, [], undefined, added + 1]);
    }),
    { numRuns: 50 },
  );
});
