/**
 * `POST /frontend/data/visits/{id}/events`: what a request must be to reach the machine, and what its sender is told.
 * Checked by hand and, where that does not let it pass, by Ajv from the wire schema; zod is not on this path.
 */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { present } from '#core/assert.ts';
import type { ClientOrigins } from '#node/client-origin.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { errorReplySchema } from '#protocol/wire-about.ts';
import {
  browserEventsOf,
  describeBatchFault,
  eventsBodySchema,
  eventsReplySchema,
  openEventsBody,
  type EventsBody,
} from '#protocol/wire-events.ts';
import { toJsonSchema } from '#protocol/wire-events-fields.ts';
import { visitPathSchema } from '#protocol/wire-notification.ts';
import { isEventsBody } from './intake-check.ts';
import { RETRY_AFTER_S, unavailableReplyOf, type IntakeRequests } from './intake-requests.ts';
import type { QuickIntake } from './quick-intake.ts';

export const EVENTS_PATH = '/frontend/data/visits/:id/events';

export interface IntakeRoutesParts {
  readonly origins: ClientOrigins;
  readonly requests: IntakeRequests;
  /** Why no work is taken now; null: come in. */
  readonly door: () => string | null;
  /** Told of every answer. */
  readonly onAnswer: (statusCode: number) => void;
  /** Where a body may have been read already. */
  readonly quick: QuickIntake;
}

/** Adds the route, in a scope of its own, with the preflight that pages of other origins need. */
export async function addIntakeRoutes(app: FastifyInstance, parts: IntakeRoutesParts): Promise<void> {
  await app.register(async (intake) => {
    acceptJson(intake);
    intake.addHook('onRequest', parts.origins.guard('allowed'));
    intake.addHook('onRequest', allowCredentials);
    intake.addHook('onResponse', (_request, reply, done) => {
      parts.onAnswer(reply.statusCode);
      done();
    });
    intake.addHook('preParsing', (request, _reply, payload, done) => {
      done(null, parts.quick.payloadOf(request.raw) ?? payload);
    });
    const error = toJsonSchema(errorReplySchema);
    const schema = {
      summary: 'Stores events of a visit; answered when they are stored',
      tags: ['events'],
      consumes: ['application/json', 'text/plain'],
      params: toJsonSchema(visitPathSchema),
      body: toJsonSchema(eventsBodySchema),
      response: { 200: toJsonSchema(eventsReplySchema), 400: error, 403: error, 413: error, 503: error },
    };
    intake.post<{ Params: { id: string }; Body: EventsBody }>(
      EVENTS_PATH,
      {
        schema,
        validatorCompiler: quickFirst(present(intake.validatorCompiler, 'validator compiler of the application')),
        onRequest: (request, reply, done) => checkEntrance(parts, request, reply, done),
      },
      (request, reply) => answerIntake(parts.requests, request, reply),
    );
    intake.options(EVENTS_PATH, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .code(204)
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', 'content-type')
        .header('access-control-max-age', '600')
        .send(),
    );
  });
}

/**
 * JSON under either name: sendBeacon can't send `application/json` across origins. Bytes that are no UTF-8 are refused,
 * where decoding would repair them.
 */
function acceptJson(intake: FastifyInstance): void {
  const parseJson = intake.getDefaultJsonParser('error', 'error');
  intake.removeAllContentTypeParsers();
  intake.addContentTypeParser(
    ['application/json', 'text/plain'],
    { parseAs: 'buffer' },
    (request, body: Buffer, done) => {
      if (isUtf8(body)) void parseJson(request, body.toString(), done);
      else done(new OperatingError('INVALID_INPUT', 'expected UTF-8'));
    },
  );
}

/** A body is checked by hand first; what does not pass there is checked by the schema, which has the last word. */
function quickFirst<T>(compile: FastifySchemaCompiler<T>): FastifySchemaCompiler<T> {
  return (part) => {
    const check = compile(part);
    if (part.httpPart !== 'body') return check;
    // Fastify reads the reasons for a refusal from the function that refused.
    const checkBody: typeof check = (body: unknown) => {
      if (isEventsBody(body)) return true;
      const outcome = check(body);
      checkBody.errors = check.errors ?? null;
      return outcome;
    };
    return checkBody;
  };
}

type HookDone = (error?: Error) => void;

/** An allowed page may send cookies along; without an Origin there is no page. */
function allowCredentials(request: FastifyRequest, reply: FastifyReply, done: HookDone): void {
  if (request.headers.origin !== undefined) void reply.header('access-control-allow-credentials', 'true');
  done();
}

/** Before the body is read: plain text comes from pages alone, and nothing comes in while the door is shut. */
function checkEntrance(parts: IntakeRoutesParts, request: FastifyRequest, reply: FastifyReply, done: HookDone): void {
  const { origin, 'content-type': contentType } = request.headers;
  if (origin === undefined && contentType?.trimStart().toLowerCase().startsWith('text/plain') === true) {
    done(new OperatingError('FORBIDDEN', 'text/plain is taken from pages of allowed origins alone'));
    return;
  }
  const shut = parts.door();
  if (shut === null) done();
  else replyUnavailable(reply, shut);
}

async function answerIntake(
  requests: IntakeRequests,
  request: FastifyRequest<{ Params: { id: string }; Body: EventsBody }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { id } = request.params;
  const { events, sentAt } = openEventsBody(request.body);
  const fault = describeBatchFault(id, events);
  if (fault !== null) throw new OperatingError('INVALID_INPUT', fault);
  const outcome = await requests.take(id, browserEventsOf(events), sentAt);
  if (outcome === 'stored') return reply.send({ stored: events.length });
  return replyUnavailable(reply, unavailableReplyOf(outcome).error.message);
}

/** 503 that tells when to come again. */
export function replyUnavailable(reply: FastifyReply, message: string): FastifyReply {
  return reply
    .code(503)
    .header('retry-after', String(RETRY_AFTER_S))
    .send({ error: { code: 'UNAVAILABLE', message } });
}
