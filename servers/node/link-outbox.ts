/**
 * The sending half of a link: numbers messages, keeps them until they are acknowledged, and says what goes out next.
 * After a reconnection everything that is not acknowledged goes out again, in order.
 */
import { assert } from '#core/assert.ts';
import { encodeMessage, MESSAGE_BYTES_MAX, type AckRun } from '#node/link-frame.ts';
import type { MessageId, OnAcked, UnackedMessage } from '#node/link-peer.ts';

interface OutboxEntry extends UnackedMessage {
  readonly seq: number;
  readonly part: string;
}

/** Numbers that have been acknowledged may stay in memory before they are cut off. */
const ACKED_MAX = 4_096;

export class LinkOutbox {
  readonly #length: number;
  /** By number, from `#base` on; undefined: acknowledged or taken. A Map would walk over all that it has forgotten. */
  #entries: (OutboxEntry | undefined)[] = [];
  #base = 1;
  /** The first that is not undefined, in `#entries`. */
  #first = 0;
  #count = 0;
  /** The first that the connection of the moment has not carried. */
  #unsent = 1;
  #lastSeq = 0;

  constructor(length: number) {
    this.#length = length;
  }

  get full(): boolean {
    return this.#count >= this.#length;
  }

  /** The lowest number that an acknowledgement is still awaited for; one beyond the last where there is none. */
  get low(): number {
    return this.#base + this.#first;
  }

  /** False: no room. */
  add(id: MessageId, message: unknown, onAcked: OnAcked): boolean {
    if (this.#count >= 2 * this.#length) return false;
    const seq = this.#lastSeq + 1;
    const part = encodeMessage(seq, id, message);
    const bytesAtMost = part.length * 3;
    if (bytesAtMost > MESSAGE_BYTES_MAX) {
      assert(Buffer.byteLength(part) <= MESSAGE_BYTES_MAX, `${id} fits a frame`);
    }
    this.#lastSeq = seq;
    this.#count += 1;
    this.#entries.push({ seq, id, message, onAcked, part });
    return true;
  }

  /** A new connection: what the last one carried in vain goes again. */
  rewind(): void {
    this.#unsent = this.low;
  }

  /** The next messages for one frame of about `chars` characters, at least one where any is unsent. */
  nextParts(chars: number): string[] {
    const parts: string[] = [];
    let room = chars;
    for (let seq = Math.max(this.#unsent, this.low); seq <= this.#lastSeq; seq += 1) {
      const entry = this.#entries[seq - this.#base];
      if (entry !== undefined) {
        if (parts.length > 0 && entry.part.length > room) return parts;
        room -= entry.part.length;
        parts.push(entry.part);
      }
      this.#unsent = seq + 1;
    }
    return parts;
  }

  /** Calls `onAcked` of each message of the runs, in their order; numbers that are not awaited are passed over. */
  acknowledge(runs: readonly AckRun[]): void {
    for (const { from, to, ok } of runs) {
      for (let seq = Math.max(from, this.low); seq <= Math.min(to, this.#lastSeq); seq += 1) {
        this.#remove(seq)?.onAcked(ok);
      }
    }
  }

  take(which: (message: UnackedMessage) => boolean): UnackedMessage[] {
    const unacked = this.#entries.filter((entry) => entry !== undefined);
    const taken = unacked.filter((entry) => which(entry));
    for (const { seq } of taken) this.#remove(seq);
    return taken.map(({ id, message, onAcked }) => ({ id, message, onAcked }));
  }

  #remove(seq: number): OutboxEntry | undefined {
    const entry = this.#entries[seq - this.#base];
    if (entry === undefined) return undefined;
    this.#entries[seq - this.#base] = undefined;
    this.#count -= 1;
    while (this.#first < this.#entries.length && this.#entries[this.#first] === undefined) this.#first += 1;
    if (this.#first === this.#entries.length || this.#first === ACKED_MAX) {
      this.#entries = this.#entries.slice(this.#first);
      this.#base += this.#first;
      this.#first = 0;
    }
    return entry;
  }
}
