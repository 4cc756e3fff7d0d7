/**
 * One direction of one proxied connection: carries bytes in their order, late, slowly or not at all, as the proxy's
 * condition says, and holds no more than a bounded number of them.
 */
import type { Socket } from 'node:net';

/** More than this in a flow pauses its source; so a latency also limits what a connection carries in that time. */
const HELD_BYTES_MAX = 1024 * 1024;
/** A slow flow moves in steps of this time's worth of bytes. */
const STEP_MS = 20;

/** What may be wrong with the network between two nodes. Absent: nothing of that kind. */
export interface TcpCondition {
  /** Each way. Order is kept. */
  readonly latencyMs?: number;
  /** Each way, over all connections together. */
  readonly bytesPerSecond?: number;
  /** Half-open: connections are accepted and kept, nothing is carried, not even an end; lifting it carries on. */
  readonly blackhole?: boolean;
  /** New connections are reset at once (the port stays taken, so that no other process can get it). */
  readonly refuse?: boolean;
}

/** Bytes a second for all flows of a direction: each reserves the time that its bytes take. */
export class ByteBudget {
  #freeAtMs = 0;

  /** When (on `performance.now()`'s scale) these bytes may go. */
  reserve(bytes: number, bytesPerSecond: number, nowMs: number): number {
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs) + (1000 * bytes) / bytesPerSecond;
    return this.#freeAtMs;
  }

  reset(): void {
    this.#freeAtMs = 0;
  }
}

interface HeldBytes {
  readonly dueAtMs: number;
  /** null: the source's end. */
  readonly bytes: Buffer | null;
  /** Whether the time that the bytes take has been waited for. */
  readonly paid: boolean;
}

export class TcpFlow {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #budget: ByteBudget;
  readonly #condition: () => TcpCondition;
  #held: HeldBytes[] = [];
  #heldBytes = 0;
  #lastDueAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #sinkIsFull = false;

  constructor(source: Socket, sink: Socket, budget: ByteBudget, condition: () => TcpCondition) {
    this.#source = source;
    this.#sink = sink;
    this.#budget = budget;
    this.#condition = condition;
    source.on('data', (bytes: Buffer) => this.#take(bytes));
    source.on('end', () => this.#take(null));
    sink.on('drain', () => {
      this.#sinkIsFull = false;
      this.#move();
    });
    this.#steer();
  }

  /** The condition has changed. */
  refresh(): void {
    const now = performance.now();
    this.#held = this.#held.map((held) => ({
      ...held,
      dueAtMs: Math.min(held.dueAtMs, this.#dueAtMs(now)),
      paid: false,
    }));
    this.#lastDueAtMs = this.#held.at(-1)?.dueAtMs ?? 0;
    this.#move();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#held = [];
    this.#heldBytes = 0;
  }

  #take(bytes: Buffer | null): void {
    this.#lastDueAtMs = Math.max(this.#lastDueAtMs, this.#dueAtMs(performance.now()));
    this.#held.push({ dueAtMs: this.#lastDueAtMs, bytes, paid: false });
    this.#heldBytes += bytes?.length ?? 0;
    this.#move();
  }

  #dueAtMs(nowMs: number): number {
    return nowMs + (this.#condition().latencyMs ?? 0);
  }

  /** Passes on what is due, then waits for what comes next. */
  #move(): void {
    clearTimeout(this.#timer);
    while (this.#condition().blackhole !== true && !this.#sinkIsFull) {
      const head = this.#held[0];
      if (head === undefined) break;
      const waitMs = head.dueAtMs - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#move(), Math.ceil(waitMs));
        break;
      }
      if (!this.#payFor(head)) continue;
      this.#held.shift();
      this.#pass(head.bytes);
    }
    this.#steer();
  }

  /** Whether the head's bytes may go now; where not, it is put back, in a smaller step, for when they may. */
  #payFor({ dueAtMs, bytes, paid }: HeldBytes): boolean {
    const { bytesPerSecond } = this.#condition();
    if (bytesPerSecond === undefined || bytes === null || paid) return true;
    const step = Math.max(1, Math.floor((bytesPerSecond * STEP_MS) / 1000));
    const payAtMs = this.#budget.reserve(Math.min(step, bytes.length), bytesPerSecond, performance.now());
    const rest = bytes.length > step ? [{ dueAtMs, bytes: bytes.subarray(step), paid: false }] : [];
    this.#held.splice(0, 1, { dueAtMs: payAtMs, bytes: bytes.subarray(0, step), paid: true }, ...rest);
    return false;
  }

  #pass(bytes: Buffer | null): void {
    if (bytes === null) {
      this.#sink.end();
      return;
    }
    this.#heldBytes -= bytes.length;
    if (!this.#sink.destroyed) this.#sinkIsFull = !this.#sink.write(bytes);
  }

  #steer(): void {
    const mayRead = this.#condition().blackhole !== true && this.#heldBytes < HELD_BYTES_MAX && !this.#sinkIsFull;
    if (mayRead) this.#source.resume();
    else this.#source.pause();
  }
}
