/**
 * A network between two nodes that can be hurt on purpose: late, slow, half-open, refusing, or reset. What it carries is
 * any TCP connection.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { assert } from '#core/assert.ts';
import { ByteBudget, TcpFlow, type TcpCondition } from '#testbed/live/tcp-proxy-flow.ts';

export interface TcpProxyOptions {
  /** On 127.0.0.1. */
  readonly targetPort: number;
}

export interface TcpProxy {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Where new connections go from now on: a restarted node may listen elsewhere. */
  setTarget(targetPort: number): void;
  /** Replaces the condition; it holds for open and new connections. */
  set(condition: TcpCondition): void;
  /** Resets (RST) what is open, both ways. */
  reset(): void;
  close(): Promise<void>;
}

export async function createTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new HurtingProxy(server, options.targetPort);
}

interface ProxiedConnection {
  readonly sockets: readonly [Socket, Socket];
  readonly flows: readonly [TcpFlow, TcpFlow];
}

class HurtingProxy implements TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #connections = new Set<ProxiedConnection>();
  readonly #budgets = [new ByteBudget(), new ByteBudget()] as const;
  #condition: TcpCondition = {};
  #targetPort: number;

  constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.port = portOf(server.address());
    this.#targetPort = targetPort;
    server.on('connection', (client) => this.#accept(client));
  }

  setTarget(targetPort: number): void {
    this.#targetPort = targetPort;
  }

  set(condition: TcpCondition): void {
    this.#condition = condition;
    for (const budget of this.#budgets) budget.reset();
    for (const connection of this.#connections) {
      for (const flow of connection.flows) flow.refresh();
      this.#endWhereBroken(connection);
    }
  }

  reset(): void {
    for (const connection of this.#connections) this.#break(connection);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.reset();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    client.on('error', ignoreBrokenSocket);
    if (this.#condition.refuse === true) {
      client.resetAndDestroy();
      return;
    }
    const target = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true });
    target.on('error', ignoreBrokenSocket);
    client.setNoDelay();
    target.setNoDelay();
    const condition = (): TcpCondition => this.#condition;
    const connection: ProxiedConnection = {
      sockets: [client, target],
      flows: [
        new TcpFlow(client, target, this.#budgets[0], condition),
        new TcpFlow(target, client, this.#budgets[1], condition),
      ],
    };
    this.#connections.add(connection);
    for (const socket of connection.sockets) socket.on('close', () => this.#endWhereBroken(connection));
  }

  /** A side that broke breaks the other, unless nothing gets through; sides that ended both have carried all. */
  #endWhereBroken(connection: ProxiedConnection): void {
    const [client, target] = connection.sockets;
    if (this.#condition.blackhole === true || (!client.destroyed && !target.destroyed)) return;
    const broken = connection.sockets.some((socket) => socket.destroyed && socket.errored !== null);
    if (broken || (client.destroyed && target.destroyed)) this.#break(connection);
  }

  #break(connection: ProxiedConnection): void {
    this.#connections.delete(connection);
    for (const flow of connection.flows) flow.close();
    for (const socket of connection.sockets) if (!socket.destroyed) socket.resetAndDestroy();
  }
}

/** A reset or refused connection is the proxy's daily work; 'close' follows and is what it acts on. */
function ignoreBrokenSocket(): void {
  return undefined;
}

function portOf(address: AddressInfo | string | null): number {
  assert(address !== null && typeof address === 'object', 'the proxy listens on a TCP port');
  return address.port;
}
