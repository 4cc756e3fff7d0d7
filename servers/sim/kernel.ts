/**
 * The simulation kernel: virtual time in integer microseconds and the events that are due in it. Everything in a
 * simulated run happens in an event's handler; the kernel decides only what comes next.
 */
import { assert } from '#core/assert.ts';
import { EventQueue, NONE_DUE, TIME_US_LIMIT } from './kernel-queue.ts';

interface HandlerShape<S> {
  call(subject: S, detail: number, nowUs: number): void;
}

/**
 * What an event does: a plain function made once, never a closure per event. `subject` is what it concerns, `detail` a
 * number of the scheduler's choosing (a generation, an index, an amount), `nowUs` the event's time. (Written as a
 * method so that handlers of different subjects can stand in one list; `schedule` checks that handler and subject fit
 * each other.)
 */
export type Handler<S> = HandlerShape<S>['call'];

export interface KernelOptions {
  /** The virtual time at the beginning, integer us; default 0. */
  readonly startUs?: number;
  /**
   * Bound on executed events: one more is an assertion, so that a handler that reschedules itself at once can't hang a
   * run.
   */
  readonly eventsMax?: number;
}

const CAPACITY_AT_FIRST = 1024;

/**
 * Invariants:
 * 1. `nowUs` is a safe integer and never decreases.
 * 2. An event runs at exactly the time it was scheduled for: the clock advances before its handler runs, and `nowUs`
 * inside the
 *    handler is that time.
 * 3. Events run in order of time, and events of one time in the order in which they were scheduled, also those
 * scheduled from
 *    a handler at that very time, which come last.
 * 4. Nothing is scheduled into the past: a time below `nowUs`, not an integer, or not below 2^50 us is an assertion.
 * 5. Each scheduled event runs once. There is no cancelling: a handler finds in `detail` a generation that its subject
 * has outgrown,
 *    and returns. (For a deadline that moves often keep one event in flight: it finds the deadline later and schedules
 * itself anew.)
 * 6. `runUntil(t)` runs every event due at or before t and none after, then leaves the clock at t; `step` leaves it at
 * the event.
 * 7. A handler never runs inside another: `step` and `runUntil` from within a handler are assertions.
 * 8. The event has left the kernel when its handler runs: its subject is not held, and if the handler throws, the
 * kernel goes on
 *    after it as if it had returned.
 * 9. What runs depends on what was scheduled alone: no wall clock, no randomness, no object identity.
 */
export class Kernel {
  private now: number;
  private executed = 0;
  private readonly executedMax: number;
  private running = false;
  private readonly queue = new EventQueue(CAPACITY_AT_FIRST);
  private readonly handlers: Handler<unknown>[] = [];
  private readonly subjects: unknown[] = [];
  private details = new Float64Array(CAPACITY_AT_FIRST);
  /** Slots that were used and are free again, a stack. */
  private freeSlots = new Int32Array(CAPACITY_AT_FIRST);
  private freeCount = 0;
  private usedSlots = 0;

  constructor(options: KernelOptions = {}) {
    this.now = options.startUs ?? 0;
    this.executedMax = options.eventsMax ?? Number.MAX_SAFE_INTEGER;
    assert(
      Number.isInteger(this.now) && this.now >= 0 && this.now < TIME_US_LIMIT,
      'a kernel starts at an integer time >= 0',
    );
  }

  /** The virtual time, us. */
  get nowUs(): number {
    return this.now;
  }

  /** Events scheduled and not yet run. */
  get pendingCount(): number {
    return this.usedSlots - this.freeCount;
  }

  /** Events run so far. */
  get executedCount(): number {
    return this.executed;
  }

  /** Runs `handler(subject, detail, atUs)` at this time: an integer, not below `nowUs`. */
  schedule<S>(atUs: number, handler: Handler<S>, subject: S, detail: number): void {
    if (!(atUs >= this.now) || atUs >= TIME_US_LIMIT || atUs !== Math.floor(atUs)) refuseTime(atUs, this.now);
    const slot = this.freeCount > 0 ? (this.freeSlots[--this.freeCount] ?? 0) : this.newSlot();
    this.handlers[slot] = handler;
    this.subjects[slot] = subject;
    this.details[slot] = detail;
    this.queue.insert(slot, atUs);
  }

  /** Time of the next event, us; Infinity when none is pending. */
  nextUs(): number {
    return this.queue.earliestUs();
  }

  /** Runs the next event; false when none is pending. */
  step(): boolean {
    return this.runEvents(TIME_US_LIMIT, 1) === 1;
  }

  /**
   * Runs every event due at or before `untilUs` (an integer >= `nowUs`), sets the clock to it, and tells how many ran.
   */
  runUntil(untilUs: number): number {
    if (!(untilUs >= this.now) || untilUs >= TIME_US_LIMIT || untilUs !== Math.floor(untilUs))
      refuseTime(untilUs, this.now);
    const count = this.runEvents(untilUs, Infinity);
    this.now = untilUs;
    return count;
  }

  private runEvents(untilUs: number, countMax: number): number {
    assert(!this.running, 'the kernel is not run from within a handler');
    this.running = true;
    let count = 0;
    try {
      while (count < countMax) {
        const slot = this.queue.take(untilUs);
        if (slot === NONE_DUE) break;
        this.runSlot(slot);
        count++;
      }
    } finally {
      this.running = false;
    }
    return count;
  }

  private runSlot(slot: number): void {
    const nowUs = this.queue.timeOf(slot);
    const handler = this.handlers[slot];
    const subject = this.subjects[slot];
    const detail = this.details[slot] ?? 0;
    this.subjects[slot] = undefined;
    this.freeSlots[this.freeCount++] = slot;
    this.now = nowUs;
    if (handler === undefined || ++this.executed > this.executedMax) refuseEvent(this.executedMax, nowUs);
    else handler(subject, detail, nowUs);
  }

  private newSlot(): number {
    const slot = this.usedSlots++;
    if (slot === this.details.length) {
      const capacity = slot * 2;
      const details = new Float64Array(capacity);
      details.set(this.details);
      this.details = details;
      // Empty here: a new slot is asked for only when none is free.
      this.freeSlots = new Int32Array(capacity);
      this.queue.grow(capacity);
    }
    return slot;
  }
}

function refuseTime(atUs: number, nowUs: number): never {
  throw new Error(
    `assertion failed: a time in the kernel is an integer from now (${nowUs} us) to 2^50 us, got ${atUs}`,
  );
}

function refuseEvent(executedMax: number, nowUs: number): never {
  throw new Error(`assertion failed: more than ${executedMax} events, at ${nowUs} us`);
}
