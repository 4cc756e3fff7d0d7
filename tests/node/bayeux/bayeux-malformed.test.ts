/** Malformed messages by the thousand, on both transports: the server answers validly or hangs up, and goes on serving. */
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { BayeuxLimits } from '#node/bayeux/bayeux-limits.ts';
import { post, RawSocket, startStand, type Stand, type Told } from '#tests/node/bayeux/bayeux-stand.ts';
import { frame, HostileSocket, OPCODE } from '#tests/node/bayeux/hostile-socket.ts';

const LIMITS: Partial<BayeuxLimits> = {
  holdMs: 1,
  closingMsMax: 50,
  messagesBurst: Number.MAX_SAFE_INTEGER,
  bytesBurst: Number.MAX_SAFE_INTEGER,
  maxIntervalMs: 600_000,
};

const stands: Stand[] = [];

afterEach(async () => {
  for (const started of stands.splice(0)) await started.stop();
});

async function stand(): Promise<Stand> {
  const started = await startStand({ limits: LIMITS });
  stands.push(started);
  return started;
}

/** A reply or a delivery as Bayeux has them. */
function isValid(told: unknown): boolean {
  if (typeof told !== 'object' || told === null || !('channel' in told)) return false;
  if ('data' in told) return !('successful' in told);
  if (!('successful' in told) || typeof told.successful !== 'boolean') return false;
  return told.successful || ('error' in told && typeof told.error === 'string' && /^\d{3}:/.test(told.error));
}

const META = ['handshake', 'connect', 'subscribe', 'unsubscribe', 'disconnect', 'nonsense'].map(
  (name) => `/meta/${name}`,
);
/** Any UTF-16 code unit, lone surrogates and NUL among them. */
const unit = fc.nat(0xffff).map((code) => String.fromCharCode(code));
const channel = fc.oneof(
  fc.constantFrom(...META, '/chat/v1', '/service/chat', '/**', '/a/*', '/', '', '/a\u0000', '/\ud800', '//'),
  fc.string({ unit, maxLength: 300 }),
);

/** What a client might send, with the clientId of a live session in `clientId` more often than not. */
function messageOf(clientId: string): fc.Arbitrary<Told> {
  const odd = fc.jsonValue({ maxDepth: 3 });
  return fc.record(
    {
      channel: fc.oneof({ weight: 9, arbitrary: channel }, { weight: 1, arbitrary: odd }),
      id: fc.oneof({ weight: 9, arbitrary: fc.string({ maxLength: 70 }) }, { weight: 1, arbitrary: odd }),
      clientId: fc.oneof({ weight: 9, arbitrary: fc.constant(clientId) }, { weight: 1, arbitrary: odd }),
      subscription: fc.oneof(channel, fc.array(channel, { maxLength: 60 }), odd),
      data: odd,
      ext: fc.oneof(fc.dictionary(fc.string(), odd), odd),
      advice: fc.oneof(fc.record({ timeout: fc.double(), interval: fc.double() }), odd),
      __proto__: odd,
      constructor: odd,
    },
    { requiredKeys: ['channel'] },
  );
}

/** Messages as text, some of them with a few characters changed, put in or left out. */
function textOf(clientId: string): fc.Arbitrary<string> {
  const body = fc
    .oneof(messageOf(clientId), fc.array(messageOf(clientId), { maxLength: 4 }))
    .map((value) => JSON.stringify(value));
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.string({ unit, maxLength: 3 })), { maxLength: 3 });
  const damaged = fc.tuple(body, damage).map(([text, wounds]) =>
    wounds.reduce((left, [at, cut, put]) => {
      const place = at % (left.length + 1);
      return left.slice(0, place) + put + left.slice(place + cut);
    }, text),
  );
  return fc.oneof(body, damaged);
}

const live = async (url: string): Promise<string> => (await new RawSocket(url).open()).handshake();

it('by POST: 200 with as many replies as messages, or 400', async () => {
  const { url, bayeux } = await stand();
  const clientId = await live(url);
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(textOf(clientId), async (text) => {
      const response = await post(url, text);
      seen.add(response.status);
      const told = (await response.json()) as Told | Told[];
      const list = Array.isArray(told) ? told : [];
      expect(list.filter((one) => !isValid(one))).toEqual([]);
      const replies = list.filter((one) => 'successful' in one).length;
      expect(replies).toBe(response.status === 200 ? [JSON.parse(text) as unknown].flat().length : 0);
    }),
    { numRuns: 1_000 },
  );
  expect([...seen].sort()).toEqual([200, 400]);
  const fresh = await live(url);
  expect(bayeux.sessions.has(fresh)).toBe(true);
});

it('by WebSocket: valid messages and the answer to what follows, or a close', async () => {
  const { url } = await stand();
  const seen = { answered: 0, closed: 0 };
  let raw = await new RawSocket(url).open();
  let clientId = await raw.handshake();
  await fc.assert(
    fc.asyncProperty(textOf('@live@'), async (text) => {
      raw.socket.send(text.replaceAll('@live@', clientId));
      const outcome = await Promise.race([raw.closed, raw.ask({ id: 'probe', channel: '/probe' })]);
      expect(raw.told.splice(0).filter((one) => !isValid(one))).toEqual([]);
      if (typeof outcome === 'object') {
        seen.answered += 1;
        return;
      }
      seen.closed += 1;
      expect(outcome).toBe(1008);
      raw = await new RawSocket(url).open();
      clientId = await raw.handshake();
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(seen.answered, seen.closed)).toBeGreaterThan(50);
});

it('as frames with flipped bytes: every socket is closed or still answers, and others are served', async () => {
  const { port, url } = await stand();
  const whole = Buffer.concat([
    frame(OPCODE.text, '[{"id":"1","channel":"/meta/handshake","version":"1.0"}]'),
    frame(OPCODE.ping, 'x'),
    frame(OPCODE.text, '[{"id":"2","channel":"/chat/v1","data":{"text":"hello"}}]'),
  ]);
  const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(flips, async (wounds) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of wounds) bytes[at] = value;
      const hostile = new HostileSocket(port);
      expect(await hostile.upgrade()).toBe(101);
      hostile.tcp.end(bytes);
      await hostile.closed;
    }),
    { numRuns: 500 },
  );
  expect(await live(url)).toMatch(/^[0-9a-f]{32}$/);
});

it('the check of what is told sees what is not Bayeux', () => {
  for (const told of [
    1,
    null,
    {},
    { channel: '/a' },
    { channel: '/a', successful: 1 },
    { channel: '/a', successful: false },
  ]) {
    expect(isValid(told)).toBe(false);
  }
});
