/** A Bayeux server on a port of its own, with an application that echoes, and what tests need to talk to it raw or by the official client. */
import type { AddressInfo } from 'node:net';
import { createBayeuxServer, type BayeuxOptions, type BayeuxServer } from '#node/bayeux/bayeux-server.ts';
import type { GoneReason } from '#node/bayeux/bayeux-session.ts';
import { CometD } from 'cometd';
import { adapt } from 'cometd-nodejs-client';
import Fastify from 'fastify';
import { WebSocket } from 'ws';

export const PATH = '/frontend/cometd';

export interface Stand {
  readonly bayeux: BayeuxServer;
  readonly port: number;
  readonly url: string;
  /** Sessions that are over, in order. */
  readonly gone: { readonly id: string; readonly reason: GoneReason }[];
  stop(): Promise<void>;
}

/** What clients publish is published to all, and then confirmed; `overrides` replace hooks and limits. */
export async function startStand(overrides: Partial<BayeuxOptions> = {}, port = 0): Promise<Stand> {
  const app = Fastify();
  const gone: { id: string; reason: GoneReason }[] = [];
  const bayeux: BayeuxServer = createBayeuxServer({
    server: app.server,
    app,
    path: PATH,
    mayHandshake: () => true,
    mayOpen: () => true,
    onSubscribe: () => true,
    onPublish: (_session, channel, data, reply) => {
      bayeux.publish(channel, data);
      reply(true);
    },
    onGone: (session, reason) => gone.push({ id: session.id, reason }),
    ...overrides,
  });
  await app.listen({ host: '127.0.0.1', port });
  const bound = (app.server.address() as AddressInfo).port;
  return { bayeux, port: bound, url: `http://127.0.0.1:${bound}${PATH}`, gone, stop: () => app.close() };
}

export type Transport = 'websocket' | 'long-polling';

/** The unmodified client of the CometD project, made to use one transport, or free to fall back. */
export function officialClient(url: string, transport: Transport | 'either'): CometD {
  adapt();
  const client = new CometD();
  for (const type of client.getTransportTypes()) {
    if (transport !== 'either' && type !== transport) client.unregisterTransport(type);
  }
  client.configure({ url, useWorkerScheduler: false, logLevel: 'warn', backoffIncrement: 20, maxBackoff: 100 });
  return client;
}

/** A message as tests look at it. */
export type Told = Record<string, unknown>;

/** A socket that speaks Bayeux by hand and keeps what it is told. */
export class RawSocket {
  readonly socket: WebSocket;
  readonly told: Told[] = [];
  readonly closed: Promise<number>;
  readonly #waiting: { readonly wanted: (message: Told) => boolean; readonly found: (message: Told) => void }[] = [];

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url.replace('http', 'ws'), { headers });
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.on('close', resolve));
    this.socket.on('message', (frame) => {
      for (const message of JSON.parse(frame.toString()) as Told[]) this.#tell(message);
    });
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
    return this;
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The next message, or one already told, that is `wanted`. */
  hear(wanted: (message: Told) => boolean): Promise<Told> {
    const at = this.told.findIndex(wanted);
    if (at >= 0) return Promise.resolve(this.told.splice(at, 1)[0] ?? {});
    return new Promise((found) => this.#waiting.push({ wanted, found }));
  }

  /** Sends a message with an id and waits for the reply to it. */
  ask(message: Told & { readonly id: string }): Promise<Told> {
    this.send(message);
    return this.hear((told) => told['id'] === message.id);
  }

  /** Shakes hands; the clientId. */
  async handshake(): Promise<string> {
    const reply = await this.ask({ id: 'hand', channel: '/meta/handshake', version: '1.0' });
    return String(reply['clientId']);
  }

  #tell(message: Told): void {
    const at = this.#waiting.findIndex(({ wanted }) => wanted(message));
    if (at < 0) this.told.push(message);
    else this.#waiting.splice(at, 1)[0]?.found(message);
  }
}

/** POSTs Bayeux messages, or any text. */
export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** POSTs and reads the replies. */
export async function exchange(url: string, body: unknown): Promise<Told[]> {
  return (await (await post(url, body)).json()) as Told[];
}
