/**
 * What a DUAL algorithm adds to a group's pacer: reactive visitors enter the forecast at the price of their slots, all chats
 * have an account of their own beside the proactive ones, `proactiveRatio` keeps slots in which proactive chats are decided as
 * if there were no others, and a share tells how many reactive visitors to let in.
 *
 *     an invite goes out:  risk by v <= limit of the proactive account  and  risk by D <= limit of the account of all,
 *     or, in S_p = ceil(ratio S) slots of their own:  risk by v <= limit of the proactive account
 *     let in:  min(1, lambda*(S - S_p) / lambda asked), times exp((ln limit - ln 0.004) / 1.5) while the limit is below 0.004;
 *     1 where S_p = 0 and reactive chats are not to be protected then: the guide reserves nothing there (ADR 0038)
 */
import type { BacklogForecast, BacklogState, ReactiveState } from './backlog-forecast.ts';
import { createForecast } from './create-forecast.ts';
import { GoalLedger } from './goal-ledger.ts';
import type { GroupWatch } from './group-watch.ts';
import type { PacingSettings, ReactiveDecision } from './pacer.ts';
import type { PacerSnapshot } from './pacer-snapshot.ts';
import { reactiveShareWithin } from './reactive-share.ts';
import { reservedSlots } from './reserved-slots.ts';
import type { PacingTuning } from './tuning.ts';

/** The share let in is worked out anew at every so many refreshes, and when agents come or go. */
const refreshesApart = 10;

export class DualSide {
  readonly #settings: PacingSettings;
  readonly #tuning: PacingTuning;
  readonly #watch: GroupWatch;
  /** The account of all chats; null: the target has none. */
  readonly ledger: GoalLedger | null;
  /** The backlog of the slots kept for proactive chats. */
  readonly #own: BacklogForecast;
  #reactiveState: number;
  #refreshes = 0;
  /** Slots that the share let in was worked out for: agents who log in change it at once. */
  #shareSlots = 0;

  constructor(settings: PacingSettings, tuning: PacingTuning, watch: GroupWatch) {
    this.#settings = settings;
    this.#tuning = tuning;
    this.#watch = watch;
    // Reactive chats come whatever the account says: a reserve would only keep proactive ones from ever beginning.
    const whole = { ...tuning, reserveSlope: 0 };
    this.ledger =
      settings.target === 'BUSY_FACTOR' ? null : new GoalLedger(settings.goalShare, whole, tuning.wholeLimitMin);
    this.#own = createForecast(settings.algorithm, tuning.epochs);
    this.#reactiveState = settings.proactiveShare === 1 ? 0 : 1;
  }

  get reactiveState(): number {
    return this.#reactiveState;
  }

  get reserved(): number {
    return reservedSlots(this.#watch.room.slots, this.#settings.proactiveShare ?? 0);
  }

  /** What is known of reactive chats, for the forecast of all slots. */
  get reactive(): ReactiveState {
    const { slots, reactiveBusy, reactiveQueued } = this.#watch.room;
    const { reserved } = this;
    return {
      ratePerSecond: this.#reactiveState * this.#watch.asked.perSecond,
      busy: reactiveBusy,
      queued: reactiveQueued,
      slotsMax: reserved === 0 ? Infinity : slots - reserved,
    };
  }

  /** The backlog of the reserved slots in a state of the whole group; null: none are reserved. */
  ownForecast(state: BacklogState): BacklogForecast | null {
    const slots = this.reserved;
    if (slots === 0) return null;
    this.#own.begin({ ...state, slots }, this.#watch.response);
    return this.#own;
  }

  refresh(delaySeconds: number): void {
    const { slots } = this.#watch.room;
    if (slots > 0) this.ledger?.refresh(slots, this.#watch.release.perSecond, delaySeconds);
    if (this.#refreshes % refreshesApart === 0 || slots !== this.#shareSlots) {
      this.#reactiveState = this.#shareLetIn();
      this.#shareSlots = slots;
    }
    this.#refreshes += 1;
  }

  /** `whole`: risk and limit on the account of all chats, where they were weighed. */
  decision(whole: { readonly risk: number; readonly limit: number } | null): ReactiveDecision {
    const { reactiveBusy, reactiveQueued } = this.#watch.room;
    return {
      askedPerSecond: this.#watch.asked.perSecond,
      reactiveState: this.#reactiveState,
      busy: reactiveBusy,
      queued: reactiveQueued,
      reserved: this.reserved,
      ledger: this.ledger?.credit ?? null,
      wholeRisk: whole?.risk ?? null,
      wholeLimit: whole?.limit ?? null,
    };
  }

  snapshot(): NonNullable<PacerSnapshot['dual']> {
    return {
      wholeLedger: this.ledger?.snapshot() ?? null,
      asked: this.#watch.asked.snapshot(),
      reactiveState: this.#reactiveState,
      refreshes: this.#refreshes,
      shareSlots: this.#shareSlots,
    };
  }

  restore({ wholeLedger, asked, reactiveState, refreshes, shareSlots }: NonNullable<PacerSnapshot['dual']>): void {
    if (wholeLedger !== null) this.ledger?.restore(wholeLedger);
    this.#watch.asked.restore(asked);
    this.#reactiveState = reactiveState;
    this.#refreshes = refreshes;
    this.#shareSlots = shareSlots;
  }

  #shareLetIn(): number {
    const { reserved } = this;
    const { reactiveGoalShare, reactiveLimitFull, reactiveSoftness } = this.#tuning;
    const slots = this.#watch.room.slots - reserved;
    if (slots <= 0) return 0;
    if (reserved === 0 && this.#settings.reactiveProtected === false) return 1;
    const goalShare = this.#settings.target === 'BUSY_FACTOR' ? reactiveGoalShare : this.#settings.goalShare;
    const { release, patience, asked } = this.#watch;
    const group = { slots, releasePerSecond: release.perSecond, abandonPerSecond: patience.perSecond, goalShare };
    const share = reactiveShareWithin(group, asked.perSecond);
    if (this.ledger === null) return share;
    return share * Math.min(1, Math.exp(Math.log(this.ledger.limit(0) / reactiveLimitFull) / reactiveSoftness));
  }
}
