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

export class LinkOutbox {
  readonly #length: number;
  /** In order of `seq`: a Map keeps the order in which keys came. */
  readonly #unacked = new Map<number, OutboxEntry>();
  #unsent: OutboxEntry[] = [];
  #unsentFrom = 0;
  #lastSeq = 0;

  constructor(length: number) {
    this.#length = length;
  }

  get full(): boolean {
    return this.#unacked.size >= this.#length;
  }

  /** The lowest number that an acknowledgement is still awaited for; one beyond the last where there is none. */
  get low(): number {
    for (const seq of this.#unacked.keys()) return seq;
    return this.#lastSeq + 1;
  }

  /** False: no room. */
  add(id: MessageId, message: unknown, onAcked: OnAcked): boolean {
    if (this.#unacked.size >= 2 * this.#length) return false;
    const seq = this.#lastSeq + 1;
    const part = encodeMessage(seq, id, message);
    const bytesAtMost = part.length * 3;
    assert(bytesAtMost <= MESSAGE_BYTES_MAX || Buffer.byteLength(part) <= MESSAGE_BYTES_MAX, `${id} fits a frame`);
    const entry = { seq, id, message, onAcked, part };
    this.#lastSeq = seq;
    this.#unacked.set(seq, entry);
    this.#unsent.push(entry);
    return true;
  }

  /** A new connection: what the last one carried in vain goes again. */
  rewind(): void {
    this.#unsent = [...this.#unacked.values()];
    this.#unsentFrom = 0;
  }

  /** The next messages for one frame of about `chars` characters, at least one where any is unsent. */
  nextParts(chars: number): string[] {
    const parts: string[] = [];
    let room = chars;
    for (let entry = this.#unsent[this.#unsentFrom]; entry !== undefined; entry = this.#unsent[this.#unsentFrom]) {
      if (parts.length > 0 && entry.part.length > room) return parts;
      this.#unsentFrom += 1;
      if (!this.#unacked.has(entry.seq)) continue;
      room -= entry.part.length;
      parts.push(entry.part);
    }
    this.#unsent = [];
    this.#unsentFrom = 0;
    return parts;
  }

  /** Calls `onAcked` of each message of the runs, in their order; numbers that are not awaited are passed over. */
  acknowledge(runs: readonly AckRun[]): void {
    for (const { from, to, ok } of runs) {
      for (let seq = Math.max(from, this.low); seq <= Math.min(to, this.#lastSeq); seq += 1) {
        const entry = this.#unacked.get(seq);
        this.#unacked.delete(seq);
        entry?.onAcked(ok);
      }
    }
  }

  take(which: (message: UnackedMessage) => boolean): UnackedMessage[] {
    const taken = [...this.#unacked.values()].filter((entry) => which(entry));
    for (const { seq } of taken) this.#unacked.delete(seq);
    return taken.map(({ id, message, onAcked }) => ({ id, message, onAcked }));
  }
}
