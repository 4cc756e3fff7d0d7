/**
 * A Frontend's links to the Backends: a visit's messages go to one Backend, and to another when that one is lost, in
 * their order.
 *
 * 1. A visit's Backend is the living one with the highest rendezvous score: losing or adding one moves the visits of
 *    that one alone.
 * 2. A Backend lives from its first connection until it has been without one for `graceMs`; then what it has not
 *    acknowledged moves.
 * 3. A visit has unacknowledged messages at one Backend at a time; the next ones are held until those are acknowledged
 *    or moved. With no Backend alive everything is held.
 */
import { createLinkDialer, type DialedLink } from '#node/link-dialer.ts';
import { LINK_LIMITS, type LinkOptions, type LinkPeer, type MessageId, type OnAcked } from '#node/link-peer.ts';

export interface BackendAddress {
  readonly name: string;
  /** `http://host:port`. */
  readonly url: string;
}

export interface BackendPoolOptions {
  readonly links: LinkOptions;
  /** How long a lost connection may take to come back before the messages move; 200 ms unless told. */
  readonly graceMs?: number;
}

export interface BackendPool {
  /** `onAcked` as with a link; a message that finds the pool twice as long as `full` is answered false. */
  send(visitID: string, id: MessageId, message: unknown, onAcked: OnAcked): void;
  /** Whether a Backend is alive. */
  readonly up: boolean;
  /** Whether as many messages are unacknowledged as a link's outbox holds: stop taking work in. */
  readonly full: boolean;
  /** The Backends that there are: dials new ones, hangs up on those that are gone and moves what they had. */
  setBackends(backends: readonly BackendAddress[]): void;
  backends(): readonly { readonly name: string; readonly connected: boolean }[];
  /** The link to one Backend, for what is meant for that one and must not move. */
  peer(name: string): LinkPeer | undefined;
  close(): void;
}

export function createBackendPool(options: BackendPoolOptions): BackendPool {
  return new RendezvousPool(options);
}

interface VisitMessage {
  readonly id: MessageId;
  readonly message: unknown;
  readonly onAcked: OnAcked;
}

interface VisitRoute {
  readonly visitHash: number;
  /** Where the messages in flight are. */
  backend: PooledBackend | undefined;
  /** In order. */
  inFlight: VisitMessage[];
  held: VisitMessage[];
}

interface PooledBackend {
  readonly name: string;
  readonly nameHash: number;
  readonly link: DialedLink;
  /** The link for what is meant for this Backend alone. */
  readonly bound: LinkPeer;
  living: boolean;
  grace: NodeJS.Timeout | undefined;
}

class RendezvousPool implements BackendPool {
  readonly #links: LinkOptions;
  readonly #graceMs: number;
  readonly #length: number;
  readonly #backends = new Map<string, PooledBackend>();
  /** Only visits that have unacknowledged messages. */
  readonly #visits = new Map<string, VisitRoute>();
  /** Tells what was sent to a Backend by name from the visits' messages in its link's outbox. */
  readonly #bound = new WeakSet<OnAcked>();
  #unacked = 0;

  constructor(options: BackendPoolOptions) {
    this.#links = options.links;
    this.#graceMs = options.graceMs ?? 200;
    this.#length = options.links.limits?.outboxLength ?? LINK_LIMITS.outboxLength;
  }

