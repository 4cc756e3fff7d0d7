/**
 * The short way in for most intake requests: plain JSON of a known visit id, from nowhere or from a page of an allowed
 * origin, is read, checked and answered on Node's own request and response. Whatever is not surely good here goes to the
 * route of intake-routes.ts with all that was read of it, and that has the last word (ADR 0022).
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ClientOrigins } from '#node/client-origin.ts';
import { HTTP_LIMITS } from '#node/http-limits.ts';
import { browserEventsOf, describeBatchFault, openEventsBody } from '#protocol/wire-events.ts';
import { isId, parsePlainEvents } from './intake-check.ts';
import { RETRY_AFTER_S, unavailableReplyOf, type IntakeOutcome, type IntakeRequests } from './intake-requests.ts';

const PATH_BEGINS = '/frontend/data/visits/';
const PATH_ENDS = '/events';
const JSON_TYPE = 'application/json; charset=utf-8';

export interface QuickIntakeParts {
  readonly origins: ClientOrigins;
  readonly requests: IntakeRequests;
  /** Why no work is taken now; null: come in. */
  readonly door: () => string | null;
  /** Told of every answer that is given here. */
  readonly onAnswer: (statusCode: number) => void;
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

export class QuickIntake {
  readonly #parts: QuickIntakeParts;
  /** Bodies that were read here and are another's to judge. */
  readonly #bodies = new WeakMap<IncomingMessage, Buffer>();

  constructor(parts: QuickIntakeParts) {
    this.#parts = parts;
  }

  /** Takes a request, or hands it on to `serve`: now, or when its body has been read. */
  handle(request: IncomingMessage, response: ServerResponse, serve: Serve): void {
    const visitID = request.method === 'POST' ? visitOf(request.url ?? '') : undefined;
    const bytes = visitID === undefined ? 0 : this.#expectedBytes(request);
    if (visitID === undefined || bytes === 0 || this.#parts.door() !== null) {
      serve(request, response);
      return;
    }
    let body: Buffer | undefined;
    request.on('data', (chunk: Buffer) => (body = body === undefined ? chunk : Buffer.concat([body, chunk])));
    request.on('end', () => {
      if (body?.length === bytes && this.#take(visitID, body, request, response)) return;
      this.#bodies.set(request, body ?? Buffer.alloc(0));
      serve(request, response);
    });
  }

  /** A request's body as a stream, where it has been read here. */
  payloadOf(request: IncomingMessage): Readable | undefined {
    const body = this.#bodies.get(request);
    return body === undefined ? undefined : Readable.from([body], { objectMode: false });
  }

  /** 0: its headers are not those of a request that can be taken here. */
  #expectedBytes({ headers }: IncomingMessage): number {
    if (headers['content-type'] !== 'application/json') return 0;
    if (!this.#parts.origins.allows(headers.origin, 'allowed')) return 0;
    const bytes = Number(headers['content-length']);
    return bytes <= HTTP_LIMITS.bodyBytesMax ? bytes : 0;
  }

  /** False: it is not surely good. */
  #take(visitID: string, bytes: Buffer, { headers }: IncomingMessage, response: ServerResponse): boolean {
    const body = isUtf8(bytes) ? parsePlainEvents(bytes.toString()) : undefined;
    if (body === undefined) return false;
    const { events, sentAt } = openEventsBody(body);
    if (describeBatchFault(visitID, events) !== null) return false;
    const { origin } = headers;
    this.#parts.requests.begin(visitID, browserEventsOf(events), sentAt, (outcome) =>
      this.#answer(response, origin, events.length, outcome),
    );
    return true;
  }

  #answer(response: ServerResponse, origin: string | undefined, stored: number, outcome: IntakeOutcome): void {
    const statusCode = outcome === 'stored' ? 200 : 503;
    const body = outcome === 'stored' ? storedReplyOf(stored) : JSON.stringify(unavailableReplyOf(outcome));
    const headers = ['content-type', JSON_TYPE, 'content-length', String(Buffer.byteLength(body))];
    if (outcome !== 'stored') headers.push('retry-after', String(RETRY_AFTER_S));
    if (origin !== undefined) {
      headers.push('access-control-allow-origin', origin, 'vary', 'origin', 'access-control-allow-credentials', 'true');
    }
    response.writeHead(statusCode, headers);
    response.end(body);
    this.#parts.onAnswer(statusCode);
  }
}

/** The visit of a path, where it is a plain one of the intake. */
function visitOf(url: string): string | undefined {
  if (!url.startsWith(PATH_BEGINS) || !url.endsWith(PATH_ENDS)) return undefined;
  const visitID = url.slice(PATH_BEGINS.length, -PATH_ENDS.length);
  return isId(visitID, 1) ? visitID : undefined;
}

function storedReplyOf(stored: number): string {
  return stored === 1 ? '{"stored":1}' : `{"stored":${stored}}`;
}
