/**
 * The control server: one loopback origin that serves the screen, its API and its live feed from one port. Who may speak to it is
 * decided in control-session.ts, before any route is looked up.
 */
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { WebSocketServer } from 'ws';
import { CONTROL_PATHS } from '#protocol/control-api.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { replyError } from '#host/control-errors.ts';
import { screenHeaders } from '#host/control-headers.ts';
import { ENTRANCE_PAGE, NO_SESSION_PAGE, USED_LINK_PAGE } from '#host/control-pages.ts';
import { addControlRoutes, type ControlResources } from '#host/control-routes.ts';
import { createControlSessions, type ControlSessions, type Refusal } from '#host/control-session.ts';
import { FEED_LIMITS, serveFeed, type FeedLimits } from '#host/control-socket.ts';

export interface ControlServerOptions extends ControlResources {
  /** 0: any free port. */
  readonly port: number;
  readonly feedLimits?: FeedLimits;
}

export interface ControlServer {
  readonly port: number;
  /** A new link that lets one browser in, once: `http://127.0.0.1:PORT/enter?token=...`. */
  createLink(): string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const BODY_BYTES_MAX = 32_768;
const MESSAGE_BYTES_MAX = 16_384;
const SAFE_METHODS = new Set(['GET', 'HEAD']);
const ENTRANCE = '/enter';

/** Starts listening. OperatingError PORT_IN_USE where the port is taken, UNAVAILABLE where it can't be had otherwise. */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const sessions = createControlSessions();
  const server = Fastify({ bodyLimit: BODY_BYTES_MAX, requestTimeout: 10_000, forceCloseConnections: true });
  let port = options.port;
  const createLink = (): string => `http://${HOST}:${port}${ENTRANCE}?token=${sessions.createToken()}`;

  acceptJsonAlone(server);
  guard(server, sessions, () => port);
  addEntrance(server, sessions, () => port);
  addControlRoutes(server, options, createLink);
  server.setErrorHandler(replyError);
  const feeds = addFeed(server, sessions, options, () => port);

  await listen(server, options.port);
  port = (server.server.address() as AddressInfo).port;
  return {
    port,
    createLink,
    async close() {
      for (const socket of feeds.clients) socket.terminate();
      await server.close();
    },
  };
}

async function listen(server: FastifyInstance, port: number): Promise<void> {
  try {
    await server.listen({ host: HOST, port });
  } catch (error) {
    await server.close();
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') {
      throw new OperatingError(
        'PORT_IN_USE',
        `port ${port} is in use on ${HOST}: stop what listens there, or choose another with --port (0: any free one)`,
      );
    }
    if (code === 'EACCES') {
      throw new OperatingError(
        'UNAVAILABLE',
        `port ${port} on ${HOST} may not be used by this user: choose one above 1023 with --port`,
      );
    }
    throw error;
  }
}

/** A form or plain text, which foreign pages may post without asking, is no input here. */
function acceptJsonAlone(server: FastifyInstance): void {
  server.removeContentTypeParser('text/plain');
}

function guard(server: FastifyInstance, sessions: ControlSessions, port: () => number): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(screenHeaders(undefined)).header('cache-control', 'no-store');
    const atEntrance = pathOf(request.url) === ENTRANCE;
    const writes = !SAFE_METHODS.has(request.method);
    const refusal = sessions.refuse(request.headers, port(), { writes, session: !atEntrance });
    return refusal === undefined ? undefined : refuse(request, reply, refusal);
  });
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal === 'noSession' && !pathOf(request.url).startsWith('/api/')) {
    return reply.code(401).type('text/html; charset=utf-8').send(NO_SESSION_PAGE);
  }
  return reply
    .code(refusal === 'noSession' ? 401 : 403)
    .send({ error: { code: 'FORBIDDEN', message: REFUSALS[refusal], problems: [] } });
}

const REFUSALS: Readonly<Record<Refusal, string>> = {
  foreignHost: 'This server answers to 127.0.0.1 and localhost alone',
  foreignOrigin: 'This request comes from another page than the testbed',
  noSession: 'This browser is not signed in: open the link that engage serve printed',
};

function addEntrance(server: FastifyInstance, sessions: ControlSessions, port: () => number): void {
  server.get<{ Querystring: { token?: unknown } }>(ENTRANCE, (request, reply) => {
    void reply.type('text/html; charset=utf-8');
    /** A browser that only looks ahead must not use the link up. */
    const purpose = `${String(request.headers['sec-purpose'])} ${String(request.headers['purpose'])}`;
    if (purpose.includes('prefetch')) return reply.code(503).send(ENTRANCE_PAGE);
    const { token } = request.query;
    const session = typeof token === 'string' ? sessions.exchange(token) : undefined;
    if (session !== undefined) {
      return reply.header('set-cookie', sessions.cookieFor(session, port())).send(ENTRANCE_PAGE);
    }
    const signedIn = sessions.refuse(request.headers, port(), { writes: false, session: true }) === undefined;
    return signedIn ? reply.send(ENTRANCE_PAGE) : reply.code(403).send(USED_LINK_PAGE);
  });
}

function addFeed(
  server: FastifyInstance,
  sessions: ControlSessions,
  options: ControlServerOptions,
  port: () => number,
): WebSocketServer {
  const feeds = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false });
  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = sessions.refuse(request.headers, port(), { writes: true, session: true });
    if (refusal !== undefined) return hangUp(socket, refusal === 'noSession' ? '401 Unauthorized' : '403 Forbidden');
    if (pathOf(request.url ?? '') !== CONTROL_PATHS.feed) return hangUp(socket, '404 Not Found');
    feeds.handleUpgrade(request, socket, head, (client) => {
      serveFeed(client, options.runs, options.feedLimits ?? FEED_LIMITS);
    });
  });
  return feeds;
}

function hangUp(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}
