/**
 * A Bayeux 1.0 server (the CometD protocol) over WebSocket and long polling, for one path of an HTTP server. Deliveries are at most
 * once: there is no `ack` extension, so a client that reconnects asks the application for what it missed (ADR 0016).
 */
import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { BayeuxBroker, type BayeuxHooks } from '#node/bayeux/bayeux-broker.ts';
import { BAYEUX_LIMITS, type BayeuxLimits } from '#node/bayeux/bayeux-limits.ts';
import { registerPolling } from '#node/bayeux/bayeux-polling.ts';
import type { BayeuxSession } from '#node/bayeux/bayeux-session.ts';
import { BayeuxUpgrade } from '#node/bayeux/bayeux-upgrade.ts';

export interface BayeuxOptions extends BayeuxHooks {
  /** The server of `app`, for the upgrade. */
  readonly server: Server;
  /** Not yet listening. */
  readonly app: FastifyInstance;
  /** Such as `/frontend/cometd`. */
  readonly path: string;
  /** What differs from BAYEUX_LIMITS. */
  readonly limits?: Partial<BayeuxLimits>;
}

export interface BayeuxServer {
  /** Sends `data` to the sessions that subscribed to `channel`; returns how many those are. */
  publish(channel: string, data: unknown): number;
  readonly sessions: ReadonlyMap<string, BayeuxSession>;
  /** Open WebSockets, idle ones included. */
  readonly sockets: number;
  /** Ends all sessions and closes all sockets; also called when `app` closes. */
  close(): void;
}

export function createBayeuxServer(options: BayeuxOptions): BayeuxServer {
  const limits: BayeuxLimits = { ...BAYEUX_LIMITS, ...options.limits };
  const broker = new BayeuxBroker(options, limits, (session) => upgrade.forget(session));
  const upgrade = new BayeuxUpgrade(options.server, options.path, broker, options, limits);
  registerPolling(options.app, options.path, broker, options, limits);
  const close = (): void => {
    upgrade.close();
    broker.close();
  };
  options.app.addHook('preClose', async () => close());
  return {
    publish: (channel, data) => broker.publish(channel, data),
    sessions: broker.sessions,
    get sockets() {
      return upgrade.sockets;
    },
    close,
  };
}
