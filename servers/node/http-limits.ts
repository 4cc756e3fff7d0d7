/**
 * A Fastify application as every server of a node wants it: what a client may cost is bounded (reliability plan G13,
 * G14), and every error is `{error: {code, message}}` without the server's insides.
 */
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Ajv } from 'ajv';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { assert } from '#core/assert.ts';
import { OPERATING_ERRORS, OperatingError } from '#protocol/operating-error.ts';

export interface HttpLimits {
  readonly bodyBytesMax: number;
  readonly headerBytesMax: number;
  /** From a request's first byte to its last. */
  readonly requestMsMax: number;
  readonly headersMsMax: number;
  /** How often slow requests are looked for: they end so much late at most. */
  readonly checkMs: number;
  /** How long a connection may be idle between requests. */
  readonly keepAliveMs: number;
  readonly connectionsMax: number;
  /** Characters of a path's variable part. */
  readonly parameterLengthMax: number;
}

export const HTTP_LIMITS: HttpLimits = {
  bodyBytesMax: 65_536,
  headerBytesMax: 16_384,
  requestMsMax: 10_000,
  headersMsMax: 5_000,
  checkMs: 1_000,
  keepAliveMs: 5_000,
  connectionsMax: 10_000,
  parameterLengthMax: 64,
};

export interface HttpErrorReply {
  readonly error: { readonly code: string; readonly message: string };
}

/**
 * An application without routes. It parses JSON alone (a route that takes `text/plain` adds the parser for itself),
 * refuses members that a schema doesn't have and changes no types to fit one.
 */
export function createHttpApp(log: Logger, limits: HttpLimits = HTTP_LIMITS): FastifyInstance {
  const app: FastifyInstance = Fastify({
    logger: false,
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestMsMax,
    keepAliveTimeout: limits.keepAliveMs,
    routerOptions: { maxParamLength: limits.parameterLengthMax },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    http: {
      headersTimeout: limits.headersMsMax,
      requestTimeout: limits.requestMsMax,
      connectionsCheckingInterval: limits.checkMs,
      maxHeaderSize: limits.headerBytesMax,
    },
    frameworkErrors: refuseRequest,
    clientErrorHandler: refuseConnection,
  });
  app.server.maxConnections = limits.connectionsMax;
  // Set, so that routes can have the compiled check of a schema and put something before it.
  const ajv = new Ajv({ coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: false });
  app.setValidatorCompiler<Record<string, unknown>>(({ schema }) => ajv.compile(schema));
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error: FastifyError | OperatingError, request, reply) => replyError(error, request, reply, log));
  app.setNotFoundHandler((_request, reply) => {
    const body: HttpErrorReply = { error: { code: 'NOT_FOUND', message: 'there is nothing at this address' } };
    return reply.code(404).send(body);
  });
  return app;
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** Puts a handler before the application's own, which it calls as `serve` for what it does not take. */
export function handleFirst(
  app: FastifyInstance,
  handle: (request: IncomingMessage, response: ServerResponse, serve: Serve) => void,
): void {
  // The server's listeners of `request` are of this shape.
  const listeners = app.server.listeners('request') as Serve[];
  const [serve] = listeners;
  assert(serve !== undefined && listeners.length === 1, 'the application serves its requests');
  app.server.removeListener('request', serve);
  app.server.on('request', (request, response) => handle(request, response, serve));
}

/** What Fastify itself could not take, such as a path that is no URL. */
function refuseRequest(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(statusOf(error)).send(describeError(error));
}

/** What is no operating error and no bad request is a bug: it is logged with its stack, and told without. */
function replyError(
  error: FastifyError | OperatingError,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Logger,
): FastifyReply {
  const statusCode = statusOf(error);
  if (statusCode >= 500 && !(error instanceof OperatingError)) {
    log.error({ err: error, method: request.method, path: request.routeOptions.url }, 'request failed');
  }
  return reply.code(statusCode).send(describeError(error));
}

function statusOf(error: FastifyError | OperatingError): number {
  return error instanceof OperatingError ? OPERATING_ERRORS[error.code].http : (error.statusCode ?? 500);
}

function describeError(error: FastifyError | OperatingError): HttpErrorReply {
  if (error instanceof OperatingError) return { error: { code: error.code, message: error.message } };
  const statusCode = statusOf(error);
  if (statusCode >= 500) return { error: { code: 'INTERNAL', message: 'the server failed; its log says why' } };
  const code = statusCode === 413 ? 'TOO_LARGE' : 'INVALID_INPUT';
  return { error: { code, message: error.message } };
}

const CONNECTION_ERRORS: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/** What Node could not read as a request is answered, where it still can be, and hung up on. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = CONNECTION_ERRORS[error.code ?? ''] ?? 400;
  const reason = STATUS_CODES[status] ?? '';
  const body = JSON.stringify({ error: { code: 'INVALID_INPUT', message: reason } } satisfies HttpErrorReply);
  const head = `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`;
  socket.end(head + body, () => socket.destroy());
}
