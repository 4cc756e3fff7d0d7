/**
 * When visits want to be woken, in the order of time: a binary heap with at most one entry a visit, the earliest that was asked for.
 * So it never holds more than the visits that have something to wait for, however often they ask.
 */

interface WakeUp {
  readonly visitID: string;
  /** Ms. */
  at: number;
  /** Equal times come out in the order in which they were asked for. */
  serial: number;
  /** Its place in the heap. */
  index: number;
}

/**
 * Invariants: the entry at `index` is no later than those at `2 index + 1` and `2 index + 2`; each entry knows its index; `byVisit`
 * has exactly the entries of the heap.
 */
export class WakeUps {
  readonly #heap: WakeUp[] = [];
  readonly #byVisit = new Map<string, WakeUp>();
  #serial = 0;

  /** Visits that wait. */
  get size(): number {
    return this.#heap.length;
  }

  /** The earliest time that is asked for, ms; Infinity: none. */
  get nextAt(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  /** Asks to wake the visit at `at`; a later time than the visit has asked for before changes nothing. */
  ask(visitID: string, at: number): void {
    const known = this.#byVisit.get(visitID);
    if (known !== undefined && known.at <= at) return;
    this.#serial += 1;
    const wakeUp = known ?? { visitID, at, serial: this.#serial, index: this.#heap.length };
    if (known === undefined) this.#byVisit.set(visitID, wakeUp);
    wakeUp.at = at;
    wakeUp.serial = this.#serial;
    this.#moveUp(wakeUp);
  }

  /** Takes the earliest visit out; undefined: nobody waits. */
  take(): string | undefined {
    const first = this.#heap[0];
    if (first !== undefined) this.#remove(first);
    return first?.visitID;
  }

  /** The visit is over: nobody wakes it. */
  forget(visitID: string): void {
    const known = this.#byVisit.get(visitID);
    if (known !== undefined) this.#remove(known);
  }

  #remove(wakeUp: WakeUp): void {
    this.#byVisit.delete(wakeUp.visitID);
    const last = this.#heap.pop();
    if (last === undefined || last === wakeUp) return;
    last.index = wakeUp.index;
    this.#moveUp(last);
    this.#moveDown(last);
  }

  #moveUp(wakeUp: WakeUp): void {
    let { index } = wakeUp;
    while (index > 0) {
      const parent = this.#heap[(index - 1) >> 1];
      if (parent === undefined || !isBefore(wakeUp, parent)) break;
      this.#place(parent, index);
      index = (index - 1) >> 1;
    }
    this.#place(wakeUp, index);
  }

  #moveDown(wakeUp: WakeUp): void {
    let { index } = wakeUp;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      if (left === undefined) break;
      const child = right !== undefined && isBefore(right, left) ? right : left;
      if (!isBefore(child, wakeUp)) break;
      const below = child.index;
      this.#place(child, index);
      index = below;
    }
    this.#place(wakeUp, index);
  }

  #place(wakeUp: WakeUp, index: number): void {
    wakeUp.index = index;
    this.#heap[index] = wakeUp;
  }
}

function isBefore(a: WakeUp, b: WakeUp): boolean {
  return a.at < b.at || (a.at === b.at && a.serial < b.serial);
}
