/** The server as the unmodified client of the CometD project sees it, on both transports. */
import { afterEach, describe, expect, it } from 'vitest';
import type { CometD, Message } from 'cometd';
import type { BayeuxOptions } from '#node/bayeux/bayeux-server.ts';
import { officialClient, startStand, type Stand, type Transport } from '#tests/node/bayeux/bayeux-stand.ts';

const stands: Stand[] = [];
const clients: CometD[] = [];

afterEach(async () => {
  for (const made of clients.splice(0)) await over(made);
  for (const started of stands.splice(0)) await started.stop();
});

async function stand(overrides: Partial<BayeuxOptions> = {}, port = 0): Promise<Stand> {
  const started = await startStand(overrides, port);
  stands.push(started);
  return started;
}

function client(url: string, transport: Transport | 'either'): CometD {
  const made = officialClient(url, transport);
  clients.push(made);
  return made;
}

function handshaken(made: CometD): Promise<Message> {
  return new Promise((resolve) => made.handshake(resolve));
}

function subscribed(made: CometD, channel: string, onMessage: (message: Message) => void): Promise<Message> {
  return new Promise((resolve) => made.subscribe(channel, onMessage, resolve));
}

function published(made: CometD, channel: string, data: unknown): Promise<Message> {
  return new Promise((resolve) => made.publish(channel, data, resolve));
}

function over(made: CometD): Promise<void> {
  if (made.isDisconnected()) return Promise.resolve();
  return new Promise((resolve) => made.disconnect(() => resolve()));
}

/** The next message on a listener's channel. */
function next(made: CometD, channel: string, wanted: (message: Message) => boolean = () => true): Promise<Message> {
  return new Promise((resolve) => {
    const listener = made.addListener(channel, (message) => {
      if (!wanted(message)) return;
      made.removeListener(listener);
      resolve(message);
    });
  });
}

describe.each<Transport>(['websocket', 'long-polling'])('the official client over %s', (transport) => {
  it('shakes hands, subscribes, publishes, receives, unsubscribes and disconnects', async () => {
    const { url, bayeux, gone } = await stand();
    const one = client(url, transport);
    expect(await handshaken(one)).toMatchObject({ successful: true, version: '1.0' });
    expect(one.getTransport()?.type).toBe(transport);

    const heard: unknown[] = [];
    expect(await subscribed(one, '/chat/v1', (message) => heard.push(message.data))).toMatchObject({
      successful: true,
    });
    const arrived = next(one, '/chat/v1');
    expect(await published(one, '/chat/v1', { text: 'Grüße 🙂' })).toMatchObject({ successful: true });
    expect((await arrived).data).toEqual({ text: 'Grüße 🙂' });
    expect(heard).toEqual([{ text: 'Grüße 🙂' }]);

    const handle = one.subscribe('/chat/v2', () => heard.push('never'));
    const unsubscribed = new Promise<Message>((resolve) => one.unsubscribe(handle, resolve));
    expect(await unsubscribed).toMatchObject({ successful: true });
    expect(bayeux.publish('/chat/v2', 'to nobody')).toBe(0);

    await over(one);
    expect(gone.map(({ reason }) => reason)).toEqual(['disconnected']);
    expect(bayeux.sessions.size).toBe(0);
  });

  it('gets what the server publishes while its connect is held, in order', async () => {
    const { url, bayeux } = await stand();
    const one = client(url, transport);
    const connected = next(one, '/meta/connect');
    await handshaken(one);
    const heard: unknown[] = [];
    const last = next(one, '/notification/v1', (message) => message.data === 199);
    await subscribed(one, '/notification/*', (message) => heard.push(message.data));
    await connected;
    for (let n = 0; n < 200; n += 1) {
      expect(bayeux.publish('/notification/v1', n)).toBe(1);
      if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await last;
    expect(heard).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  it('comes back by itself after the server was closed and started again on the same port', async () => {
    const first = await startStand();
    const one = client(first.url, transport);
    const heard: unknown[] = [];
    one.addListener('/meta/handshake', (message) => {
      if (message.successful === true) one.subscribe('/chat/v1', (told) => heard.push(told.data));
    });
    const connected = next(one, '/meta/connect');
    const atFirst = next(one, '/meta/subscribe', (message) => message.successful === true);
    await handshaken(one);
    await connected;
    await atFirst;
    const before = one.getClientId();

    const again = next(one, '/meta/subscribe', (message) => message.successful === true);
    const noticed = next(one, '/meta/connect', (message) => message.successful !== true);
    await first.stop();
    await noticed;
    const second = await stand({}, first.port);
    await again;
    expect(one.getClientId()).not.toBe(before);
    const arrived = next(one, '/chat/v1');
    second.bayeux.publish('/chat/v1', 'after the restart');
    expect((await arrived).data).toBe('after the restart');
    expect(heard).toEqual(['after the restart']);
  });

  it('shakes hands anew when the server no longer knows its session', async () => {
    const { url, bayeux, gone } = await stand();
    const one = client(url, transport);
    const connected = next(one, '/meta/connect');
    await handshaken(one);
    await connected;
    const again = next(one, '/meta/handshake', (message) => message.successful === true);
    for (const session of bayeux.sessions.values()) session.drop();
    expect(await again).toMatchObject({ reestablish: true });
    expect(gone.map(({ reason }) => reason)).toEqual(['dropped']);
    await next(one, '/meta/connect', (message) => message.successful === true);
    expect(bayeux.sessions.size).toBe(1);
  });

  it('is told why it may not shake hands, subscribe or publish', async () => {
    const { url } = await stand({
      mayHandshake: (_request, message, data) => {
        const token = message.ext?.['token'];
        data.set('token', token);
        return token === 'right' ? true : 'wrong token';
      },
      onSubscribe: (session, channel) => channel === `/desk/${String(session.data.get('token'))}` || 'not yours',
      onPublish: (_session, _channel, _data, reply) => setImmediate(() => reply(false, 'not now')),
    });
    const stranger = client(url, transport);
    expect(await handshaken(stranger)).toMatchObject({ successful: false, error: '403::wrong token' });
    const one = client(url, transport);
    expect(await new Promise((resolve) => one.handshake({ ext: { token: 'right' } }, resolve))).toMatchObject({
      successful: true,
    });
    expect(await subscribed(one, '/desk/right', () => undefined)).toMatchObject({ successful: true });
    expect(await subscribed(one, '/desk/left', () => undefined)).toMatchObject({
      successful: false,
      error: '403:/desk/left:not yours',
    });
    expect(await published(one, '/service/desk', {})).toMatchObject({
      successful: false,
      error: '400:/service/desk:not now',
    });
  });
});

it('falls back to long polling with the official client where WebSockets are refused', async () => {
  const { url, bayeux } = await stand({ limits: { socketsMax: 0 } });
  const one = client(url, 'either');
  const connected = next(one, '/meta/connect', (message) => message.successful === true);
  one.handshake();
  await connected;
  expect(one.getTransport()?.type).toBe('long-polling');
  expect(bayeux.sessions.size).toBe(1);
});
