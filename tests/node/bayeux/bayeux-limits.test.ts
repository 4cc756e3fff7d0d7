/**
 * What one hostile client may cost: every limit is met by its attack, others are served meanwhile, memory stays bounded; and with the
 * limit lifted the same attack is seen to succeed, so the checks can fail.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import type { BayeuxLimits } from '#node/bayeux/bayeux-limits.ts';
import { exchange, PATH, RawSocket, startStand, type Stand } from '#tests/node/bayeux/bayeux-stand.ts';
import type { FloodOrder, FloodReport } from '#tests/node/bayeux/flooded-server.ts';
import { frame, HostileSocket, OPCODE } from '#tests/node/bayeux/hostile-socket.ts';

const MIB = 1_048_576;
const LIFTED = Number.MAX_SAFE_INTEGER;
const NO_RATES: Partial<BayeuxLimits> = {
  messagesBurst: LIFTED,
  bytesBurst: LIFTED,
};

const children: ChildProcess[] = [];
const stands: Stand[] = [];
const hostiles: HostileSocket[] = [];

afterEach(async () => {
  for (const hostile of hostiles.splice(0)) hostile.tcp.destroy();
  for (const child of children.splice(0)) child.kill();
  for (const started of stands.splice(0)) await started.stop();
});

async function stand(limits: Partial<BayeuxLimits>): Promise<Stand> {
  const started = await startStand({ limits: { closingMsMax: 100, ...limits } });
  stands.push(started);
  return started;
}

async function hostileAt(port: number): Promise<HostileSocket> {
  const hostile = new HostileSocket(port);
  hostiles.push(hostile);
  expect(await hostile.upgrade()).toBe(101);
  return hostile;
}

function order(child: ChildProcess, what: FloodOrder): Promise<FloodReport> {
  child.send(what);
  return new Promise((resolve) => child.once('message', (report) => resolve(report as FloodReport)));
}

async function processOf(limits: Partial<BayeuxLimits>): Promise<{ child: ChildProcess; report: FloodReport }> {
  const child = fork(`${import.meta.dirname}/flooded-server.ts`, { execArgv: [] });
  children.push(child);
  return { child, report: await order(child, { type: 'start', limits: { closingMsMax: 100, ...limits } }) };
}

/** Someone else's session, who expects an answer whatever happens beside him. */
async function neighbour(port: number): Promise<() => Promise<void>> {
  const raw = await new RawSocket(`http://127.0.0.1:${port}${PATH}`).open();
  const clientId = await raw.handshake();
  let n = 0;
  return async () => {
    n += 1;
    expect(await raw.ask({ id: `n${n}`, clientId, channel: '/neighbour', data: n })).toMatchObject({
      successful: true,
    });
  };
}

