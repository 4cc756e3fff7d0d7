/**
 * Slots by the time at which they are to be looked at, the first one first, of equal times the rule that is evaluated first: a
 * binary heap in two flat arrays. A slot may stand in it more than once; whoever takes it asks whether it is still so.
 */
import { present } from '#core/assert.ts';

/** A slot as far as its place in the queue depends on it. */
export interface QueuedSlot {
  readonly rule: { readonly ordinal: number };
}

export class WakeQueue<S extends QueuedSlot> {
  readonly #times: number[] = [];
  readonly #slots: S[] = [];

  /** The first time, ms; Infinity: nothing is here. */
  get first(): number {
    return this.#times[0] ?? Infinity;
  }

  get firstSlot(): S | undefined {
    return this.#slots[0];
  }

  push(at: number, slot: S): void {
    let place = this.#times.length;
    this.#times.push(at);
    this.#slots.push(slot);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isBefore(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  /** Takes the first slot away. */
  pop(): S {
    const slot = present(this.#slots[0], 'slot in the queue');
    const lastAt = this.#times.pop() ?? 0;
    const last = this.#slots.pop() ?? slot;
    if (this.#times.length === 0) return slot;
    this.#times[0] = lastAt;
    this.#slots[0] = last;
    this.#sink();
    return slot;
  }

  #sink(): void {
    const { length } = this.#times;
    let place = 0;
    for (;;) {
      const left = place * 2 + 1;
      if (left >= length) return;
      const child = left + 1 < length && this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(child, place)) return;
      this.#swap(child, place);
      place = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const difference = (this.#times[a] ?? 0) - (this.#times[b] ?? 0);
    return difference < 0 || (difference === 0 && this.#ordinalAt(a) < this.#ordinalAt(b));
  }

  #ordinalAt(place: number): number {
    return this.#slots[place]?.rule.ordinal ?? 0;
  }

  #swap(a: number, b: number): void {
    const at = this.#times[a] ?? 0;
    const slot = present(this.#slots[a], 'slot in the queue');
    this.#times[a] = this.#times[b] ?? 0;
    this.#slots[a] = present(this.#slots[b], 'slot in the queue');
    this.#times[b] = at;
    this.#slots[b] = slot;
  }
}
