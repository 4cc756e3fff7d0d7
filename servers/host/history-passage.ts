/**
 * Passes the screen's questions on to the History REST API of a run's Backends, with credentials that the page never sees. It decides
 * nothing about answers: it picks who is asked, and goes on to the next where one does not answer.
 */
import { request, type IncomingMessage } from 'node:http';
import type { HistoryAnswer, HistoryQuestion, PassageCredentials } from '#protocol/history-passage.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { HISTORY_PATH, INCLUDE_TRUNCATED, PAGING_NEXT } from '#protocol/wire-history.ts';
import type { BackendAccess } from '#host/run-control.ts';

export interface PassageLimits {
  /** Until one Backend has answered whole. */
  readonly answerMsMax: number;
  readonly answerBytesMax: number;
  /** Questions under way at once, of all screens; a Backend takes 32 of all its clients. */
  readonly questionsMax: number;
}

export const PASSAGE_LIMITS: PassageLimits = {
  answerMsMax: 5_000,
  answerBytesMax: 32 * 1_024 * 1_024,
  questionsMax: 16,
};

/** An erasure overwrites what it deletes, which takes as long as there is much of it. */
const ERASURE_MS_MAX = 30_000;

type Backend = BackendAccess['backends'][number];

export class HistoryPassage {
  readonly #limits: PassageLimits;
  #underWay = 0;

  constructor(limits: PassageLimits = PASSAGE_LIMITS) {
    this.#limits = limits;
  }

  /** Rejects with TOO_MANY, with TOO_LARGE for an answer beyond the limit, and with FORBIDDEN where a Backend does not take the run's own credentials. */
  async ask(access: BackendAccess, question: HistoryQuestion): Promise<HistoryAnswer> {
    if (this.#underWay >= this.#limits.questionsMax) {
      throw new OperatingError('TOO_MANY', 'Too much is asked of the history at once: ask again in a moment');
    }
    this.#underWay += 1;
    try {
      return await this.#askInTurn(access, question);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #askInTurn(access: BackendAccess, question: HistoryQuestion): Promise<HistoryAnswer> {
    const startedMs = performance.now();
    const credentials = credentialsFor(access, question);
    const unanswered: string[] = [];
    for (const [index, backend] of access.backends.entries()) {
      const reply = await this.#send(backend, question, authorizationOf(access, credentials));
      const isLast = index === access.backends.length - 1;
      if (reply === 'silent' || (reply.status === 503 && !isLast)) {
        unanswered.push(backend.name);
        // One that may have begun is not begun again elsewhere: it would count only what the first has left.
        if (question.method === 'DELETE' && reply === 'silent') return silence(UNKNOWN_ERASURE, unanswered);
        continue;
      }
      if (reply.status === 401) {
        throw new OperatingError('FORBIDDEN', `${backend.name} does not take the credentials of this run`);
      }
      const tookMs = performance.now() - startedMs;
      return {
        outcome: 'answered',
        ...reply,
        backend: backend.name,
        url: backend.url,
        credentials,
        tookMs,
        unanswered,
      };
    }
    return silence(
      unanswered.length === 0
        ? 'No Backend of this run is up, and a history is read from a Backend.'
        : `No Backend of this run answers (${unanswered.join(', ')} asked).`,
      unanswered,
    );
  }

  /** `silent`: no whole answer came. */
  #send(
    { url }: Backend,
    { method, path, query }: HistoryQuestion,
    authorization: string | null,
  ): Promise<Reply | 'silent'> {
    const { answerMsMax, answerBytesMax } = this.#limits;
    const target = `${HISTORY_PATH}/${path.map(encodeURIComponent).join('/')}`;
    const search = new URLSearchParams(Object.entries(query)).toString();
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const asking = request(
        {
          host: hostname,
          port,
          method,
          path: search === '' ? target : `${target}?${search}`,
          headers: { accept: '*/*', ...(authorization === null ? {} : { authorization }) },
          signal: AbortSignal.timeout(method === 'DELETE' ? Math.max(ERASURE_MS_MAX, answerMsMax) : answerMsMax),
          // Questions are few, and a Backend closes idle connections in its own time.
          agent: false,
        },
        (response) => {
          readReply(response, answerBytesMax).then(resolve, (error: unknown) => {
            asking.destroy();
            if (error instanceof OperatingError) reject(error);
            else resolve('silent');
          });
        },
      );
      asking.on('error', () => resolve('silent'));
      asking.end();
    });
  }
}

type Reply = Pick<
  Extract<HistoryAnswer, { readonly outcome: 'answered' }>,
  'status' | 'body' | 'pagingNext' | 'includeTruncated' | 'link'
>;

async function readReply(response: IncomingMessage, bytesMax: number): Promise<Reply> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      throw new OperatingError('TOO_LARGE', 'The answer is larger than the screen takes: ask for a smaller page');
    }
    chunks.push(chunk);
  }
  const { headers, statusCode = 0 } = response;
  const header = (name: string): string | null => {
    const value = headers[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    status: statusCode,
    body: Buffer.concat(chunks).toString('utf8'),
    pagingNext: header(PAGING_NEXT),
    includeTruncated: header(INCLUDE_TRUNCATED),
    link: header('link'),
  };
}

function credentialsFor({ basic }: BackendAccess, { method }: HistoryQuestion): PassageCredentials {
  if (basic !== null) return 'basic';
  return method === 'DELETE' ? 'secret' : 'none';
}

function authorizationOf({ basic, secret }: BackendAccess, credentials: PassageCredentials): string | null {
  if (credentials === 'none') return null;
  if (credentials === 'secret') return `Bearer ${secret}`;
  return `Basic ${Buffer.from(`${basic?.user}:${basic?.password}`, 'utf8').toString('base64')}`;
}

const UNKNOWN_ERASURE =
  'The Backend has not said what became of the erasure: ask for the identity again, and erase it again if it is still there.';

function silence(message: string, unanswered: readonly string[]): HistoryAnswer {
  return { outcome: 'unanswered', message, unanswered };
}
