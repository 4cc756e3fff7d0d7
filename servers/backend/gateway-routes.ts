/**
 * The engagement gateway for a strategy outside. Our strategy runs inside the contact center, which takes no orders
 * about an interaction from elsewhere yet: a well-formed request is answered 501 and changes nothing.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { isAuthorized } from '#node/link-secret.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { errorReplySchema } from '#protocol/wire-about.ts';
import { toJsonSchema } from '#protocol/wire-events-fields.ts';
import { engageBodySchema, noEngageBodySchema } from '#protocol/wire-gateway.ts';

export function addGatewayRoutes(app: FastifyInstance, secret: string): void {
  const error = toJsonSchema(errorReplySchema);
  const routes = [
    { path: 'engage', body: engageBodySchema, summary: 'Starts an engagement for a strategy outside' },
    { path: 'noengage', body: noEngageBodySchema, summary: 'Ends an interaction without engagement' },
  ];
  for (const { path, body, summary } of routes) {
    const schema = {
      summary,
      tags: ['gateway'],
      security: [{ nodeSecret: [] }],
      body: toJsonSchema(body),
      response: { 400: error, 401: error, 501: error },
    };
    const onRequest = async (
      request: { headers: { authorization?: string | undefined } },
      reply: FastifyReply,
    ): Promise<FastifyReply | undefined> =>
      isAuthorized(request.headers.authorization, secret) ? undefined : replyUnauthorized(reply);
    app.post(`/backend/data/gateway/${path}`, { schema, onRequest }, () => {
      throw new OperatingError(
        'NOT_SUPPORTED',
        'engagement is decided by the strategy inside the contact center; orders from outside are not taken',
      );
    });
  }
}

function replyUnauthorized(reply: FastifyReply): FastifyReply {
  return reply
    .code(401)
    .header('www-authenticate', 'Bearer')
    .send({ error: { code: 'FORBIDDEN', message: 'the secret of this run is missing or wrong' } });
}
