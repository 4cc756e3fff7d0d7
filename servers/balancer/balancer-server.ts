/**
 * The plain sticky balancer in front of both clusters: an HTTP/1.1 reverse proxy on node:http that knows two prefixes,
 * who is well, and which node a client is bound to. Everything else is answered here, with its own about and metrics.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { NodeAbout } from '#node/node-about.ts';
import type { Peers } from '#node/node-ipc.ts';
import type { NodeIdentity } from '#node/node-log.ts';
import { METRICS_CONTENT_TYPE } from '#node/node-metrics.ts';
import { BalancerCounts } from '#balancer/balancer-counts.ts';
import { replyRefusal, replyRefusalOnSocket } from '#balancer/balancer-reply.ts';
import type { Balancing } from '#balancer/delivery.ts';
import { HEALTH_LIMITS, HealthCheck, type HealthLimits } from '#balancer/health-check.ts';
import { proxyRequest } from '#balancer/proxy-request.ts';
import { proxyUpgrade } from '#balancer/proxy-upgrade.ts';
import { routePath } from '#balancer/route-path.ts';
import type { PoolName } from '#balancer/stickiness.ts';
import { UpstreamPool, type NodeHealth, type Upstream } from '#balancer/upstream-pool.ts';

/** Whom it balances among. */
export type BalancerNodes = Pick<Peers, 'frontends' | 'backends'>;

export interface BalancerLimits extends Pick<Balancing, 'connectTimeoutMs' | 'upstreamTimeoutMs'> {
  readonly health: HealthLimits;
  readonly requestTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly connectionsMax: number;
}

/** A client has as long as a node gives it; a node has longer than Bayeux holds a long poll. */
export const BALANCER_LIMITS: BalancerLimits = {
  health: HEALTH_LIMITS,
  connectTimeoutMs: 1_000,
  upstreamTimeoutMs: 60_000,
  requestTimeoutMs: 10_000,
  headersTimeoutMs: 5_000,
  keepAliveTimeoutMs: 5_000,
  connectionsMax: 8_192,
};

export interface Balancer {
  readonly port: number;
  setNodes(nodes: BalancerNodes): void;
  /** What it does and has done, by name. */
  counters(): Readonly<Record<string, number>>;
  /** Ends what is open after `graceMs` at most. */
  close(graceMs?: number): Promise<void>;
}

export interface BalancerOptions {
  readonly identity: NodeIdentity;
  readonly version: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly nodes: BalancerNodes;
  readonly onHealth?: (node: string, health: NodeHealth) => void;
  readonly limits?: BalancerLimits;
}

/** Why a node gets no traffic, in its entry of the about. */
const REASONS: Readonly<Record<NodeHealth, string | null>> = {
  up: null,
  unready: 'its about does not say that it is up',
  down: 'it does not answer',
};

/** Listens when it resolves. */
export async function createBalancer(options: BalancerOptions): Promise<Balancer> {
  const limits = options.limits ?? BALANCER_LIMITS;
  const pools = { frontend: new UpstreamPool('frontend'), backend: new UpstreamPool('backend') };
  const all = Object.values(pools);
  const about = new NodeAbout(options.identity, options.version);
  const onHealth = (upstream: Upstream): void => {
    about.report(upstream.name, REASONS[upstream.health]);
    options.onHealth?.(upstream.name, upstream.health);
  };
  const health = new HealthCheck(all, onHealth, limits.health);
  const { connectTimeoutMs, upstreamTimeoutMs } = limits;
  const balancing: Balancing = { health, counts: new BalancerCounts(), connectTimeoutMs, upstreamTimeoutMs };
  const server = createServer({
    requestTimeout: limits.requestTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: 1_000,
    noDelay: true,
  });
  server.maxConnections = limits.connectionsMax;
  server.on('request', (request, response) => {
    if (!replyOwn(request, response, about, balancing.counts)) routeRequest(request, response, pools, balancing);
  });
  server.on('upgrade', (request, socket, head) => routeUpgrade(request, socket, head, pools, balancing));
  function setNodes(nodes: BalancerNodes): void {
    pools.frontend.setNodes(nodes.frontends);
    pools.backend.setNodes(nodes.backends);
    for (const pool of all) balancing.counts.watch(pool);
    reportNodes(about, all);
    health.probe();
  }
  setNodes(options.nodes);
  const port = await listen(server, options.host, options.port);
  return {
    port,
    counters: () => {
      const { answers, refusals, upgradesOpen } = balancing.counts;
      return { answers, refusals, upgradesOpen };
    },
    setNodes,
    close: async (graceMs = 1_000) => {
      health.close();
      await closeServer(server, graceMs, () => all.forEach((pool) => pool.close()));
    },
  };
}

