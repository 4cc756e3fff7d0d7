/** Links between two nodes over real sockets: what arrives, what is acknowledged, and who is let in. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { present } from '#core/assert.ts';
import { createTcpProxy, type TcpProxy } from '#testbed/live/tcp-proxy.ts';
import { closeNodes, closing, dial, LinkEar, listen, QUICK, SECRET, until } from '#tests/node/link-nodes.ts';

afterEach(closeNodes);

async function proxyTo(port: number): Promise<TcpProxy> {
  const proxy = await createTcpProxy({ targetPort: port });
  closing(() => proxy.close());
  return proxy;
}

function urlOf({ port }: { readonly port: number }): string {
  return `http://127.0.0.1:${String(port)}`;
}

describe('messages', () => {
  test('arrive both ways in the order in which they were sent, and are acknowledged', async () => {
    const back = new LinkEar('at once');
    const front = new LinkEar('at once');
    const backend = await listen(back.options('backend-1'));
    const link = dial(front.options('frontend-1'), 'backend-1', backend.url);
    const acked: string[] = [];
    for (let i = 0; i < 100; i += 1)
      link.send(`f${String(i)}`, { i }, (ok) => acked.push(`f${String(i)} ${String(ok)}`));
    await until(() => acked.length === 100);
    const peer = present(backend.acceptor.peer('frontend-1'), 'peer');
    for (let i = 0; i < 100; i += 1) peer.send(`b${String(i)}`, { i }, () => acked.push(`b${String(i)}`));
    await until(() => acked.length === 200);
    expect(back.received.map(({ from, message }) => ({ from, message }))).toEqual(
      Array.from({ length: 100 }, (_, i) => ({ from: 'frontend-1', message: { i } })),
    );
    expect(front.ids).toEqual(Array.from({ length: 100 }, (_, i) => `b${String(i)}`));
    expect(acked.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, i) => `f${String(i)} true`));
    expect(backend.acceptor.peers()).toEqual([peer]);
  });

  test('are acknowledged when the receiver has done with them, in that order, with its verdict', async () => {
    const back = new LinkEar('later');
    const backend = await listen(back.options('backend-1'));
    const link = dial(new LinkEar('at once').options('frontend-1'), 'backend-1', backend.url);
    const acked: string[] = [];
    for (const id of ['a', 'b', 'c', 'd']) link.send(id, null, (ok) => acked.push(`${id} ${String(ok)}`));
    await until(() => back.ids.length === 4);
    expect(acked).toEqual([]);
    back.received[2]?.done(true);
    back.received[0]?.done(false);
    back.received[3]?.done(true);
    back.received[3]?.done(false);
    await until(() => acked.length === 3);
    back.received[1]?.done(true);
    await until(() => acked.length === 4);
    expect(acked).toEqual(['c true', 'a false', 'd true', 'b true']);
  });

  test('of one turn of the event loop leave in one frame, as do their acknowledgements', async () => {
    const back = new LinkEar('at once');
    const backend = await listen(back.options('backend-1'));
    const socket = new WebSocket(`${backend.url.replace('http', 'ws')}/link`, {
      headers: { authorization: `Bearer ${SECRET}` },
    });
    closing(() => socket.terminate());
    const frames: string[] = [];
    socket.on('message', (text: Buffer) => frames.push(text.toString()));
    await once(socket, 'open');
    socket.send('{"hello":{"node":"frontend-1","incarnation":1,"stream":"s"}}');
    await until(() => frames.length === 1);
    socket.send('{"low":1,"messages":[[1,"a",{}],[2,"b",{}],[3,"c",{}]],"acks":[]}');
    await until(() => frames.length === 2);
    const peer = present(backend.acceptor.peer('frontend-1'), 'peer');
    for (const id of ['x', 'y']) peer.send(id, 0, () => undefined);
    await until(() => frames.length === 3);
    expect(frames.slice(1)).toEqual([
      '{"low":1,"messages":[],"acks":[[1,3]]}',
      '{"low":1,"messages":[[1,"x",0],[2,"y",0]],"acks":[]}',
    ]);
  });

  test('that were taken away are not sent and not acknowledged', async () => {
    const back = new LinkEar('at once');
    const backend = await listen(back.options('backend-1'));
    const link = dial(new LinkEar('at once').options('frontend-1'), 'backend-1', backend.url);
    const acked: string[] = [];
    for (const id of ['a', 'b', 'c']) link.send(id, id, () => acked.push(id));
    expect(link.takeUnacked(({ id }) => id !== 'b').map(({ id, message }) => [id, message])).toEqual([
      ['a', 'a'],
      ['c', 'c'],
    ]);
    await until(() => acked.length === 1);
    expect(back.ids).toEqual(['b']);
    expect(acked).toEqual(['b']);
  });

  test('make the outbox full at its length, and are answered false beyond twice that', async () => {
    const backend = await listen(new LinkEar('later').options('backend-1'));
    const options = { ...new LinkEar('at once').options('frontend-1'), limits: { ...QUICK, outboxLength: 3 } };
    const link = dial(options, 'backend-1', backend.url);
    const verdicts: boolean[] = [];
    const full: boolean[] = [];
    for (let i = 0; i < 7; i += 1) {
      link.send(String(i), i, (ok) => verdicts.push(ok));
      full.push(link.full);
    }
    await until(() => verdicts.length === 1);
    expect(verdicts).toEqual([false]);
    expect(full).toEqual([false, false, true, true, true, true, true]);
  });
});

test('a large message gets through; one that no frame could carry, or that is no plain data, is a mistake', async () => {
  const back = new LinkEar('at once');
  const backend = await listen(back.options('backend-1'));
  const link = dial(new LinkEar('at once').options('frontend-1'), 'backend-1', backend.url);
  const large = 'ä'.repeat(1_400_000);
  link.send('large', large, () => undefined);
  expect(() => link.send('too large', large + large, () => undefined)).toThrow('too large fits a frame');
  expect(() => link.send('nothing', undefined, () => undefined)).toThrow('nothing is plain data');
  link.send('after', 1, () => undefined);
  await until(() => back.ids.length === 2);
  expect(back.received.map(({ id, message }) => [id, message === large])).toEqual([
    ['large', true],
    ['after', false],
  ]);
});

describe('a lost connection', () => {
  test('repeats no message that the receiver still works on, and carries its late acknowledgement', async () => {
    const back = new LinkEar('later');
    const backend = await listen(back.options('backend-1'));
    const proxy = await proxyTo(backend.port);
    const front = new LinkEar('at once');
    const link = dial(front.options('frontend-1'), 'backend-1', urlOf(proxy));
    const acked: string[] = [];
    for (const id of ['a', 'b', 'c']) link.send(id, id, (ok) => acked.push(`${id} ${String(ok)}`));
    await until(() => back.ids.length === 3);
    proxy.set({ refuse: true });
    proxy.reset();
    await until(() => !link.connected && backend.acceptor.peer('frontend-1')?.connected === false);
    back.received[1]?.done(false);
    back.received[0]?.done(true);
    proxy.set({});
    await until(() => acked.length === 2);
    back.received[2]?.done(true);
    link.send('d', 'd', () => undefined);
    await until(() => acked.length === 3 && back.ids.length === 4);
    expect(back.ids).toEqual(['a', 'b', 'c', 'd']);
    expect(acked.toSorted()).toEqual(['a true', 'b false', 'c true']);
    expect(front.comings).toEqual(['backend-1 up', 'backend-1 down', 'backend-1 up']);
  });

  test.each(['dialling', 'accepting'])('that is half-open is noticed by the %s side', async (side) => {
    const back = new LinkEar('at once');
    const backend = await listen(back.options('backend-1'));
    const proxy = await proxyTo(backend.port);
    const link = dial(new LinkEar('at once').options('frontend-1'), 'backend-1', urlOf(proxy));
    await until(() => link.connected);
    const peer = present(backend.acceptor.peer('frontend-1'), 'peer');
    proxy.set({ blackhole: true });
    await until(() => !(side === 'dialling' ? link : peer).connected);
    proxy.set({});
    await until(() => link.connected && peer.connected);
    expect(back.comings.slice(0, 3)).toEqual(['frontend-1 up', 'frontend-1 down', 'frontend-1 up']);
  });

  test('is not what a slow one is taken for: a frame that takes longer than the silence limit gets through', async () => {
    const back = new LinkEar('at once');
    const backend = await listen(back.options('backend-1'));
    const proxy = await proxyTo(backend.port);
    const front = new LinkEar('at once');
    const link = dial(front.options('frontend-1'), 'backend-1', urlOf(proxy));
    await until(() => link.connected);
    proxy.set({ bytesPerSecond: 40_000 });
    let acked = 0;
    link.send('long', 'x'.repeat(40_000), () => (acked += 1));
    await until(() => acked === 1);
    expect(front.comings).toEqual(['backend-1 up']);
    expect(back.comings).toEqual(['frontend-1 up']);
  });
});

describe('incarnations', () => {
  test('a new one of the receiver gets all that the old one did not acknowledge', async () => {
    const old = new LinkEar('later');
    const backend = await listen(old.options('backend-1', 1));
    const link = dial(new LinkEar('at once').options('frontend-1'), 'backend-1', backend.url);
    const acked: string[] = [];
    for (const id of ['a', 'b', 'c']) link.send(id, id, () => acked.push(id));
    await until(() => old.ids.length === 3);
    old.received[1]?.done(true);
    await until(() => acked.length === 1);
    await backend.kill();
    link.send('d', 'd', () => acked.push('d'));
    const young = new LinkEar('at once');
    const restarted = await listen(young.options('backend-1', 2));
    link.setUrl(restarted.url);
    await until(() => acked.length === 4);
    expect(young.ids).toEqual(['a', 'c', 'd']);
    expect(acked).toEqual(['b', 'a', 'c', 'd']);
  });

  test('a new one of the sender begins anew: late answers to the old one acknowledge nothing of it', async () => {
    const back = new LinkEar('later');
    const backend = await listen(back.options('backend-1'));
    const old = dial(new LinkEar('at once').options('frontend-1', 1), 'backend-1', backend.url);
    old.send('old', 0, () => undefined);
    await until(() => back.ids.length === 1);
    old.close();
    const young = dial(new LinkEar('at once').options('frontend-1', 2), 'backend-1', backend.url);
    const acked: string[] = [];
    young.send('young 1', 0, () => acked.push('young 1'));
    young.send('young 2', 0, () => acked.push('young 2'));
    await until(() => back.ids.length === 3);
    back.received[0]?.done(true);
    back.received[2]?.done(true);
    await until(() => acked.length > 0);
    expect(back.ids).toEqual(['old', 'young 1', 'young 2']);
    expect(acked).toEqual(['young 2']);
  });

  test('a link that is made anew by the same incarnation loses nothing to the numbers of the first', async () => {
    const back = new LinkEar('at once');
    const backend = await listen(back.options('backend-1'));
    const acked: string[] = [];
    for (const id of ['first', 'second']) {
      const link = dial(new LinkEar('at once').options('frontend-1'), 'backend-1', backend.url);
      link.send(id, 0, () => acked.push(id));
      await until(() => acked.includes(id));
      link.close();
    }
    expect(back.ids).toEqual(['first', 'second']);
  });

  test('an older one is sent away', async () => {
    const back = new LinkEar('at once');
    const backend = await listen(back.options('backend-1'));
    const young = dial(new LinkEar('at once').options('frontend-1', 2), 'backend-1', backend.url);
    await until(() => young.connected);
    const old = dial(new LinkEar('at once').options('frontend-1', 1), 'backend-1', backend.url);
    await until(() => back.troubles.length > 0);
    expect(back.troubles[0]).toContain('incarnation 1 of frontend-1 comes after 2');
    expect(old.connected).toBe(false);
    expect(young.connected).toBe(true);
  });
});

describe('who is let in', () => {
  async function upgrade(port: number, path: string, authorization?: string): Promise<IncomingMessage> {
    const asked = request({
      port,
      path,
      host: '127.0.0.1',
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...(authorization === undefined ? {} : { authorization }),
      },
    });
    asked.end();
    const answered = new Promise<IncomingMessage>((resolve) => {
      asked.on('response', resolve);
      asked.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response);
      });
    });
    return answered;
  }

  test.each([
    ['the right secret', `Bearer ${SECRET}`, 101],
    ['no secret', undefined, 401],
    ['a wrong secret', 'Bearer another', 401],
    ['the beginning of the secret', `Bearer ${SECRET.slice(0, -1)}`, 401],
    ['another scheme', `Basic ${SECRET}`, 401],
  ])('%s', async (_, authorization, status) => {
    const backend = await listen(new LinkEar('at once').options('backend-1'));
    expect((await upgrade(backend.port, '/link', authorization)).statusCode).toBe(status);
  });

  test('upgrades of other paths are left to their own listeners', async () => {
    const backend = await listen(new LinkEar('at once').options('backend-1'));
    backend.server.on('upgrade', (asked, socket) => {
      if (asked.url === '/cometd') socket.end('HTTP/1.1 418 Mine\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    });
    expect((await upgrade(backend.port, '/cometd')).statusCode).toBe(418);
  });

  test.each([
    ['says nothing', undefined],
    ['sends messages first', '{"low":1,"messages":[[1,"a",{}]],"acks":[]}'],
    ['sends what is no frame', '{"low":1}'],
    ['sends what is no JSON', 'hello'],
    ['has a name that no node has', '{"hello":{"node":"a b","incarnation":1,"stream":"s"}}'],
  ])('who %s is sent away', async (_, text) => {
    const back = new LinkEar('at once');
    const options = { ...back.options('backend-1'), limits: { ...QUICK, helloMs: 20 } };
    const backend = await listen(options);
    const socket = new WebSocket(`${backend.url.replace('http', 'ws')}/link`, {
      headers: { authorization: `Bearer ${SECRET}` },
    });
    const closed = once(socket, 'close');
    await once(socket, 'open');
    if (text !== undefined) socket.send(text);
    await closed;
    expect(back.received).toEqual([]);
    expect(backend.acceptor.peers()).toEqual([]);
  });

  test('whoever answers under another name is hung up on, and told of', async () => {
    const backend = await listen(new LinkEar('at once').options('backend-2'));
    const front = new LinkEar('at once');
    const link = dial(front.options('frontend-1'), 'backend-1', backend.url);
    await until(() => front.troubles.length > 0);
    expect(front.troubles[0]).toContain('backend-2 answers at the address of backend-1');
    expect(link.connected).toBe(false);
  });

  test('a dialler with a wrong secret is told so and keeps trying', async () => {
    const backend = await listen(new LinkEar('at once').options('backend-1'));
    const front = new LinkEar('at once');
    const link = dial({ ...front.options('frontend-1'), secret: 'wrong' }, 'backend-1', backend.url);
    await until(() => front.troubles.length >= 2);
    expect(front.troubles[0]).toContain('401');
    expect(link.connected).toBe(false);
  });

  test('a connection that ends in the middle of its request harms nobody', async () => {
    const backend = await listen(new LinkEar('at once').options('backend-1'));
    const socket = connect(backend.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /link HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n');
    socket.resetAndDestroy();
    const link = dial(new LinkEar('at once').options('frontend-1'), 'backend-1', backend.url);
    await until(() => link.connected);
    expect(backend.acceptor.peers().map(({ node }) => node)).toEqual(['frontend-1']);
  });
});
