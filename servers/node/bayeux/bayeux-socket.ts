/**
 * One WebSocket as a carrier: reads frames within the limits, and writes what one turn of the event loop has for it as one frame.
 *   idle (no session, closed after handshakeMsMax) <-> carrying -> closing (hears nothing more) -> closed
 */
import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { BayeuxBroker, IncomingCarrier } from '#node/bayeux/bayeux-broker.ts';
import { readFrame } from '#node/bayeux/bayeux-frame.ts';
import { type BayeuxLimits, TokenBucket } from '#node/bayeux/bayeux-limits.ts';
import type { Delivery } from '#node/bayeux/bayeux-replies.ts';
import type { Session } from '#node/bayeux/bayeux-session.ts';

const GOING_AWAY = 1001;
const UNSUPPORTED = 1003;
const POLICY = 1008;

export class SocketCarrier implements IncomingCarrier {
  readonly kind = 'websocket';
  readonly mayHold = true;
  readonly request: IncomingMessage;
  readonly #socket: WebSocket;
  readonly #broker: BayeuxBroker;
  readonly #limits: BayeuxLimits;
  readonly #onState: (carrier: SocketCarrier) => void;
  readonly #frames: TokenBucket;
  readonly #bytes: TokenBucket;
  #session: Session | null = null;
  #outbox: (string | Delivery)[] = [];
  #closing = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #cutTimer: NodeJS.Timeout | undefined;

  /** `onState` is called when the socket begins or stops to be idle, and when it is closed. */
  constructor(
    socket: WebSocket,
    request: IncomingMessage,
    broker: BayeuxBroker,
    limits: BayeuxLimits,
    onState: (carrier: SocketCarrier) => void,
  ) {
    this.#socket = socket;
    this.request = request;
    this.#broker = broker;
    this.#limits = limits;
    this.#onState = onState;
    this.#frames = new TokenBucket(limits.messagesPerSecond, limits.messagesBurst);
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.bytesBurst);
    this.#awaitSession();
    this.#listen();
  }

  get idle(): boolean {
    return this.#session === null;
  }

  get session(): Session | null {
    return this.#session;
  }

  write(message: string | Delivery): void {
    if (this.#closing) return;
    this.#outbox.push(message);
    if (this.#outbox.length === 1) queueMicrotask(() => this.#flush());
  }

  reply(reply: string): void {
    this.write(reply);
  }

  adopt(session: Session): void {
    clearTimeout(this.#idleTimer);
    const before = this.#session;
    if (before === session) return;
    this.#session = session;
    before?.end('replaced');
    session.bind(this);
    this.#onState(this);
  }

  /** The session that it carried is gone or has moved to another carrier. */
  release(session: Session): void {
    if (this.#session !== session) return;
    this.#session = null;
    if (this.#socket.readyState === this.#socket.OPEN) this.#awaitSession();
    this.#onState(this);
  }

  /** Tells the client to come back another way. */
  goAway(): void {
    this.#close(GOING_AWAY, 'server is closing');
  }

  #awaitSession(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.#close(POLICY, 'no handshake'), this.#limits.handshakeMsMax);
  }

  #listen(): void {
    const socket = this.#socket;
    this.request.socket.on('data', (chunk: Buffer) => this.#allow(this.#bytes, chunk.length));
    socket.on('message', (frame, isBinary) => this.#read(frame, isBinary));
    socket.on('ping', (payload) => {
      if (this.#allow(this.#frames, 1)) socket.pong(payload);
    });
    socket.on('pong', () => this.#allow(this.#frames, 1));
    // ws closes by itself (1002, 1007, 1009) what breaks the protocol or its limits; here it is only cut in time.
    socket.on('error', () => this.#silence());
    socket.on('close', () => {
      this.#silence();
      clearTimeout(this.#cutTimer);
      const session = this.#session;
      this.#session = null;
      session?.lose(this);
      this.#onState(this);
    });
  }

  /** Whether the bucket lets `count` through; the socket is closed when it does not. */
  #allow(bucket: TokenBucket, count: number): boolean {
    if (this.#closing) return false;
    if (bucket.take(count)) return this.#mayBuffer();
    this.#close(POLICY, 'too much, too fast');
    // What else the flood has on its way is not even read.
    this.#socket.pause();
    return false;
  }

  #read(frame: RawData, isBinary: boolean): void {
    if (!this.#allow(this.#frames, 1)) return;
    if (isBinary || !Buffer.isBuffer(frame)) return this.#close(UNSUPPORTED, 'text only');
    const read = readFrame(frame.toString('utf8'), this.#limits.depthMax);
    if (!read.ok) return this.#close(POLICY, read.why);
    const extra = read.messages.length - 1;
    if (extra > 0 && !this.#allow(this.#frames, extra)) return;
    for (const message of read.messages) this.#broker.handle(message, this);
  }

  #flush(): void {
    const outbox = this.#outbox;
    this.#outbox = [];
    const [first] = outbox;
    if (first === undefined || this.#socket.readyState !== this.#socket.OPEN || !this.#mayBuffer()) return;
    if (outbox.length === 1) {
      if (typeof first === 'string') this.#socket.send(`[${first}]`);
      else this.#socket.send(first.frame, { binary: false });
      return;
    }
    let text = '[';
    for (const message of outbox) {
      if (text.length > 1) text += ',';
      text += typeof message === 'string' ? message : message.json;
    }
    this.#socket.send(`${text}]`);
  }

  /** A reader that is further behind than allowed is cut, and his session with him: nothing waits for him in memory. */
  #mayBuffer(): boolean {
    if (this.#socket.bufferedAmount <= this.#limits.bufferedBytesMax) return true;
    this.#silence();
    const session = this.#session;
    this.#socket.terminate();
    session?.end('slow');
    return false;
  }

  #close(code: number, why: string): void {
    if (this.#closing) return;
    this.#flush();
    this.#silence();
    this.#socket.close(code, why);
  }

  /** Hears and says nothing more, and is cut when the peer does not close in time. */
  #silence(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#outbox = [];
    clearTimeout(this.#idleTimer);
    this.#cutTimer = setTimeout(() => this.#socket.terminate(), this.#limits.closingMsMax);
  }
}
