/**
 * The events of a visit that came last, so that one that is sent again is known. An event is the same when id and browser
 * time are the same. Costs nothing for an event that is newer than all that came, and little memory: a browser sends again
 * what it sent last and got no answer for.
 */

/** So many are remembered at least, and so many times the events of the largest request. */
const KEPT_MIN = 16;
const KEPT_REQUESTS = 4;

/** `T`: what is noted beside each event. */
export class KnownEvents<T> {
  readonly #ids: string[] = [];
  readonly #timestamps: number[] = [];
  readonly #notes: T[] = [];
  #latest = -Infinity;
  #keptMax = KEPT_MIN;

  /** The note of an event that came before; undefined: it is new, or so old that nobody sends it again. */
  find(eventID: string, timestamp: number): T | undefined {
    if (timestamp > this.#latest) return undefined;
    for (let index = this.#ids.length - 1; index >= 0; index -= 1) {
      if (this.#timestamps[index] === timestamp && this.#ids[index] === eventID) return this.#notes[index];
    }
    return undefined;
  }

  add(eventID: string, timestamp: number, note: T): void {
    this.#ids.push(eventID);
    this.#timestamps.push(timestamp);
    this.#notes.push(note);
    if (timestamp > this.#latest) this.#latest = timestamp;
  }

  /** Lets go of the oldest after a request of `size` events; those that `isSettled` denies stay, and all after them. */
  trim(size: number, isSettled: (note: T) => boolean): void {
    if (KEPT_REQUESTS * size > this.#keptMax) this.#keptMax = KEPT_REQUESTS * size;
    const { length } = this.#ids;
    if (length <= 2 * this.#keptMax) return;
    const firstOpen = this.#notes.findIndex((note) => !isSettled(note));
    const count = Math.min(length - this.#keptMax, firstOpen < 0 ? length : firstOpen);
    this.#ids.splice(0, count);
    this.#timestamps.splice(0, count);
    this.#notes.splice(0, count);
  }

  /** Notes `after` where `before` was noted. */
  replace(before: T, after: T): void {
    for (let index = this.#notes.lastIndexOf(before); index >= 0 && this.#notes[index] === before; index -= 1) {
      this.#notes[index] = after;
    }
  }
}
