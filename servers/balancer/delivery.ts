/**
 * Brings one request to a node: connects first and sends only then, so that a request whose connection was refused is known
 * to have reached nobody and is tried once on another node. After the first byte it is never sent again.
 */
import { request as openRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { BalancerCounts } from '#balancer/balancer-counts.ts';
import type { RawHeaders } from '#balancer/forward-headers.ts';
import type { HealthCheck } from '#balancer/health-check.ts';
import { readWantedNodes } from '#balancer/stickiness.ts';
import type { Choice, UpstreamPool } from '#balancer/upstream-pool.ts';

/** What the exchanges of one balancer share. */
export interface Balancing {
  readonly health: HealthCheck;
  readonly counts: BalancerCounts;
  /** To a connection with a node. */
  readonly connectTimeoutMs: number;
  /** Without a byte from a node; longer than a long poll waits for news. */
  readonly upstreamTimeoutMs: number;
}

export interface Delivery {
  readonly pool: UpstreamPool;
  readonly request: IncomingMessage;
  readonly headers: RawHeaders;
  /** A connection of its own, since it leaves HTTP behind. */
  readonly upgrades: boolean;
  /** Connected: the body may go out, the answer is awaited by the listeners that are put on `outgoing` here. */
  readonly onConnected: (outgoing: ClientRequest, choice: Choice) => void;
  /** Nobody took it. */
  readonly onRefused: (status: 502 | 503, why: string) => void;
}

const ATTEMPTS_MAX = 2;

/** @returns what ends the attempt that is under way, for a client that went away. */
export function deliver(delivery: Delivery, balancing: Balancing): () => void {
  const { pool, request } = delivery;
  const wanted = readWantedNodes(pool.name, request.url ?? '', request.headers);
  const tried = new Set<string>();
  let outgoing: ClientRequest | undefined;
  let abandoned = false;

  function attempt(): void {
    const choice = pool.choose(wanted, tried);
    if (choice === undefined || tried.size >= ATTEMPTS_MAX) {
      const status = tried.size === 0 ? 503 : 502;
      return delivery.onRefused(status, `no ${pool.name} could be reached`);
    }
    if (tried.size > 0) balancing.counts.failedOver();
    tried.add(choice.upstream.name);
    outgoing = connect(delivery, choice, balancing, () => {
      if (abandoned) return;
      balancing.health.markRefused(choice.upstream);
      attempt();
    });
  }
  attempt();
  return () => {
    abandoned = true;
    outgoing?.destroy();
  };
}

function connect(delivery: Delivery, choice: Choice, balancing: Balancing, onUndelivered: () => void): ClientRequest {
  const { request, headers, upgrades } = delivery;
  const { upstream } = choice;
  const outgoing = openRequest({
    host: upstream.host,
    port: upstream.port,
    agent: upgrades ? false : upstream.agent,
    method: request.method,
    path: request.url,
    headers,
    timeout: balancing.upstreamTimeoutMs,
  });
  const end = (): void => void outgoing.destroy(new Error(`${upstream.name} is down`));
  upstream.open.add(end);
  outgoing.once('close', () => upstream.open.delete(end));
  let undelivered = false;
  const onError = (): void => {
    if (undelivered) return;
    undelivered = true;
    onUndelivered();
  };
  outgoing.on('error', onError);
  outgoing.once('socket', (socket: Socket) => {
    whenConnected(socket, balancing.connectTimeoutMs, () => {
      outgoing.off('error', onError);
      delivery.onConnected(outgoing, choice);
    });
  });
  return outgoing;
}

function whenConnected(socket: Socket, timeoutMs: number, onConnected: () => void): void {
  if (!socket.connecting) return onConnected();
  const timer = setTimeout(() => socket.destroy(new Error('no connection in time')), timeoutMs);
  socket.once('close', () => clearTimeout(timer));
  socket.once('connect', () => {
    clearTimeout(timer);
    socket.setNoDelay(true);
    onConnected();
  });
}
