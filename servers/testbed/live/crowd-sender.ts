/**
 * Sends one request until it counts: an answer that accepts or refuses it, or the end of a stated time. No answer, 503
 * and their like are tried again; the request must therefore be harmless the second time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RandomStream } from '#core/random/stream.ts';
import { backoffMs, type BackoffLaw } from './crowd-backoff.ts';
import type { CookieJar } from './crowd-cookie-jar.ts';
import type { CrowdHttp, HttpAnswer } from './crowd-http.ts';
import type { RequestCounts } from './crowd-ledger.ts';

/** Wall times. */
export interface SendingLaw {
  /** One attempt may take so long. */
  readonly timeoutMs: number;
  /** After so long no further attempt is made. */
  readonly retryForMs: number;
  readonly backoff: BackoffLaw;
}

export const SENDING_LAW: SendingLaw = {
  timeoutMs: 5_000,
  retryForMs: 30_000,
  backoff: { msMin: 50, msMax: 2_000 },
};

export type SendOutcome = 'stored' | 'refused' | 'unsent';

export interface CrowdSenderParts {
  readonly http: CrowdHttp;
  readonly jitter: RandomStream;
  readonly law: SendingLaw;
}

export class CrowdSender {
  readonly #parts: CrowdSenderParts;
  readonly #stop = new AbortController();

  constructor(parts: CrowdSenderParts) {
    this.#parts = parts;
  }

  /** `body` is asked for at each attempt. Counts in `counts` what became of it. */
  async send(path: string, body: () => string, jar: CookieJar, counts: RequestCounts): Promise<SendOutcome> {
    counts.sent += 1;
    const outcome = await this.#tryUntilDone(path, body, jar, counts);
    counts[outcome] += 1;
    return outcome;
  }

  /** What is under way now has this one answer left to come; then it is unsent. */
  stop(): void {
    this.#stop.abort();
  }

  async #tryUntilDone(path: string, body: () => string, jar: CookieJar, counts: RequestCounts): Promise<SendOutcome> {
    const { http, jitter, law } = this.#parts;
    const untilMs = performance.now() + law.retryForMs;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await http.post(path, body(), jar, law.timeoutMs).catch(() => undefined);
      const outcome = outcomeOf(answer);
      if (outcome !== undefined) return outcome;
      const waitMs = (answer?.retryAfterMs ?? 0) + backoffMs(attempt, law.backoff, jitter);
      if (this.#stop.signal.aborted || performance.now() + waitMs > untilMs) return 'unsent';
      const wasStopped = await sleep(waitMs, false, { signal: this.#stop.signal }).catch(() => true);
      if (wasStopped) return 'unsent';
      counts.retried += 1;
    }
  }
}

/** Undefined: try again. */
function outcomeOf(answer: HttpAnswer | undefined): SendOutcome | undefined {
  if (answer === undefined || answer.status >= 500) return undefined;
  if (answer.status >= 200 && answer.status < 300) return 'stored';
  return answer.status === 408 || answer.status === 429 ? undefined : 'refused';
}
