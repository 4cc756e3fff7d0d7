/** The network that can be hurt: what each condition does to connections, and that bytes keep their order and number. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTcpProxy, type TcpProxy } from '#testbed/live/tcp-proxy.ts';

interface Echo {
  readonly port: number;
  readonly sockets: Socket[];
  /** What has come in, of all connections. */
  heard: string;
}

const cleaning: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleaning.splice(0).toReversed()) await clean();
});

function until(condition: () => boolean): Promise<boolean> {
  return vi.waitUntil(condition, { timeout: 30_000, interval: 1 });
}

/** A server that sends back what it gets; `deaf`: that takes connections and reads nothing. */
async function openEcho(kind: 'echo' | 'deaf' = 'echo'): Promise<Echo> {
  const server = createServer({ pauseOnConnect: kind === 'deaf' });
  const sockets: Socket[] = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const echo: Echo = { port: (server.address() as AddressInfo).port, sockets, heard: '' };
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    if (kind === 'deaf') return;
    socket.on('data', (bytes) => {
      echo.heard += bytes.toString();
      socket.write(bytes);
    });
  });
  cleaning.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return echo;
}

async function openProxy(targetPort: number): Promise<TcpProxy> {
  const proxy = await createTcpProxy({ targetPort });
  cleaning.push(() => proxy.close());
  return proxy;
}

interface Caller {
  readonly socket: Socket;
  heard: string;
  end: 'open' | 'ended' | 'reset';
}

async function call(proxy: TcpProxy): Promise<Caller> {
  const socket = connect(proxy.port, '127.0.0.1');
  const caller: Caller = { socket, heard: '', end: 'open' };
  socket.on('data', (bytes) => (caller.heard += bytes.toString()));
  socket.on('end', () => (caller.end = 'ended'));
  socket.on('error', (error) => {
    if ('code' in error && error.code === 'ECONNRESET') caller.end = 'reset';
  });
  cleaning.push(() => socket.destroy());
  await until(() => !socket.connecting);
  return caller;
}

/** Numbered text, so that a byte that is lost, doubled or out of place shows. */
function numbered(length: number): string {
  let text = '';
  for (let i = 0; text.length < length; i += 1) text += `${String(i)} `;
  return text;
}

test.each([
  ['nothing wrong', {}],
  ['latency', { latencyMs: 3 }],
  ['low bandwidth', { bytesPerSecond: 20_000_000 }],
  ['latency and low bandwidth', { latencyMs: 3, bytesPerSecond: 20_000_000 }],
])('with %s all bytes get through both ways, in order', async (_, condition) => {
  const echo = await openEcho();
  const proxy = await openProxy(echo.port);
  proxy.set(condition);
  const caller = await call(proxy);
  const text = numbered(3_000_000);
  caller.socket.write(text);
  await until(() => caller.heard.length >= text.length);
  expect(caller.heard === text).toBe(true);
  expect(echo.heard === text).toBe(true);
});

test('conditions that change in the middle change no byte', async () => {
  const echo = await openEcho();
  const proxy = await openProxy(echo.port);
  const caller = await call(proxy);
  const text = numbered(2_000_000);
  const conditions = [{ latencyMs: 20 }, { bytesPerSecond: 5_000_000 }, { blackhole: true }, { latencyMs: 1 }, {}];
  for (let i = 0; i < 50; i += 1) {
    proxy.set(conditions[i % conditions.length] ?? {});
    caller.socket.write(text.slice(i * 40_000, i === 49 ? undefined : (i + 1) * 40_000));
    await new Promise((resolve) => setImmediate(resolve));
  }
  proxy.set({});
  await until(() => caller.heard.length >= text.length);
  expect(caller.heard === text).toBe(true);
});

