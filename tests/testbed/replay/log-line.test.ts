/** Lines of access logs: what is written as Apache writes it is read as it was, and what is not a line is told where and why. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLogLine, type LogLine } from '#testbed/replay/log-line.ts';
import { parseLogTime } from '#testbed/replay/log-time.ts';
import { escapeField, formatLogLine } from './recordings.ts';

function read(line: string): LogLine {
  const parsed = parseLogLine(line);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

function faultOf(line: string): string {
  const parsed = parseLogLine(line);
  return parsed.ok ? 'none' : parsed.problems.map(({ column, why }) => `${column}: ${why}`).join('; ');
}

/** Any text, with what Apache must escape in it more often than chance would put there. */
const anyText = fc
  .array(
    fc.oneof(fc.string({ unit: 'grapheme', maxLength: 5 }), fc.constantFrom('"', '\\', '\n', '\t', ' ', '\\x41', 'ß')),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''))
  .filter((text) => text !== '-' && text.isWellFormed());

describe('a line of an access log', () => {
  it('is read as it was before Apache wrote it, whatever its fields hold', () => {
    fc.assert(
      fc.property(
        fc.record({
          address: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()),
          user: fc.constantFrom('-', 'frank', 'frank miller'),
          at: fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1_000),
          zoneMinutes: fc.constantFrom(0, 60, 330, -480, 765, -210),
          request: anyText,
          status: fc.integer({ min: 100, max: 599 }),
          bytes: fc.option(fc.nat(), { nil: null }),
          referrer: anyText,
          userAgent: fc.option(anyText, { nil: null }),
        }),
        (given) => {
          const { zoneMinutes: _zone, user: _user, ...told } = given;
          const referrer = given.userAgent === null ? null : given.referrer;
          expect(read(formatLogLine(given))).toEqual({ ...told, referrer });
        },
      ),
    );
  });

  it('may be in the common format, which tells neither referrer nor user agent', () => {
    const line = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326';
    expect(read(line)).toEqual({
      address: '127.0.0.1',
      at: Date.UTC(2000, 9, 10, 20, 55, 36),
      request: 'GET /apache_pb.gif HTTP/1.0',
      status: 200,
      bytes: 2326,
      referrer: null,
      userAgent: null,
    });
  });

  it('may go on after the user agent, as with the bytes of mod_logio', () => {
    expect(read(`${formatLogLine({ userAgent: 'Firefox' })} 512 2048 "x`).userAgent).toBe('Firefox');
  });

  it.each([
    ['bytes that are UTF-8', String.raw`\xc3\xa9\x22`, 'é"'],
    ['bytes that are not, as Latin-1', String.raw`http://\xe4\xe5/`, 'http://äå/'],
    ['upper-case digits, as nginx writes them', String.raw`\xC3\xA9\x5C`, 'é\\'],
    ['a backslash that begins no escape', String.raw`C:\Users\xyz`, String.raw`C:\Users\xyz`],
  ])('has %s decoded', (_what, field, expected) => {
    expect(read(`192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "${field}" "x"`).referrer).toBe(
      expected,
    );
  });

  it.each([
    ['17/May/2015:10:05:03 +0000', Date.UTC(2015, 4, 17, 10, 5, 3)],
    ['17/May/2015:10:05:03 +0530', Date.UTC(2015, 4, 17, 4, 35, 3)],
    ['01/Jan/2015:00:30:00 +0100', Date.UTC(2014, 11, 31, 23, 30)],
    ['29/Feb/2016:23:59:59 -0330', Date.UTC(2016, 2, 1, 3, 29, 59)],
    ['31/Dec/2016:23:59:60 +0000', Date.UTC(2017, 0, 1)],
    ['29/Feb/2015:10:05:03 +0000', undefined],
    ['31/Apr/2015:10:05:03 +0000', undefined],
    ['17/Mai/2015:10:05:03 +0000', undefined],
    ['17/May/2015:24:05:03 +0000', undefined],
    ['17/May/2015:10:60:03 +0000', undefined],
    ['17/May/2015:10:05:03 +1500', undefined],
    ['17/May/2015:10:05:03', undefined],
    ['2015-05-17T10:05:03Z', undefined],
  ])('has the time %s', (text, expected) => {
    expect(parseLogTime(text)).toBe(expected);
  });

  const START = '192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1';
  it.each([
    ['nothing of it', 'hello', '1: expected the address, then a space'],
    [
      'the host of several before the address',
      `www.example.com:80 ${START}`,
      '30: expected the time after address, identity and user, got one word more',
    ],
    ['no time', '192.0.2.1 - - "GET / HTTP/1.1" 200 1', '13: expected the user, - for none, then a time in brackets'],
    ['no such day', START.replace('17/May', '31/Jun'), '15: expected a time such as [17/May/2015:10:05:03 +0000]'],
    ['a request without quotes', START.replaceAll('"', ''), '44: expected the request in quotes'],
    ['a request that is cut off', START.slice(0, 50), '44: expected the request in quotes, which are not closed'],
    ['no status', START.replace(' 200 1', ' - 1'), '61: expected a status of three digits'],
    ['no bytes', START.replace(' 200 1', ' 200'), '64: expected the bytes sent, - for none'],
    ['a referrer that is cut off', `${START} "http://a`, '67: expected the referrer in quotes, which are not closed'],
    ['a referrer alone', `${START} "-"`, '70: expected a space'],
    [
      'a user agent that is cut off',
      `${START} "-" "Mozilla`,
      '71: expected the user agent in quotes, which are not closed',
    ],
    ['a quote that is not escaped', `${START} "-" "a"b"`, '74: expected a space'],
    [
      'an escaped quote at its end',
      `${START} "-" "a\\"`,
      '71: expected the user agent in quotes, which are not closed',
    ],
  ])('is refused with %s', (_what, line, expected) => {
    expect(faultOf(line)).toBe(expected);
  });

  it('is not taken for one where it was cut off anywhere (what is left may be the common format)', () => {
    const line = formatLogLine({ request: 'GET /a HTTP/1.1', bytes: 7, referrer: 'http://a/', userAgent: 'Firefox' });
    const common = formatLogLine({ request: 'GET /a HTTP/1.1', bytes: 7, userAgent: null });
    const cuts = Array.from({ length: line.length }, (_, end) => line.slice(0, end));
    expect(cuts.filter((cut) => faultOf(cut) === 'none')).toEqual([common, `${common} `]);
  });

  it('would not survive without the escapes of its fields (the round trip above can fail)', () => {
    const agent = 'a"b';
    expect(escapeField(agent)).not.toBe(agent);
    expect(faultOf(formatLogLine({ userAgent: agent }).replace('a\\"b', agent))).toBe('77: expected a space');
  });
});
