/** The quick check of an events body against the compiled wire schema: it may never let pass what the schema refuses. */
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import { isEventsBody, parsePlainEvents } from '#frontend/intake-check.ts';
import { createHttpApp } from '#node/http-limits.ts';
import { eventsBodySchema } from '#protocol/wire-events.ts';
import { toJsonSchema } from '#protocol/wire-events-fields.ts';
import { hostileBody, hostileEvent } from './malformed-events.ts';
import { wireEvent } from './wire-event.ts';

const schema = toJsonSchema(eventsBodySchema);
const compile = present(createHttpApp(pino({ level: 'silent' })).validatorCompiler, 'validator compiler');
const check = compile({ schema, method: 'POST', url: '/', httpPart: 'body' });

it('lets pass nothing that the schema refuses', () => {
  const seen = { passed: 0, refused: 0 };
  fc.assert(
    fc.property(hostileBody('v1'), (body) => {
      const passed = isEventsBody(body);
      expect(passed && check(body) !== true).toBe(false);
      seen[passed ? 'passed' : 'refused'] += 1;
    }),
    { numRuns: 5_000 },
  );
  expect(Math.min(seen.passed, seen.refused), 'bodies of both kinds').toBeGreaterThan(200);
});

it('takes from a text no body that the schema refuses or that would poison a prototype', () => {
  const seen = { passed: 0, refused: 0 };
  fc.assert(
    fc.property(hostileBody('v1'), (body) => {
      const text = JSON.stringify(body) ?? '';
      const events = parsePlainEvents(text);
      seen[events === undefined ? 'refused' : 'passed'] += 1;
      if (events === undefined) return;
      expect(check(events)).toBe(true);
      expect(JSON.stringify(events)).toBe(text);
      expect(text).not.toContain('"__proto__":');
    }),
    { numRuns: 5_000 },
  );
  expect(Math.min(seen.passed, seen.refused), 'bodies of both kinds').toBeGreaterThan(200);
});

it.each([
  ['a name that poisons', `"__proto__":1`],
  ['the same in disguise', `"\\u005f_proto__":1`],
  ['NUL', `"a":"\\u0000"`],
  ['half of a surrogate pair', `"a":"\\ud800"`],
  ['an object', `"a":{}`],
])('takes from a text no event with %s in its data', (_what, member) => {
  const text = JSON.stringify([wireEvent('v1', 1)]);
  expect(parsePlainEvents(text.replace('"data":{}', '"data":{"a":1}'))).toBeDefined();
  expect(parsePlainEvents(text.replace('"data":{}', `"data":{${member}}`))).toBeUndefined();
});

it('says the same as the schema about one field that is odd', () => {
  fc.assert(
    fc.property(hostileEvent('v1'), (event) => {
      expect(isEventsBody([event])).toBe(check([event]));
    }),
    { numRuns: 5_000 },
  );
});

it.each<[string, unknown, boolean]>([
  ['an event', [wireEvent('v1', 1)], true],
  ['an event with all fields', [wireEvent('v1', 1, { category: 'a;b', identity: 'u', data: { a: 1, b: null } })], true],
  ['the browser clock', { sentAt: 5, events: [wireEvent('v1', 1)] }, true],
  ['the clock alone', { sentAt: 5 }, false],
  ['Infinity', [wireEvent('v1', 1, { data: { n: Number.POSITIVE_INFINITY } })], false],
  ['half a surrogate pair', [wireEvent('v1', 1, { title: '\ud800' })], false],
  ['NUL', [wireEvent('v1', 1, { title: 'a\0b' })], false],
  ['a field too many', [{ ...wireEvent('v1', 1), more: 1 }], false],
  ['an own __proto__', JSON.parse(JSON.stringify([wireEvent('v1', 1)]).replace('{}', '{"__proto__":{"x":1}}')), false],
  [
    '51 values',
    [wireEvent('v1', 1, { data: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [n, n])) })],
    false,
  ],
  ['501 events', Array.from({ length: 501 }, (_, n) => wireEvent('v1', n)), false],
])('%s', (_what, body, good) => {
  expect(isEventsBody(body)).toBe(good);
  expect(check(body)).toBe(good);
});
