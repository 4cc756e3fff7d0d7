/**
 * `notify`: a server speaks to a visitor's browser. `disposition`: the browser says what became of an invite; an
 * unguessable invite id is its credential, so it may come as GET too.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Disposition } from '#core/messages.ts';
import type { ClientOrigins } from '#node/client-origin.ts';
import { guardBySecret } from '#node/secret-guard.ts';
import { errorReplySchema } from '#protocol/wire-about.ts';
import { toJsonSchema } from '#protocol/wire-events-fields.ts';
import {
  dispositionQuerySchema,
  dispositionReplySchema,
  notifyBodySchema,
  notifyReplySchema,
  visitPathSchema,
  type DispositionQuery,
  type NotifyBody,
} from '#protocol/wire-notification.ts';
import { replyUnavailable } from './intake-routes.ts';
import type { VisitNotices } from './visit-notices.ts';

export interface NotificationRoutesParts {
  readonly secret: string;
  readonly origins: ClientOrigins;
  readonly notices: VisitNotices;
  /** Why no work is taken now; null: come in. */
  readonly door: () => string | null;
  /** Passes a disposition on; true once it has arrived, false where that takes too long. */
  readonly pass: (disposition: Disposition) => Promise<boolean>;
}

const ERROR = toJsonSchema(errorReplySchema);
const NOTIFY_PATH = '/frontend/data/notification/notify/:id';
const DISPOSITION_PATH = '/frontend/data/notification/disposition/:id';

export async function addNotificationRoutes(app: FastifyInstance, parts: NotificationRoutesParts): Promise<void> {
  addNotify(app, parts);
  await app.register(async (scope) => addDisposition(scope, parts));
}

function addNotify(app: FastifyInstance, { secret, notices }: NotificationRoutesParts): void {
  const schema = {
    summary: 'Pushes notifications to the browsers of a visit (server to server)',
    tags: ['notification'],
    security: [{ nodeSecret: [] }],
    params: toJsonSchema(visitPathSchema),
    body: toJsonSchema(notifyBodySchema),
    response: { 200: toJsonSchema(notifyReplySchema), 400: ERROR, 401: ERROR },
  };
  app.post<{ Params: { id: string }; Body: NotifyBody }>(
    NOTIFY_PATH,
    {
      schema,
      onRequest: guardBySecret(secret),
    },
    (request) => ({ reached: notices.notify(request.params.id, request.body) }),
  );
}

function addDisposition(scope: FastifyInstance, parts: NotificationRoutesParts): void {
  const schema = {
    summary: 'What the visitor did with an invite; answered when a Backend has passed it on',
    tags: ['notification'],
    params: toJsonSchema(visitPathSchema),
    querystring: toJsonSchema(dispositionQuerySchema),
    response: { 200: toJsonSchema(dispositionReplySchema), 400: ERROR, 403: ERROR, 503: ERROR },
  };
  scope.addHook('onRequest', parts.origins.guard('allowed'));
  // The query says it all; a body that a browser sends along is not read.
  scope.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    payload.on('end', () => done(null, undefined));
  });
  const handle = async (
    request: FastifyRequest<{ Params: { id: string }; Querystring: DispositionQuery }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const { interactionId, code } = request.query;
    const visitID = request.params.id;
    if (request.headers.origin !== undefined) void reply.header('access-control-allow-credentials', 'true');
    void reply.header('cache-control', 'no-store');
    const shut = parts.door();
    if (shut !== null) return replyUnavailable(reply, shut);
    parts.notices.answered(visitID, interactionId);
    const passed = await parts.pass({ type: 'disposition', visitID, interactionId, code });
    return passed ? reply.send({ passed }) : replyUnavailable(reply, 'not passed on in time: say it again');
  };
  // HEAD asks what GET would answer and may change nothing.
  scope.get(DISPOSITION_PATH, { schema, exposeHeadRoute: false }, handle);
  scope.post(DISPOSITION_PATH, { schema }, handle);
}
