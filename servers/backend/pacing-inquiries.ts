/**
 * Questions about pacing on their way to the contact center and back. Who only wants to know shares an answer for at most a
 * refresh period, since pacing moves no faster; a visitor who looks for help is asked about by himself, as he is counted.
 */
import type { PacingAsked } from '#core/messages.ts';
import type { PacingInquiry, PacingReply } from '#core/pacing/pacing-inquiry.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { AwaitedAnswers } from './awaited-answers.ts';

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

/** Different questions of one period that are remembered. */
const SHARED_MAX = 100;

interface Shared {
  readonly at: number;
  readonly reply: Promise<PacingReply>;
}

export class PacingInquiries {
  readonly #parts: PacingInquiriesParts;
  readonly #answers: AwaitedAnswers<PacingReply>;
  readonly #shared = new Map<string, Shared>();

  constructor(parts: PacingInquiriesParts) {
    this.#parts = parts;
    this.#answers = new AwaitedAnswers(parts.prefix);
  }

  /** Rejects with UNAVAILABLE while the contact center is away, or does not answer. */
  async ask(inquiry: PacingInquiry): Promise<PacingReply> {
    const shut = this.#parts.door();
    if (shut !== null) throw new OperatingError('UNAVAILABLE', shut);
    return inquiry.asker === null ? this.#share(inquiry) : this.#send(inquiry);
  }

  answered(askId: string, reply: PacingReply): void {
    this.#answers.answered(askId, reply);
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
    return this.#answers.ask((askId) => this.#parts.deliver({ type: 'pacingAsked', askId, inquiry }));
  }
}
