/**
 * Arrivals as an open workload: each starts when the clock says, whatever became of those before it. How late it started
 * is measured; what could not start in time is dropped and counted, never started later as if nothing had been.
 */
import type { Arrivals } from '#crowd/arrivals.ts';
import type { CrowdDriver } from './crowd-driver.ts';
import { LatenessHistogram } from './crowd-lateness.ts';

export interface CrowdArrivalsParts {
  readonly driver: CrowdDriver;
  readonly arrivals: Arrivals;
  /** Later than this, wall ms, is dropped. */
  readonly latenessMsMax: number;
  /** Is there room for one more? */
  readonly hasRoom: () => boolean;
  /** The arrival with this number (1 for the first), at its kernel time. */
  readonly arrive: (ordinal: number, nowUs: number) => void;
}

export class CrowdArrivals {
  readonly lateness = new LatenessHistogram();
  /** Arrivals since `watch`. */
  started = 0;
  /** Too late, or no room. */
  dropped = 0;
  readonly #parts: CrowdArrivalsParts;
  #ordinal = 0;
  #watched = false;

  constructor(parts: CrowdArrivalsParts) {
    this.#parts = parts;
    this.#scheduleNext();
  }

  /** From now on arrivals are counted and measured. */
  watch(): void {
    this.#watched = true;
  }

  #scheduleNext(): void {
    const { arrivals, driver } = this.#parts;
    const atUs = arrivals.next();
    if (atUs === Infinity) return;
    driver.kernel.schedule(Math.max(driver.kernel.nowUs, Math.floor(atUs)), this.#arrival, undefined, 0);
  }

  readonly #arrival = (_subject: unknown, _detail: number, nowUs: number): void => {
    const { driver, latenessMsMax, hasRoom, arrive } = this.#parts;
    this.#ordinal += 1;
    if (!this.#watched) {
      arrive(this.#ordinal, nowUs);
    } else {
      const latenessMs = driver.latenessMs(nowUs);
      this.lateness.add(latenessMs);
      if (latenessMs <= latenessMsMax && hasRoom()) {
        this.started += 1;
        arrive(this.#ordinal, nowUs);
      } else {
        this.dropped += 1;
      }
    }
    this.#scheduleNext();
  };
}
