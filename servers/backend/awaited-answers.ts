/** What was asked of the contact center and is not answered yet: each answer is known by the id of its question. */
import { OperatingError } from '#protocol/operating-error.ts';

/** An answer that has not come after so long, wall ms, is not waited for. */
const ANSWER_MS_MAX = 4_000;

export class AwaitedAnswers<Reply> {
  readonly #prefix: string;
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  #asked = 0;

  /** `prefix` begins the ids of questions: unique for this life of the node, and among the kinds of questions. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** `send` is given the question's id. Rejects with UNAVAILABLE where no answer comes. */
  ask(send: (id: string) => void): Promise<Reply> {
    this.#asked += 1;
    const id = `${this.#prefix}.${this.#asked}`;
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const timer = setTimeout(
      () => reject(new OperatingError('UNAVAILABLE', 'the contact center has not answered')),
      ANSWER_MS_MAX,
    );
    this.#waiting.set(id, resolve);
    send(id);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(id);
    });
  }

  answered(id: string, reply: Reply): void {
    this.#waiting.get(id)?.(reply);
  }
}
