/**
 * The load generator of the intake benchmarks: keep-alive connections on bare sockets, one request at a time on each (no
 * pipelining), and cheap enough to leave the servers most of the machine.
 */
import { connect, type Socket } from 'node:net';
import type { ShopTraffic, VisitRequests } from './intake-visits.ts';

/** How a load ended: `sent = stored + refused + failed`. */
export interface LoadFigures {
  readonly sent: number;
  /** 200 with the count of events that was sent. */
  readonly stored: number;
  /** 503 with Retry-After. */
  readonly refused: number;
  /** Anything else, and no answer. */
  readonly failed: number;
  /** Arrivals that found no connection free until the end. */
  readonly unsent: number;
  readonly elapsedMs: number;
  readonly latenciesMs: readonly number[];
}

type OnAnswer = (answer: { readonly statusCode: number; readonly text: string }) => void;

/** One connection; answers are read by their content-length. */
class LoadConnection {
  readonly #socket: Socket;
  #text = '';
  #onAnswer: OnAnswer | undefined;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true).setEncoding('latin1');
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (chunk: string) => this.#read(chunk));
    this.#socket.on('close', () => this.#answer(0, ''));
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve);
      this.#socket.once('error', reject);
    });
  }

  get closed(): boolean {
    return this.#socket.destroyed;
  }

  send(request: string, onAnswer: OnAnswer): void {
    this.#onAnswer = onAnswer;
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#text += chunk;
    const headEnd = this.#text.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const lengthAt = this.#text.search(/content-length: /i) + 16;
    const length = Number.parseInt(this.#text.slice(lengthAt, lengthAt + 8), 10);
    if (this.#text.length < headEnd + 4 + length) return;
    const text = this.#text;
    this.#text = '';
    this.#answer(Number(text.slice(9, 12)), text);
  }

  #answer(statusCode: number, text: string): void {
    const onAnswer = this.#onAnswer;
    this.#onAnswer = undefined;
    onAnswer?.({ statusCode, text });
  }
}

interface Lane {
  readonly connection: LoadConnection;
  visit: VisitRequests | undefined;
}

export class HttpLoad {
  readonly #lanes: Lane[] = [];
  readonly #traffic: ShopTraffic;
  readonly #expected: string;
  #tally = emptyTally();

  constructor(traffic: ShopTraffic) {
    this.#traffic = traffic;
    this.#expected = `{"stored":${traffic.batch}}`;
  }

  /** Opened a few at a time: a burst of thousands would overflow the server's queue of connections to accept. */
  async open(port: number, connections: number): Promise<this> {
    for (let opened = 0; opened < connections; opened += 100) {
      const some = Array.from({ length: Math.min(100, connections - opened) }, () => new LoadConnection(port));
      await Promise.all(some.map((connection) => connection.open()));
      for (const connection of some) this.#lanes.push({ connection, visit: undefined });
    }
    return this;
  }

  close(): void {
    for (const { connection } of this.#lanes.splice(0)) connection.close();
  }

  /** One request on the connection that has been idle longest, without waiting for its answer. */
  sendOne(request: string): void {
    const lane = this.#lanes.shift();
    if (lane === undefined) return;
    this.#lanes.push(lane);
    lane.connection.send(request, () => undefined);
  }

  /** Every connection sends its next request as soon as the last is answered. */
  async runClosed(forMs: number): Promise<LoadFigures> {
    this.#tally = emptyTally();
    const startMs = performance.now();
    const endMs = startMs + forMs;
    await Promise.all(
      this.#lanes.map(
        (lane) =>
          new Promise<void>((resolve) => {
            const go = (): void => {
              if (performance.now() >= endMs || lane.connection.closed) resolve();
              else this.#send(lane, go);
            };
            go();
          }),
      ),
    );
    return { ...this.#tally, unsent: 0, elapsedMs: performance.now() - startMs };
  }

  /**
   * Arrivals at a constant rate, whatever becomes of them: each takes a connection that is free, or waits for one until
   * the end. A connection that was refused keeps away as long as it was told to.
   */
  async runOpen(ratePerSecond: number, forMs: number): Promise<LoadFigures> {
    this.#tally = emptyTally();
    // In turn: a connection that rests for seconds is hung up on, and what it is given then is lost.
    const free = [...this.#lanes];
    const startMs = performance.now();
    let arrived = 0;
    let sent = 0;
    let inFlight = 0;
    let over = false;
    let settle: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const pump = (): void => {
      for (let lane = sent < arrived ? free.shift() : undefined; lane !== undefined;) {
        const busy = lane;
        sent += 1;
        inFlight += 1;
        this.#send(busy, (retryAfterMs) => {
          inFlight -= 1;
          if (over) {
            if (inFlight === 0) settle();
          } else if (retryAfterMs > 0) {
            setTimeout(() => free.push(busy), retryAfterMs).unref();
          } else {
            free.push(busy);
          }
        });
        lane = sent < arrived ? free.shift() : undefined;
      }
    };
    await new Promise<void>((resolve) => {
      const tick = setInterval(() => {
        const elapsedMs = performance.now() - startMs;
        arrived = Math.floor((Math.min(elapsedMs, forMs) * ratePerSecond) / 1_000);
        pump();
        if (elapsedMs < forMs) return;
        clearInterval(tick);
        resolve();
      }, 1);
    });
    over = true;
    const elapsedMs = performance.now() - startMs;
    const storedInTime = this.#tally.stored;
    if (inFlight > 0) await settled;
    return { ...this.#tally, unsent: arrived - sent, elapsedMs: (elapsedMs * this.#tally.stored) / storedInTime };
  }

  #send(lane: Lane, done: (retryAfterMs: number) => void): void {
    const tally = this.#tally;
    let request = lane.visit?.next();
    if (request === undefined) {
      lane.visit = this.#traffic.visit();
      request = lane.visit.next();
    }
    const sentMs = performance.now();
    tally.sent += 1;
    lane.connection.send(request ?? '', ({ statusCode, text }) => {
      tally.latenciesMs.push(performance.now() - sentMs);
      const retryAfter = statusCode === 503 ? /retry-after: (\d+)/i.exec(text)?.[1] : undefined;
      if (statusCode === 200 && text.endsWith(this.#expected)) tally.stored += 1;
      else if (retryAfter === undefined) tally.failed += 1;
      else tally.refused += 1;
      done(retryAfter === undefined ? 0 : Number(retryAfter) * 1_000);
    });
  }
}

function emptyTally(): { sent: number; stored: number; refused: number; failed: number; latenciesMs: number[] } {
  return { sent: 0, stored: 0, refused: 0, failed: 0, latenciesMs: [] };
}
