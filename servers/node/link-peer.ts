/**
 * What a link between two nodes promises and how it is configured: the contract that the dialling and the accepting
 * side share. How the promises are kept: docs/adr/0014-links-between-nodes.md.
 */
import type { OperatingError } from '#protocol/operating-error.ts';

/** Names a message across the system, `<node>~<incarnation>#<n>`; the link only carries it. */
export type MessageId = string;

/**
 * How a message ended: true when the receiver has done with it, false when the receiver gave it up for good (the sender
 * may send it anew, as another message, or let it go) or the outbox had no room for it.
 */
export type OnAcked = (ok: boolean) => void;

export interface UnackedMessage {
  readonly id: MessageId;
  readonly message: unknown;
  readonly onAcked: OnAcked;
}

/**
 * One side's hold on a link. Messages arrive in the order of `send`; once between two living incarnations, at least
 * once where either side was restarted. The hold outlives connections: what is sent while there is none waits.
 */
export interface LinkPeer {
  /** The node at the other end. */
  readonly node: string;
  /**
   * Queues a message (plain data that JSON carries). `onAcked` is called once, in the order in which the receiver
   * finished, unless the message is taken away by `takeUnacked`. A message that no frame could carry is a programmer
   * error.
   */
  send(id: MessageId, message: unknown, onAcked: OnAcked): void;
  /** Whether the peer has been heard of lately, on a connection that both sides have introduced themselves on. */
  readonly connected: boolean;
  /**
   * Whether `outboxLength` messages are unacknowledged: stop taking work in. What is under way is still accepted, up to
   * twice that length; beyond it `send` answers false.
   */
  readonly full: boolean;
  /** Removes the unacknowledged messages (those that `which` picks), oldest first: they are the caller's again. */
  takeUnacked(which?: (message: UnackedMessage) => boolean): UnackedMessage[];
}

/** Times are wall time: links stay alive while the domain clock is paused. */
export interface LinkLimits {
  /** How often each side makes itself heard. */
  readonly pingMs: number;
  /** A peer that is silent for so many pings as make up this time is taken for gone. */
  readonly silenceMs: number;
  /** Who doesn't introduce himself within this time is sent away. */
  readonly helloMs: number;
  readonly redialMsMin: number;
  readonly redialMsMax: number;
  readonly outboxLength: number;
}

export const LINK_LIMITS: LinkLimits = {
  pingMs: 1000,
  silenceMs: 3000,
  helloMs: 5000,
  redialMsMin: 50,
  redialMsMax: 1000,
  outboxLength: 10_000,
};

/** What both sides of a link are made with. */
export interface LinkOptions {
  /** This node and which life of it: a restarted node must come with a higher number. */
  readonly node: string;
  readonly incarnation: number;
  readonly secret: string;
  /**
   * A message, in order. `done(true)` acknowledges it; `done(false)` tells the sender that it failed for good. Later
   * calls of the same `done` change nothing.
   */
  readonly onMessage: (from: string, id: MessageId, message: unknown, done: (ok: boolean) => void) => void;
  /** The peer has come (true) or was lost (false). */
  readonly onPeer: (peer: LinkPeer, up: boolean) => void;
  /** Why a connection was refused or cut: for the log. */
  readonly onTrouble?: (error: OperatingError) => void;
  readonly limits?: Partial<LinkLimits>;
}
