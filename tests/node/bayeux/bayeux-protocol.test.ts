/** The protocol spoken by hand: what a client may send in which order and over which connection, and what it is told. */
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { BayeuxOptions } from '#node/bayeux/bayeux-server.ts';
import { exchange, post, RawSocket, startStand, type Stand } from '#tests/node/bayeux/bayeux-stand.ts';

const stands: Stand[] = [];

afterEach(async () => {
  for (const started of stands.splice(0)) await started.stop();
});

async function stand(overrides: Partial<BayeuxOptions> = {}): Promise<Stand> {
  const started = await startStand(overrides);
  stands.push(started);
  return started;
}

async function pollingClient(url: string): Promise<string> {
  const [reply] = await exchange(`${url}/handshake`, [{ id: '1', channel: '/meta/handshake', version: '1.0' }]);
  return String(reply?.['clientId']);
}

const connectOf = (clientId: string, id: string, timeout?: number): Record<string, unknown> & { id: string } => ({
  id,
  clientId,
  channel: '/meta/connect',
  connectionType: 'long-polling',
  ...(timeout === undefined ? {} : { advice: { timeout } }),
});

describe('a handshake', () => {
  it('names the transports, the version and what the client is to do next', async () => {
    const { url } = await stand();
    const [reply] = await exchange(url, { id: '7', channel: '/meta/handshake', version: '1.0' });
    expect(reply).toMatchObject({
      id: '7',
      channel: '/meta/handshake',
      successful: true,
      version: '1.0',
      supportedConnectionTypes: ['websocket', 'long-polling'],
      advice: { reconnect: 'retry', interval: 0, timeout: 30_000, maxInterval: 10_000 },
    });
    expect(reply?.['clientId']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('takes the place of one that nobody followed up, and is refused with a word when there is none', async () => {
    const { url, gone } = await stand({ limits: { sessionsMax: 2 } });
    const connected = await pollingClient(url);
    await exchange(url, [connectOf(connected, '2', 0)]);
    const forgotten = await pollingClient(url);
    const next = await pollingClient(url);
    expect(gone).toEqual([{ id: forgotten, reason: 'expired' }]);
    await exchange(url, [connectOf(next, '2', 0)]);
    const [reply] = await exchange(url, [{ id: '1', channel: '/meta/handshake', version: '1.0' }]);
    expect(reply).toMatchObject({
      successful: false,
      error: '503::too many sessions',
      advice: { reconnect: 'handshake' },
    });
  });

  it('on a socket that carries a session ends that session', async () => {
    const { url, bayeux, gone } = await stand();
    const raw = await new RawSocket(url).open();
    const first = await raw.handshake();
    const second = await raw.handshake();
    expect(gone).toEqual([{ id: first, reason: 'replaced' }]);
    expect([...bayeux.sessions.keys()]).toEqual([second]);
  });
});

describe('a session that the server does not know', () => {
  it.each(['/meta/connect', '/meta/subscribe', '/meta/unsubscribe', '/meta/disconnect', '/chat/v1'])(
    'is told so on %s and advised to shake hands',
    async (channel) => {
      const { url } = await stand();
      for (const clientId of ['0'.repeat(32), undefined]) {
        const [reply] = await exchange(url, [{ id: '1', channel, clientId, subscription: '/a', data: 1 }]);
        expect(reply).toEqual({
          id: '1',
          channel,
          successful: false,
          error: '402::session_unknown',
          advice: { reconnect: 'handshake', interval: 0 },
        });
      }
    },
  );

  it('is one that sent no connect in time', async () => {
    const gone = Promise.withResolvers<unknown>();
    const { url } = await stand({ limits: { maxIntervalMs: 20 }, onGone: (_session, reason) => gone.resolve(reason) });
    const clientId = await pollingClient(url);
    expect(await gone.promise).toBe('expired');
    expect((await exchange(url, [connectOf(clientId, '2', 0)]))[0]).toMatchObject({ error: '402::session_unknown' });
  });
});

describe('a connect by long polling', () => {
  it('is answered at once when the client asks for that', async () => {
    const { url } = await stand({ limits: { holdMs: 600_000 } });
    const clientId = await pollingClient(url);
    expect(await exchange(url, [connectOf(clientId, '2', 0)])).toMatchObject([{ id: '2', successful: true }]);
  });

  it('is held until there is something, and takes along all that one turn delivered', async () => {
    const { url, bayeux } = await stand({ limits: { holdMs: 600_000 } });
    const clientId = await pollingClient(url);
    await exchange(url, [{ id: '2', clientId, channel: '/meta/subscribe', subscription: ['/a/b', '/a/*', '/c/**'] }]);
    const held = exchange(`${url}/connect`, [connectOf(clientId, '3')]);
    const published = await exchange(url, [{ id: '4', clientId, channel: '/a/b', data: { n: 1 } }]);
    expect(published).toEqual([{ id: '4', channel: '/a/b', successful: true }]);
    expect(await held).toMatchObject([
      { channel: '/a/b', data: { n: 1 } },
      { id: '3', successful: true },
    ]);
    expect(bayeux.publish('/c/d/e', 2)).toBe(1);
    expect(bayeux.publish('/a/b/c', 3)).toBe(0);
    expect(bayeux.publish('/a/x', 4)).toBe(1);
    expect(await exchange(url, [connectOf(clientId, '5')])).toMatchObject([
      { channel: '/c/d/e', data: 2 },
      { channel: '/a/x', data: 4 },
      { id: '5', successful: true },
    ]);
  });

  it('is answered when the hold is over', async () => {
    const { url } = await stand({ limits: { holdMs: 50 } });
    const clientId = await pollingClient(url);
    expect(await exchange(url, [connectOf(clientId, '2')])).toMatchObject([{ id: '2', successful: true }]);
  });

  it('among other messages is not held, so that they are not', async () => {
    const { url } = await stand({ limits: { holdMs: 600_000 } });
    const clientId = await pollingClient(url);
    const subscribe = { id: '2', clientId, channel: '/meta/subscribe', subscription: '/a' };
    expect(await exchange(url, [connectOf(clientId, '3'), subscribe])).toMatchObject([{ id: '3' }, { id: '2' }]);
  });

  it('that the client gave up does not swallow what comes later', async () => {
    const { url, bayeux } = await stand({ limits: { holdMs: 600_000 } });
    const clientId = await pollingClient(url);
    await exchange(url, [{ id: '2', clientId, channel: '/meta/subscribe', subscription: '/a' }]);
    const aborted = new AbortController();
    const held = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([connectOf(clientId, '3')]),
      signal: aborted.signal,
    });
    aborted.abort();
    await expect(held).rejects.toThrow(/abort/i);
    await exchange(url, [connectOf(clientId, '4', 0)]);
    bayeux.publish('/a', 'kept');
    expect(await exchange(url, [connectOf(clientId, '5', 0)])).toMatchObject([{ data: 'kept' }, { id: '5' }]);
  });

  it('that the client gave up lets the session end in time', async () => {
    const gone = Promise.withResolvers<unknown>();
    const arrivals: (() => void)[] = [];
    const { url } = await stand({
      limits: { holdMs: 600_000, maxIntervalMs: 50 },
      mayOpen: () => (arrivals.shift()?.(), true),
      onGone: (_session, reason) => gone.resolve(reason),
    });
    const clientId = await pollingClient(url);
    const arrived = new Promise<void>((resolve) => arrivals.push(resolve));
    const held = request(url, { method: 'POST', headers: { 'content-type': 'application/json' } });
    held.on('error', () => undefined);
    held.end(JSON.stringify([connectOf(clientId, '2')]));
    await arrived;
    held.destroy();
    expect(await gone.promise).toBe('expired');
  });
});

describe('a session over WebSocket', () => {
  it('gets a delivery and the reply to its own publish in one frame', async () => {
    const { url } = await stand();
    const raw = await new RawSocket(url).open();
    const frames: string[] = [];
    const clientId = await raw.handshake();
    await raw.ask({ id: '2', clientId, channel: '/meta/subscribe', subscription: '/chat/v1' });
    raw.socket.on('message', (frame) => frames.push(frame.toString()));
    await raw.ask({ id: '3', clientId, channel: '/chat/v1', data: 'hello' });
    expect(frames).toEqual([
      '[{"channel":"/chat/v1","data":"hello"},{"channel":"/chat/v1","id":"3","successful":true}]',
    ]);
  });

  it('moves to long polling and back, and what came between waits for it', async () => {
    const { url, bayeux } = await stand({ limits: { holdMs: 600_000 } });
    const raw = await new RawSocket(url).open();
    const clientId = await raw.handshake();
    await raw.ask({ id: '2', clientId, channel: '/meta/subscribe', subscription: '/chat/v1' });
    raw.socket.close();
    await raw.closed;
    while (bayeux.sockets > 0) await new Promise((resolve) => setImmediate(resolve));
    bayeux.publish('/chat/v1', 'while away');
    expect(await exchange(url, [connectOf(clientId, '3')])).toMatchObject([{ data: 'while away' }, { id: '3' }]);
    bayeux.publish('/chat/v1', 'between');
    const back = await new RawSocket(url).open();
    back.send([connectOf(clientId, '4', 0)]);
    expect(await back.hear(({ channel }) => channel === '/chat/v1')).toMatchObject({ data: 'between' });
    expect(await back.hear(({ id }) => id === '4')).toMatchObject({ successful: true });
    bayeux.publish('/chat/v1', 'at once');
    expect(await back.hear(({ channel }) => channel === '/chat/v1')).toMatchObject({ data: 'at once' });
  });

  it('has one connect out: the next one supersedes it', async () => {
    const { url } = await stand();
    const raw = await new RawSocket(url).open();
    const clientId = await raw.handshake();
    raw.send([connectOf(clientId, '2')]);
    expect(await raw.ask(connectOf(clientId, '3', 0))).toMatchObject({ successful: true });
    expect(raw.told).toMatchObject([{ id: '2', successful: false, error: '408::superseded' }]);
  });

  it('is answered its connect before its disconnect, as clients need it to close', async () => {
    const { url, gone } = await stand();
    const raw = await new RawSocket(url).open();
    const clientId = await raw.handshake();
    raw.send([connectOf(clientId, '2')]);
    await raw.ask({ id: '3', clientId, channel: '/meta/disconnect' });
    expect(raw.told).toMatchObject([{ id: '2', successful: true, advice: { reconnect: 'none' } }]);
    expect(gone).toEqual([{ id: clientId, reason: 'disconnected' }]);
  });
});

describe('subscriptions and publishes', () => {
  it.each([
    ['a', '400::no channel that can be subscribed to'],
    ['/', '400::no channel that can be subscribed to'],
    ['/a/', '400::no channel that can be subscribed to'],
    ['/a b', '400::no channel that can be subscribed to'],
    ['/a\u0000', '400::no channel that can be subscribed to'],
    ['/a\ud800', '400::no channel that can be subscribed to'],
    ['/*/a', '400::no channel that can be subscribed to'],
    ['/a/***', '400::no channel that can be subscribed to'],
    ['/meta/connect', '400::no channel that can be subscribed to'],
    [['/ok', '/a//b'], '400::no channel that can be subscribed to'],
    [undefined, '400::subscription missing'],
  ])('refuse to subscribe to %j', async (subscription, error) => {
    const { url, bayeux } = await stand();
    const clientId = await pollingClient(url);
    const [reply] = await exchange(url, [{ id: '2', clientId, channel: '/meta/subscribe', subscription }]);
    expect(reply).toMatchObject({ id: '2', successful: false, error });
    expect(bayeux.publish('/ok', 1)).toBe(0);
  });

  it('refuse more subscriptions than a session may have', async () => {
    const { url } = await stand({ limits: { subscriptionsMax: 2 } });
    const clientId = await pollingClient(url);
    const subscribe = (subscription: unknown): Promise<Record<string, unknown>[]> =>
      exchange(url, [{ id: '2', clientId, channel: '/meta/subscribe', subscription }]);
    expect(await subscribe(['/a', '/b', '/a'])).toMatchObject([{ successful: true }]);
    expect(await subscribe('/a')).toMatchObject([{ successful: true }]);
    expect(await subscribe('/c')).toMatchObject([{ successful: false, error: '403::too many subscriptions' }]);
  });

  it.each([
    ['/a/*', 1, '400::no channel'],
    ['/a\u0000b', 1, '400::no channel'],
    ['/a\udfff', 1, '400::no channel'],
    ['/meta/publish', 1, '404::no such meta channel'],
    ['/a', undefined, '400::data missing'],
  ])('refuse to publish on %j', async (channel, data, error) => {
    const { url } = await stand();
    const clientId = await pollingClient(url);
    const [reply] = await exchange(url, [{ id: '2', clientId, channel, data }]);
    expect(reply).toMatchObject({ id: '2', channel, successful: false, error });
  });

  it('confirm a publish only when the application has, and say so when it never does', async () => {
    const replies: ((ok: boolean, error?: string) => void)[] = [];
    const { url } = await stand({
      limits: { replyMsMax: 30 },
      onPublish: (_session, channel, _data, reply) => (channel === '/never' ? undefined : replies.push(reply)),
    });
    const raw = await new RawSocket(url).open();
    const clientId = await raw.handshake();
    raw.send([{ id: '2', clientId, channel: '/a', data: 1 }]);
    // The server answers in order what needs no application, so this reply shows that the publish is with the application.
    await raw.ask({ id: '3', clientId, channel: '/meta/subscribe', subscription: '/x' });
    expect(raw.told).toEqual([]);
    replies[0]?.(false, '403:/a:not yours');
    replies[0]?.(true);
    expect(await raw.hear(({ id }) => id === '2')).toMatchObject({ successful: false, error: '403:/a:not yours' });
    expect(await raw.ask({ id: '4', clientId, channel: '/never', data: 1 })).toMatchObject({
      error: '400:/never:no answer in time',
    });
    expect(raw.told).toEqual([]);
  });
});

describe('the doors', () => {
  it('are shut for a foreign origin, before the upgrade and for a POST', async () => {
    const { url } = await stand({ mayOpen: (origin) => origin === undefined || origin === 'https://shop.test' });
    const hand = [{ id: '1', channel: '/meta/handshake', version: '1.0' }];
    expect((await post(url, hand, { origin: 'https://evil.test' })).status).toBe(403);
    const foreign = new RawSocket(url, { origin: 'https://evil.test' });
    await expect(foreign.open()).rejects.toThrow(/403/);
    const own = await post(url, hand, { origin: 'https://shop.test' });
    expect(own.status).toBe(200);
    expect(own.headers.get('access-control-allow-origin')).toBe('https://shop.test');
    const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://shop.test' } });
    expect(preflight.status).toBe(204);
    expect(await (await new RawSocket(url, { origin: 'https://shop.test' }).open()).handshake()).toMatch(
      /^[0-9a-f]{32}$/,
    );
  });

  it.each([
    ['not JSON', 'hello'],
    ['no message', '1'],
    ['no channel', '{}'],
    ['a key that reaches for the prototype', '[{"channel":"/a","data":{"__proto__":{"x":1}}}]'],
    ['such a key in escapes', '[{"channel":"/a","data":{"\\u005f_proto__":{"x":1}}}]'],
    ['constructor.prototype', '[{"channel":"/a","data":{"constructor":{"prototype":{"x":1}}}}]'],
    ['too deep', `[{"channel":"/a","data":${'['.repeat(64)}${']'.repeat(64)}}]`],
    ['too many messages', JSON.stringify(Array.from({ length: 51 }, () => ({ channel: '/a' })))],
  ])('answer 400 to %s by POST, and close a socket that sends it', async (_what, body) => {
    const { url } = await stand();
    const refused = await post(url, body);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    const raw = await new RawSocket(url).open();
    raw.socket.send(body);
    expect(await raw.closed).toBe(1008);
  });

  it('answer 413 to a POST that is too large and 415 to one that is no JSON', async () => {
    const { url } = await stand();
    expect((await post(url, `["${'x'.repeat(70_000)}"]`)).status).toBe(413);
    expect((await post(url, 'a=b', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('answer what is held when the server closes, and close its sockets as going away', async () => {
    const started = await startStand();
    const clientId = await pollingClient(started.url);
    const raw = await new RawSocket(started.url).open();
    await raw.handshake();
    await exchange(started.url, [connectOf(clientId, '2', 0)]);
    const held = exchange(started.url, [connectOf(clientId, '3')]);
    // A second session's poll is answered after the first one is held.
    const other = await pollingClient(started.url);
    await exchange(started.url, [connectOf(other, '1', 0)]);
    const stopped = started.stop();
    expect(await held).toMatchObject([{ id: '3', successful: false, advice: { reconnect: 'retry' } }]);
    expect(await raw.closed).toBe(1001);
    await stopped;
    expect(started.gone.map(({ reason }) => reason)).toEqual(['closed', 'closed', 'closed']);
  });
});
