/**
 * The store node's side of the store protocol: takes WebSocket upgrades of `/store`, answers puts after their commit,
 * and goes on serving when the disk does not.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { assertNever } from '#core/assert.ts';
import type { OperationsRow } from '#core/effects.ts';
import { tellingsOf } from '#core/engagement/attempt-tellings.ts';
import type { StoreBatch } from '#core/messages.ts';
import type { HistoryPlace } from '#ports/history.ts';
import type { Stores } from '#ports/stores.ts';
import { eraseIdentity } from './erase-identity.ts';
import { isAuthorized } from './link-secret.ts';
import { COMMIT_LIMITS, commitFaultOf, StoreCommits, type CommitFault, type CommitLimits } from './store-commits.ts';
import {
  parseStoreRequest,
  STORE_CLIENT_HEADER,
  STORE_FRAME_BYTES_MAX,
  STORE_LINE_END,
  STORE_LINEAGE_HEADER,
  STORE_PATH,
  type StoreNotice,
  type StoreReply,
  type StoreRequest,
} from './store-wire.ts';

const UNAUTHORIZED =
  'HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Bearer\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
/** Items of a listing in one frame. */
const SLICE_ITEMS = 1000;
const BUFFERED_BYTES_MAX = 64 * 1024 * 1024;
/** Clients ping once a second; who is silent so long is gone. */
const SILENCE_MS = 15_000;
/** How often the history is asked to take away what is kept no more, and how long it rests while there is more of it. */
const SWEEP_MS = 1000;
const SWEEP_REST_MS = 20;
/** For a client's answer to a close. */
const HANG_UP_MS = 500;
const CLOSE_BAD_FRAME = 1008;
const CLOSE_GOING_AWAY = 1001;

export interface StoreServerOptions {
  /** Its other requests and upgrade paths are left to their own listeners. */
  readonly server: Server;
  readonly secret: string;
  readonly stores: Stores;
  readonly limits?: Partial<CommitLimits>;
  /** Told whenever a store starts or ceases to fail; null: it works again. */
  readonly onFault?: (store: 'history' | 'operations', fault: CommitFault) => void;
  /** Which file of operations this is, where it can be replaced. */
  readonly lineage?: () => string;
  /** What is wrong with the stores though they serve; null: nothing. */
  readonly degraded?: () => string | null;
}

/** Since the start; `Waiting`: rows that are in no transaction yet; `refusedFull`: puts refused as too much waited. */
export type StoreCounters = Readonly<
  Record<
    | 'clients'
    | 'historyRows'
    | 'historyCommits'
    | 'historyWaiting'
    | 'operationsRows'
    | 'operationsCommits'
    | 'operationsWaiting'
    | 'refusedFull',
    number
  >
>;

export interface StoreServer {
  readonly counters: StoreCounters;
  /** Tells all clients something, after the answers that are on their way. */
  notify(notice: StoreNotice): void;
  /** So that all clients come again, and ask again what they have no answer to: a file has been replaced. */
  hangUp(): void;
  /** Takes nothing more, answers what it has taken, hangs up and closes the stores. */
  close(): Promise<void>;
}

export function createStoreServer(options: StoreServerOptions): StoreServer {
  return new StoreAcceptor(options);
}

