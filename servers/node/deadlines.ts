/**
 * Deadlines that are all equally far away, so that they fall due in the order in which they were set: one timer of Node
 * for however many wait, where one each costs more than much of what it guards.
 */

export class Deadlines<K> {
  readonly #ms: number;
  readonly #onDue: (key: K) => void;
  /** When each is due, in that order. */
  readonly #due = new Map<K, number>();
  #timer: NodeJS.Timeout | undefined;

  /** `ms`: wall ms from `add` to `onDue`, which is called once for a key that is still there. */
  constructor(ms: number, onDue: (key: K) => void) {
    this.#ms = ms;
    this.#onDue = onDue;
  }

  /** A key that is not there. */
  add(key: K): void {
    this.#due.set(key, performance.now() + this.#ms);
    this.#timer ??= setTimeout(this.#ring, this.#ms);
  }

  delete(key: K): void {
    this.#due.delete(key);
  }

  /** Drops all that wait. */
  close(): void {
    this.#due.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Comes for nothing where the first has been deleted: then it waits for the one that is first now. */
  readonly #ring = (): void => {
    this.#timer = undefined;
    const nowMs = performance.now();
    for (const [key, dueMs] of this.#due) {
      if (dueMs > nowMs) {
        this.#timer ??= setTimeout(this.#ring, Math.ceil(dueMs - nowMs));
        return;
      }
      this.#due.delete(key);
      this.#onDue(key);
    }
  };
}
