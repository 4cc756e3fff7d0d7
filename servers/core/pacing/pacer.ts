/**
 * The contract between pacing and the contact center: one pacer an agent group, told every fact as it happens, asked for a
 * permit at each usable hot lead. Pure: all times are integer ms that arrive with the call and never decrease.
 */
import type { OptimizationTarget } from './optimization-target.ts';
import type { PacingAlgorithm } from './pacing-algorithm.ts';
import type { PacingChannel } from './pacing-channel.ts';
import type { PacedBy } from './plain-rule.ts';
import type { PacerRoom, PacerSnapshot } from './pacer-snapshot.ts';

export type { OptimizationTarget } from './optimization-target.ts';
export type { PacerSnapshot } from './pacer-snapshot.ts';

export type { PacingAlgorithm } from './pacing-algorithm.ts';
/**
 * What limits the number of invites. `risk`: the next would cost more than the limit; `idle`: too few slots would be idle;
 * `kmax`: as many are out as may be; `supply`: leads are so scarce that permits stay unused; `group`: no slots logged in;
 * `none`: nothing (a permit that was granted); `rule`: a plain rule stands in the algorithm's place (plain-rule.ts); `stale`: what
 * is known is too old to decide by.
 */
export type Binding = 'risk' | 'idle' | 'kmax' | 'supply' | 'group' | 'none' | 'rule' | 'stale';

/** What is older than it may be, and how old, seconds: the last refresh, or the last word of some agents' desks. */
export interface StaleKnowledge {
  readonly of: 'refresh' | 'desks';
  readonly seconds: number;
}

export interface PacingSettings {
  readonly algorithm: PacingAlgorithm;
  readonly target: OptimizationTarget;
  /** Share 0..1: at most this much abandonment, or at least this busy. */
  readonly goalShare: number;
  readonly refreshPeriodMs: number;
  /** When a shown invite ends unanswered, at the latest, ms: the range of the response model. */
  readonly inviteTimeoutMs: number;
  /** Chats that one agent serves at a time: with 1, explanations speak of agents, else of slots. */
  readonly chatsPerAgent?: number;
  /** What the group serves; `chat` by default. With `webcallback` read callback for chat, and late (`chatLate`) for abandoned. */
  readonly channel?: PacingChannel;
  /** Share of the slots kept for proactive chats (0..1), for the DUAL algorithms; 0 by default. */
  readonly proactiveShare?: number;
  /**
   * Whether a DUAL algorithm lets in no more reactive visitors than the goal bears where no slot is kept from them either;
   * true by default. False: all of them then, as the guide has it.
   */
  readonly reactiveProtected?: boolean;
  /** A plain rule in the algorithm's place; `algorithm` by default. */
  readonly pacedBy?: PacedBy;
}

/** What a DUAL algorithm's decision was made from beside the rest. */
export interface ReactiveDecision {
  /** Reactive visitors who ask for a chat, per second, and the share of them that is let in. */
  readonly askedPerSecond: number;
  readonly reactiveState: number;
  /** Those of `busy` and `queued` that are reactive, and slots that are kept from them. */
  readonly busy: number;
  readonly queued: number;
  readonly reserved: number;
  /** Credit of the account of all chats (ABANDONMENT_RATE; else null). */
  readonly ledger: number | null;
  /** Risk with the harm to those still to come, at the shadow price of a slot, and its limit on that account; null: not weighed. */
  readonly wholeRisk: number | null;
  readonly wholeLimit: number | null;
}