describe('a flood of frames', () => {
  const floods: readonly [string, Buffer, number][] = [
    ['200,000 frames of two bytes', frame(OPCODE.text, '[]'), 200_000],
    ['200,000 pings', frame(OPCODE.ping, ''), 200_000],
    ['200,000 pongs', frame(OPCODE.pong, ''), 200_000],
  ];

  it.each(floods)('%s ends the socket with 1008, and others are served', async (_what, bytes, count) => {
    const { port, bayeux } = await stand({});
    const served = await neighbour(port);
    const hostile = await hostileAt(port);
    await hostile.handshake();
    const flooding = hostile.flood(Buffer.concat(Array.from({ length: 1_000 }, () => bytes)), count / 1_000);
    await served();
    expect(await hostile.closeCode()).toBe(1008);
    await flooding;
    await served();
    expect(bayeux.sockets).toBe(1);
  });

  it.each(floods)('%s get through where the limits are lifted', async (_what, bytes) => {
    const { port } = await stand({ ...NO_RATES, bufferedBytesMax: LIFTED });
    const hostile = await hostileAt(port);
    await hostile.flood(Buffer.concat(Array.from({ length: 1_000 }, () => bytes)), 5);
    expect(await hostile.handshake()).not.toBe('');
  });

  it('of one byte that is no message ends the socket with the first of them', async () => {
    const { port } = await stand({});
    const hostile = await hostileAt(port);
    await hostile.flood(frame(OPCODE.text, '1'), 1);
    expect(await hostile.closeCode()).toBe(1008);
  });

  it('packed as messages of few frames ends the socket too', async () => {
    const { port } = await stand({});
    const raw = await new RawSocket(`http://127.0.0.1:${port}${PATH}`).open();
    const clientId = await raw.handshake();
    const messages = Array.from({ length: 50 }, () => ({ clientId, channel: '/a', data: 1 }));
    for (let n = 0; n < 5; n += 1) raw.send(messages);
    expect(await raw.closed).toBe(1008);
  });

  it('by POST is refused message by message', async () => {
    const { url } = await stand({ messagesPerSecond: 0.001, messagesBurst: 3 });
    const [hand] = await exchange(url, [{ id: '1', channel: '/meta/handshake', version: '1.0' }]);
    const messages = [1, 2, 3, 4].map((data) => ({ id: `${data}`, clientId: hand?.['clientId'], channel: '/a', data }));
    const replies = await exchange(url, messages);
    expect(replies.map(({ successful }) => successful)).toEqual([true, true, true, false]);
    expect(replies[3]).toMatchObject({ error: '429::too many messages' });
  });
});

describe('large and broken-up messages', () => {
  const zeros = Buffer.alloc(MIB);

  async function sendHuge(limits: Partial<BayeuxLimits>): Promise<{ code: number | undefined; grownBytes: number }> {
    const { child, report } = await processOf({ ...NO_RATES, ...limits });
    const hostile = await hostileAt(report.port);
    const served = await neighbour(report.port);
    await hostile.flood(frame(OPCODE.text, '', true, 100 * MIB), 1);
    await hostile.flood(zeros, 100);
    await served();
    const code = await hostile.closeCode();
    return { code, grownBytes: (await order(child, { type: 'report' })).peakBytes - report.peakBytes };
  }

  it('a frame of 100 MiB is refused with 1009 and never held in memory', async () => {
    const { code, grownBytes } = await sendHuge({});
    expect(code).toBe(1009);
    expect(grownBytes).toBeLessThan(32 * MIB);
  });

  it('a frame of 100 MiB is held in memory where the limit is lifted', async () => {
    const { grownBytes } = await sendHuge({ payloadBytesMax: 200 * MIB });
    expect(grownBytes).toBeGreaterThan(90 * MIB);
  });

  it.each([
    ['of one byte', 'x', NO_RATES],
    ['without a byte', '', {}],
    ['without a byte, however fast they may come', '', NO_RATES],
  ])('a message in endless fragments %s is refused', async (_what, payload, limits) => {
    const { port } = await stand(limits);
    const served = await neighbour(port);
    const hostile = await hostileAt(port);
    await hostile.flood(frame(OPCODE.text, 'x', false), 1);
    const fragments = Buffer.concat(Array.from({ length: 1_000 }, () => frame(OPCODE.continuation, payload, false)));
    await hostile.flood(fragments, 200);
    expect([1008, 1009]).toContain(await hostile.closeCode());
    await served();
  });

  it('a binary message is refused with 1003', async () => {
    const { port } = await stand({});
    const hostile = await hostileAt(port);
    await hostile.flood(frame(OPCODE.binary, '[]'), 1);
    expect(await hostile.closeCode()).toBe(1003);
  });

  it('text that is no UTF-8 is refused with 1007', async () => {
    const { port } = await stand({});
    const hostile = await hostileAt(port);
    await hostile.flood(frame(OPCODE.text, Buffer.from([0xff, 0xfe])), 1);
    expect(await hostile.closeCode()).toBe(1007);
  });
});

