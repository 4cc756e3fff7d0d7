/**
 * A link as one of its sides sees it, whichever of them dials: outbox, inbox and the connection of the moment. It lives
 * as long as its node; connections and the peer's incarnations come and go.
 *
 * 1. One connection at a time: a newer one takes the place of the older, whose frames no longer count.
 * 2. A new incarnation (or stream) of the peer begins with an empty inbox; what the old one sent is not acknowledged
 *    any more. A lower incarnation than one seen is refused.
 * 3. What is sent in one turn of the event loop leaves in one frame, at the end of that turn, where the last frame left
 *    long enough ago; otherwise, and for acknowledgements alone, when FRAME_GAP_MS are over (ADR 0022).
 */
import { randomUUID } from 'node:crypto';
import type { Hello, MessageFrame } from '#node/link-frame.ts';
import { encodeFrame } from '#node/link-frame.ts';
import { LinkInbox } from '#node/link-inbox.ts';
import { LinkOutbox } from '#node/link-outbox.ts';
import type { LinkConnection } from '#node/link-connection.ts';
import { LINK_LIMITS, type LinkOptions, type LinkPeer, type MessageId } from '#node/link-peer.ts';
import type { OnAcked, UnackedMessage } from '#node/link-peer.ts';

const FRAME_CHARS = 128 * 1024;
/**
 * Between two frames, wall ms: each costs both processes a system call and a wake-up, more than the twenty messages that it
 * may carry. What is sent after a pause does not wait.
 */
const FRAME_GAP_MS = 1;

export class LinkChannel implements LinkPeer {
  readonly node: string;
  readonly #options: LinkOptions;
  readonly #stream = randomUUID();
  readonly #outbox: LinkOutbox;
  #inbox = new LinkInbox();
  #peer: Hello | undefined;
  #connection: LinkConnection | undefined;
  #flushing = false;
  /** Set while a flush waits for the gap to end. */
  #gap: NodeJS.Timeout | undefined;
  #framedAtMs = -Infinity;

  constructor(node: string, options: LinkOptions) {
    this.node = node;
    this.#options = options;
    this.#outbox = new LinkOutbox(options.limits?.outboxLength ?? LINK_LIMITS.outboxLength);
  }

  get hello(): Hello {
    return { node: this.#options.node, incarnation: this.#options.incarnation, stream: this.#stream };
  }

  get connected(): boolean {
    return this.#connection !== undefined;
  }

  get full(): boolean {
    return this.#outbox.full;
  }

  send(id: MessageId, message: unknown, onAcked: OnAcked): void {
    if (this.#outbox.add(id, message, onAcked)) this.#flushSoon();
    else queueMicrotask(() => onAcked(false));
  }

  takeUnacked(which: (message: UnackedMessage) => boolean = () => true): UnackedMessage[] {
    return this.#outbox.take(which);
  }

  /** Why a connection of this peer is not welcome; null: it is. */
  refusalOf(hello: Hello): string | null {
    const known = this.#peer?.incarnation ?? hello.incarnation;
    if (hello.incarnation >= known) return null;
    return `incarnation ${String(hello.incarnation)} of ${hello.node} comes after ${String(known)}`;
  }

  /** Takes a connection whose peer is welcome; both sides have introduced themselves. */
  attach(connection: LinkConnection, hello: Hello): void {
    this.#connection?.cut('another connection of the same peer');
    if (this.#peer?.incarnation !== hello.incarnation || this.#peer.stream !== hello.stream) {
      this.#inbox = new LinkInbox();
    }
    this.#peer = hello;
    this.#connection = connection;
    this.#outbox.rewind();
    this.#flushSoon();
    this.#options.onPeer(this, true);
  }

  detach(connection: LinkConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#options.onPeer(this, false);
  }

  receive(connection: LinkConnection, frame: MessageFrame): void {
    if (this.#connection !== connection) return;
    const inbox = this.#inbox;
    inbox.forgetBelow(frame.low);
    this.#outbox.acknowledge(frame.acks);
    for (const [seq, id, message] of frame.messages) {
      if (!inbox.arrive(seq)) continue;
      this.#options.onMessage(this.node, id, message, (ok) => {
        inbox.finish(seq, ok);
        if (inbox === this.#inbox) this.#flushLater();
      });
    }
    if (inbox.hasAcks) this.#flushLater();
  }

  /** Writes what waits, as far as the connection has room. */
  flush(): void {
    for (;;) {
      const connection = this.#connection;
      if (connection === undefined || !connection.askForRoom()) return;
      const parts = this.#outbox.nextParts(FRAME_CHARS);
      if (parts.length === 0 && !this.#inbox.hasAcks) return;
      this.#framedAtMs = performance.now();
      connection.write(encodeFrame(this.#outbox.low, parts, this.#inbox.takeAcks()));
    }
  }

  close(): void {
    clearTimeout(this.#gap);
    this.flush();
    this.#connection?.close();
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    if (performance.now() - this.#framedAtMs < FRAME_GAP_MS) {
      this.#flushLater();
      return;
    }
    this.#flushing = true;
    setImmediate(this.#endTurn);
  }

  #flushLater(): void {
    this.#gap ??= setTimeout(this.#endGap, FRAME_GAP_MS);
  }

  readonly #endTurn = (): void => {
    this.#flushing = false;
    this.flush();
  };

  readonly #endGap = (): void => {
    this.#gap = undefined;
    this.flush();
  };
}
