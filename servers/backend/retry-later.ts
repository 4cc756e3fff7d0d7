/** Tells who is refused as something is away when to ask again. */
import type { FastifyReply } from 'fastify';
import { OperatingError } from '#protocol/operating-error.ts';

/** s */
const RETRY_AFTER_S = 1;

/** Throws what was thrown, for the one place that answers errors. */
export function refuseForNow(thrown: unknown, reply: FastifyReply): never {
  if (thrown instanceof OperatingError && thrown.code === 'UNAVAILABLE') {
    void reply.header('retry-after', RETRY_AFTER_S);
  }
  throw thrown;
}
