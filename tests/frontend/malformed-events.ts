/** Events as an attacker, or a browser gone wrong, might send them: close to the schema, so that every rule of it is met. */
import fc from 'fast-check';
import type { WireEvent } from '#protocol/wire-events.ts';
import { wireEvent } from './wire-event.ts';

/** Any UTF-16 code unit: lone surrogates and NUL among them. */
const unit = fc.oneof(
  fc.constantFrom('\0', '\ud800', '\udfff', '\u{1f6d2}', 'a', '~', '/', '"', '\\', '\u202e'),
  fc.nat(0xffff).map((code) => String.fromCharCode(code)),
);

const oddText = fc.oneof(
  fc.string({ unit, maxLength: 6 }),
  fc.constantFrom(1, 63, 64, 65, 100, 101, 256, 257, 512, 513, 2_048, 2_049).map((length) => 'x'.repeat(length)),
  fc.constantFrom(
    '',
    'SYSTEM',
    'Bought',
    'PageEntered',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '%00',
    "'; --",
  ),
);

const oddNumber = fc.constantFrom(
  0,
  -0,
  1.5,
  -1,
  Number.MAX_VALUE,
  8.64e15,
  8.64e15 + 2,
  -8.64e15 - 2,
  Number.MIN_VALUE,
  1e21,
);

const nested = fc.nat(40).map((depth) => JSON.parse('['.repeat(depth + 1) + ']'.repeat(depth + 1)) as unknown);

const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  oddNumber,
  fc.constantFrom(true, null, [], {}, { toString: 1 }, [[]]),
  nested,
  fc.jsonValue({ maxDepth: 2 }),
);

const oddName = fc.oneof(oddText, fc.constantFrom('constructor', 'toString', 'prototype', 'length'));

const oddData = fc.oneof(
  { weight: 3, arbitrary: fc.dictionary(oddName, fc.oneof(oddText, oddNumber, fc.boolean(), fc.constant(null))) },
  { weight: 1, arbitrary: fc.dictionary(oddName, oddValue) },
  {
    weight: 1,
    arbitrary: fc.nat(60).map((count) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]))),
  },
);

const FIELDS = Object.keys(wireEvent('v', 1)) as readonly (keyof WireEvent)[];

/** One or two fields of a good event made odd, left out or added. */
export function hostileEvent(visitID: string): fc.Arbitrary<object> {
  const change = fc.oneof(
    fc.record({ field: fc.constantFrom(...FIELDS, 'category', 'identity'), value: oddValue }),
    fc.record({ field: fc.constant('data'), value: oddData }),
    fc.record({ field: fc.constantFrom(...FIELDS), value: fc.constant(undefined) }),
    fc.record({ field: oddName.filter((name) => name !== '__proto__'), value: oddValue }),
  );
  return fc.tuple(fc.nat(9_999), fc.array(change, { minLength: 1, maxLength: 2 })).map(([n, changes]) => {
    const event: Record<string, unknown> = { ...wireEvent(visitID, n) };
    for (const { field, value } of changes) {
      if (value === undefined) delete event[field];
      else event[field] = value;
    }
    return event;
  });
}

/** Whole bodies: some good, most not. */
export function hostileBody(visitID: string): fc.Arbitrary<unknown> {
  const good = fc.nat(9_999).map((n): object => wireEvent(visitID, n));
  const event = fc.oneof({ weight: 2, arbitrary: good }, { weight: 1, arbitrary: hostileEvent(visitID) });
  const events = fc.array(event, { maxLength: 4 });
  return fc.oneof(
    { weight: 4, arbitrary: events },
    {
      weight: 2,
      arbitrary: fc.record({ sentAt: fc.oneof(oddNumber, oddValue), events }, { requiredKeys: ['events'] }),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  );
}
