/** A visitor's page asks the Backend which share of visitors who look for help is let in, until it is told. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RandomStream } from '#core/random/stream.ts';
import { PACING_PATH, reactiveStateReplySchema } from '#protocol/wire-pacing.ts';
import { backoffMs, type BackoffLaw } from './crowd-backoff.ts';
import type { CookieJar } from './crowd-cookie-jar.ts';
import type { CrowdHttp } from './crowd-http.ts';

export interface ReactiveQuestion {
  readonly visitID: string;
  readonly askId: string;
  readonly jar: CookieJar;
  /** Whether the visitor still waits for it. */
  readonly wanted: () => boolean;
}

const TIMEOUT_MS = 5_000;
const BACKOFF: BackoffLaw = { msMin: 50, msMax: 2_000 };

/**
 * The share; null: the algorithm does not look at reactive visitors, or nothing is paced. Undefined: nobody wants to know any more.
 * Asked again it counts once, by its `askId`.
 */
export async function askReactiveState(
  http: CrowdHttp,
  jitter: RandomStream,
  { visitID, askId, jar, wanted }: ReactiveQuestion,
): Promise<number | null | undefined> {
  const query = new URLSearchParams({ channel: 'chat', visitID, askId });
  for (let attempt = 1; wanted(); attempt += 1) {
    const path = `${PACING_PATH}/reactiveState?${query.toString()}`;
    const answer = await http.get(path, jar, TIMEOUT_MS).catch(() => undefined);
    if (answer?.status === 409) return null;
    const share = answer?.status === 200 ? shareOf(answer.body) : undefined;
    if (share !== undefined) return share;
    await sleep((answer?.retryAfterMs ?? 0) + backoffMs(attempt, BACKOFF, jitter));
  }
  return undefined;
}

/** Undefined: that is no answer. */
function shareOf(body: string): number | undefined {
  try {
    return reactiveStateReplySchema.parse(JSON.parse(body)).reactiveState;
  } catch {
    return undefined;
  }
}
