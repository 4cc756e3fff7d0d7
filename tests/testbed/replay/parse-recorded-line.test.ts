/** The quick reader of recorded events against their schema: the same value or the same faults, whatever a line holds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecordedEvent } from '#protocol/recorded-event.ts';
import { parseRecordedLine } from '#testbed/replay/parse-recorded-line.ts';
import { formatRecord } from './recordings.ts';

const anyOdd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(undefined, null, true, '', 'x', 'SYSTEM', 'BUSINESS', 'PageEntered', 'Search', 0, -1, 1.5, [], {}),
  fc.constantFrom(1e16, 8_640_000_000_000_000, 8_640_000_000_000_001, Number.MAX_VALUE),
  fc.integer({ min: 95, max: 105 }).map((length) => 'n'.repeat(length)),
  fc.constantFrom(256, 257, 4_096, 4_097, 8_192, 8_193).map((length) => 'c'.repeat(length)),
  fc.dictionary(fc.string({ maxLength: 3 }), fc.constantFrom('v', 1, false, null, {}, [])),
  fc.constantFrom(100, 101).map((size) => Object.fromEntries(Array.from({ length: size }, (_, i) => [`f${i}`, i]))),
);
const FIELDS =
  'eventID at timestamp sentAt visitID globalVisitID pageID eventType eventName url title category languageCode identity ' +
  'data other __proto__ toString';
const anyLine = fc.array(fc.tuple(fc.constantFrom(...FIELDS.split(' ')), anyOdd), { maxLength: 3 }).map((changes) => {
  const whole = JSON.parse(formatRecord({ eventID: 'e1', at: 5 })) as Record<string, unknown>;
  const fields = Object.entries(whole).filter(([name]) => changes.every(([changed]) => changed !== name));
  const given = changes.filter(([, value]) => value !== undefined);
  const all = [...fields, ...given].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${all.join(',')}}`;
});

describe('reading recorded events quickly', () => {
  it('reads what the schema reads and refuses what it refuses, in its words', () => {
    const seen = { good: 0, bad: 0 };
    fc.assert(
      fc.property(anyLine, (line) => {
        const expected = parseRecordedEvent(line);
        expect(parseRecordedLine(line)).toEqual(expected);
        seen[expected.ok ? 'good' : 'bad'] += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(300);
  });

  it.each(['', 'null', '[]', '"text"', '{"eventID":', '{}'])('leaves %j to the schema', (line) => {
    expect(parseRecordedLine(line)).toEqual(parseRecordedEvent(line));
  });
});
