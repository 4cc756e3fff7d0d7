/**
 * Links in a network that resets, cuts and stalls their connections all the time: each message arrives once, in order,
 * and is acknowledged once. The control is a receiver without memory: under the same storm the same checker sees
 * doubles.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { present } from '#core/assert.ts';
import { createRandomSource } from '#core/random/random-source.ts';
import { encodeFrame, encodeHello, parseFrame } from '#node/link-frame.ts';
import type { LinkOptions, LinkPeer } from '#node/link-peer.ts';
import { createTcpProxy, type TcpProxy } from '#testbed/live/tcp-proxy.ts';
import { closeNodes, closing, dial, listen, SECRET, until } from '#tests/node/link-nodes.ts';

const MESSAGES = 2000;
const LIMITS = { pingMs: 5, silenceMs: 50, redialMsMin: 1, redialMsMax: 5 };

afterEach(closeNodes);

type Chance = () => number;

function chanceOf(seed: number, name: string): Chance {
  const stream = createRandomSource(seed).stream(name, 0);
  return () => stream.next();
}

/** Long enough for many frames. */
function textOf(id: string): string {
  return `text of ${id}`.padEnd(600, '.');
}

/** One side of the storm: finishes what it gets now, later or out of order, as chance has it. */
class StormSide {
  readonly received: string[] = [];
  readonly sent: string[] = [];
  readonly acked: string[] = [];
  readonly #chance: Chance;
  storm: Storm | undefined;
  #unfinished: (() => void)[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  options(node: string): LinkOptions {
    return {
      node,
      incarnation: 1,
      secret: SECRET,
      limits: LIMITS,
      onPeer: (_, up) => {
        if (!up) this.storm?.handleLoss();
      },
      onMessage: (_, id, message, done) => {
        this.received.push(id);
        if (message !== textOf(id)) this.received.push(`${id} came with ${String(message)}`);
        this.#unfinished.push(() => done(true));
        if (this.#chance() < 0.7) this.finish(this.#chance() * 3);
        else setImmediate(() => this.finish(10));
        this.storm?.handleArrival();
      },
    };
  }

