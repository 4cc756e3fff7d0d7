/**
 * One WebSocket connection of a link while it lasts: introductions first, then frames; pings, and the silence after
 * which the peer is taken for gone (half-open connections and stopped processes close nothing).
 *
 * Life is any byte that has come in, not an answer to a ping: both sides ping unasked, so a connection that is merely
 * full in one direction stays.
 */
import type { Socket } from 'node:net';
import { WebSocket, type RawData } from 'ws';
import { encodeHello, parseFrame, type Hello, type MessageFrame } from '#node/link-frame.ts';
import type { LinkLimits } from '#node/link-peer.ts';

/** So much may wait in a connection; more would only grow the memory and delay what a reconnection must repeat. */
const BUFFERED_BYTES_MAX = 256 * 1024;
const CLOSING_MS_MAX = 1000;

export interface LinkConnectionEvents {
  /** The peer has introduced itself; the answer says why it is sent away, null: welcome. */
  hello(connection: LinkConnection, hello: Hello): string | null;
  frame(connection: LinkConnection, frame: MessageFrame): void;
  /** There is room again, after `askForRoom` had to say no. */
  drained(connection: LinkConnection): void;
  /** Once, at the end; `why` where this side cut it. */
  closed(connection: LinkConnection, why: string | null): void;
}

export class LinkConnection {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #limits: LinkLimits;
  readonly #events: LinkConnectionEvents;
  readonly #beat: NodeJS.Timeout;
  readonly #helloTimeout: NodeJS.Timeout;
  #introduced = false;
  #closed = false;
  #waitsForRoom = false;
  #bytesHeard: number;
  #silentBeats = 0;

  constructor(webSocket: WebSocket, socket: Socket, limits: LinkLimits, events: LinkConnectionEvents) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#limits = limits;
    this.#events = events;
    this.#bytesHeard = socket.bytesRead;
    this.#beat = setInterval(() => this.#handleBeat(), limits.pingMs);
    this.#helloTimeout = setTimeout(() => this.cut('no introduction in time'), limits.helloMs);
    webSocket.on('message', (text) => this.#handleText(text));
    webSocket.on('error', (error) => this.cut(error.message));
    webSocket.on('close', () => this.#handleClose(null));
  }

  introduce(hello: Hello): void {
    this.#webSocket.send(encodeHello(hello));
  }

  /** Whether another frame may be written now; where not, `drained` will tell when. */
  askForRoom(): boolean {
    if (this.#closed || this.#webSocket.readyState !== WebSocket.OPEN) return false;
    this.#waitsForRoom = this.#webSocket.bufferedAmount >= BUFFERED_BYTES_MAX;
    return !this.#waitsForRoom;
  }

  write(frame: string): void {
    this.#webSocket.send(frame, () => {
      if (this.#waitsForRoom && this.askForRoom()) this.#events.drained(this);
    });
  }

  /** Ends it at once; what is under way is lost. */
  cut(why: string): void {
    if (this.#closed) return;
    this.#handleClose(why);
    this.#webSocket.terminate();
  }

  /** Ends it after what has been written. */
  close(): void {
    if (this.#closed) return;
    this.#handleClose(null);
    this.#webSocket.close(1001);
    const cutting = setTimeout(() => this.#webSocket.terminate(), CLOSING_MS_MAX);
    this.#webSocket.on('close', () => clearTimeout(cutting));
  }

  #handleText(text: RawData): void {
    if (this.#closed) return;
    const frame = Buffer.isBuffer(text) ? parseFrame(text.toString()) : undefined;
    if (frame === undefined) {
      this.cut('not a frame of a link');
    } else if (frame.type === 'messages') {
      if (this.#introduced) this.#events.frame(this, frame);
      else this.cut('messages before the introduction');
    } else if (this.#introduced) {
      this.cut('introduced twice');
    } else {
      clearTimeout(this.#helloTimeout);
      this.#introduced = true;
      const refusal = this.#events.hello(this, frame.hello);
      if (refusal !== null) this.cut(refusal);
    }
  }

  /**
   * Silence is counted in this side's own beats: where this process was stopped, or short of processor time, it has not
   * listened either.
   */
  #handleBeat(): void {
    this.#silentBeats = this.#socket.bytesRead === this.#bytesHeard ? this.#silentBeats + 1 : 0;
    this.#bytesHeard = this.#socket.bytesRead;
    if (this.#silentBeats * this.#limits.pingMs >= this.#limits.silenceMs) this.cut('silent for too long');
    else this.#webSocket.ping();
  }

  #handleClose(why: string | null): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#beat);
    clearTimeout(this.#helloTimeout);
    this.#events.closed(this, why);
  }
}
