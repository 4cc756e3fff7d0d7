/** The event list of the test simulators: a plain binary heap ordered by (time, order of scheduling). */
export interface Happening<Kind> {
  readonly at: number;
  readonly serial: number;
  readonly kind: Kind;
  readonly id: number;
}

export class Calendar<Kind> {
  readonly #heap: Happening<Kind>[] = [];
  #serial = 0;

  add(at: number, kind: Kind, id: number): void {
    const heap = this.#heap;
    const item = { at, serial: this.#serial, kind, id };
    this.#serial += 1;
    let place = heap.length;
    while (place > 0) {
      const up = (place - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !isBefore(item, parent)) break;
      heap[place] = parent;
      place = up;
    }
    heap[place] = item;
  }

  take(): Happening<Kind> | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let down = 2 * place + 1;
      let least = heap[down];
      const right = heap[down + 1];
      if (least !== undefined && right !== undefined && isBefore(right, least)) {
        down += 1;
        least = right;
      }
      if (least === undefined || !isBefore(least, last)) break;
      heap[place] = least;
      place = down;
    }
    heap[place] = last;
    return first;
  }
}

function isBefore(a: Happening<unknown>, b: Happening<unknown>): boolean {
  return a.at < b.at || (a.at === b.at && a.serial < b.serial);
}
