/**
 * One agent group's pacer: hears what happens, keeps the estimators and the controller of its target, and decides by one rule
 * for every algorithm: an invite goes out while its risk is within the limit. The algorithm itself is the forecast handed in;
 * the DUAL ones add a side of their own.
 */
import type { BacklogForecast } from './backlog-forecast.ts';
import { BusyController } from './busy-controller.ts';
import type { DualSide } from './dual-side.ts';
import { GoalLedger } from './goal-ledger.ts';
import type { GroupWatch } from './group-watch.ts';
import { InviteGovernor } from './invite-governor.ts';
import type { Binding, InviteOutcome, Pacer, PacingDecision, PacingSettings, Permit, StaleKnowledge } from './pacer.ts';
import type { PacerRoom, PacerSnapshot } from './pacer-snapshot.ts';
import { SupplyWatch } from './supply-watch.ts';
import type { PacingTuning } from './tuning.ts';
import { WatchingPacer, withoutOrigins } from './watching-pacer.ts';

/** Whether one more invite may go out; `none`: it may. */
interface Verdict {
  readonly binding: Binding;
  readonly risk: number;
  readonly limit: number;
  readonly idle: number | null;
  /** Risk and limit on the account of all chats, where the invite counts on it. */
  readonly whole: { readonly risk: number; readonly limit: number } | null;
}

export interface GroupPacerParts {
  readonly watch: GroupWatch;
  readonly forecast: BacklogForecast;
  /** Null: the algorithm does not look at reactive traffic. */
  readonly dual: DualSide | null;
}

/** A chat's patience enters the delay of the ledger's loop up to this, seconds. */
const patienceSecondsMax = 120;
/** How far below what is left of its last answer a refresh begins to search, in invites. */
const searchBack = 4;

export class GroupPacer extends WatchingPacer implements Pacer {
  readonly #settings: PacingSettings;
  readonly #epochs: number;
  readonly #staleMs: number;
  readonly #forecast: BacklogForecast;
  readonly #dual: DualSide | null;
  readonly #ledger: GoalLedger | null;
  readonly #busyController: BusyController | null;
  readonly #governor = new InviteGovernor();
  readonly #supply: SupplyWatch;
  /** The backlog of the slots kept for proactive chats, in the state of this decision. */
  #own: BacklogForecast | null = null;
  /** What this decision must not be made by; null: all is known well enough. */
  #stale: StaleKnowledge | null = null;
  /** When the ledger began anew; null: it never did since everything began. */
  #resetAt: number | null = null;
  /** What the last refresh allowed and what was sent since. */
  #allowed = 0;
  #sent = 0;

  constructor(group: string, settings: PacingSettings, parts: GroupPacerParts, tuning: PacingTuning) {
    super(group, parts.watch);
    this.#settings = settings;
    this.#epochs = tuning.epochs;
    this.#staleMs = tuning.stalePeriods * settings.refreshPeriodMs;
    this.#forecast = parts.forecast;
    this.#dual = parts.dual;
    const forBusy = settings.target === 'BUSY_FACTOR';
    this.#ledger = forBusy ? null : new GoalLedger(settings.goalShare, tuning);
    this.#busyController = forBusy ? new BusyController(settings.goalShare) : null;
    this.#supply = new SupplyWatch(tuning);
  }

  get reactiveState(): number | null {
    return this.#dual?.reactiveState ?? null;
  }

  get ledgerSince(): number | null {
    const { began } = this.watch.room;
    return this.#ledger === null || began < 0 ? null : (this.#resetAt ?? began);
  }

  resetLedger(at: number): void {
    this.watch.room.advance(at);
    this.#ledger?.reset();
    this.#dual?.ledger?.reset();
    this.#resetAt = at;
  }

  requestPermit(inviteId: string, at: number, unheardSince: number | null = null): Permit {
    this.watch.room.advance(at);
    this.#begin(unheardSince);
    const verdict = this.#weigh(0, this.#invitesMax());
    const granted = verdict.binding === 'none';
    const decision = this.#explain('permit', granted ? 1 : 0, granted ? verdict.risk : null, verdict);
    // What nobody could answer for says nothing of how scarce leads are.
    if (verdict.binding !== 'stale') this.#supply.lead(!granted);
    if (granted) {
      this.watch.inviteSent(inviteId);
      this.#governor.sent(at);
      this.#ledger?.sent(verdict.risk, verdict.limit);
      if (verdict.whole !== null) this.#dual?.ledger?.sent(verdict.whole.risk, verdict.whole.limit);
      this.#sent += 1;
    }
    return { granted, decision };
  }

  override inviteEnded(inviteId: string, outcome: InviteOutcome, at: number): void {
    super.inviteEnded(inviteId, outcome, at);
    if (outcome === 'accepted') this.#promise();
  }

