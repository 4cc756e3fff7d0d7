/** Lets in who shows the node secret, ahead of everything else that a route does. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isAuthorized } from './link-secret.ts';

type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/** An `onRequest` hook; `whose`: of what the secret is, for the one who is refused. */
export function guardBySecret(secret: string, whose = 'this run'): Guard {
  return async (request, reply) => {
    if (isAuthorized(request.headers.authorization, secret)) return undefined;
    const message = `the secret of ${whose} is missing or wrong`;
    return reply
      .code(401)
      .header('www-authenticate', 'Bearer')
      .send({ error: { code: 'FORBIDDEN', message } });
  };
}
