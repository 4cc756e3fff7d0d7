/**
 * Questions about pacing on their way to the contact center and back. Who only wants to know shares an answer for at most a
 * refresh period, since pacing moves no faster; a visitor who looks for help is asked about by himself, as he is counted.
 */
import type { PacingAsked } from '#core/messages.ts';
import type { PacingInquiry, PacingReply } from '#core/pacing/pacing-inquiry.ts';
import { OperatingError } from '#protocol/operating-error.ts';

export interface PacingInquiriesParts {
  /** Begins the ids of questions: unique for this life of the node. */
  readonly prefix: string;
  readonly deliver: (input: PacingAsked) => void;
  /** Why the contact center can not be asked now; null: it can. */
  readonly door: () => string | null;
  /** Domain time, ms, in which an answer is good for others. */
  readonly now: () => number;
  readonly sharedMsMax: number;
}

/** An answer that has not come after so long, wall ms, is not waited for. */
const ANSWER_MS_MAX = 4_000;
/** Different questions of one period that are remembered. */
const SHARED_MAX = 100;

interface Shared {
  readonly at: number;
  readonly reply: Promise<PacingReply>;
}

export class PacingInquiries {
  readonly #parts: PacingInquiriesParts;
  readonly #waiting = new Map<string, (reply: PacingReply) => void>();
  readonly #shared = new Map<string, Shared>();
  #asked = 0;

  constructor(parts: PacingInquiriesParts) {
    this.#parts = parts;
  }

  /** Rejects with UNAVAILABLE while the contact center is away, or does not answer. */
  async ask(inquiry: PacingInquiry): Promise<PacingReply> {
    const shut = this.#parts.door();
    if (shut !== null) throw new OperatingError('UNAVAILABLE', shut);
    return inquiry.asker === null ? this.#share(inquiry) : this.#send(inquiry);
  }

  answered(askId: string, reply: PacingReply): void {
    this.#waiting.get(askId)?.(reply);
  }

  #share(inquiry: PacingInquiry): Promise<PacingReply> {
    const { now, sharedMsMax } = this.#parts;
    const key = JSON.stringify(inquiry);
    const known = this.#shared.get(key);
    const at = now();
    if (known !== undefined && at - known.at < sharedMsMax) return known.reply;
    if (this.#shared.size >= SHARED_MAX) this.#shared.clear();
    const reply = this.#send(inquiry);
    this.#shared.set(key, { at, reply });
    reply.catch(() => this.#shared.delete(key));
    return reply;
  }

  #send(inquiry: PacingInquiry): Promise<PacingReply> {
    this.#asked += 1;
    const askId = `${this.#parts.prefix}.${this.#asked}`;
    const { promise, resolve, reject } = Promise.withResolvers<PacingReply>();
    const timer = setTimeout(
      () => reject(new OperatingError('UNAVAILABLE', 'the contact center has not answered')),
      ANSWER_MS_MAX,
    );
    this.#waiting.set(askId, resolve);
    this.#parts.deliver({ type: 'pacingAsked', askId, inquiry });
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(askId);
    });
  }
}
