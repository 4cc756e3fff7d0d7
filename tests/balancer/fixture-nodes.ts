/** Small HTTP nodes to stand behind a balancer: each tells its name, echoes bodies, opens WebSockets and can be unready. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { BALANCER_LIMITS, type BalancerLimits } from '#balancer/balancer-server.ts';
import type { PoolName } from '#balancer/stickiness.ts';

/** Asked often, so that tests wait little. */
export const QUICK_LIMITS: BalancerLimits = { ...BALANCER_LIMITS, health: { intervalMs: 20, timeoutMs: 200 } };

export class FixtureNode {
  readonly name: string;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly seen: IncomingMessage[] = [];
  ready = true;
  /** Takes connections and requests and answers none, as a stopped process does. */
  silent = false;
  port = 0;

  constructor(pool: PoolName, name: string) {
    this.name = name;
    this.#server = createServer((request, response) => {
      if (this.silent) return;
      response.setHeader('X-Node', name);
      if (request.url === `/${pool}/about`) return void response.writeHead(this.ready ? 200 : 503).end('{}');
      this.seen.push(request);
      if (request.url?.startsWith(`/${pool}/break`) === true) return void request.socket.destroy();
      if (request.url?.startsWith(`/${pool}/cookies`) === true) response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      request.pipe(response);
    });
    this.#server.on('upgrade', (request, socket, head) => {
      this.seen.push(request);
      if (request.url?.startsWith(`/${pool}/no`) === true) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        opened.send(`hello of ${name}`);
        opened.on('message', (data, binary) => opened.send(data, { binary }));
      });
    });
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  get address(): { readonly name: string; readonly url: string } {
    return { name: this.name, url: `http://127.0.0.1:${this.port}` };
  }

  async close(): Promise<void> {
    for (const opened of this.#sockets.clients) opened.terminate();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

export function fixtureNodes(pool: PoolName, count: number): Promise<readonly FixtureNode[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => new FixtureNode(pool, `${pool}-${index + 1}`).open()));
}
