/** The ids of a visit's last events that concerned a rule, so that an event delivered twice counts once. */

/** How many are remembered. */
export const RECENT_EVENTS_MAX = 32;

export class RecentEvents {
  readonly #ids: string[] = [];
  /** A number made of each id's end, which is nearly always enough to tell that two ids differ. */
  readonly #prints: number[] = [];
  #next = 0;

  /** Remembers the id; false where it is remembered already. */
  add(id: string): boolean {
    const print = fingerprint(id);
    const prints = this.#prints;
    for (let i = 0; i < prints.length; i += 1) {
      if (prints[i] === print && this.#ids[i] === id) return false;
    }
    this.#ids[this.#next] = id;
    prints[this.#next] = print;
    this.#next = (this.#next + 1) % RECENT_EVENTS_MAX;
    return true;
  }
}

/** An integer of 30 bits, which V8 keeps in place. */
function fingerprint(id: string): number {
  let print = id.length;
  for (let i = Math.max(0, id.length - 8); i < id.length; i += 1)
    print = (Math.imul(print, 31) + id.charCodeAt(i)) & 0x3fffffff;
  return print;
}
