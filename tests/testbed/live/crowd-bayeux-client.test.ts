/** The crowd's Bayeux client against the server: sessions that outlive a connection, and those that don't. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import { BayeuxClient, type BayeuxClientParts } from '#testbed/live/crowd-bayeux-client.ts';
import { ConnectGate } from '#testbed/live/crowd-connect-gate.ts';
import { CookieJar } from '#testbed/live/crowd-cookie-jar.ts';
import { CrowdHttp } from '#testbed/live/crowd-http.ts';
import { createTcpProxy } from '#testbed/live/tcp-proxy.ts';
import { PATH, startStand, type Stand } from '#tests/node/bayeux/bayeux-stand.ts';

const CHANNEL = '/notification/v1';

let stand: Stand | undefined;
const clients: BayeuxClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await stand?.stop();
  stand = undefined;
});

interface Heard {
  readonly client: BayeuxClient;
  readonly data: unknown[];
  ups: number;
}

function connect(to: { readonly port: number }, changes: Partial<BayeuxClientParts> = {}): Heard {
  const data: unknown[] = [];
  const client: BayeuxClient = new BayeuxClient({
    http: new CrowdHttp({ url: `http://127.0.0.1:${to.port}`, origin: undefined, socketsMax: 4 }),
    jar: new CookieJar(),
    path: PATH,
    transport: 'websocket',
    ext: undefined,
    subscription: CHANNEL,
    gate: new ConnectGate(4),
    jitter: createRandomSource(1).stream('jitter'),
    backoff: { msMin: 5, msMax: 20 },
    silenceMsMax: 2_000,
    onUp: () => (heard.ups += 1),
    onData: (_channel, given) => data.push(given),
    ...changes,
  });
  const heard: Heard = { client, data, ups: 0 };
  clients.push(client);
  client.open();
  return heard;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}

describe.each(['websocket', 'long-polling'] as const)('over %s the client', (transport) => {
  test('hears what is published, and is told what became of its own', async () => {
    stand = await startStand();
    const heard = connect(stand, { transport });
    await until(() => heard.ups === 1);
    stand.bayeux.publish(CHANNEL, { text: 'hello' });
    expect(await heard.client.publish('/service/x', { n: 1 })).toBe('ok');
    await until(() => heard.data.length > 0);
    expect(heard.data).toEqual([{ text: 'hello' }]);
  });

  test('shakes hands anew when the server has forgotten it, and hears again', async () => {
    stand = await startStand();
    const heard = connect(stand, { transport });
    await until(() => heard.ups === 1);
    for (const session of stand.bayeux.sessions.values()) session.drop();
    await until(() => heard.ups === 2);
    stand.bayeux.publish(CHANNEL, 'again');
    await until(() => heard.data.length > 0);
    expect(heard.data).toEqual(['again']);
  });

  test('is told that a publish was refused', async () => {
    stand = await startStand({ onPublish: (_session, _channel, _data, reply) => reply(false, 'no') });
    const heard = connect(stand, { transport });
    await until(() => heard.client.up);
    expect(await heard.client.publish('/service/x', {})).toBe('refused');
  });

  test('keeps trying while it may not come in, and says nothing after it was closed', async () => {
    let asked = 0;
    stand = await startStand({
      mayHandshake: () => {
        asked += 1;
        return 'not yet';
      },
    });
    const heard = connect(stand, { transport });
    await until(() => asked > 2);
    heard.client.close();
    expect(await heard.client.publish('/service/x', {})).toBe('lost');
    expect(heard.ups).toBe(0);
  });
});

test('a session outlives its socket: what was published meanwhile is heard', async () => {
  stand = await startStand();
  const { bayeux, port } = stand;
  const proxy = await createTcpProxy({ targetPort: port });
  const heard = connect({ port: proxy.port }, { backoff: { msMin: 200, msMax: 200 } });
  await until(() => heard.ups === 1);
  const before = [...bayeux.sessions.keys()];
  proxy.reset();
  await until(() => bayeux.sockets === 0);
  bayeux.publish(CHANNEL, 'meanwhile');
  await until(() => heard.data.includes('meanwhile'));
  expect([...bayeux.sessions.keys()]).toEqual(before);
  await proxy.close();
});

test('a publish whose answer was lost with the connection is lost to the client', async () => {
  stand = await startStand({ onPublish: () => undefined });
  const proxy = await createTcpProxy({ targetPort: stand.port });
  const heard = connect({ port: proxy.port });
  await until(() => heard.client.up);
  const outcome = heard.client.publish('/service/x', {});
  proxy.reset();
  expect(await outcome).toBe('lost');
  await until(() => heard.ups === 2);
  await proxy.close();
});

test('a connection that carries nothing any more is given up, and another one opened', async () => {
  stand = await startStand();
  const proxy = await createTcpProxy({ targetPort: stand.port });
  const heard = connect({ port: proxy.port }, { silenceMsMax: 100 });
  await until(() => heard.ups === 1);
  proxy.set({ blackhole: true });
  await until(() => heard.client.losses > 0);
  proxy.set({});
  await until(() => heard.client.up);
  expect(heard.ups).toBe(2);
  await proxy.close();
});
