/** How the control server says what went wrong: operating errors in words, programmer errors without their insides. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorReply } from '#protocol/control-api.ts';
import { OPERATING_ERRORS, OperatingError, type OperatingErrorCode } from '#protocol/operating-error.ts';

/** Fastify's error handler; what is no operating error and no bad request goes to stderr with its stack. */
export function replyError(
  error: FastifyError | OperatingError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof OperatingError) return send(reply, error);
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return send(reply, new OperatingError('TOO_LARGE', 'The request is too large'));
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return send(reply, new OperatingError('INVALID_INPUT', error.message), error.statusCode);
  }
  console.error(`control server: ${request.method} ${request.url.split('?', 1)[0]} failed:`, error);
  const body: ErrorReply = {
    error: { code: 'INTERNAL', message: 'The host failed; its output says why', problems: [] },
  };
  return reply.code(500).send(body);
}

function send(reply: FastifyReply, error: OperatingError, status?: number): FastifyReply {
  const code: OperatingErrorCode = error.code;
  const body: ErrorReply = { error: { code, message: error.message, problems: error.problems } };
  return reply.code(status ?? OPERATING_ERRORS[code].http).send(body);
}
