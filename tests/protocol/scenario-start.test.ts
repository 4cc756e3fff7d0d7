/** Local times of scenarios: known moments, changes of the clock, and the way back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeLocalTime, isTimeZone, parseLocalTime } from '#protocol/scenario-file-start.ts';

test.each([
  ['2026-03-02T09:00:00', 'Europe/Berlin', '2026-03-02T08:00:00.000Z'],
  ['2026-07-02T09:00', 'Europe/Berlin', '2026-07-02T07:00:00.000Z'],
  ['1995-07-13T08:00:00', 'America/New_York', '1995-07-13T12:00:00.000Z'],
  ['2026-01-01T00:00:00', 'Pacific/Kiritimati', '2025-12-31T10:00:00.000Z'],
  ['2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
])('%s in %s is %s (of a time that comes twice the first)', (text, zone, expected) => {
  const time = parseLocalTime(text, zone);
  expect(time.ok && new Date(time.at).toISOString()).toBe(expected);
});

test.each([
  ['2026-03-29T02:30:00', 'Europe/Berlin', /clocks in Europe\/Berlin skip/],
  ['2011-12-30T12:00:00', 'Pacific/Apia', /clocks in Pacific\/Apia skip/],
  ['2026-02-30T09:00:00', 'UTC', /expected a time that exists/],
  ['2026-03-02 09:00:00', 'UTC', /expected a local time/],
  ['2026-03-02T09:00:00Z', 'UTC', /expected a local time/],
])('%s in %s is refused', (text, zone, expected) => {
  const time = parseLocalTime(text, zone);
  expect(time.ok ? 'accepted' : time.message).toMatch(expected);
});

test('what clocks show at a moment names that moment again, or the first of two', () => {
  const moments = fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2037, 0) }).map((ms) => ms - (ms % 1000));
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
  fc.assert(
    fc.property(moments, zones, (at, zone) => {
      const local = describeLocalTime(at, zone);
      const time = parseLocalTime(local, zone);
      const earlier = time.ok ? at - time.at : Number.NaN;
      expect(earlier).toBeGreaterThanOrEqual(0);
      expect(earlier).toBeLessThanOrEqual(3_600_000);
      expect(describeLocalTime(at - earlier, zone)).toBe(local);
    }),
    { numRuns: 300 },
  );
});

test('time zones are told from words', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true);
  expect(isTimeZone('Europe/Atlantis')).toBe(false);
});