  finish(count: number): void {
    for (let i = 0; i < count && this.#unfinished.length > 0; i += 1) {
      const at = Math.floor(this.#chance() * this.#unfinished.length);
      for (const finish of this.#unfinished.splice(at, 1)) finish();
    }
  }

  /** Sends everything, a few messages a turn. */
  pour(link: LinkPeer, name: string): void {
    for (let i = 0; i < 1 + this.#chance() * 8 && this.sent.length < MESSAGES; i += 1) {
      const id = `${name}${String(this.sent.length)}`;
      this.sent.push(id);
      link.send(id, textOf(id), (ok) => this.acked.push(ok ? id : `${id} failed`));
    }
    if (this.sent.length < MESSAGES) setImmediate(() => this.pour(link, name));
  }
}

/** What is wrong with what arrived, in words; empty: each once, in order. */
function faultsOf(sent: readonly string[], received: readonly string[]): string[] {
  const seen = new Set<string>();
  const faults: string[] = [];
  for (const id of received) {
    if (seen.has(id)) faults.push(`${id} came twice`);
    seen.add(id);
  }
  for (const id of sent) if (!seen.has(id)) faults.push(`${id} is lost`);
  const firsts = [...seen];
  for (const [at, id] of sent.entries()) if (firsts[at] !== id && seen.has(id)) faults.push(`${id} is out of order`);
  return faults;
}

/** Hurts the network, 25 times or so while `MESSAGES` arrive, always in the middle of an arrival. */
class Storm {
  readonly #proxy: TcpProxy;
  readonly #chance: Chance;
  #calmLeft = 1;
  #isHalfOpen = false;
  blows = 0;

  constructor(proxy: TcpProxy, chance: Chance) {
    this.#proxy = proxy;
    this.#chance = chance;
  }

  handleArrival(): void {
    this.#calmLeft -= 1;
    if (this.#calmLeft > 0 || this.#isHalfOpen) return;
    this.#calmLeft = Math.ceil((this.#chance() * 2 * MESSAGES) / 25);
    this.blows += 1;
    const kind = this.#chance();
    this.#isHalfOpen = kind > 0.9;
    if (kind < 0.7) this.#proxy.reset();
    else if (kind < 0.9) this.#proxy.set({ latencyMs: 2, bytesPerSecond: 10_000_000 });
    else this.#proxy.set({ blackhole: true });
  }

  /** A side has lost the other: what was half-open has been noticed, and the way is free again. */
  handleLoss(): void {
    if (this.#isHalfOpen) this.#proxy.set({});
    this.#isHalfOpen = false;
  }
}

describe('under resets, half-open connections and a slow network', () => {
  test.each([1, 2, 3])('2,000 messages each way arrive and are acknowledged once, in order (seed %i)', async (seed) => {
    const backSide = new StormSide(chanceOf(seed, 'back'));
    const frontSide = new StormSide(chanceOf(seed, 'front'));
    const sides = [backSide, frontSide];
    const backend = await listen(backSide.options('backend-1'));
    const proxy = await createTcpProxy({ targetPort: backend.port });
    closing(() => proxy.close());
    const storm = new Storm(proxy, chanceOf(seed, 'storm'));
    for (const side of sides) side.storm = storm;
    const link = dial(frontSide.options('frontend-1'), 'backend-1', `http://127.0.0.1:${String(proxy.port)}`);
    await until(() => backend.acceptor.peer('frontend-1') !== undefined);
    frontSide.pour(link, 'f');
    backSide.pour(present(backend.acceptor.peer('frontend-1'), 'peer'), 'b');
    await until(() => sides.every(({ received }) => received.length >= MESSAGES));
    await until(() => {
      for (const side of sides) side.finish(MESSAGES);
      return sides.every(({ acked }) => acked.length >= MESSAGES);
    });
    expect(storm.blows).toBeGreaterThan(10);
    expect(faultsOf(frontSide.sent, backSide.received)).toEqual([]);
    expect(faultsOf(backSide.sent, frontSide.received)).toEqual([]);
    for (const side of sides) expect(side.acked.toSorted()).toEqual(side.sent.toSorted());
  });
});

/** Answers as a link does, but remembers nothing: whatever comes is taken for new. */
async function listenWithoutMemory(received: string[], storm: () => Storm): Promise<number> {
  const server = createServer();
  const webSockets = new WebSocketServer({ server, path: '/link' });
  webSockets.on('connection', (socket) => {
    socket.send(encodeHello({ node: 'backend-1', incarnation: 1, stream: 'forgetful' }));
    socket.on('error', () => socket.terminate());
    socket.on('message', (text: Buffer) => {
      const frame = parseFrame(text.toString());
      if (frame?.type !== 'messages') return;
      for (const [, id] of frame.messages) {
        received.push(id);
        storm().handleArrival();
      }
      const acks = frame.messages.map(([seq]) => ({ from: seq, to: seq, ok: true }));
      setImmediate(() => socket.send(encodeFrame(1, [], acks)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing(() => {
    webSockets.close();
    for (const socket of webSockets.clients) socket.terminate();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test('a receiver without memory gets messages twice in such a network, and the checker sees it', async () => {
  const received: string[] = [];
  const port = await listenWithoutMemory(received, () => storm);
  const proxy = await createTcpProxy({ targetPort: port });
  closing(() => proxy.close());
  const storm = new Storm(proxy, chanceOf(1, 'storm'));
  const side = new StormSide(chanceOf(1, 'front'));
  side.storm = storm;
  const link = dial(side.options('frontend-1'), 'backend-1', `http://127.0.0.1:${String(proxy.port)}`);
  side.pour(link, 'f');
  await until(() => new Set(received).size < received.length);
  expect(faultsOf(side.sent, received).some((fault) => fault.endsWith('came twice'))).toBe(true);
});

test('the checker sees what is lost and what is out of order', () => {
  expect(faultsOf(['a', 'b', 'c'], ['a', 'c'])).toEqual(['b is lost', 'c is out of order']);
  expect(faultsOf(['a', 'b'], ['b', 'a'])).toEqual(['a is out of order', 'b is out of order']);
});
