/**
 * Keeps the busy promise with the least abandonment: one integrator whose range is split. Below zero it opens the limit on
 * idle slots, which costs nothing; only above zero does it accept risk.
 *
 *     s <- clamp(s + 0.01 (setpoint - busy) seconds, -2.5, ln(0.9 / 1e-4)),  risk limit = 1e-4 exp(max(0, s))
 *     idle slots expected at the last horizon > (1 - busy') S,  busy' = min(0.99, setpoint + 0.1 + 0.1 min(0, s))
 */
const speedPerSecond = 0.01;
const stateMin = -2.5;
const stateStart = 5.3;
const riskMin = 1e-4;
const riskMax = 0.9;
/** The expected busy share is never asked to be higher. */
const busyShareMax = 0.99;
/** Half a point above the goal, so that "at least" holds in spite of noise. */
const goalMarginShare = 0.005;

export class BusyController {
  readonly #setpointShare: number;
  #state = stateStart;

  constructor(goalShare: number) {
    this.#setpointShare = goalShare + goalMarginShare;
  }

  /** How busy the slots were over the elapsed time. */
  observed(busyShare: number, elapsedSeconds: number): void {
    const moved = this.#state + speedPerSecond * (this.#setpointShare - busyShare) * elapsedSeconds;
    this.#state = Math.min(Math.log(riskMax / riskMin), Math.max(stateMin, moved));
  }

  /** The integrator, which is all that it knows. */
  get state(): number {
    return this.#state;
  }

  restore(state: number): void {
    this.#state = state;
  }

  get riskLimit(): number {
    return riskMin * Math.exp(Math.max(0, this.#state));
  }

  /**
   * Invites go out only while more slots than this are expected to be idle. Where leads are scarce and the goal is not reached
   * yet no lead is refused for that: a place kept free now can't be filled at will later.
   */
  idleLimit(slots: number, leadsScarce: boolean): number {
    const share = this.#setpointShare + 0.1 + 0.1 * Math.min(0, this.#state);
    const busyShare = leadsScarce && this.#state >= 0 ? busyShareMax : Math.min(busyShareMax, share);
    return (1 - busyShare) * slots;
  }
}
