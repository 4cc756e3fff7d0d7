/** Lines of recorded events: what they may hold, and every fault of one at once. */
import { describe, expect, it } from 'vitest';
import { SYSTEM_EVENT_NAMES } from '#core/visits/event.ts';
import { isTooOldToMatch, parseRecordedEvent } from '#protocol/recorded-event.ts';
import { formatRecord, type GivenRecord } from './recordings.ts';

const PLAIN: GivenRecord = { eventID: 'e1', at: 1_000 };

function faultOf(text: string): string {
  const parsed = parseRecordedEvent(text);
  return parsed.ok ? 'none' : parsed.problems.map(({ column, why }) => `${column}: ${why}`).join(' | ');
}

describe('a recorded event', () => {
  it('is read with all that it may hold', () => {
    const data = { price: 12.5, colour: 'green', gift: false, note: null, __proto__: 1 };
    const given = formatRecord({
      ...PLAIN,
      timestamp: 900.5,
      sentAt: 950,
      category: 'a;b',
      identity: 'ann@example.com',
      data,
    });
    expect(parseRecordedEvent(given)).toEqual({
      ok: true,
      value: {
        at: 1_000,
        sentAt: 950,
        hasTimestamp: true,
        event: {
          eventID: 'e1',
          timestamp: 900.5,
          visitID: 'v1',
          globalVisitID: 'g1',
          pageID: 'page of e1',
          eventType: 'SYSTEM',
          eventName: 'PageEntered',
          url: 'https://shop.example/x',
          title: 'A page',
          category: 'a;b',
          languageCode: 'en-US',
          identity: 'ann@example.com',
          data,
        },
      },
    });
  });

  it('may do without timestamp, sentAt, category and identity: categories are to be applied then', () => {
    const parsed = parseRecordedEvent(formatRecord(PLAIN));
    expect(parsed).toMatchObject({ ok: true, value: { sentAt: undefined, hasTimestamp: false } });
    expect(parsed).toMatchObject({ value: { event: { category: undefined, identity: undefined, timestamp: 1_000 } } });
  });

  it.each(SYSTEM_EVENT_NAMES)('may be the system event %s', (eventName) => {
    expect(faultOf(formatRecord({ ...PLAIN, eventName }))).toBe('none');
  });

  it('is refused with all of its faults at once', () => {
    const fault = faultOf(
      JSON.stringify({ eventID: '', at: 1.5, visitID: 7, eventType: 'OTHER', url: 'x', title: 'y', sent: 1, data: [] }),
    );
    expect(fault.split('; ')).toEqual([
      '1: eventID: expected an id of 1 to 256 characters, got ""',
      'at: expected a time in whole ms of at least 0 and of at most 8640000000000000, got 1.5',
      'visitID: expected an id of 1 to 256 characters, got 7',
      'globalVisitID: missing, expected an id of 1 to 256 characters',
      'pageID: missing, expected an id of at most 256 characters',
      'eventType: expected SYSTEM or BUSINESS, got "OTHER"',
      'eventName: missing, expected a name of 1 to 100 characters',
      'languageCode: missing, expected a language code of at most 100 characters',
      'data: expected an object with the fields of the event, {} for none, got []',
      expect.stringContaining('sent: unknown key "sent", expected one of eventID, at, timestamp, sentAt'),
    ]);
  });

  it.each([
    ['cut off', '{"eventID":"e1","at":10', "24: expected JSON: Expected ',' or '}' after property value"],
    ['a list', '[1]', '1: expected one JSON object a line, got [1]'],
    [
      'nested data',
      formatRecord({ ...PLAIN, data: { screen: { w: 1 } } }),
      '1: data: expected "screen" to be a text, a number, true, false or null, got {"w":1}',
    ],
    [
      'too much data',
      formatRecord({ ...PLAIN, data: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`f${i}`, i])) }),
      '1: data: expected at most 100 fields, got 101',
    ],
    [
      'a long text in data',
      formatRecord({ ...PLAIN, data: { note: 'x'.repeat(8_193) } }),
      '1: data: expected texts of at most 8192 characters, got 8193 in "note"',
    ],
    [
      'a long id',
      formatRecord({ ...PLAIN, eventID: 'x'.repeat(257) }),
      expect.stringContaining('1: eventID: expected an id of 1 to 256 characters'),
    ],
    [
      'an unknown system event',
      formatRecord({ ...PLAIN, eventType: 'SYSTEM', eventName: 'Searched' }),
      expect.stringContaining('for a SYSTEM event, got "Searched"'),
    ],
    [
      "a business event with a system event's name",
      formatRecord({ ...PLAIN, eventType: 'BUSINESS' }),
      '1: eventName: expected another name for a BUSINESS event, PageEntered is a SYSTEM event',
    ],
  ])('is refused where it is %s', (_what, text, expected) => {
    expect(faultOf(text)).toEqual(expected);
  });

  it.each([
    [30_000, true, false],
    [30_000.5, true, true],
    [30_001, true, true],
    [-90_000, true, false],
    [30_001, false, false],
  ])('that was sent %i ms after its timestamp (told: %s) is too old to be matched: %s', (ageMs, isTold, expected) => {
    // The browser's clock is off by years, which plays no part.
    const sentAt = 12_345;
    const parsed = parseRecordedEvent(
      formatRecord({ ...PLAIN, sentAt, ...(isTold ? { timestamp: sentAt - ageMs } : {}) }),
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(isTooOldToMatch(parsed.value)).toBe(expected);
  });
});
