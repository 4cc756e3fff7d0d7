/** What one client may cost a Bayeux server, and the token bucket that meters it. All times are wall time. */

export interface BayeuxLimits {
  /** How long a connect is held when there is nothing to deliver, ms. */
  readonly holdMs: number;
  /** A session is forgotten when no connect came for so long after the last one was answered, ms. */
  readonly maxIntervalMs: number;
  /** A publish that the application has not answered by then is refused, ms. */
  readonly replyMsMax: number;
  /** A socket that carries no session for so long is closed, ms. */
  readonly handshakeMsMax: number;
  /** How long a closing socket may take until it is cut, ms. */
  readonly closingMsMax: number;
  /** Bytes of one WebSocket message, all its fragments together. */
  readonly payloadBytesMax: number;
  /** Bytes of one POST. */
  readonly bodyBytesMax: number;
  /** Nesting of objects and arrays in one frame or POST. */
  readonly depthMax: number;
  /** Frames, pings and messages of one socket, or messages that one session posts, in a second; and at once. */
  readonly messagesPerSecond: number;
  readonly messagesBurst: number;
  /** Bytes read from one socket in a second, and at once: meters what makes no frame, such as empty fragments. */
  readonly bytesPerSecond: number;
  readonly bytesBurst: number;
  /** Bytes that wait in one socket for a slow reader before it is cut. */
  readonly bufferedBytesMax: number;
  /** Messages, and their characters, that wait in one session between two connects before it is dropped. */
  readonly queueMax: number;
  readonly queueCharactersMax: number;
  readonly subscriptionsMax: number;
  readonly sessionsMax: number;
  readonly socketsMax: number;
  /** Sockets that carry no session (yet). */
  readonly idleSocketsMax: number;
}

export const BAYEUX_LIMITS: BayeuxLimits = {
  holdMs: 30_000,
  maxIntervalMs: 10_000,
  replyMsMax: 8_000,
  handshakeMsMax: 5_000,
  closingMsMax: 1_000,
  payloadBytesMax: 16 * 1024,
  bodyBytesMax: 64 * 1024,
  depthMax: 32,
  messagesPerSecond: 100,
  messagesBurst: 200,
  bytesPerSecond: 64 * 1024,
  bytesBurst: 256 * 1024,
  bufferedBytesMax: 1024 * 1024,
  queueMax: 1_000,
  queueCharactersMax: 1024 * 1024,
  subscriptionsMax: 50,
  sessionsMax: 20_000,
  socketsMax: 10_000,
  idleSocketsMax: 256,
};

/** Lets `perSecond` through on average and `burst` at once. Looks at the clock only when it runs dry. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt = performance.now();

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Whether `count` more are within the limit; they are taken if so. */
  take(count: number): boolean {
    if (this.#tokens < count) {
      const now = performance.now();
      this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1_000) * this.#perSecond);
      this.#filledAt = now;
      if (this.#tokens < count) return false;
    }
    this.#tokens -= count;
    return true;
  }
}