class StoreAcceptor implements StoreServer {
  readonly #options: StoreServerOptions;
  readonly #history: StoreCommits<StoreBatch>;
  readonly #operations: StoreCommits<OperationsRow>;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: STORE_FRAME_BYTES_MAX,
  });
  readonly #connections = new Map<string, WebSocket>();
  readonly #heardAt = new WeakMap<WebSocket, number>();
  /** Answers to puts that leave at the end of this turn, by connection. */
  #replies = new Map<WebSocket, string[]>();
  readonly #faults = new Map<'history' | 'operations', CommitFault>();
  readonly #silenceSweep: NodeJS.Timeout;
  #historySweep: NodeJS.Timeout | undefined;
  #closing = false;
  #refused = 0;

  constructor(options: StoreServerOptions) {
    this.#options = options;
    const limits = { ...COMMIT_LIMITS, ...options.limits };
    const { history, operations } = options.stores;
    this.#history = new StoreCommits((batches) => history.put(batches), limits);
    this.#operations = new StoreCommits(async (rows) => {
      await operations.put(rows);
      // Of a row that is acknowledged the history knows; where it can't be told, the rows come again.
      const tellings = tellingsOf(rows);
      if (tellings.length > 0) await history.putAttempts(tellings);
    }, limits);
    options.server.on('upgrade', this.#handleUpgrade);
    this.#webSockets.on('headers', (headers) => {
      const lineage = options.lineage?.();
      if (lineage !== undefined) headers.push(`${STORE_LINEAGE_HEADER}: ${lineage}`);
    });
    this.#silenceSweep = setInterval(() => this.#dropSilent(), SILENCE_MS / 3);
    this.#silenceSweep.unref();
    this.#sweepHistory(SWEEP_MS);
  }

  get counters(): StoreCounters {
    return {
      clients: this.#connections.size,
      historyRows: this.#history.totals.rows,
      historyCommits: this.#history.totals.commits,
      historyWaiting: this.#history.waitingRows,
      operationsRows: this.#operations.totals.rows,
      operationsCommits: this.#operations.totals.commits,
      operationsWaiting: this.#operations.waitingRows,
      refusedFull: this.#refused,
    };
  }

  notify(notice: StoreNotice): void {
    this.#flush();
    const line = JSON.stringify(notice);
    for (const connection of this.#connections.values()) connection.send(line, ignoreLoss);
  }

  hangUp(): void {
    for (const connection of this.#connections.values()) connection.terminate();
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#silenceSweep);
    clearTimeout(this.#historySweep);
    this.#options.server.off('upgrade', this.#handleUpgrade);
    await Promise.all([this.#history.drained(), this.#operations.drained()]);
    for (const connection of this.#connections.values()) {
      connection.close(CLOSE_GOING_AWAY);
      setTimeout(() => connection.terminate(), HANG_UP_MS).unref();
    }
    this.#options.stores.history.close();
    this.#options.stores.operations.close();
  }

  readonly #handleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (pathOf(request) !== STORE_PATH) return;
    const client = request.headers[STORE_CLIENT_HEADER];
    if (!isAuthorized(request.headers.authorization, this.#options.secret) || typeof client !== 'string') {
      socket.on('error', () => socket.destroy());
      socket.end(UNAUTHORIZED, () => socket.destroy());
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket, client));
  };

  /**
   * A client that comes again sends again what it has no answer to. Its older connection is cut first: what is still
   * unread there would otherwise be stored after newer rows.
   */
  #open(webSocket: WebSocket, client: string): void {
    this.#connections.get(client)?.terminate();
    this.#connections.set(client, webSocket);
    const hear = (): void => void this.#heardAt.set(webSocket, performance.now());
    hear();
    webSocket.on('error', () => webSocket.terminate());
    webSocket.on('ping', hear);
    webSocket.on('close', () => {
      if (this.#connections.get(client) === webSocket) this.#connections.delete(client);
    });
    const reason = this.#options.degraded?.() ?? null;
    if (reason !== null)
      webSocket.send(JSON.stringify({ notice: 'degraded', reason } satisfies StoreNotice), ignoreLoss);
    webSocket.on('message', (frame: Buffer) => {
      if (this.#closing || this.#connections.get(client) !== webSocket) return;
      hear();
      for (const line of frame.toString().split(STORE_LINE_END)) {
        const request = parseStoreRequest(line);
        if (request === null) {
          webSocket.close(CLOSE_BAD_FRAME, 'no store request');
          return;
        }
        if (request.op === 'put') this.#takePut(webSocket, request, Buffer.byteLength(line));
        else void this.#answer(webSocket, request);
      }
    });
  }

  async #answer(webSocket: WebSocket, request: Exclude<StoreRequest, { readonly op: 'put' }>): Promise<void> {
    const { id } = request;
    const { history, operations } = this.#options.stores;
    try {
      switch (request.op) {
        case 'past':
          await this.#sendListing(webSocket, id, await history.pastOf(request.visitID));
          return;
        case 'recover':
          await this.#sendListing(webSocket, id, await operations.recover(request.kinds));
          return;
        case 'eventIDs':
          await this.#sendListing(webSocket, id, await history.eventIDs(request.after, request.limit));
          return;
        case 'get': {
          const record = await history.get(request.entity, request.recordId);
          await this.#send(webSocket, { id, ok: true, items: record === null ? [] : [record] });
          return;
        }
        case 'list': {
          const { records, next } = await history.list(request.entity, request.scope, request.range);
          await this.#sendListing(webSocket, id, records, next);
          return;
        }
        case 'erase':
          await this.#send(webSocket, {
            id,
            ok: true,
            erasure: await eraseIdentity(this.#options.stores, request.identityId),
          });
          return;
        case 'claim':
          await this.#send(webSocket, {
            id,
            ok: true,
            outcome: await operations.claim(request.key, request.claimant),
          });
          return;
        default:
          assertNever(request, 'store request');
      }
    } catch (thrown) {
      await this.#send(webSocket, { id, ok: false, ...commitFaultOf(thrown) });
    }
  }

  #takePut(webSocket: WebSocket, { id, group }: PutRequest, bytes: number): void {
    const onDone = (fault: CommitFault): void => {
      this.#noteFault(group.store, fault);
      this.#sendSoon(webSocket, fault === null ? { id, ok: true } : { id, ok: false, ...fault });
    };
    const taken =
      group.store === 'history'
        ? this.#history.add({ items: [group.batch], rows: group.batch.events.length, bytes, onDone })
        : this.#operations.add({ items: group.rows, rows: group.rows.length, bytes, onDone });
    if (taken) return;
    this.#refused += 1;
    this.#sendSoon(webSocket, { id, ok: false, full: true });
  }

  #noteFault(store: 'history' | 'operations', fault: CommitFault): void {
    if ((this.#faults.get(store)?.fault ?? null) !== (fault?.fault ?? null)) this.#options.onFault?.(store, fault);
    this.#faults.set(store, fault);
  }

  /** A slice a frame, the next when the last has left, so that a long listing does not pile up. */
  async #sendListing(
    webSocket: WebSocket,
    id: number,
    items: readonly unknown[],
    next?: HistoryPlace | null,
  ): Promise<void> {
    for (let i = 0; i + SLICE_ITEMS < items.length; i += SLICE_ITEMS)
      await this.#send(webSocket, { id, ok: true, items: items.slice(i, i + SLICE_ITEMS), more: true });
    const rest = items.length === 0 ? 0 : Math.floor((items.length - 1) / SLICE_ITEMS) * SLICE_ITEMS;
    const last = { id, ok: true, items: items.slice(rest) } as const;
    await this.#send(webSocket, next === undefined ? last : { ...last, next });
  }

  /** A little at a time, so that puts need not wait for it; a store in trouble is left alone until the next time. */
  #sweepHistory(afterMs: number): void {
    this.#historySweep = setTimeout(() => {
      const rest = this.#trySweep() ? SWEEP_REST_MS : SWEEP_MS;
      this.#sweepHistory(rest);
    }, afterMs);
    this.#historySweep.unref();
  }

  #trySweep(): boolean {
    try {
      return this.#options.stores.history.sweep();
    } catch (thrown) {
      this.#noteFault('history', commitFaultOf(thrown));
      return false;
    }
  }

  /** The replies of one commit leave in one frame. */
  #sendSoon(webSocket: WebSocket, reply: StoreReply): void {
    const waiting = this.#replies.get(webSocket);
    if (waiting !== undefined) {
      waiting.push(JSON.stringify(reply));
      return;
    }
    this.#replies.set(webSocket, [JSON.stringify(reply)]);
    if (this.#replies.size === 1) queueMicrotask(this.#flush);
  }

  readonly #flush = (): void => {
    const replies = this.#replies;
    // A new one, as a Map that is cleared keeps what it held until the next full garbage collection.
    this.#replies = new Map();
    for (const [webSocket, lines] of replies) {
      if (webSocket.bufferedAmount > BUFFERED_BYTES_MAX) webSocket.terminate();
      webSocket.send(lines.join(STORE_LINE_END), ignoreLoss);
    }
  };

  /** Fulfilled when the frame has left or never will: the client asks again on its next connection. */
  async #send(webSocket: WebSocket, reply: StoreReply): Promise<void> {
    if (webSocket.bufferedAmount > BUFFERED_BYTES_MAX) webSocket.terminate();
    await new Promise<void>((resolve) => webSocket.send(JSON.stringify(reply), () => resolve()));
  }

  #dropSilent(): void {
    const oldest = performance.now() - SILENCE_MS;
    for (const connection of this.#connections.values())
      if ((this.#heardAt.get(connection) ?? 0) < oldest) connection.terminate();
  }
}

type PutRequest = Extract<StoreRequest, { readonly op: 'put' }>;

function ignoreLoss(): void {
  // The client asks again on its next connection.
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}
