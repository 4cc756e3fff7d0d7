/**
 * The events of a visit that came last, so that one that is sent again is known. An event is the same when id and browser
 * time are the same. Costs nothing for an event that is newer than all that came, and little memory: a browser sends again
 * what it sent last and got no answer for.
 */

/** So many are remembered, and so many times the events of the largest request. */
const KEPT_MIN = 16;
const KEPT_REQUESTS = 4;

export class KnownEvents {
  /** Rings, once they are full: the next event takes the place of the oldest. */
  readonly #ids: string[] = [];
  readonly #timestamps: number[] = [];
  #oldest = 0;
  #latest = -Infinity;
  #keptMax = KEPT_MIN;

  /** Whether it is newer than all that came; then nobody need look for it. */
  isNewest(timestamp: number): boolean {
    return timestamp > this.#latest;
  }

  has(eventID: string, timestamp: number): boolean {
    for (let place = this.#timestamps.length - 1; place >= 0; place -= 1) {
      if (this.#timestamps[place] === timestamp && this.#ids[place] === eventID) return true;
    }
    return false;
  }

  /** Remembers one of the `size` events of a request. */
  add(eventID: string, timestamp: number, size: number): void {
    if (timestamp > this.#latest) this.#latest = timestamp;
    if (KEPT_REQUESTS * size > this.#keptMax) this.#grow(KEPT_REQUESTS * size);
    if (this.#ids.length < this.#keptMax) {
      this.#ids.push(eventID);
      this.#timestamps.push(timestamp);
      return;
    }
    this.#ids[this.#oldest] = eventID;
    this.#timestamps[this.#oldest] = timestamp;
    this.#oldest = this.#oldest + 1 === this.#keptMax ? 0 : this.#oldest + 1;
  }

  /** The oldest moves to the first place, so that there is room behind the last. */
  #grow(keptMax: number): void {
    this.#ids.push(...this.#ids.splice(0, this.#oldest));
    this.#timestamps.push(...this.#timestamps.splice(0, this.#oldest));
    this.#oldest = 0;
    this.#keptMax = keptMax;
  }
}
