/**
 * What the contact center has to say, over the links that the Backends dialled. An invite goes to any Backend, the same
 * one for a visit as long as it can; what is meant for a browser or desk goes to the Backend where it is connected.
 *
 * A Backend that is lost keeps what it has not acknowledged for a while, as it may come back. Then its invites go to
 * another one; the rest is let go, since those clients log in or resume anew elsewhere.
 */
import type { ToBackend } from '#core/messages.ts';
import type { LinkPeer, MessageId, UnackedMessage } from '#node/link-peer.ts';

export interface BackendLinksOptions {
  /** How long a Backend may be away before its messages move or are let go, wall ms. */
  readonly awayMsMax: number;
  /** How long until the desks that were connected to it are given up, if they have not come back elsewhere, wall ms. */
  readonly lostMsMax: number;
}

export const BACKEND_LINKS: BackendLinksOptions = { awayMsMax: 2_000, lostMsMax: 10_000 };

/** How long what found no room waits until it is sent again, wall ms. */
const RESEND_MS = 200;

interface Waiting {
  readonly id: MessageId;
  readonly message: ToBackend;
  readonly onAcked: () => void;
}

interface Backend {
  peer: LinkPeer | undefined;
  /** Messages for a Backend that has not come since this process started, in order. */
  waiting: Waiting[];
  away: NodeJS.Timeout | undefined;
  lost: NodeJS.Timeout | undefined;
  /** It has been away too long: nothing waits for it. */
  gone: boolean;
}

export class BackendLinks {
  readonly #options: BackendLinksOptions;
  readonly #onLost: (node: string) => void;
  readonly #backends = new Map<string, Backend>();
  /** For any Backend, while none is connected; in order. */
  #homeless: Waiting[] = [];
  #closed = false;

  /** `onLost`: a Backend has been away for `lostMsMax`. */
  constructor(onLost: (node: string) => void, options: BackendLinksOptions = BACKEND_LINKS) {
    this.#onLost = onLost;
    this.#options = options;
  }

  get connected(): number {
    let count = 0;
    for (const { peer } of this.#backends.values()) if (peer?.connected === true) count += 1;
    return count;
  }

  /** `node` null: any Backend. `onAcked`: it has arrived, or is let go. */
  send(node: string | null, id: MessageId, message: ToBackend, onAcked: () => void): void {
    const waiting: Waiting = { id, message, onAcked };
    if (node === null) this.#sendToAny(waiting);
    else this.#sendTo(node, waiting);
  }

  /** A Backend's link has come (true) or was lost (false). */
  handlePeer(peer: LinkPeer, up: boolean): void {
    const backend = this.#backendOf(peer.node);
    backend.peer = peer;
    clearTimeout(backend.away);
    backend.away = undefined;
    clearTimeout(backend.lost);
    if (!up && !this.#closed) {
      backend.lost = setTimeout(() => this.#onLost(peer.node), this.#options.lostMsMax).unref();
    }
    if (!up) {
      this.#awaitReturn(backend);
      return;
    }
    backend.gone = false;
    for (const waiting of backend.waiting.splice(0)) this.#hand(peer, waiting);
    const homeless = this.#homeless;
    this.#homeless = [];
    for (const waiting of homeless) this.#sendToAny(waiting);
  }

  close(): void {
    this.#closed = true;
    for (const { away, lost } of this.#backends.values()) {
      clearTimeout(away);
      clearTimeout(lost);
    }
  }

  #backendOf(node: string): Backend {
    let backend = this.#backends.get(node);
    if (backend === undefined) {
      backend = { peer: undefined, waiting: [], away: undefined, lost: undefined, gone: false };
      this.#backends.set(node, backend);
    }
    return backend;
  }

  #sendTo(node: string, waiting: Waiting): void {
    const backend = this.#backendOf(node);
    if (backend.gone) {
      this.#moveOrDrop(waiting);
    } else if (backend.peer === undefined) {
      backend.waiting.push(waiting);
      this.#awaitReturn(backend);
    } else {
      this.#hand(backend.peer, waiting);
    }
  }

  #sendToAny(waiting: Waiting): void {
    const peer = 'visitID' in waiting.message ? this.#choose(waiting.message.visitID) : undefined;
    if (peer === undefined) this.#homeless.push(waiting);
    else this.#hand(peer, waiting);
  }

  #hand(peer: LinkPeer, waiting: Waiting): void {
    peer.send(waiting.id, waiting.message, (ok) => {
      if (ok) waiting.onAcked();
      else if (!this.#closed) setTimeout(() => this.#sendTo(peer.node, waiting), RESEND_MS).unref();
    });
  }

  #awaitReturn(backend: Backend): void {
    if (this.#closed || backend.away !== undefined) return;
    backend.away = setTimeout(() => {
      backend.away = undefined;
      backend.gone = true;
      const unacked = (backend.peer?.takeUnacked() ?? []).map(waitingOf);
      for (const waiting of [...unacked, ...backend.waiting.splice(0)]) this.#moveOrDrop(waiting);
    }, this.#options.awayMsMax).unref();
  }

  #moveOrDrop(waiting: Waiting): void {
    if (waiting.message.type === 'invite') this.#sendToAny(waiting);
    else waiting.onAcked();
  }

  /** The connected Backend with the highest rendezvous score: one that is lost moves its own visits alone. */
  #choose(visitID: string): LinkPeer | undefined {
    let best: LinkPeer | undefined;
    let bestScore = -1;
    for (const [node, { peer }] of this.#backends) {
      if (peer?.connected !== true) continue;
      const score = scoreOf(node, visitID);
      if (score > bestScore) {
        best = peer;
        bestScore = score;
      }
    }
    return best;
  }
}

/** What was sent here came from `send`. */
function waitingOf({ id, message, onAcked }: UnackedMessage): Waiting {
  return { id, message: message as ToBackend, onAcked: () => onAcked(true) };
}

/** FNV-1a of both names, 32 bits, mixed so that neighbours differ. */
function scoreOf(node: string, visitID: string): number {
  let hash = 0x811c9dc5;
  for (const text of [visitID, node]) {
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
