/** Long polling: each POST carries messages in and, when all of them are answered, replies and what waited for the client out. */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OperatingErrorCode } from '#protocol/operating-error.ts';
import { bayeuxBodyJsonSchema } from '#protocol/wire-bayeux.ts';
import type { BayeuxBroker, BayeuxHooks, IncomingCarrier } from '#node/bayeux/bayeux-broker.ts';
import { readFrame } from '#node/bayeux/bayeux-frame.ts';
import type { BayeuxLimits } from '#node/bayeux/bayeux-limits.ts';
import type { Delivery } from '#node/bayeux/bayeux-replies.ts';
import type { Session } from '#node/bayeux/bayeux-session.ts';

/** The response to one POST. */
class PollingCarrier implements IncomingCarrier {
  readonly kind = 'long-polling';
  readonly request: IncomingMessage;
  readonly mayHold: boolean;
  readonly #onDone: (body: string) => void;
  #parts: string[] = [];
  #unanswered: number;
  #session: Session | null = null;

  /** `onDone` gets the body once all `count` messages are answered. A connect among others is not held: they would wait with it. */
  constructor(request: IncomingMessage, count: number, onDone: (body: string) => void) {
    this.request = request;
    this.#unanswered = count;
    this.mayHold = count === 1;
    this.#onDone = onDone;
  }

  write(message: string | Delivery): void {
    this.#parts.push(typeof message === 'string' ? message : message.json);
  }

  reply(reply: string): void {
    this.#parts.push(reply);
    this.#unanswered -= 1;
    if (this.#unanswered === 0) this.#onDone(`[${this.#parts.join(',')}]`);
  }

  adopt(session: Session): void {
    this.#session = session;
  }

  /** The client went away before it was answered. */
  abandon(): void {
    this.#session?.lose(this);
  }
}

/** Registers POST `path` and `path/*` (clients append the message's type) and, for pages of other origins, their preflight. */
export function registerPolling(
  app: FastifyInstance,
  path: string,
  broker: BayeuxBroker,
  hooks: BayeuxHooks,
  limits: BayeuxLimits,
): void {
  app.register(async (polling) => {
    // The text is read by the same checks as a frame.
    polling.removeAllContentTypeParsers();
    polling.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    polling.setValidatorCompiler(() => () => true);
    polling.addHook('onRequest', async (request, reply) => {
      const { origin } = request.headers;
      if (!hooks.mayOpen(origin)) return reply.code(403).send(refusal('FORBIDDEN', 'this origin may not'));
      reply.header('cache-control', 'no-store').header('vary', 'origin');
      if (origin !== undefined) {
        reply.header('access-control-allow-origin', origin).header('access-control-allow-credentials', 'true');
      }
      return undefined;
    });
    for (const url of [path, `${path}/*`]) {
      polling.post(url, { bodyLimit: limits.bodyBytesMax, schema: { body: bayeuxBodyJsonSchema } }, (request, reply) =>
        answer(request, reply, broker, limits),
      );
      polling.options(url, async (_request, reply) =>
        reply
          .code(204)
          .header('access-control-allow-methods', 'POST')
          .header('access-control-allow-headers', 'content-type')
          .header('access-control-max-age', '600')
          .send(),
      );
    }
  });
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  broker: BayeuxBroker,
  limits: BayeuxLimits,
): FastifyReply {
  const read = readFrame(typeof request.body === 'string' ? request.body : '', limits.depthMax);
  if (!read.ok) return reply.code(400).send(refusal('INVALID_INPUT', `no Bayeux messages: ${read.why}`));
  reply.type('application/json; charset=utf-8');
  if (read.messages.length === 0) return reply.send('[]');
  const carrier = new PollingCarrier(request.raw, read.messages.length, (body) => reply.send(body));
  reply.raw.on('close', () => carrier.abandon());
  for (const message of read.messages) broker.handle(message, carrier);
  return reply;
}

/** As every server of a node words what it refuses before any Bayeux is spoken. */
function refusal(code: OperatingErrorCode, message: string): { error: { code: OperatingErrorCode; message: string } } {
  return { error: { code, message } };
}
