/** Wire schemas: what zod and the JSON Schema made of it (Ajv, as the servers check) refuse is the same. */
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { chatActionSchema } from '#protocol/wire-chat.ts';
import { deskActionSchema } from '#protocol/wire-desk.ts';
import { describeBatchFault, eventsBodySchema, wireEventSchema, type WireEvent } from '#protocol/wire-events.ts';
import { toJsonSchema } from '#protocol/wire-events-fields.ts';
import { engageBodySchema, noEngageBodySchema } from '#protocol/wire-gateway.ts';
import { dispositionQuerySchema, notifyBodySchema } from '#protocol/wire-notification.ts';

const EVENT: WireEvent = {
  eventID: 'v1.e1',
  timestamp: 1_790_000_000_000,
  visitID: 'v1',
  globalVisitID: 'g1',
  pageID: 'v1.p1',
  eventType: 'SYSTEM',
  eventName: 'PageEntered',
  url: 'https://shop.example/cart',
  title: 'Cart \u{1f6d2}',
  languageCode: 'en',
  data: { price: 12.5, gift: false, note: null },
};

/** Both checkers of a schema; they must agree. */
function checkersOf(schema: z.ZodType): (given: unknown) => boolean {
  const validate = new Ajv({ strict: false }).compile(toJsonSchema(schema));
  return (given) => {
    const accepted = validate(given);
    expect(schema.safeParse(given).success, JSON.stringify(given)?.slice(0, 300)).toBe(accepted);
    return accepted;
  };
}

const acceptsBody = checkersOf(eventsBodySchema);

it.each<[string, unknown]>([
  ['a plain array', [EVENT]],
  ['an object with the time of sending', { sentAt: 1, events: [EVENT] }],
  ['an object without it', { events: [EVENT] }],
  ['500 events', Array.from({ length: 500 }, () => EVENT)],
  ['a visit without a page yet', [{ ...EVENT, pageID: '' }]],
  ['a title of 512 characters', [{ ...EVENT, title: 'x'.repeat(512) }]],
])('takes %s', (_what, body) => {
  expect(acceptsBody(body)).toBe(true);
});

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['no events', []],
  ['501 events', Array.from({ length: 501 }, () => EVENT)],
  ['an unknown field', [{ ...EVENT, admin: true }]],
  ['an unknown field beside the events', { events: [EVENT], more: 1 }],
  ['an id with a slash', [{ ...EVENT, visitID: 'a/b' }]],
  ['an id of 65 characters', [{ ...EVENT, eventID: 'x'.repeat(65) }]],
  ['a URL of 2,049 characters', [{ ...EVENT, url: 'x'.repeat(2_049) }]],
  ['a title of 513 characters', [{ ...EVENT, title: 'x'.repeat(513) }]],
  ['a value of 2,049 characters', [{ ...EVENT, data: { a: 'x'.repeat(2_049) } }]],
  ['51 values', [{ ...EVENT, data: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, i])) }]],
  ['a value that is not flat', [{ ...EVENT, data: { a: { b: 1 } } }]],
  ['a list as data', [{ ...EVENT, data: [] }]],
  ['NUL in a title', [{ ...EVENT, title: 'a\u0000b' }]],
  ['a lone high surrogate', [{ ...EVENT, url: 'a\ud800' }]],
  ['a lone low surrogate in data', [{ ...EVENT, data: { a: '\udc00b' } }]],
  ['a lone surrogate in a name of data', [{ ...EVENT, data: { '\ud800': 1 } }]],
  ['1e400 as a time', JSON.parse(JSON.stringify([EVENT]).replace('1790000000000', '1e400'))],
  ['1e400 in data', JSON.parse(JSON.stringify([EVENT]).replace('12.5', '1e400'))],
  ['a text where a time belongs', [{ ...EVENT, timestamp: '1' }]],
])('refuses %s', (_what, body) => {
  expect(acceptsBody(body)).toBe(false);
});

it('agrees with its JSON Schema on whatever a field of an event is replaced by', () => {
  const anything = fc.oneof(
    fc.anything({ withBigInt: false, withMap: false, withSet: false }),
    fc.string({ unit: 'binary', maxLength: 70 }),
    fc.double(),
    fc.constantFrom('\ud800', '\u0000', '', null, 1e308, Infinity, NaN),
  );
  const accepts = checkersOf(wireEventSchema);
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(EVENT)), anything, (field, value) => {
      if (!accepts({ ...EVENT, [field]: value })) refused += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(refused, 'a checker that refuses nothing proves nothing').toBeGreaterThan(100);
});

it('names what a schema cannot say: the visit, names of their type', () => {
  expect(describeBatchFault('v1', [EVENT])).toBeNull();
  expect(describeBatchFault('v2', [EVENT])).toContain('visitID');
  expect(describeBatchFault('v1', [{ ...EVENT, eventName: 'Searched' }])).toContain('SYSTEM');
  expect(describeBatchFault('v1', [{ ...EVENT, eventType: 'BUSINESS' }])).toContain('BUSINESS');
});

it.each<[string, z.ZodType, unknown]>([
  ['notifications', notifyBodySchema, [{ page: '*', channel: 'gpe.appendContent', data: { url: '/x' } }]],
  ['a disposition', dispositionQuerySchema, { interactionId: 'i1', code: 'acceptCall' }],
  ['a chat action', chatActionSchema, { type: 'visitorLine', visitID: 'v1', lineId: 'l1', text: 'Hello' }],
  ['a desk action', deskActionSchema, { type: 'notReady', agentId: 'agent-1', reason: 'lunch' }],
  [
    'an engagement',
    engageBodySchema,
    {
      ixnProfile: {
        interactionId: 'i1',
        visitId: 'v1',
        channel: 'proactiveChat',
      },
    },
  ],
  ['a refusal', noEngageBodySchema, { cancelData: { interactionId: 'i1', visitId: 'v1', reason: 'policy' } }],
])('takes %s, and refuses it with an unknown field or one missing', (_what, schema, good) => {
  const accepts = checkersOf(schema);
  expect(accepts(good)).toBe(true);
  const inner = Array.isArray(good) ? (good[0] as object) : (good as object);
  const wrap = (value: object): unknown => (Array.isArray(good) ? [value] : value);
  expect(accepts(wrap({ ...inner, surplus: 1 }))).toBe(false);
  expect(accepts(wrap(Object.fromEntries(Object.entries(inner).slice(1))))).toBe(false);
});