describe('a slow reader', () => {
  /** A reader that stops reading while 128 MiB are published to it. */
  async function starve(limits: Partial<BayeuxLimits>): Promise<{ report: FloodReport; grownBytes: number }> {
    const { child, report } = await processOf(limits);
    const served = await neighbour(report.port);
    const hostile = await hostileAt(report.port);
    const clientId = await hostile.handshake();
    await hostile.ask([{ id: 'sub', clientId, channel: '/meta/subscribe', subscription: '/big' }], '"id":"sub"');
    hostile.tcp.pause();
    const after = await order(child, { type: 'publish', channel: '/big', times: 128, bytes: MIB });
    await served();
    return { report: after, grownBytes: after.peakBytes - report.peakBytes };
  }

  it('over WebSocket loses socket and session, and the server keeps its memory', async () => {
    const { report, grownBytes } = await starve({});
    expect(report).toMatchObject({ sockets: 1, sessions: 1, gone: ['slow'] });
    expect(grownBytes).toBeLessThan(64 * MIB);
  });

  it('is buffered for without end where the limit is lifted', async () => {
    const { report, grownBytes } = await starve({ bufferedBytesMax: LIFTED, maxIntervalMs: 600_000 });
    expect(report.gone).toEqual([]);
    expect(grownBytes).toBeGreaterThan(90 * MIB);
  });

  it.each([
    ['messages', { queueMax: 10 }, 'x'],
    ['characters', { queueCharactersMax: 10_000 }, 'x'.repeat(1_000)],
  ])('by long polling loses its session when too many %s wait', async (_what, limits, text) => {
    const { url, bayeux, gone } = await stand(limits);
    const [hand] = await exchange(url, [{ id: '1', channel: '/meta/handshake', version: '1.0' }]);
    const session = present(bayeux.sessions.get(String(hand?.['clientId'])), 'session');
    for (let n = 0; n < 9; n += 1) session.deliver('/a', text);
    expect(gone).toEqual([]);
    for (let n = 0; n < 9; n += 1) session.deliver('/a', text);
    expect(gone.map(({ reason }) => reason)).toEqual(['slow']);
    expect(bayeux.sessions.size).toBe(0);
  });
});

describe('idle sockets', () => {
  it('of 500 as many as allowed are let in, the others get 503, and who has a session is served', async () => {
    const { port, bayeux } = await stand({ idleSocketsMax: 100, handshakeMsMax: 600_000 });
    const served = await neighbour(port);
    const statuses: number[] = [];
    for (let n = 0; n < 500; n += 1) {
      const hostile = new HostileSocket(port);
      hostiles.push(hostile);
      statuses.push(await hostile.upgrade());
    }
    expect(statuses.filter((status) => status === 101)).toHaveLength(100);
    expect(statuses.filter((status) => status === 503)).toHaveLength(400);
    expect(bayeux.sockets).toBe(101);
    await served();
    // One that shakes hands makes place for another.
    await hostiles[0]?.handshake();
    await hostileAt(port);
  });

  it('are closed when no handshake comes in time, also after a refused one', async () => {
    const { port } = await stand({ handshakeMsMax: 50 });
    expect(await (await hostileAt(port)).closeCode()).toBe(1008);
    const refusing = await startStand({ mayHandshake: () => 'no', limits: { handshakeMsMax: 50 } });
    stands.push(refusing);
    const refused = await hostileAt(refusing.port);
    await refused.ask([{ id: '1', channel: '/meta/handshake' }], '403::no');
    expect(await refused.closeCode()).toBe(1008);
  });

  it('are closed when their session is over', async () => {
    const { url, bayeux } = await stand({ handshakeMsMax: 50 });
    const raw = await new RawSocket(url).open();
    const clientId = await raw.handshake();
    bayeux.sessions.get(clientId)?.drop();
    expect(await raw.closed).toBe(1008);
  });

  it('and busy ones together are no more than allowed', async () => {
    const { port, url } = await stand({ socketsMax: 1 });
    await neighbour(port);
    await expect(new RawSocket(url).open()).rejects.toThrow(/503/);
  });
});
