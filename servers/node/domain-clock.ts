/**
 * The one pausable clock of a run: domain time, which machines and the crowd see, as a law over the computer's monotonic
 * clock. Every process of a run holds the same law, so all agree on the time without telling each other.
 */

/**
 * Domain ms = anchorDomainMs + (mono - anchorMonoMs) * speed, from `fromMonoMs` on. Speed 0 holds time. The launcher sets
 * `fromMonoMs` some 20 ms ahead, so that all processes change over at one moment. Monotonic times are ms of
 * `readMonoMs`, domain times epoch ms.
 */
export interface ClockLaw {
  readonly anchorMonoMs: number;
  readonly anchorDomainMs: number;
  readonly speed: number;
  readonly fromMonoMs: number;
}

/** The computer's monotonic clock in ms: the same in all its processes, and no one sets it. */
export function readMonoMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Domain ms that `law` gives at `monoMs`, with fractions. */
export function domainMsAt(law: ClockLaw, monoMs: number): number {
  return law.anchorDomainMs + (monoMs - law.anchorMonoMs) * law.speed;
}

/** The law that goes on from `law` without a jump, with another speed from `fromMonoMs` on. */
export function createNextLaw(law: ClockLaw, fromMonoMs: number, speed: number): ClockLaw {
  return { anchorMonoMs: fromMonoMs, anchorDomainMs: domainMsAt(law, fromMonoMs), speed, fromMonoMs };
}

export class DomainClock {
  readonly #mono: () => number;
  readonly #listeners = new Set<() => void>();
  #law: ClockLaw;
  /** Laws that don't hold yet, by `fromMonoMs`. */
  #coming: readonly ClockLaw[] = [];
  #lastUs = -Infinity;

  /** `law` holds at once, whatever its `fromMonoMs`. */
  constructor(law: ClockLaw, mono: () => number = readMonoMs) {
    this.#law = law;
    this.#mono = mono;
  }

  /** Domain time, integer epoch ms; never decreases. */
  now(): number {
    return Math.floor(this.nowUs() / 1_000);
  }

  /** Domain time, integer epoch us; never decreases, and agrees with `now`. */
  nowUs(): number {
    const monoMs = this.#mono();
    const us = Math.floor(domainMsAt(this.#lawAt(monoMs), monoMs) * 1_000);
    if (us > this.#lastUs) this.#lastUs = us;
    return this.#lastUs;
  }

  /** A law that is to hold from its `fromMonoMs` on (at once, if that is past); laws that were to come later are dropped. */
  set(law: ClockLaw): void {
    this.#lawAt(this.#mono());
    this.#coming = [...this.#coming.filter(({ fromMonoMs }) => fromMonoMs < law.fromMonoMs), law];
    for (const listener of this.#listeners) listener();
  }

  get paused(): boolean {
    return this.#lawAt(this.#mono()).speed === 0;
  }

  /** Domain ms in a ms of wall time; 0: paused. */
  get speed(): number {
    return this.#lawAt(this.#mono()).speed;
  }

  /**
   * Wall ms until the clock shows `domainMs`, by the law that holds and those that are known to come; 0: it is past;
   * Infinity: never, by what is known (a pause).
   */
  wallMsUntil(domainMs: number): number {
    const startMonoMs = this.#mono();
    let law = this.#lawAt(startMonoMs);
    if (Math.floor(this.#lastUs / 1_000) >= domainMs) return 0;
    let monoMs = startMonoMs;
    for (const next of this.#coming) {
      const dueMonoMs = monoMsOf(law, domainMs, monoMs);
      if (dueMonoMs <= next.fromMonoMs) return dueMonoMs - startMonoMs;
      law = next;
      monoMs = next.fromMonoMs;
    }
    return monoMsOf(law, domainMs, monoMs) - startMonoMs;
  }

  /** Calls `listener` whenever a law is set (not when it comes to hold). Gives back what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The law at `monoMs`; drops those that are over. */
  #lawAt(monoMs: number): ClockLaw {
    let next = this.#coming[0];
    while (next !== undefined && next.fromMonoMs <= monoMs) {
      this.#law = next;
      this.#coming = this.#coming.slice(1);
      next = this.#coming[0];
    }
    return this.#law;
  }
}

/** Monotonic ms, not before `fromMonoMs`, at which `law` reaches `domainMs`; Infinity: never. */
function monoMsOf(law: ClockLaw, domainMs: number, fromMonoMs: number): number {
  const missingMs = domainMs - domainMsAt(law, fromMonoMs);
  if (missingMs <= 0) return fromMonoMs;
  return law.speed > 0 ? fromMonoMs + missingMs / law.speed : Infinity;
}
