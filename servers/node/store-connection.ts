/**
 * A client's connection to the store node: dials, again whenever it is lost (50 ms, doubling to 1 s), and gives up one
 * that has gone silent. What was asked on a lost connection is for its user to ask again. What is sent in one turn of the
 * event loop leaves in one frame.
 */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import {
  parseStoreNotice,
  parseStoreReply,
  STORE_CLIENT_HEADER,
  STORE_FRAME_BYTES_MAX,
  STORE_LINE_END,
  STORE_LINEAGE_HEADER,
  STORE_PATH,
  type StoreNotice,
  type StoreReply,
} from './store-wire.ts';

const REDIAL_MS_MIN = 50;
const REDIAL_MS_MAX = 1000;
const PING_MS = 1000;
/** Characters of a frame, beyond which the next one begins. */
const FRAME_CHARS = 1024 * 1024;
/** A pong is due by then: the node may be stopped, or the connection half open. */
const SILENCE_MS = 3000;

export interface StoreConnectionOptions {
  /** http://host:port of the store node; null: not known yet. */
  readonly url: string | null;
  readonly secret: string;
  /** `lineage`: which file of operations answers; null: the store has none that can be replaced. */
  readonly onOpen: (lineage: string | null) => void;
  readonly onReply: (reply: StoreReply) => void;
  readonly onNotice: (notice: StoreNotice) => void;
  /** Told once for each time that the store can't be reached, not for each dial. */
  readonly onLost: (why: string) => void;
}

export class StoreConnection {
  readonly #options: StoreConnectionOptions;
  readonly #client = randomUUID();
  readonly #pinging: NodeJS.Timeout;
  #url: string | null;
  #webSocket: WebSocket | undefined;
  #heardAt = 0;
  #redial: NodeJS.Timeout | undefined;
  #redialMs = REDIAL_MS_MIN;
  #lost = false;
  #closed = false;
  #lines: string[] = [];
  #lineChars = 0;

  constructor(options: StoreConnectionOptions) {
    this.#options = options;
    this.#url = options.url;
    this.#pinging = setInterval(() => this.#ping(), PING_MS);
    this.#dial();
  }

  get connected(): boolean {
    return this.#webSocket?.readyState === WebSocket.OPEN;
  }

  /** Sends where there is a connection; otherwise nothing happens. */
  send(line: string): void {
    if (!this.connected) return;
    if (this.#lines.length === 0) setImmediate(this.#flush);
    this.#lines.push(line);
    this.#lineChars += line.length;
    if (this.#lineChars >= FRAME_CHARS) this.#flush();
  }

  setUrl(url: string | null): void {
    if (url === this.#url || this.#closed) return;
    this.#url = url;
    this.#redialMs = REDIAL_MS_MIN;
    if (this.#webSocket === undefined) this.#dial();
    else this.#webSocket.terminate();
  }

  /** For good; what has been sent still leaves. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#pinging);
    clearTimeout(this.#redial);
    this.#flush();
    if (this.connected) this.#webSocket?.close();
    else this.#webSocket?.terminate();
  }

  readonly #flush = (): void => {
    if (this.#lines.length > 0 && this.connected) this.#webSocket?.send(this.#lines.join(STORE_LINE_END));
    this.#lines = [];
    this.#lineChars = 0;
  };

  #dial(): void {
    clearTimeout(this.#redial);
    if (this.#url === null || this.#closed) return;
    const webSocket = new WebSocket(new URL(STORE_PATH, this.#url.replace(/^http/, 'ws')), {
      headers: { authorization: `Bearer ${this.#options.secret}`, [STORE_CLIENT_HEADER]: this.#client },
      handshakeTimeout: SILENCE_MS,
      maxPayload: STORE_FRAME_BYTES_MAX,
      perMessageDeflate: false,
    });
    this.#webSocket = webSocket;
    const hear = (): void => void (this.#heardAt = performance.now());
    let why = 'connection closed';
    let lineage: string | null = null;
    webSocket.on('upgrade', ({ headers }) => (lineage = lineageOf(headers[STORE_LINEAGE_HEADER])));
    webSocket.on('error', (error) => (why = error.message));
    webSocket.on('open', () => {
      hear();
      this.#lost = false;
      this.#redialMs = REDIAL_MS_MIN;
      this.#options.onOpen(lineage);
    });
    webSocket.on('pong', hear);
    webSocket.on('message', (frame: Buffer) => {
      hear();
      for (const line of frame.toString().split(STORE_LINE_END)) {
        const reply = parseStoreReply(line);
        const notice = reply === null ? parseStoreNotice(line) : null;
        if (reply !== null) this.#options.onReply(reply);
        else if (notice !== null) this.#options.onNotice(notice);
        else webSocket.terminate();
      }
    });
    webSocket.on('close', () => this.#handleClose(why));
  }

  #handleClose(why: string): void {
    this.#webSocket = undefined;
    this.#lines = [];
    this.#lineChars = 0;
    if (this.#closed) return;
    if (!this.#lost) this.#options.onLost(why);
    this.#lost = true;
    this.#redial = setTimeout(() => this.#dial(), this.#redialMs);
    this.#redialMs = Math.min(2 * this.#redialMs, REDIAL_MS_MAX);
  }

  #ping(): void {
    if (!this.connected) return;
    if (performance.now() - this.#heardAt > SILENCE_MS) this.#webSocket?.terminate();
    else this.#webSocket?.ping();
  }
}

function lineageOf(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' && header !== '' ? header : null;
}
