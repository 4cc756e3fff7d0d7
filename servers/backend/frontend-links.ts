/**
 * What the Backend has to say to Frontends, over the links that they dialled. A message for one that has not come (back)
 * yet waits for it, a while: then its browsers are with another one.
 */
import type { LinkPeer, MessageId, OnAcked } from '#node/link-peer.ts';

/** How long a Frontend may be away before what waits for it is let go, wall ms. */
const AWAY_MS_MAX = 10_000;
const TRY_EVERY_MS = 50;

interface Waiting {
  readonly node: string;
  readonly id: MessageId;
  readonly message: unknown;
  readonly onAcked: () => void;
  readonly untilMs: number;
}

export class FrontendLinks {
  readonly #peerOf: (node: string) => LinkPeer | undefined;
  /** For Frontends that have never come, in order. */
  #waiting: Waiting[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(peerOf: (node: string) => LinkPeer | undefined) {
    this.#peerOf = peerOf;
    this.#timer = setInterval(() => this.#tryAgain(), TRY_EVERY_MS).unref();
  }

  /** `onAcked`: when it has arrived, or is let go. */
  send(node: string, id: MessageId, message: unknown, onAcked: () => void): void {
    const peer = this.#peerOf(node);
    const untilMs = performance.now() + AWAY_MS_MAX;
    if (peer === undefined) this.#waiting.push({ node, id, message, onAcked, untilMs });
    else this.#sendTo(peer, { node, id, message, onAcked, untilMs });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#waiting = [];
  }

  #sendTo(peer: LinkPeer, waiting: Waiting): void {
    const handleAcked: OnAcked = (ok) => {
      if (ok) waiting.onAcked();
      else this.#waiting.push(waiting);
    };
    peer.send(waiting.id, waiting.message, handleAcked);
  }

  #tryAgain(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      const peer = this.#peerOf(one.node);
      if (performance.now() > one.untilMs) one.onAcked();
      else if (peer === undefined) this.#waiting.push(one);
      else this.#sendTo(peer, one);
    }
  }
}
