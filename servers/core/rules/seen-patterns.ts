/** The event patterns of `seen` tests, each once: a visit keeps one time for each of them. */
import type { EventPattern } from './rule-package.ts';

export class SeenPatterns {
  readonly #places = new Map<string, number>();
  readonly #patterns: EventPattern[] = [];
  #longestMs = 0;

  get patterns(): readonly EventPattern[] {
    return this.#patterns;
  }

  /** The longest time for which one of them is asked back, ms. */
  get longestMs(): number {
    return this.#longestMs;
  }

  /** The pattern's place. `withinMs`: how far back it is asked for; null: in the whole visit. */
  add(pattern: EventPattern, withinMs: number | null): number {
    this.#longestMs = Math.max(this.#longestMs, withinMs ?? 0);
    const key = JSON.stringify(pattern);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.#patterns.length);
    return this.#patterns.push(pattern) - 1;
  }
}