  override chatPromised(chatId: string, at: number): void {
    super.chatPromised(chatId, at);
    this.#promise();
  }

  reactiveLetIn(chatId: string, at: number): void {
    this.watch.room.advance(at);
    if (this.#dual === null) {
      // Without a side for them they are chats like others, and earn what an accepted one does.
      this.#ledger?.accepted(this.#supply.starved);
      return;
    }
    this.watch.room.reactive(chatId);
    this.#dual.ledger?.accepted(this.#supply.starved);
  }

  override chatAbandoned(chatId: string, at: number): void {
    if (!this.watch.room.isReactive(chatId)) this.#ledger?.abandoned();
    this.#dual?.ledger?.abandoned();
    super.chatAbandoned(chatId, at);
  }

  override chatLate(chatId: string, at: number): void {
    this.#ledger?.abandoned();
    this.#dual?.ledger?.abandoned();
    super.chatLate(chatId, at);
  }

  refresh(at: number, unheardSince: number | null = null): PacingDecision {
    this.watch.room.advance(at);
    this.#learn(at);
    this.#begin(unheardSince);
    const invitesMax = this.#invitesMax();
    // Risk grows with each invite and the limits only tighten, so the answer can be searched upwards from any number that goes.
    // A beginning that does not go is dear: the exact backlog is made anew for fewer invites.
    let allowed = Math.max(0, this.#allowed - this.#sent - searchBack);
    let next = this.#weigh(allowed, invitesMax);
    while (next.binding !== 'none' && allowed > 0) {
      allowed = Math.floor(0.7 * allowed);
      next = this.#weigh(allowed, invitesMax);
    }
    let riskAllowed: number | null = null;
    while (next.binding === 'none') {
      riskAllowed = next.risk;
      allowed += 1;
      next = this.#weigh(allowed, invitesMax);
    }
    this.#allowed = allowed;
    this.#sent = 0;
    const scarce = allowed > 0 && this.#supply.starved;
    return this.#explain('refresh', allowed, riskAllowed, scarce ? { ...next, binding: 'supply' } : next);
  }

  snapshot(): PacerSnapshot {
    const dual = this.#dual?.snapshot();
    const { ledgerSince } = this;
    return {
      target: this.#settings.target,
      ...this.watch.snapshot(),
      ledger: this.#ledger?.snapshot() ?? null,
      ...(ledgerSince === null ? {} : { ledgerSince }),
      busyState: this.#busyController?.state ?? null,
      governor: this.#governor.snapshot(),
      supply: this.#supply.snapshot(),
      allowed: this.#allowed,
      sent: this.#sent,
      ...(dual === undefined ? {} : { dual }),
    };
  }

  restore(snapshot: PacerSnapshot | null, room: PacerRoom, at: number): void {
    this.watch.restore(snapshot, this.#dual === null ? withoutOrigins(room) : room, at);
    if (snapshot === null) return;
    if (snapshot.ledger !== null) this.#ledger?.restore(snapshot.ledger);
    this.#resetAt = snapshot.ledgerSince ?? null;
    if (snapshot.busyState !== null) this.#busyController?.restore(snapshot.busyState);
    if (snapshot.dual !== undefined) this.#dual?.restore(snapshot.dual);
    this.#governor.restore(snapshot.governor);
    this.#supply.restore(snapshot.supply);
    this.#allowed = snapshot.allowed;
    this.#sent = snapshot.sent;
  }

  /** One more is owed what the goal promises. */
  #promise(): void {
    this.#ledger?.accepted(this.#supply.starved);
    this.#dual?.ledger?.accepted(this.#supply.starved);
  }

  /** Estimators and controllers take in what happened since the last refresh. */
  #learn(at: number): void {
    const learned = this.watch.refresh(at);
    if (learned === null) return;
    const { slotSeconds, busySeconds, elapsedSeconds } = learned;
    if (slotSeconds > 0) this.#busyController?.observed(busySeconds / slotSeconds, elapsedSeconds);
    this.#supply.period(this.#sent < this.#allowed, elapsedSeconds);
    const { response, patience, release, room } = this.watch;
    const delay = response.acceptDelaySeconds + Math.min(patienceSecondsMax, 1 / patience.perSecond);
    if (room.slots > 0) this.#ledger?.refresh(room.slots, release.perSecond, delay);
    this.#dual?.refresh(delay);
  }

