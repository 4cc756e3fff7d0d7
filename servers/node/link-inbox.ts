/**
 * The receiving half of a link, for one numbering of one incarnation of the sender: tells what is new, what is being
 * worked on and what is done, and gathers the acknowledgements.
 *
 * Every connection begins with the lowest message that the sender has no acknowledgement for, and carries them in
 * order; so all that is not above the highest number seen has been seen, and the memory is that number, the messages
 * in hand, and the failures that the sender may not have heard of.
 */
import type { AckRun } from '#node/link-frame.ts';

export class LinkInbox {
  #highest = 0;
  readonly #inHand = new Set<number>();
  readonly #failed = new Set<number>();
  #acks: { from: number; to: number; ok: boolean }[] = [];

  /** Whether the message is new and must be delivered. One that is done already is acknowledged once more. */
  arrive(seq: number): boolean {
    if (seq > this.#highest) {
      this.#highest = seq;
      this.#inHand.add(seq);
      return true;
    }
    if (!this.#inHand.has(seq)) this.#acknowledge(seq, !this.#failed.has(seq));
    return false;
  }

  /** The message is done with; only the first call counts. */
  finish(seq: number, ok: boolean): void {
    if (!this.#inHand.delete(seq)) return;
    if (!ok) this.#failed.add(seq);
    this.#acknowledge(seq, ok);
  }

  /** The sender has heard of everything below `low`. */
  forgetBelow(low: number): void {
    for (const seq of this.#failed) if (seq < low) this.#failed.delete(seq);
  }

  get hasAcks(): boolean {
    return this.#acks.length > 0;
  }

  takeAcks(): readonly AckRun[] {
    const acks = this.#acks;
    this.#acks = [];
    return acks;
  }

  #acknowledge(seq: number, ok: boolean): void {
    const last = this.#acks.at(-1);
    if (last !== undefined && last.ok === ok && last.to + 1 === seq) last.to = seq;
    else this.#acks.push({ from: seq, to: seq, ok });
  }
}