  get up(): boolean {
    for (const backend of this.#backends.values()) if (backend.living) return true;
    return false;
  }

  get full(): boolean {
    return this.#unacked >= this.#length;
  }

  send(visitID: string, id: MessageId, message: unknown, onAcked: OnAcked): void {
    if (this.#unacked >= 2 * this.#length) {
      queueMicrotask(() => onAcked(false));
      return;
    }
    let route = this.#visits.get(visitID);
    if (route === undefined) {
      route = { visitHash: hash(visitID), backend: undefined, inFlight: [], held: [] };
      this.#visits.set(visitID, route);
    }
    this.#unacked += 1;
    route.held.push({ id, message, onAcked });
    this.#advance(visitID, route);
  }

  setBackends(backends: readonly BackendAddress[]): void {
    const names = new Set(backends.map(({ name }) => name));
    for (const backend of this.#backends.values()) if (!names.has(backend.name)) this.#remove(backend);
    for (const { name, url } of backends) {
      const known = this.#backends.get(name);
      if (known === undefined) this.#add(name, url);
      else known.link.setUrl(url);
    }
  }

  backends(): readonly { readonly name: string; readonly connected: boolean }[] {
    return [...this.#backends.values()].map(({ name, link }) => ({ name, connected: link.connected }));
  }

  peer(name: string): LinkPeer | undefined {
    return this.#backends.get(name)?.bound;
  }

  close(): void {
    for (const backend of this.#backends.values()) {
      clearTimeout(backend.grace);
      this.#backends.delete(backend.name);
      backend.link.close();
    }
  }

  #add(name: string, url: string): void {
    const handlePeer = (peer: LinkPeer, up: boolean): void => {
      const backend = this.#backends.get(name);
      if (backend?.link === peer) this.#handleConnection(backend, up);
      this.#links.onPeer(peer, up);
    };
    const link = createLinkDialer({ ...this.#links, peerNode: name, url, onPeer: handlePeer });
    const bound = this.#bind(link);
    this.#backends.set(name, { name, nameHash: hash(name), link, bound, living: false, grace: undefined });
  }

  #bind(link: DialedLink): LinkPeer {
    return {
      node: link.node,
      get connected() {
        return link.connected;
      },
      get full() {
        return link.full;
      },
      send: (id, message, onAcked) => {
        const handleAcked: OnAcked = (ok) => onAcked(ok);
        this.#bound.add(handleAcked);
        link.send(id, message, handleAcked);
      },
      takeUnacked: (which) => link.takeUnacked(which),
    };
  }

  #remove(backend: PooledBackend): void {
    clearTimeout(backend.grace);
    this.#backends.delete(backend.name);
    backend.living = false;
    this.#move(backend);
    for (const { onAcked } of backend.link.takeUnacked()) onAcked(false);
    backend.link.close();
  }

  #handleConnection(backend: PooledBackend, up: boolean): void {
    clearTimeout(backend.grace);
    if (!up) {
      backend.grace = setTimeout(() => this.#lose(backend), this.#graceMs);
    } else if (!backend.living) {
      backend.living = true;
      for (const other of this.#backends.values()) if (!other.living) this.#move(other);
      for (const [visitID, route] of this.#visits) this.#advance(visitID, route);
    }
  }

  /** Where no other lives, its messages stay with its link, which knows what this life of the Backend has heard already. */
  #lose(backend: PooledBackend): void {
    backend.living = false;
    if (this.up) this.#move(backend);
  }

  /** What the Backend has not acknowledged is the visits' again, before what they hold, and goes elsewhere. */
  #move(backend: PooledBackend): void {
    backend.link.takeUnacked(({ onAcked }) => !this.#bound.has(onAcked));
    for (const [visitID, route] of this.#visits) {
      if (route.backend !== backend) continue;
      route.held = [...route.inFlight, ...route.held];
      route.inFlight = [];
      this.#advance(visitID, route);
    }
  }

  /** Sends what the visit holds, where that overtakes nothing. */
  #advance(visitID: string, route: VisitRoute): void {
    if (route.held.length === 0) {
      if (route.inFlight.length === 0) this.#visits.delete(visitID);
      return;
    }
    const backend = this.#choose(route.visitHash);
    if (backend === undefined) return;
    if (route.inFlight.length > 0 && route.backend !== backend) return;
    route.backend = backend;
    const sending = route.held;
    route.held = [];
    for (const message of sending) this.#hand(visitID, route, backend, message);
  }

  #hand(visitID: string, route: VisitRoute, { link }: PooledBackend, sent: VisitMessage): void {
    route.inFlight.push(sent);
    link.send(sent.id, sent.message, (ok) => {
      const place = route.inFlight.indexOf(sent);
      if (place >= 0) route.inFlight.splice(place, 1);
      this.#unacked -= 1;
      sent.onAcked(ok);
      if (route.inFlight.length === 0) this.#advance(visitID, route);
    });
  }

  #choose(visitHash: number): PooledBackend | undefined {
    let best: PooledBackend | undefined;
    let bestScore = -1;
    for (const backend of this.#backends.values()) {
      const score = backend.living ? mix(visitHash ^ backend.nameHash) : -1;
      if (score > bestScore) {
        best = backend;
        bestScore = score;
      }
    }
    return best;
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
}

/** The finalizer of MurmurHash3: every bit of the input moves half of the bits of the score. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
