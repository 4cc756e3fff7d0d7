/** What is known of a visit's last events, against a list of all that came. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KnownEvents } from '#core/visits/known-events.ts';

interface Came {
  readonly eventID: string;
  readonly timestamp: number;
}

/** Requests of so many events; mostly of one, as browsers send them. */
const SIZES = fc.array(
  fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 12 }) }),
  { minLength: 1, maxLength: 120, size: 'max' },
);

describe('the known events of a visit', () => {
  test('are the last sixteen, or four times those of the largest request, in whatever order their clocks stand', () => {
    let forgotten = 0;
    fc.assert(
      fc.property(SIZES, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (sizes, clock) => {
        const known = new KnownEvents();
        const came: Came[] = [];
        const kept: Came[] = [];
        let keptMax = 16;
        for (const size of sizes) {
          keptMax = Math.max(keptMax, 4 * size);
          for (let index = 0; index < size; index += 1) {
            const event = { eventID: `e${came.length}`, timestamp: clock.next().value ?? 0 };
            expect(known.isNewest(event.timestamp)).toBe(came.every(({ timestamp }) => timestamp < event.timestamp));
            known.add(event.eventID, event.timestamp, size);
            came.push(event);
            kept.push(event);
            if (kept.length > keptMax) kept.shift();
          }
        }
        expect(came.filter(({ eventID, timestamp }) => known.has(eventID, timestamp))).toEqual(kept);
        expect(came.some(({ eventID, timestamp }) => known.has(eventID, timestamp + 0.5))).toBe(false);
        forgotten += came.length - kept.length;
      }),
      { numRuns: 100 },
    );
    expect(forgotten).toBeGreaterThan(1_000);
  });
});
