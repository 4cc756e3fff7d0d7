/** The WebSocket door of a Bayeux server: who is let through the upgrade, and how many at once. */
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { BayeuxBroker, BayeuxHooks } from '#node/bayeux/bayeux-broker.ts';
import type { BayeuxLimits } from '#node/bayeux/bayeux-limits.ts';
import type { Session } from '#node/bayeux/bayeux-session.ts';
import { SocketCarrier } from '#node/bayeux/bayeux-socket.ts';

const FRAGMENTS_MAX = 1_024;

export class BayeuxUpgrade {
  readonly #server: Server;
  readonly #path: string;
  readonly #broker: BayeuxBroker;
  readonly #hooks: BayeuxHooks;
  readonly #limits: BayeuxLimits;
  readonly #acceptor: WebSocketServer;
  readonly #carriers = new Set<SocketCarrier>();
  readonly #idle = new Set<SocketCarrier>();
  readonly #bySession = new Map<Session, SocketCarrier>();
  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
    this.#upgrade(request, socket, head);

  constructor(server: Server, path: string, broker: BayeuxBroker, hooks: BayeuxHooks, limits: BayeuxLimits) {
    this.#server = server;
    this.#path = path;
    this.#broker = broker;
    this.#hooks = hooks;
    this.#limits = limits;
    this.#acceptor = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      autoPong: false,
      maxPayload: limits.payloadBytesMax,
      maxFragments: FRAGMENTS_MAX,
    });
    server.on('upgrade', this.#onUpgrade);
  }

  get sockets(): number {
    return this.#carriers.size;
  }

  /** A session is gone: its socket is idle from now on. */
  forget(session: Session): void {
    this.#bySession.get(session)?.release(session);
    this.#bySession.delete(session);
  }

  close(): void {
    this.#server.off('upgrade', this.#onUpgrade);
    for (const carrier of this.#carriers) carrier.goAway();
  }

  /** Leaves the upgrades of other paths to others. */
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== this.#path && path !== `${this.#path}/`) return;
    if (!this.#hooks.mayOpen(request.headers.origin)) return refuse(socket, 403);
    if (this.#carriers.size >= this.#limits.socketsMax) return refuse(socket, 503);
    if (this.#idle.size >= this.#limits.idleSocketsMax) return refuse(socket, 503);
    this.#acceptor.handleUpgrade(request, socket, head, (webSocket) => {
      const carrier = new SocketCarrier(webSocket, request, this.#broker, this.#limits, (changed) =>
        this.#track(changed, webSocket.readyState === webSocket.CLOSED),
      );
      this.#track(carrier, false);
    });
  }

  #track(carrier: SocketCarrier, closed: boolean): void {
    if (closed) {
      this.#carriers.delete(carrier);
      this.#idle.delete(carrier);
      return;
    }
    this.#carriers.add(carrier);
    if (carrier.idle) this.#idle.add(carrier);
    else this.#idle.delete(carrier);
    if (carrier.session === null) return;
    const before = this.#bySession.get(carrier.session);
    if (before !== carrier) before?.release(carrier.session);
    this.#bySession.set(carrier.session, carrier);
  }
}

function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\ncontent-length: 0\r\n${status === 503 ? 'retry-after: 5\r\n' : ''}\r\n`,
  );
}
