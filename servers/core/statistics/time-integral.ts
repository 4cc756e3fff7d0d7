/**
 * The integral of a level over time (slot-seconds, waiting chats ...): exact, since levels only change when they are
 * set.
 */
export class TimeIntegral {
  #level = 0;
  #since = 0;
  #total = 0;

  get level(): number {
    return this.#level;
  }

  /** The level is `level` from `at` (ms) on. */
  set(level: number, at: number): void {
    this.#total += this.#level * (at - this.#since);
    this.#since = at;
    this.#level = level;
  }

  /** Level times ms from time 0 until `at`, which lies not before the last `set`. */
  until(at: number): number {
    return this.#total + this.#level * (at - this.#since);
  }
}
