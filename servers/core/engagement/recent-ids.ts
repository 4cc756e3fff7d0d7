/** Remembers the newest ids, at least `kept` and at most twice as many, at a constant price for each. */
export class RecentIds {
  readonly #kept: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  constructor(kept: number) {
    this.#kept = kept;
  }

  has(id: string): boolean {
    return this.#newer.has(id) || this.#older.has(id);
  }

  add(id: string): void {
    this.#newer.add(id);
    if (this.#newer.size < this.#kept) return;
    this.#older = this.#newer;
    this.#newer = new Set();
  }
}
