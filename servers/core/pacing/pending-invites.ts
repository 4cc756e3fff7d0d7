/** The invites that are out: when each was sent, how far the response estimator has followed it, and their ages for a decision. */
import { assert, present } from '../assert.ts';

export interface PendingInvite {
  readonly id: string;
  readonly sentAt: number;
  /** Age in whole seconds up to which it was counted. */
  countedSeconds: number;
}

export class PendingInvites {
  readonly #invites: PendingInvite[] = [];
  readonly #places = new Map<string, number>();
  #ages = new Float64Array(32);

  get count(): number {
    return this.#invites.length;
  }

  get all(): readonly PendingInvite[] {
    return this.#invites;
  }

  add(id: string, at: number, countedSeconds = 0): void {
    assert(!this.#places.has(id), `invite ${id} permitted twice`);
    this.#places.set(id, this.#invites.length);
    this.#invites.push({ id, sentAt: at, countedSeconds });
  }

  /** Takes it out; the last one moves into its place. */
  remove(id: string): PendingInvite {
    const place = present(this.#places.get(id), `pending invite ${id}`);
    const removed = present(this.#invites[place], 'invite');
    const last = present(this.#invites.pop(), 'invite');
    this.#places.delete(id);
    if (last !== removed) {
      this.#invites[place] = last;
      this.#places.set(last.id, place);
    }
    return removed;
  }

  /** Ages in seconds, in the first `count` cells; overwritten by the next call. */
  ages(at: number): Float64Array {
    const { length } = this.#invites;
    if (length > this.#ages.length) this.#ages = new Float64Array(2 * length);
    for (let i = 0; i < length; i += 1) this.#ages[i] = (at - (this.#invites[i]?.sentAt ?? at)) / 1000;
    return this.#ages;
  }
}