function routeRequest(
  request: IncomingMessage,
  response: ServerResponse,
  pools: Readonly<Record<PoolName, UpstreamPool>>,
  balancing: Balancing,
): void {
  const pool = routePath(request.url ?? '');
  const coding = request.headers['transfer-encoding'];
  if (isCrowded(request, response)) return refuse(503, 'too many requests at once on one connection');
  if (pool === undefined) return refuse(404, 'nothing is served here');
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return refuse(501, 'this coding is not supported');
  return proxyRequest(pools[pool], request, response, balancing);

  function refuse(status: 404 | 501 | 503, message: string): void {
    balancing.counts.refused(status);
    request.resume();
    replyRefusal(response, status, message);
  }
}

/** Requests that one connection may have under way: who sends on without reading answers takes no more of the nodes. */
const PIPELINED_MAX = 4;
const underWay = new WeakMap<object, number>();

function isCrowded({ socket }: IncomingMessage, response: ServerResponse): boolean {
  const count = (underWay.get(socket) ?? 0) + 1;
  underWay.set(socket, count);
  response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
  return count > PIPELINED_MAX;
}

function routeUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  pools: Readonly<Record<PoolName, UpstreamPool>>,
  balancing: Balancing,
): void {
  socket.on('error', () => socket.destroy());
  const pool = routePath(request.url ?? '');
  if (pool === undefined) return refuse(404, 'nothing is served here');
  if (request.headers.upgrade?.toLowerCase() !== 'websocket' || request.method !== 'GET') {
    return refuse(400, 'only a WebSocket can be opened here');
  }
  return proxyUpgrade(pools[pool], request, socket, head, balancing);

  function refuse(status: 404 | 400, message: string): void {
    balancing.counts.refused(status);
    replyRefusalOnSocket(socket, status, message);
  }
}

/** Names the nodes of now in the about, and forgets those that have gone. */
function reportNodes(about: NodeAbout, pools: readonly UpstreamPool[]): void {
  const nodes = pools.flatMap((pool) => pool.upstreams);
  for (const { name } of about.reply().body.dependencies) {
    if (!nodes.some((node) => node.name === name)) about.forget(name);
  }
  for (const { name, health } of nodes) about.report(name, REASONS[health]);
}

/** Its own about and metrics. It is well while it answers; how the nodes are, it tells by name. */
function replyOwn(
  request: IncomingMessage,
  response: ServerResponse,
  about: NodeAbout,
  counts: BalancerCounts,
): boolean {
  if (request.method !== 'GET') return false;
  const path = (request.url ?? '').split('?', 1)[0];
  if (path === '/metrics') return reply(METRICS_CONTENT_TYPE, counts.render());
  if (path !== '/balancer/about') return false;
  return reply('application/json; charset=utf-8', JSON.stringify({ ...about.reply().body, status: 'up' }));

  function reply(type: string, body: string): true {
    response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' });
    response.end(body);
    return true;
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address() as AddressInfo;
      resolve(address.port);
    });
  });
}

async function closeServer(server: Server, graceMs: number, cut: () => void): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    cut();
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearTimeout(timer);
  cut();
}
