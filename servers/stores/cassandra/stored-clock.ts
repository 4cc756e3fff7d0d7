/** When rows were stored, µs since 1970 and never twice: the order of storing, also over restarts of the process. */

export class StoredClock {
  #last = 0;

  /** The first of `count` moments in a row, all later than any before and than `after`. */
  take(count: number, after = 0): number {
    const first = Math.max(Date.now() * 1_000, this.#last + 1, after + 1);
    this.#last = first + count - 1;
    return first;
  }
}
