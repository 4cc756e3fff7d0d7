/** HTTP as the crowd speaks it: a pool of keep-alive connections to the balancer, with each browser's own cookies. */
import { Agent, request, type IncomingMessage } from 'node:http';
import type { CookieJar } from './crowd-cookie-jar.ts';

export interface HttpAnswer {
  readonly status: number;
  /** What `Retry-After` asks for, ms; undefined: nothing. */
  readonly retryAfterMs: number | undefined;
  readonly body: string;
}

export interface CrowdHttpParts {
  /** http://host:port of the balancer. */
  readonly url: string;
  /** What pages of the site send as `Origin`. */
  readonly origin: string | undefined;
  readonly socketsMax: number;
}

export class CrowdHttp {
  readonly origin: string | undefined;
  #url: string;
  readonly #agent: Agent;

  constructor({ url, origin, socketsMax }: CrowdHttpParts) {
    this.#url = url;
    this.origin = origin;
    this.#agent = new Agent({ keepAlive: true, maxSockets: socketsMax });
  }

  /** http://host:port */
  get url(): string {
    return this.#url;
  }

  /** The balancer is found elsewhere from now on. */
  setUrl(url: string): void {
    this.#url = url;
  }

  get(path: string, jar: CookieJar, timeoutMs: number): Promise<HttpAnswer> {
    return this.#ask('GET', path, '', jar, timeoutMs);
  }

  /** Posts JSON, or nothing at all for an empty body. */
  post(path: string, body: string, jar: CookieJar, timeoutMs: number): Promise<HttpAnswer> {
    return this.#ask('POST', path, body, jar, timeoutMs);
  }

  /** Rejects when no whole answer came within `timeoutMs` (wall time), whatever the reason. */
  #ask(method: string, path: string, body: string, jar: CookieJar, timeoutMs: number): Promise<HttpAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    const headers = {
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
      'content-length': Buffer.byteLength(body),
      ...(this.origin === undefined ? {} : { origin: this.origin }),
      ...jar.headers(),
    };
    const sent = request(new URL(path, this.#url), { method, agent: this.#agent, headers });
    const timer = setTimeout(() => sent.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    sent.on('error', reject);
    sent.on('close', () => {
      clearTimeout(timer);
      reject(new Error('the connection closed before the answer'));
    });
    sent.on('response', (answer) => {
      jar.take(answer.headers['set-cookie']);
      readBody(answer, resolve, reject);
    });
    sent.end(body);
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}

function readBody(
  answer: IncomingMessage,
  resolve: (answer: HttpAnswer) => void,
  reject: (error: Error) => void,
): void {
  let body = '';
  answer.setEncoding('utf8');
  answer.on('data', (part: string) => (body += part));
  answer.on('error', reject);
  answer.on('end', () => {
    if (!answer.complete) return reject(new Error('the answer was cut off'));
    const seconds = Number(answer.headers['retry-after'] ?? NaN);
    const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
    resolve({ status: answer.statusCode ?? 0, retryAfterMs, body });
  });
}
