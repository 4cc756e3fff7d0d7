/** Whatever happens, no line is lost, shown out of order or more often than it was told, nor later than its turn; and the checker can see each of these. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SLOT_MS } from '#core/delivery/chat-delivery.ts';
import { brokenDelivery, PaperChats, type PlannedDeed } from './paper-chats.ts';

const MOST = 6;
const afterMs = fc.oneof(fc.nat(50), fc.nat(3_000));
const visit = fc.nat(MOST - 1);

const saying = fc.record({ what: fc.constant('say' as const), visit, afterMs });
const changing = fc.record({
  what: fc.constant('state' as const),
  visit,
  state: fc.constantFrom(
    'queued' as const,
    'started' as const,
    'queued' as const,
    'started' as const,
    'ended' as const,
  ),
  afterMs,
});
const mishap = fc.oneof(
  fc.record({ what: fc.constant('move' as const), visit, afterMs }),
  fc.record({ what: fc.constant('kill' as const), backend: fc.nat(1), afterMs }),
  fc.record({ what: fc.constant('away' as const), forMs: fc.nat(20_000), afterMs }),
  fc.record({ what: fc.constant('twice' as const), afterMs }),
);
const settings = fc.record({
  refreshPeriodMs: fc.integer({ min: 1, max: 5 }).map((seconds) => seconds * 1_000),
  requestTimeoutMs: fc.integer({ min: 1, max: 10 }).map((seconds) => seconds * 1_000),
  requestPoolSize: fc.integer({ min: 1, max: 4 }),
});
const chats = fc.integer({ min: 1, max: MOST });

function arbitraryDeeds(...deeds: readonly fc.Arbitrary<PlannedDeed>[]): fc.Arbitrary<readonly PlannedDeed[]> {
  return fc.array(fc.oneof(saying, saying, ...deeds), { minLength: 5, maxLength: 60 });
}

test('nothing is lost, out of order or shown more often than it was told, whatever happens to the servers', () => {
  let shown = 0;
  fc.assert(
    fc.property(settings, chats, arbitraryDeeds(changing, mishap), (given, count, deeds) => {
      const paper = new PaperChats(given, count);
      paper.play(deeds);
      expect(brokenDelivery(paper.said, paper.shown, paper.told)).toEqual([]);
      shown += paper.shown.length;
    }),
    { numRuns: 300 },
  );
  expect(shown).toBeGreaterThan(800);
});

test('where nothing fails, a line is shown within its period and the wait for a thread', () => {
  fc.assert(
    fc.property(settings, chats, arbitraryDeeds(changing), (given, count, deeds) => {
      const paper = new PaperChats(given, count);
      paper.play(deeds);
      // Of the chats of one Backend, each makes a chat wait for a slot of the pool at most; there and back it takes three links.
      const waitMs = (Math.ceil(count / 2 / given.requestPoolSize) + 1) * SLOT_MS + 9;
      const saidAt = new Map(paper.said.map(({ lineId, ms }) => [lineId, ms]));
      const lateness = paper.shown.map(({ lineId, ms }) => ms - (saidAt.get(lineId) ?? NaN));
      for (const ms of lateness) expect(ms).toBeLessThanOrEqual(given.refreshPeriodMs + waitMs);
      expect(new Set(paper.shown.map(({ lineId }) => lineId)).size, 'each once').toBe(paper.shown.length);
    }),
    { numRuns: 200 },
  );
});

test('the checker sees a line that is lost, two in the wrong order, and one that is shown too often', () => {
  const paper = new PaperChats({ refreshPeriodMs: 2_000, requestTimeoutMs: 5_000, requestPoolSize: 10 }, 2);
  paper.play(Array.from({ length: 9 }, (_, index) => ({ what: 'say' as const, visit: index, afterMs: 700 })));
  const { said, shown, told } = paper;
  expect(brokenDelivery(said, shown, told)).toEqual([]);
  expect(shown).toHaveLength(9);
  const [first, ...rest] = shown;
  if (first === undefined) throw new Error('a line was shown');
  expect(brokenDelivery(said, rest, told)).toEqual([`lost: ${first.lineId}`]);
  expect(brokenDelivery(said, [...rest, first], told)).toEqual([expect.stringMatching(/^out of order/)]);
  expect(brokenDelivery(said, [...shown, first], told)).toEqual([expect.stringMatching(/^shown 2 times, told 1/)]);
  expect(brokenDelivery(said, [...shown, { ...first, lineId: 'of nobody' }], told)).not.toEqual([]);
});
