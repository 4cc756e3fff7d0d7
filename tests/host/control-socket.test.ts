/** The feed's promise to a slow reader: never more than a bound in memory, and the whole picture once it reads again. */
import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { serveFeed } from '#host/control-socket.ts';
import type { RunControl } from '#host/run-control.ts';
import type { RunUpdate } from '#protocol/run-feed.ts';

/** A socket whose reader takes nothing until it is told to. */
class StalledSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: RunUpdate[] = [];
  isTerminated = false;

  send(text: string): void {
    this.bufferedAmount += text.length;
    this.sent.push(JSON.parse(text) as RunUpdate);
  }

  drain(): void {
    this.bufferedAmount = 0;
  }

  ping(): void {
    this.emit('pinged');
  }

  terminate(): void {
    this.isTerminated = true;
    this.emit('close');
  }
}

class NumberedRuns implements RunControl {
  latest = 0;
  readonly #listeners = new Set<(update: RunUpdate) => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  tell(): void {
    this.latest += 1;
    for (const listener of this.#listeners) listener(numbered(this.latest));
  }

  subscribe(listener: (update: RunUpdate) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  snapshot(): RunUpdate {
    return { type: 'error', message: `snapshot ${this.latest}` };
  }

  command(): void {}

  async decision(): Promise<undefined> {
    return undefined;
  }

  async backendAccess(): Promise<undefined> {
    return undefined;
  }

  async report(): Promise<undefined> {
    return undefined;
  }

  async close(): Promise<void> {}
}

/** Any update will do: 100 characters and a number. */
function numbered(n: number): RunUpdate {
  return { type: 'error', message: `update ${n}`.padEnd(100) };
}

const LIMITS = { bufferedBytesMax: 1_000, stalledMsMax: 1_000 };
const sockets: StalledSocket[] = [];

function connect(runs: RunControl, now: () => number = () => 0): StalledSocket {
  const socket = new StalledSocket();
  sockets.push(socket);
  serveFeed(socket as unknown as WebSocket, runs, LIMITS, now);
  return socket;
}

const words = (update: RunUpdate | undefined): string => (update?.type === 'error' ? update.message.trim() : '');

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});

describe('the feed of a reader', () => {
  it('begins with the whole picture', () => {
    expect(connect(new NumberedRuns()).sent.map(words)).toEqual(['snapshot 0']);
  });

  it('that keeps up gets every update', () => {
    const runs = new NumberedRuns();
    const socket = connect(runs);
    for (let n = 1; n <= 50; n += 1) {
      runs.tell();
      socket.drain();
    }
    expect(socket.sent).toHaveLength(51);
  });

  it('that stands still is not buffered for beyond the limit, and gets the newest picture when it reads again', () => {
    const runs = new NumberedRuns();
    const socket = connect(runs);
    for (let n = 1; n <= 500; n += 1) runs.tell();
    expect(socket.bufferedAmount).toBeLessThan(LIMITS.bufferedBytesMax + 200);
    const heard = socket.sent.length;
    socket.drain();
    runs.tell();
    expect(words(socket.sent.at(-1))).toBe('snapshot 501');
    expect(socket.sent).toHaveLength(heard + 1);
    socket.drain();
    runs.tell();
    expect(words(socket.sent.at(-1))).toBe('update 502');
  });

  it('that has drained only in part still waits: an old picture would come before the new', () => {
    const runs = new NumberedRuns();
    const socket = connect(runs);
    for (let n = 1; n <= 20; n += 1) runs.tell();
    const heard = socket.sent.length;
    socket.bufferedAmount = 10;
    runs.tell();
    expect(socket.sent).toHaveLength(heard);
  });

  it('that has gone costs nothing more', () => {
    const runs = new NumberedRuns();
    const socket = connect(runs);
    expect(runs.listeners).toBe(1);
    socket.terminate();
    expect(runs.listeners).toBe(0);
  });

  it('that sends what is no JSON is told so', () => {
    const socket = connect(new NumberedRuns());
    socket.emit('message', Buffer.from('start'));
    expect(words(socket.sent.at(-1))).toContain('not JSON');
  });
});
