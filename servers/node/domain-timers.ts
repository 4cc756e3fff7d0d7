/**
 * Timers on domain time: what a machine or the crowd asked to be woken for. One timer of Node serves all of them and is
 * set anew when the clock's law changes, so a pause holds them all and a resume lets them go in their order.
 */
import { present } from '#core/assert.ts';
import type { DomainClock } from './domain-clock.ts';

interface Waiting {
  readonly atMs: number;
  /** Order among equals: first come, first called. */
  readonly serial: number;
  readonly run: () => void;
}

/** As many calls in one go as leave sockets their turn. */
const CALLS_IN_A_ROW_MAX = 256;
/** Node's longest timer; beyond it one wakes early and sets it again. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class DomainTimers {
  readonly #clock: DomainClock;
  readonly #endListening: () => void;
  /** A binary heap: no child is before its parent. */
  readonly #heap: Waiting[] = [];
  #serial = 0;
  #timer: NodeJS.Timeout | undefined;
  /** What the timer is set for, domain ms. */
  #timerAtMs = Infinity;
  #closed = false;

  constructor(clock: DomainClock) {
    this.#clock = clock;
    this.#endListening = clock.onChange(() => this.#setTimer());
  }

  /**
   * Calls `run` once the clock shows `domainMs` or more, in order of (time, asking); never within this call, even where
   * the time is past.
   */
  at(domainMs: number, run: () => void): void {
    if (this.#closed) return;
    this.#serial += 1;
    push(this.#heap, { atMs: domainMs, serial: this.#serial, run });
    if (domainMs < this.#timerAtMs) this.#setTimer();
  }

  get waiting(): number {
    return this.#heap.length;
  }

  /** Drops all that wait. */
  close(): void {
    this.#closed = true;
    this.#endListening();
    clearTimeout(this.#timer);
    this.#heap.length = 0;
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAtMs = Infinity;
    const first = this.#heap[0];
    if (first === undefined || this.#closed) return;
    const wallMs = this.#clock.wallMsUntil(first.atMs);
    if (wallMs === Infinity) return;
    this.#timerAtMs = first.atMs;
    this.#timer = setTimeout(this.#ring, Math.min(Math.ceil(wallMs), TIMER_MS_MAX));
  }

  readonly #ring = (): void => {
    const nowMs = this.#clock.now();
    // Set for now, so that what is asked for meanwhile does not set the timer each time.
    this.#timerAtMs = -Infinity;
    for (let calls = 0; calls < CALLS_IN_A_ROW_MAX; calls += 1) {
      const first = this.#heap[0];
      if (first === undefined || first.atMs > nowMs) break;
      pop(this.#heap);
      first.run();
    }
    this.#setTimer();
  };
}

function isBefore(a: Waiting, b: Waiting): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.serial < b.serial);
}

function push(heap: Waiting[], waiting: Waiting): void {
  let place = heap.length;
  heap.push(waiting);
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = present(heap[above], 'parent');
    if (!isBefore(waiting, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = waiting;
}

function pop(heap: Waiting[]): void {
  const last = present(heap.pop(), 'last of the heap');
  if (heap.length === 0) return;
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    let child = heap[below];
    if (child === undefined) break;
    const right = heap[below + 1];
    if (right !== undefined && isBefore(right, child)) {
      below += 1;
      child = right;
    }
    if (!isBefore(child, last)) break;
    heap[place] = child;
    place = below;
  }
  heap[place] = last;
}
