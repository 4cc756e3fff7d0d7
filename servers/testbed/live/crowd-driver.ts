/**
 * The simulator's kernel run in real time: what is due by the domain clock runs, and between two events the process
 * sleeps. The people of the crowd notice no difference to virtual time.
 */
import { assert } from '#core/assert.ts';
import { Kernel, type Handler } from '#sim/kernel.ts';

/** The domain clock as the crowd needs it; `DomainClock` of #node is one. */
export interface CrowdClock {
  /** Domain time, us since the epoch; never decreasing, standing still in a pause. */
  nowUs(): number;
  /** Domain ms in a ms of wall time; 0: paused. */
  readonly speed: number;
  /** Wall ms until a domain time (epoch ms) by all that is known to come; Infinity: never, by that. */
  wallMsUntil(domainMs: number): number;
  /** Calls when the clock's law changes; returns how to stop that. */
  onChange(listener: () => void): () => void;
}

/** Domain time that is run at a stretch before the wall clock is looked at again. */
const STRETCH_US = 10_000;
/** Wall time that is run at a stretch before sockets get their turn. */
const TURN_WALL_MS = 5;
const TIMER_WALL_MS_MAX = 60_000;
/** Timers fire up to so much late: a sleep ends early, and the rest is slept anew. */
const TIMER_EARLY_MS = 1;

/**
 * Invariants:
 * 1. Before `begin` the kernel is run by hand (the unwatched past); after it by the clock alone.
 * 2. A handler sees the time that it was scheduled for, however late it runs.
 * 3. In a pause nothing runs; what comes in from outside (`enter`) waits for its end.
 */
export class CrowdDriver {
  readonly kernel = new Kernel();
  readonly #clock: CrowdClock;
  /** Domain time of kernel time 0, us. */
  readonly #zeroUs: number;
  readonly #stopListening: () => void;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #state: 'byHand' | 'live' | 'closed' = 'byHand';
  #pumping = false;
  #lagMsMax = 0;

  constructor(clock: CrowdClock, zeroUs: number) {
    this.#clock = clock;
    this.#zeroUs = zeroUs;
    this.#stopListening = clock.onChange(() => this.#pump());
  }

  /** From now on the clock drives. */
  begin(): void {
    assert(this.#state === 'byHand', 'a crowd begins once');
    this.#state = 'live';
    this.#pump();
  }

  close(): void {
    this.#state = 'closed';
    this.#stopListening();
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
  }

  get paused(): boolean {
    return this.#clock.speed === 0;
  }

  /** The browsers' clock: domain time, epoch ms. */
  get at(): number {
    return Math.floor(this.#clock.nowUs() / 1_000);
  }

  /** How long ago, in wall ms, something was due; 0 while the kernel is run by hand. */
  latenessMs(atUs: number): number {
    if (this.#state !== 'live') return 0;
    const { speed } = this.#clock;
    return speed === 0 ? 0 : Math.max(0, (this.#kernelUs() - atUs) / 1_000) / speed;
  }

  /** The largest lateness of a wake-up since the last call, wall ms. */
  takeLagMs(): number {
    const lagMs = this.#lagMsMax;
    this.#lagMsMax = 0;
    return lagMs;
  }

  /** Something from outside: runs at once at the clock's time, in a pause when it ends. */
  enter<S>(handler: Handler<S>, subject: S, detail: number): void {
    if (this.#state === 'closed') return;
    const nowUs = Math.max(this.kernel.nowUs, this.#kernelUs());
    this.kernel.schedule(nowUs, handler, subject, detail);
    this.#pump();
  }

  #kernelUs(): number {
    return Math.floor(this.#clock.nowUs() - this.#zeroUs);
  }

  readonly #pump = (): void => {
    if (this.#state !== 'live' || this.#pumping) return;
    if (!this.paused) {
      const dueUs = this.kernel.nextUs();
      if (dueUs <= this.#kernelUs()) this.#lagMsMax = Math.max(this.#lagMsMax, this.latenessMs(dueUs));
      this.#pumping = true;
      try {
        this.#runDue();
      } finally {
        this.#pumping = false;
      }
    }
    this.#arm();
  };

  #runDue(): void {
    const startedMs = performance.now();
    for (;;) {
      const untilUs = this.#kernelUs();
      const { nowUs } = this.kernel;
      if (untilUs < nowUs) return;
      const stretchUs = Math.min(untilUs, nowUs + STRETCH_US);
      this.kernel.runUntil(stretchUs);
      if (stretchUs === untilUs || performance.now() - startedMs > TURN_WALL_MS) return;
    }
  }

  #arm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    const nextUs = this.kernel.nextUs();
    if (this.#state !== 'live' || nextUs === Infinity) return;
    const dueMs = (nextUs + this.#zeroUs) / 1_000;
    // In a pause also what is due waits until the clock goes on.
    const wallMs = this.#clock.wallMsUntil(this.paused ? Math.max(dueMs, this.at + 1) : dueMs);
    if (wallMs === Infinity) return;
    if (wallMs <= 0) this.#turn = setImmediate(this.#pump);
    else this.#timer = setTimeout(this.#pump, Math.max(1, Math.min(wallMs - TIMER_EARLY_MS, TIMER_WALL_MS_MAX)));
  }
}