describe('half-open', () => {
  test('connections are taken and kept, and carry nothing until it is lifted', async () => {
    const echo = await openEcho();
    const proxy = await openProxy(echo.port);
    const before = await call(proxy);
    before.socket.write('a');
    await until(() => before.heard === 'a');
    proxy.set({ blackhole: true });
    const during = await call(proxy);
    before.socket.write('b');
    during.socket.write('c');
    const free = await openProxy(echo.port);
    const other = await call(free);
    other.socket.write('d');
    await until(() => other.heard === 'd');
    expect([before.heard, during.heard, echo.heard]).toEqual(['a', '', 'ad']);
    proxy.set({});
    await until(() => before.heard === 'ab' && during.heard === 'c');
  });

  test('no end gets through, from either side, until it is lifted', async () => {
    const echo = await openEcho();
    const proxy = await openProxy(echo.port);
    const ending = await call(proxy);
    const ended = await call(proxy);
    for (const caller of [ending, ended]) {
      caller.socket.write('x');
      await until(() => caller.heard === 'x');
    }
    const [first, second] = echo.sockets;
    let closes = 0;
    first?.on('close', () => (closes += 1));
    proxy.set({ blackhole: true });
    ending.socket.resetAndDestroy();
    second?.destroy();
    const free = await call(await openProxy(echo.port));
    free.socket.write('y');
    await until(() => free.heard === 'y');
    expect([closes, ended.end]).toEqual([0, 'open']);
    proxy.set({});
    await until(() => closes === 1 && ended.end !== 'open');
  });
});

describe('ends', () => {
  test('an end travels after the bytes before it, late as they are', async () => {
    const echo = await openEcho();
    const proxy = await openProxy(echo.port);
    proxy.set({ latencyMs: 5 });
    const caller = await call(proxy);
    caller.socket.end('last words');
    await until(() => caller.end === 'ended');
    expect(caller.heard).toBe('last words');
  });

  test('reset resets both sides of what is open, and new connections are taken', async () => {
    const echo = await openEcho();
    const proxy = await openProxy(echo.port);
    const caller = await call(proxy);
    caller.socket.write('a');
    await until(() => caller.heard === 'a');
    const errors: unknown[] = [];
    echo.sockets[0]?.on('error', (error) => errors.push('code' in error ? error.code : error));
    proxy.reset();
    await until(() => caller.end === 'reset' && errors.length === 1);
    expect(errors).toEqual(['ECONNRESET']);
    const next = await call(proxy);
    next.socket.write('b');
    await until(() => next.heard === 'b');
  });

  test('refuse resets new connections and leaves the open ones', async () => {
    const echo = await openEcho();
    const proxy = await openProxy(echo.port);
    const open = await call(proxy);
    proxy.set({ refuse: true });
    const refused = await call(proxy);
    await until(() => refused.end === 'reset');
    open.socket.write('a');
    await until(() => open.heard === 'a');
    expect(open.end).toBe('open');
  });

  test('a target that is not there resets; another target is found', async () => {
    const there = await openEcho();
    const proxy = await openProxy(1);
    const refused = await call(proxy);
    await until(() => refused.end === 'reset');
    proxy.setTarget(there.port);
    const caller = await call(proxy);
    caller.socket.write('a');
    await until(() => caller.heard === 'a');
    expect(there.heard).toBe('a');
  });
});

test('a receiver that does not read stops the sender, and gets everything when it reads', async () => {
  const deaf = await openEcho('deaf');
  const proxy = await openProxy(deaf.port);
  const caller = await call(proxy);
  const total = 64 * 1024 * 1024;
  const piece = Buffer.alloc(64 * 1024);
  let taken = 0;
  const pour = (): void => {
    caller.socket.write(piece, () => {
      taken += piece.length;
      if (taken < total) pour();
    });
  };
  pour();
  let takenBefore = -1;
  let turnsAtRest = 0;
  await until(() => {
    turnsAtRest = taken === takenBefore ? turnsAtRest + 1 : 0;
    takenBefore = taken;
    return turnsAtRest > 100;
  });
  expect(taken).toBeLessThan(total / 2);
  let heard = 0;
  deaf.sockets[0]?.on('data', (bytes) => (heard += bytes.length));
  deaf.sockets[0]?.resume();
  await until(() => heard === total);
});
