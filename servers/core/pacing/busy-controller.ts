/**
 * Keeps the busy promise with the least abandonment: one integrator whose range is split. Below zero it opens the limit on
 * idle slots, which costs nothing; only above zero does it accept risk.
 */
const speedPerSecond = 0.01;
const stateMin = -2.5;
const stateStart = 5.3;
const riskMin = 1e-4;
const riskMax = 0.9;
/** Half a point above the goal, so that "at least" holds. */
const goalMargin = 0.005;

export class BusyController {
  readonly #setpoint: number;
  #state = stateStart;

  constructor(goalShare: number) {
    this.#setpoint = goalShare + goalMargin;
  }

  /** `busyShare` over the elapsed time. */
  observed(busyShare: number, elapsedSeconds: number): void {
    const moved = this.#state + speedPerSecond * (this.#setpoint - busyShare) * elapsedSeconds;
    this.#state = Math.min(Math.log(riskMax / riskMin), Math.max(stateMin, moved));
  }

  get riskLimit(): number {
    return riskMin * Math.exp(Math.max(0, this.#state));
  }

  /** Invites go out only while more slots than this are expected idle. */
  idleLimit(slots: number): number {
    const busy = Math.min(0.99, this.#setpoint + 0.1 + 0.1 * Math.min(0, this.#state));
    return (1 - busy) * slots;
  }
}
