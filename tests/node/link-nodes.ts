/** Nodes with real sockets for the tests of links: what they received, and who came and went. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';
import { createLinkAcceptor, type LinkAcceptor } from '#node/link-acceptor.ts';
import { createLinkDialer, type DialedLink } from '#node/link-dialer.ts';
import type { LinkLimits, LinkOptions, LinkPeer } from '#node/link-peer.ts';

export const SECRET = 'a secret of the tests';

/** Quick to notice and to dial again, so that tests wait for little. */
export const QUICK: Partial<LinkLimits> = { pingMs: 20, silenceMs: 400, redialMsMin: 1, redialMsMax: 20 };

export interface Received {
  readonly from: string;
  readonly id: string;
  readonly message: unknown;
  readonly done: (ok: boolean) => void;
}

/** Waits for a condition; the time limit is only there to end a test that failed. */
export function until(condition: () => boolean): Promise<boolean> {
  return vi.waitUntil(condition, { timeout: 30_000, interval: 1 });
}

/** What a node heard by its links. `finish`: 'at once' answers done(true) on delivery, 'later' leaves it to the test. */
export class LinkEar {
  readonly received: Received[] = [];
  readonly comings: string[] = [];
  readonly troubles: string[] = [];

  readonly #finish: 'at once' | 'later';

  constructor(finish: 'at once' | 'later') {
    this.#finish = finish;
  }

  options(node: string, incarnation = 1): LinkOptions {
    return {
      node,
      incarnation,
      secret: SECRET,
      limits: QUICK,
      onMessage: (from, id, message, done) => {
        this.received.push({ from, id, message, done });
        if (this.#finish === 'at once') done(true);
      },
      onPeer: (peer: LinkPeer, up) => this.comings.push(`${peer.node} ${up ? 'up' : 'down'}`),
      onTrouble: (error) => this.troubles.push(error.message),
    };
  }

  get ids(): string[] {
    return this.received.map(({ id }) => id);
  }
}

export interface AcceptingNode {
  readonly server: Server;
  readonly port: number;
  readonly url: string;
  readonly acceptor: LinkAcceptor;
  /** As a killed process goes: every connection ends, nothing more is answered. */
  kill(): Promise<void>;
}

const cleaning: (() => Promise<void> | void)[] = [];

/** For `afterEach`. */
export async function closeNodes(): Promise<void> {
  for (const clean of cleaning.splice(0).toReversed()) await clean();
}

export function closing(clean: () => Promise<void> | void): void {
  cleaning.push(clean);
}

export async function listen(options: LinkOptions, port = 0): Promise<AcceptingNode> {
  const server = createServer((_, response) => response.end('plain'));
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const acceptor = createLinkAcceptor({ ...options, server });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  let killed: Promise<void> | undefined;
  const kill = (): Promise<void> => {
    killed ??= new Promise((resolve) => {
      acceptor.close();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
    return killed;
  };
  closing(kill);
  return { server, port: address.port, url: `http://127.0.0.1:${String(address.port)}`, acceptor, kill };
}

export function dial(options: LinkOptions, peerNode: string, url: string): DialedLink {
  const link = createLinkDialer({ ...options, peerNode, url });
  closing(() => link.close());
  return link;
}
