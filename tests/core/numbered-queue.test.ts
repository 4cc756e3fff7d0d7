/** The queue of what waits for an answer, against a Map that is given and asked the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberedQueue } from '#core/numbered-queue.ts';

/** `add`, or the place of the number to take among those that are there: mostly an early one, as answers come. */
const STEPS = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('add' as const) },
    { weight: 4, arbitrary: fc.nat(4) },
    { weight: 1, arbitrary: fc.nat(3_000) },
  ),
  { maxLength: 4_000, size: 'max' },
);

class NumberedMap {
  readonly #entries = new Map<number, string>();
  next = 1;

  get size(): number {
    return this.#entries.size;
  }

  get oldest(): number {
    return this.#entries.keys().next().value ?? this.next;
  }

  get(number: number): string | undefined {
    return this.#entries.get(number);
  }

  add(entry: string): number {
    this.#entries.set(this.next, entry);
    this.next += 1;
    return this.next - 1;
  }

  take(number: number): string | undefined {
    const entry = this.#entries.get(number);
    this.#entries.delete(number);
    return entry;
  }

  values(): string[] {
    return [...this.#entries.values()];
  }

  numbers(): number[] {
    return [...this.#entries.keys()];
  }
}

test('holds what a Map with consecutive keys holds, whatever is taken when', () => {
  fc.assert(
    fc.property(STEPS, (steps) => {
      const queue = new NumberedQueue<string>();
      const model = new NumberedMap();
      for (const order of steps) {
        // A number that was taken, or never given, where there is none at that place.
        const number = order === 'add' ? 0 : (model.numbers()[order] ?? order);
        const ask = (it: NumberedMap | NumberedQueue<string>): readonly unknown[] => [
          it.next,
          it.get(number),
          it.oldest,
          order === 'add' ? it.add(`entry ${it.next}`) : it.take(number),
          it.size,
        ];
        expect(ask(queue)).toEqual(ask(model));
      }
      expect(queue.values()).toEqual(model.values());
      queue.clear();
      expect([queue.size, queue.values(), queue.get(model.next - 1), queue.next]).toEqual([
        0,
        [],
        undefined,
        model.next,
      ]);
    }),
    { numRuns: 50 },
  );
});