/** The explain record: everything a decision was made from and why it came out so. Rates and moments are the learned ones. */
export interface PacingDecision {
  readonly at: number;
  readonly group: string;
  /** What the group serves; absent: chats. */
  readonly channel?: 'webcallback';
  /** `permit`: one lead asked; `refresh`: how many could be invited now. */
  readonly occasion: 'permit' | 'refresh';
  /** Invites that may be sent now; of a permit 1 or 0. */
  readonly allowed: number;
  readonly slots: number;
  readonly busy: number;
  readonly queued: number;
  readonly pending: number;
  /** Whether a slot is a whole agent. */
  readonly slotIsAgent: boolean;
  /** Learned accept share of an invite. */
  readonly acceptShare: number;
  /** Mean time to an acceptance, seconds, and slots expected to be released within it. */
  readonly acceptDelaySeconds: number;
  readonly releasesSoon: number;
  /** Moments at which the backlog was judged, seconds after `at`. */
  readonly horizonSeconds: readonly number[];
  /** Net backlog (chats accepted and not served, minus free slots) at those moments, before any invite of this decision. */
  readonly backlogMean: readonly number[];
  readonly backlogDeviation: readonly number[];
  /** Expected extra abandonments, given acceptance: of the first invite beyond `allowed`, or of the one that a permit is about. */
  readonly risk: number;
  /** The same of the last allowed invite; null if none is allowed. */
  readonly riskAllowed: number | null;
  /** Risk limit in force. */
  readonly limit: number;
  /** Expected idle slots and the limit below which no more are sent (BUSY_FACTOR; else null). */
  readonly idle: number | null;
  readonly idleLimit: number | null;
  /** Credit of the goal ledger, chats (ABANDONMENT_RATE; else null). */
  readonly ledger: number | null;
  /** Since when it counts, epoch ms: it begins anew once a day. Absent where there is none. */
  readonly ledgerSince?: number;
  readonly gain: number | null;
  readonly binding: Binding;
  /** With the binding `stale`. */
  readonly stale?: StaleKnowledge;
  /** With the DUAL algorithms. */
  readonly reactive?: ReactiveDecision;
}

export type Permit =
  | { readonly granted: true; readonly decision: PacingDecision }
  /** `binding` of the decision says why not. */
  | { readonly granted: false; readonly decision: PacingDecision };

/** `returned`: the permit was not used, so that there is nothing to learn from it. `other` is also an acceptance for later. */
export type InviteOutcome = 'accepted' | 'other' | 'returned';

export interface Pacer {
  readonly group: string;
  /** Slots logged in (agents x capacity), ready or serving; breaks excluded. Takes effect at once. */
  setSlots(slots: number, at: number): void;
  /**
   * A usable hot lead asks to be invited; a granted permit counts as a pending invite until `inviteEnded`. `unheardSince`: an
   * agent of the group has not been heard since then; null, as by default: all are.
   */
  requestPermit(inviteId: string, at: number, unheardSince?: number | null): Permit;
  /** The invite was answered, timed out or failed. */
  inviteEnded(inviteId: string, outcome: InviteOutcome, at: number): void;
  /** A reactive visitor would like to have a chat, and may be let in or not. */
  reactiveAsked(at: number): void;
  /** One was let in: this is a reactive chat from now on. Before `chatQueued` or `chatStarted`. */
  reactiveLetIn(chatId: string, at: number): void;
  /** How often they ask, as far as it was learned. */
  readonly reactiveAskedPerSecond: number;
  /** Share of reactive visitors to be let in; null where the algorithm does not look at them. */
  readonly reactiveState: number | null;
  /** One that was accepted for later comes now, and earns what one accepted for now did then. Before `chatQueued`. */
  chatPromised(chatId: string, at: number): void;
  /** An accepted chat waits for a slot. `atRisk` false: as long as it takes, nothing that the goal counts can become of it. */
  chatQueued(chatId: string, at: number, atRisk?: boolean): void;
  /** It got one: the slot is held through after-work until `slotReleased`. */
  chatStarted(chatId: string, at: number): void;
  chatAbandoned(chatId: string, at: number): void;
  /** It waits or rings for longer than was promised: an abandoned one to the goal, which waits on and is not lost again. */
  chatLate(chatId: string, at: number): void;
  /** A waiting chat leaves the queue in a way that is not on the goal's account: it was served once before. */
  chatWithdrawn(chatId: string, at: number): void;
  /** Its agent has gone before the conversation began: it waits again. */
  chatRecalled(chatId: string, at: number): void;
  slotReleased(chatId: string, at: number): void;
  /** Since when the ledger counts, epoch ms; null: there is none, or nothing has been told yet. */
  readonly ledgerSince: number | null;
  /** The ledger begins anew, and the account of all chats with it: what was gathered or owed before counts no more. */
  resetLedger(at: number): void;
  /** Once every refresh period: estimators and controllers move, and the number of invites that could go out is told. */
  refresh(at: number, unheardSince?: number | null): PacingDecision;
  /** What must outlive the process. */
  snapshot(): PacerSnapshot;
  /**
   * Takes up the work of a pacer that is gone, before any other call; null: nothing of it is known. The time between is
   * nobody's: it is neither learned from nor forgotten in.
   */
  restore(snapshot: PacerSnapshot | null, room: PacerRoom, at: number): void;
}
