/** The hand-written reader of frames against the schema that describes the wire, and channel matching against a plain reading of its rules. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BAYEUX_SIZES, bayeuxBodySchema } from '#protocol/wire-bayeux.ts';
import { isChannel, isPattern, Subscriptions } from '#node/bayeux/bayeux-channels.ts';
import { readFrame } from '#node/bayeux/bayeux-frame.ts';

const text = (lengthMax: number): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.string({ maxLength: 12 }) },
    { weight: 1, arbitrary: fc.constantFrom('x'.repeat(lengthMax), 'x'.repeat(lengthMax + 1), '') },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
  );
const duration = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.jsonValue({ maxDepth: 1 }));

/** Mostly messages, some of them nearly. */
const messageLike = fc.record(
  {
    channel: text(BAYEUX_SIZES.channelLength),
    id: text(BAYEUX_SIZES.idLength),
    clientId: text(BAYEUX_SIZES.idLength),
    version: text(BAYEUX_SIZES.idLength),
    connectionType: text(BAYEUX_SIZES.idLength),
    supportedConnectionTypes: fc.oneof(fc.array(text(BAYEUX_SIZES.idLength), { maxLength: 17 }), fc.jsonValue()),
    subscription: fc.oneof(
      text(BAYEUX_SIZES.channelLength),
      fc.array(text(BAYEUX_SIZES.channelLength), { maxLength: 51 }),
    ),
    data: fc.jsonValue({ maxDepth: 2 }),
    ext: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })), fc.jsonValue({ maxDepth: 1 })),
    advice: fc.oneof(
      fc.record({ timeout: duration, interval: duration }, { requiredKeys: [] }),
      fc.jsonValue({ maxDepth: 1 }),
    ),
  },
  { requiredKeys: ['channel'] },
);
/** Without the keys that the reader refuses whatever the schema says. */
const body = fc
  .oneof(messageLike, fc.array(messageLike, { maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }))
  .map((value) => JSON.stringify(value))
  .filter((json) => !/__proto__|constructor/.test(json));

describe('the reader of frames', () => {
  it('accepts exactly what the schema of the wire accepts', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(body, (json) => {
        const read = readFrame(json, 32).ok;
        if (read) accepted += 1;
        else refused += 1;
        expect(read).toBe(bayeuxBodySchema.safeParse(JSON.parse(json)).success);
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(100);
  });

  it('says of any text whether it is messages, and nothing else happens', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => json.replace(/["{[]/, '')),
          body,
        ),
        (given) => {
          const read = readFrame(given, 8);
          expect(read.ok ? Array.isArray(read.messages) : read.why !== '').toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [8, 8, true],
    [9, 8, false],
  ])('with %i levels where %i are allowed: %s', (levels, depthMax, ok) => {
    const data = '['.repeat(levels - 1) + ']'.repeat(levels - 1);
    expect(readFrame(`{"channel":"/a","data":${data}}`, depthMax).ok).toBe(ok);
    expect(readFrame(`{"channel":"/a","data":"\\"${'['.repeat(levels)}"}`, depthMax).ok).toBe(true);
  });
});

describe('channels', () => {
  const segment = fc.constantFrom('a', 'b', 'c');
  const channel = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
  const pattern = fc.oneof(
    channel,
    fc.tuple(fc.oneof(channel, fc.constant('')), fc.constantFrom('/*', '/**')).map(([head, tail]) => head + tail),
  );

  /** As the Bayeux specification words it. */
  function matches(wanted: string, name: string): boolean {
    if (wanted.endsWith('/**')) return name.startsWith(wanted.slice(0, -2));
    if (!wanted.endsWith('/*')) return wanted === name;
    const head = wanted.slice(0, -1);
    return name.startsWith(head) && !name.slice(head.length).includes('/');
  }

  it('reach whom the patterns say, once each, also after some unsubscribed', () => {
    const entry = fc.record({ who: fc.nat(5), wanted: pattern, stays: fc.boolean() });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), channel, (entries, name) => {
        const subscriptions = new Subscriptions<number>();
        for (const { who, wanted } of entries) subscriptions.add(wanted, who);
        const left = new Set<string>();
        for (const { who, wanted, stays } of entries) {
          if (stays) continue;
          subscriptions.remove(wanted, who);
          left.add(`${who} ${wanted}`);
        }
        const staying = entries.filter(({ who, wanted }) => !left.has(`${who} ${wanted}`));
        const expected = new Set(staying.filter(({ wanted }) => matches(wanted, name)).map(({ who }) => who));
        expect([...subscriptions.of(name)].sort()).toEqual([...expected].sort());
      }),
      { numRuns: 1_000 },
    );
  });

  const unit = fc.oneof(
    fc.constantFrom(...'/az09-_~.!@$()'),
    fc.nat(0xffff).map((code) => String.fromCharCode(code)),
  );

  it('have names without anything that could be read in two ways', () => {
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (tail) => {
        const name = `/a/${tail}`;
        const clean = /^[\x21\x24\x28\x29\x2d\x2e0-9\x40-\x5aA-Z_a-z~/]*$/.test(tail) && !/\/$|\/\/|^$|^\//.test(tail);
        expect(isChannel(name)).toBe(clean);
        expect(isPattern(name) || !isChannel(name)).toBe(true);
      }),
    );
  });
});