  #begin(unheardSince: number | null): void {
    this.#stale = this.#staleKnowledge(unheardSince);
    const state = this.watch.state();
    if (this.#dual === null) {
      this.#forecast.begin(state, this.watch.response);
      return;
    }
    this.#forecast.begin({ ...state, reactive: this.#dual.reactive }, this.watch.response);
    this.#own = this.#dual.ownForecast(state);
  }

  /** At a refresh its own age is nought; what the desks have not told stays as old as it is. */
  #staleKnowledge(unheardSince: number | null): StaleKnowledge | null {
    const refreshMs = this.watch.refreshAgeMs;
    if (refreshMs > this.#staleMs) return { of: 'refresh', seconds: refreshMs / 1000 };
    const unheardMs = unheardSince === null ? 0 : this.watch.room.now - unheardSince;
    return unheardMs > this.#staleMs ? { of: 'desks', seconds: unheardMs / 1000 } : null;
  }

  /** The rule: may one more go out beside so many new invites? */
  #weigh(invites: number, invitesMax: number): Verdict {
    const { slots } = this.watch.room;
    this.#forecast.setInvites(invites);
    const shared = this.#judge(this.#forecast, slots, this.#dual);
    if (slots === 0) return { ...shared, binding: 'group' };
    if (this.#stale !== null) return { ...shared, binding: 'stale' };
    let verdict = shared;
    if (shared.binding !== 'none' && this.#own !== null && this.#dual !== null) {
      this.#own.setInvites(invites);
      const own = this.#judge(this.#own, this.#dual.reserved, null);
      if (own.binding === 'none') verdict = own;
    }
    return verdict.binding === 'none' && invites >= invitesMax ? { ...verdict, binding: 'kmax' } : verdict;
  }

  /** Risk and idle slots of a forecast against the limits; `dual`: on the account of all chats too. */
  #judge(forecast: BacklogForecast, slots: number, dual: DualSide | null): Verdict {
    const risk = dual === null || this.#ledger === null ? forecast.risk() : forecast.presentRisk();
    const limit = this.#ledger?.limit(forecast.underWay()) ?? this.#busyController?.riskLimit ?? 0;
    const idleLimit = this.#busyController?.idleLimit(slots, this.#supply.scarce) ?? null;
    const idle = idleLimit === null ? null : forecast.idle();
    const account = dual?.ledger ?? null;
    const whole = account === null ? null : { risk: forecast.risk(), limit: account.limit(0) };
    if (risk > limit) return { binding: 'risk', risk, limit, idle, whole };
    if (whole !== null && whole.risk > whole.limit) return { binding: 'risk', ...whole, idle, whole };
    if (idle !== null && idleLimit !== null && idle <= idleLimit) return { binding: 'idle', risk, limit, idle, whole };
    return { binding: 'none', risk, limit, idle, whole };
  }

  /** Safeguards: at most 2 S / p invites out, and the governor's minute. */
  #invitesMax(): number {
    const { slots, now } = this.watch.room;
    const { acceptShare } = this.watch.response;
    const goalShare = this.#ledger === null ? 0 : this.#settings.goalShare;
    const minute = this.#governor.room(now, slots, this.watch.release.perSecond, acceptShare, goalShare);
    return Math.min(minute, Math.ceil((2 * slots) / acceptShare) - this.watch.pending);
  }

  #explain(
    occasion: 'permit' | 'refresh',
    allowed: number,
    riskAllowed: number | null,
    { binding, risk, limit, idle, whole }: Verdict,
  ): PacingDecision {
    const { now, slots, busy, queued } = this.watch.room;
    const backlogMean: number[] = [];
    const backlogDeviation: number[] = [];
    for (let epoch = 0; epoch < this.#epochs; epoch += 1) {
      backlogMean.push(this.#forecast.mean(epoch));
      backlogDeviation.push(this.#forecast.deviation(epoch));
    }
    const { acceptShare, acceptDelaySeconds } = this.watch.response;
    return {
      at: now,
      group: this.group,
      occasion,
      allowed,
      slots,
      busy,
      queued,
      pending: this.watch.pending,
      slotIsAgent: this.#settings.chatsPerAgent === 1,
      acceptShare,
      acceptDelaySeconds,
      releasesSoon: busy * (1 - Math.exp(-this.watch.release.perSecond * acceptDelaySeconds)),
      horizonSeconds: this.watch.horizons,
      backlogMean,
      backlogDeviation,
      risk,
      riskAllowed,
      limit,
      idle,
      idleLimit: this.#busyController?.idleLimit(slots, this.#supply.scarce) ?? null,
      ledger: this.#ledger?.credit ?? null,
      ...(this.ledgerSince === null ? {} : { ledgerSince: this.ledgerSince }),
      gain: this.#ledger?.gain ?? null,
      binding,
      ...(binding === 'stale' && this.#stale !== null ? { stale: this.#stale } : {}),
      ...(this.#dual === null ? {} : { reactive: this.#dual.decision(whole) }),
      ...(this.#settings.channel === 'webcallback' ? { channel: this.#settings.channel } : {}),
    };
  }
}
