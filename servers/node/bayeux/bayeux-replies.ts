/** What the server says: replies as JSON text, and deliveries that are serialised once for all who get them. */
import { assert } from '#core/assert.ts';
import type { BayeuxLimits } from '#node/bayeux/bayeux-limits.ts';

/** What a client is advised to do next; `interval` and `timeout` in ms. */
interface Advice {
  readonly reconnect: 'retry' | 'handshake' | 'none';
  readonly interval?: number;
  readonly timeout?: number;
  readonly maxInterval?: number;
}

/** A message on its way to one or many clients. */
export class Delivery {
  readonly json: string;
  #frame: Buffer | null = null;

  /** `data` is what JSON can say; undefined is a programmer error. */
  constructor(channel: string, data: unknown) {
    assert(data !== undefined, `data of a message on ${channel}`);
    this.json = JSON.stringify({ channel, data });
  }

  /** A whole frame with this message alone, the same bytes for every client. */
  get frame(): Buffer {
    this.#frame ??= Buffer.from(`[${this.json}]`);
    return this.#frame;
  }
}

/** The transports that this server speaks. */
const CONNECTION_TYPES = ['websocket', 'long-polling'] as const;

export function handshakeReply(id: string | undefined, clientId: string, limits: BayeuxLimits): string {
  const advice: Advice = {
    reconnect: 'retry',
    interval: 0,
    timeout: limits.holdMs,
    maxInterval: limits.maxIntervalMs,
  };
  return JSON.stringify({
    channel: '/meta/handshake',
    id,
    successful: true,
    version: '1.0',
    minimumVersion: '1.0',
    supportedConnectionTypes: CONNECTION_TYPES,
    clientId,
    advice,
  });
}

export function connectReply(id: string | undefined, advice: Advice): string {
  return JSON.stringify({ channel: '/meta/connect', id, successful: true, advice });
}

/** A success that says nothing more; `subscription` as the client wrote it. */
export function success(channel: string, id: string | undefined, subscription?: string | readonly string[]): string {
  return JSON.stringify({ channel, id, subscription, successful: true });
}

/** A failure; `error` as Bayeux writes it: `code:arguments:words`. */
export function refusal(channel: string, id: string | undefined, error: string, advice?: Advice): string {
  return JSON.stringify({ channel, id, successful: false, error, advice });
}

export function subscriptionRefusal(
  channel: string,
  id: string | undefined,
  subscription: string | readonly string[] | undefined,
  error: string,
): string {
  return JSON.stringify({ channel, id, subscription, successful: false, error });
}

export function unknownSession(channel: string, id: string | undefined): string {
  return refusal(channel, id, '402::session_unknown', { reconnect: 'handshake', interval: 0 });
}

/** The client tries again by itself, with its back-off: here or wherever it is sent then. */
export function serverClosing(channel: string, id: string | undefined): string {
  return refusal(channel, id, '503::server is closing', { reconnect: 'retry' });
}
