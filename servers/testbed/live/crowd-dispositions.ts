/** What visitors did with their invites, on its way to the Frontend: in order for each visit, until it is taken. */
import type { DispositionCode } from '#core/messages.ts';
import type { CookieJar } from './crowd-cookie-jar.ts';
import type { RequestCounts } from './crowd-ledger.ts';
import type { CrowdSender } from './crowd-sender.ts';

export class VisitDispositions {
  readonly #sender: CrowdSender;
  readonly #counts: RequestCounts;
  readonly #path: string;
  readonly #jar: CookieJar;
  #last: Promise<unknown> = Promise.resolve();

  constructor(sender: CrowdSender, counts: RequestCounts, visitID: string, jar: CookieJar) {
    this.#sender = sender;
    this.#counts = counts;
    this.#path = `/frontend/data/notification/disposition/${visitID}`;
    this.#jar = jar;
  }

  post(interactionId: string, code: DispositionCode): void {
    const query = new URLSearchParams({ interactionId, code });
    const send = (): Promise<unknown> =>
      this.#sender.send(`${this.#path}?${query.toString()}`, () => '', this.#jar, this.#counts);
    this.#last = this.#last.then(send);
  }
}
