/**
 * The contract between pacing and the contact center: one pacer an agent group, told every fact as it happens, asked for a
 * permit at each usable hot lead. Pure: all times are integer ms that arrive with the call and never decrease.
 */

export type PacingAlgorithm = 'SUPER_PROGRESSIVE' | 'SUPER_PROGRESSIVE_DUAL' | 'PREDICTIVE_B' | 'PREDICTIVE_B_DUAL';
export type OptimizationTarget = 'ABANDONMENT_RATE' | 'BUSY_FACTOR';
/** What limits the number of invites. `none`: nothing to limit (no lead waits for more). */
export type Binding = 'risk' | 'idle' | 'kmax' | 'supply' | 'group' | 'none';

export interface PacingSettings {
  readonly algorithm: PacingAlgorithm;
  readonly target: OptimizationTarget;
  /** Share 0..1: at most this much abandonment, or at least this busy. */
  readonly goalShare: number;
  readonly refreshPeriodMs: number;
  /** When a shown invite ends unanswered, at the latest, ms: the range of the response model. */
  readonly inviteTimeoutMs: number;
}

/** The explain record: everything a decision was made from and why it came out so. */
export interface PacingDecision {
  readonly at: number;
  readonly group: string;
  /** Invites that may be sent now. */
  readonly allowed: number;
  readonly slots: number;
  readonly busy: number;
  readonly queued: number;
  readonly pending: number;
  /** Learned accept share of an invite. */
  readonly acceptShare: number;
  /** Risk of the first invite beyond `allowed`: expected extra abandonments if it is accepted. */
  readonly risk: number;
  /** Risk limit in force. */
  readonly limit: number;
  /** Expected idle slots and the limit below which no more are sent (BUSY_FACTOR; else null). */
  readonly idle: number | null;
  readonly idleLimit: number | null;
  /** Credit of the goal ledger, chats (ABANDONMENT_RATE; else null). */
  readonly ledger: number | null;
  readonly gain: number | null;
  readonly binding: Binding;
}

export type Permit =
  | { readonly granted: true; readonly decision: PacingDecision }
  /** `binding` of the decision says why not. */
  | { readonly granted: false; readonly decision: PacingDecision };

export type InviteOutcome = 'accepted' | 'other';

export interface Pacer {
  readonly group: string;
  /** Slots logged in (agents x capacity), ready or serving; breaks excluded. Takes effect at once. */
  setSlots(slots: number, at: number): void;
  /** A usable hot lead asks to be invited; a granted permit counts as a pending invite until `inviteEnded`. */
  requestPermit(inviteId: string, at: number): Permit;
  /** The invite was answered, timed out or failed. */
  inviteEnded(inviteId: string, outcome: InviteOutcome, at: number): void;
  /** An accepted chat waits for a slot. */
  chatQueued(chatId: string, at: number): void;
  /** It got one: the slot is held through after-work until `slotReleased`. */
  chatStarted(chatId: string, at: number): void;
  chatAbandoned(chatId: string, at: number): void;
  slotReleased(chatId: string, at: number): void;
  /** Once every refresh period: estimators and controllers move, and the number of invites that could go out is told. */
  refresh(at: number): PacingDecision;
}
