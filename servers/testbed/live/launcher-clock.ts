/** The launcher's hand on the run's one clock: every change is one law, made here and told to all, that comes to hold a moment later. */
import { createNextLaw, DomainClock, readMonoMs, type ClockLaw } from '#node/domain-clock.ts';
import { DomainTimers } from '#node/domain-timers.ts';
import { assert } from '#core/assert.ts';

/** Long enough to reach all processes before it holds. */
const AHEAD_MS = 20;

export class LauncherClock {
  readonly clock: DomainClock;
  /** On domain time, for what the launcher does by schedule. */
  readonly timers: DomainTimers;
  readonly #tell: (law: ClockLaw) => void;
  #law: ClockLaw;
  /** To go on with after a pause. */
  #speed = 1;

  /** Stands still at `startsAtMs` (epoch ms) until `resume`. */
  constructor(startsAtMs: number, tell: (law: ClockLaw) => void) {
    const nowMs = readMonoMs();
    this.#law = { anchorMonoMs: nowMs, anchorDomainMs: startsAtMs, speed: 0, fromMonoMs: nowMs };
    this.clock = new DomainClock(this.#law);
    this.timers = new DomainTimers(this.clock);
    this.#tell = tell;
  }

  /** The newest law, which a node that starts now gets. */
  get law(): ClockLaw {
    return this.#law;
  }

  get speed(): number {
    return this.#law.speed;
  }

  /** Domain time, epoch ms. */
  now(): number {
    return this.clock.now();
  }

  pause(): void {
    this.#change(0);
  }

  resume(): void {
    this.#change(this.#speed);
  }

  /** Domain ms in a ms of wall time, > 0; in a pause it holds from the resume on. */
  setSpeed(speed: number): void {
    assert(speed > 0 && Number.isFinite(speed), 'a speed is a positive number: pause to hold the clock');
    this.#speed = speed;
    if (this.#law.speed !== 0) this.#change(speed);
  }

  #change(speed: number): void {
    // A change within the notice of the one before holds after it.
    const fromMonoMs = Math.max(readMonoMs() + AHEAD_MS, this.#law.fromMonoMs);
    this.#law = createNextLaw(this.#law, fromMonoMs, speed);
    this.clock.set(this.#law);
    this.#tell(this.#law);
  }

  close(): void {
    this.timers.close();
  }
}
