/**
 * One agent group's pacer: counts what happens, keeps the estimators and the controller of its target, and decides each
 * permit by one rule for every algorithm: an invite goes out while its risk is within the limit. The algorithm itself is the
 * forecast that is handed in.
 */
import { assert, present } from '../assert.ts';
import type { BacklogForecast, BacklogState } from './backlog-forecast.ts';
import { BusyController } from './busy-controller.ts';
import { GoalLedger } from './goal-ledger.ts';
import { InviteGovernor } from './invite-governor.ts';
import type { Binding, InviteOutcome, Pacer, PacingDecision, PacingSettings, Permit } from './pacer.ts';
import { RateEstimator } from './rate-estimator.ts';
import { ResponseEstimator } from './response-estimator.ts';
import { SupplyWatch } from './supply-watch.ts';
import type { PacingTuning } from './tuning.ts';

interface PendingInvite {
  readonly id: string;
  readonly sentAt: number;
  /** Last whole second of age that the response estimator has counted. */
  countedSeconds: number;
}

export class GroupPacer implements Pacer {
  readonly group: string;
  readonly #settings: PacingSettings;
  readonly #forecast: BacklogForecast;
  readonly #response: ResponseEstimator;
  readonly #release: RateEstimator;
  readonly #patience: RateEstimator;
  readonly #ledger: GoalLedger | null;
  readonly #busyControl: BusyController | null;
  readonly #governor = new InviteGovernor();
  readonly #supply: SupplyWatch;
  readonly #pending: PendingInvite[] = [];
  readonly #pendingIndex = new Map<string, number>();
  readonly #queuedChats = new Set<string>();
  #slots = 0;
  #busy = 0;
  /** Time of the last call, ms; -1 before the first, whose time is when everything begins. */
  #now = -1;
  #refreshedAt = 0;
  #slotMs = 0;
  #busyMs = 0;
  #waitMs = 0;
  grantedRisk=0;
  #allowed = 0;
  #granted = 0;
  #ages = new Float64Array(64);
  readonly #state: { -readonly [K in keyof BacklogState]: BacklogState[K] };

  constructor(group: string, settings: PacingSettings, forecast: BacklogForecast, tuning: PacingTuning) {
    this.group = group;
    this.#settings = settings;
    this.#forecast = forecast;
    this.#response = new ResponseEstimator(settings.inviteTimeoutMs, tuning);
    this.#release = new RateEstimator({
      events: tuning.releasePriorChats,
      meanSeconds: tuning.releasePriorMeanSeconds,
      halfLifeSeconds: tuning.releaseHalfLifeSeconds,
      rateMin: 1e-6,
    });
    this.#patience = new RateEstimator({
      events: tuning.patiencePriorChats,
      meanSeconds: tuning.patiencePriorMeanSeconds,
      halfLifeSeconds: tuning.patienceHalfLifeSeconds,
      rateMin: tuning.abandonPerSecondMin,
    });
    this.#ledger = settings.target === 'ABANDONMENT_RATE' ? new GoalLedger(settings.goalShare, tuning) : null;
    this.#busyControl = settings.target === 'BUSY_FACTOR' ? new BusyController(settings.goalShare) : null;
    this.#supply = new SupplyWatch(tuning.leadMemory, tuning.windup !== 'tick');
    this.#state = { slots: 0, busy: 0, queued: 0, pending: 0, ages: this.#ages, releasePerSecond: 0, abandonPerSecond: 0 };
  }

  setSlots(slots: number, at: number): void {
    this.#advance(at);
    this.#slots = slots;
  }

  requestPermit(inviteId: string, at: number): Permit {
    this.#advance(at);
    const decision = this.#decide(1);
    const granted = decision.allowed > 0;
    this.#supply.lead(!granted);
    if (granted) {
      this.#ledger?.granted(this.grantedRisk, decision.limit);
      this.#pendingIndex.set(inviteId, this.#pending.length);
      this.#pending.push({ id: inviteId, sentAt: at, countedSeconds: 0 });
      this.#response.entered(0, 0);
      this.#governor.sent(at);
      this.#granted += 1;
    }
    return { granted, decision };
  }

  inviteEnded(inviteId: string, outcome: InviteOutcome, at: number): void {
    this.#advance(at);
    const index = present(this.#pendingIndex.get(inviteId), `pending invite ${inviteId}`);
    const invite = present(this.#pending[index], 'invite');
    const last = present(this.#pending.pop(), 'invite');
    if (last !== invite) {
      this.#pending[index] = last;
      this.#pendingIndex.set(last.id, index);
    }
    this.#pendingIndex.delete(inviteId);
    this.#countAge(invite);
    this.#response.resolved(invite.countedSeconds, outcome === 'accepted');
    if (outcome === 'accepted') this.#ledger?.accepted(this.#supply.starved);
  }

  chatQueued(chatId: string, at: number): void {
    this.#advance(at);
    assert(!this.#queuedChats.has(chatId), `chat ${chatId} queued twice`);
    this.#queuedChats.add(chatId);
  }

  chatStarted(chatId: string, at: number): void {
    this.#advance(at);
    this.#queuedChats.delete(chatId);
    this.#busy += 1;
  }

  chatAbandoned(chatId: string, at: number): void {
    this.#advance(at);
    this.#queuedChats.delete(chatId);
    this.#patience.observed(1, 0);
    this.#ledger?.abandoned();
  }

  slotReleased(chatId: string, at: number): void {
    this.#advance(at);
    assert(this.#busy > 0, `slot of ${chatId} released while none is busy`);
    this.#busy -= 1;
    this.#release.observed(1, 0);
  }

  refresh(at: number): PacingDecision {
    this.#advance(at);
    const elapsed = (at - this.#refreshedAt) / 1000;
    if (elapsed > 0) this.#learn(elapsed);
    this.#refreshedAt = at;
    const decision = this.#decide(Infinity);
    this.#allowed = decision.allowed;
    this.#granted = 0;
    return decision;
  }

  #learn(elapsed: number): void {
    for (const invite of this.#pending) this.#countAge(invite);
    this.#release.observed(0, this.#busyMs / 1000);
    this.#patience.observed(0, this.#waitMs / 1000);
    if (this.#slotMs > 0) this.#busyControl?.observed(this.#busyMs / this.#slotMs, elapsed);
    this.#busyMs = 0;
    this.#waitMs = 0;
    this.#slotMs = 0;
    this.#supply.period(this.#granted < this.#allowed, elapsed);
    this.#response.forget(elapsed);
    this.#release.forget(elapsed);
    this.#patience.forget(elapsed);
    this.#response.update();
    if (this.#slots > 0) {
      const delay = this.#response.acceptDelaySeconds + Math.min(120, 1 / this.#patience.perSecond);
      this.#ledger?.setLoop(this.#slots, this.#release.perSecond, delay);
    }
  }

  #countAge(invite: PendingInvite): void {
    const seconds = Math.floor((this.#now - invite.sentAt) / 1000);
    if (seconds > invite.countedSeconds) {
      this.#response.entered(invite.countedSeconds + 1, seconds);
      invite.countedSeconds = seconds;
    }
  }

  #decide(wanted: number): PacingDecision {
    let limit = this.#ledger?.limit ?? this.#busyControl?.riskLimit ?? 0;
    const idleLimit = this.#busyControl?.idleLimit(this.#slots) ?? null;
    const acceptShare = this.#response.acceptShare;
    let allowed = 0;
    let binding: Binding = 'none';
    let risk = 0;
    let idle: number | null = null;
    if (this.#slots === 0) {
      binding = 'group';
    } else {
      const room = this.#room(acceptShare);
      this.#begin();
      for (;;) {
        risk = this.#forecast.risk();
        if (this.#ledger) limit = this.#ledger.limitWith(this.#forecast.loss());
        idle = idleLimit === null ? null : this.#forecast.idle();
        if (allowed >= wanted) break;
        if (risk > limit) binding = 'risk';
        else if (idle !== null && idleLimit !== null && idle <= idleLimit) binding = 'idle';
        else if (allowed >= room) binding = 'kmax';
        if (binding !== 'none') break;
        allowed += 1;
        this.grantedRisk = risk;
        this.#forecast.addInvites(1);
      }
    }
    return {
      at: this.#now,
      group: this.group,
      allowed,
      slots: this.#slots,
      busy: this.#busy,
      queued: this.#queuedChats.size,
      pending: this.#pending.length,
      acceptShare,
      risk,
      limit,
      idle,
      idleLimit,
      ledger: this.#ledger?.credit ?? null,
      gain: this.#ledger?.gain ?? null,
      binding,
    };
  }

  #room(acceptShare: number): number {
    const goal = this.#settings.target === 'ABANDONMENT_RATE' ? this.#settings.goalShare : 0;
    const room = this.#governor.room(this.#now, this.#slots, this.#release.perSecond, acceptShare, goal);
    return Math.min(room, Math.ceil((2 * this.#slots) / acceptShare) - this.#pending.length);
  }

  #begin(): void {
    const pending = this.#pending.length;
    if (pending > this.#ages.length) this.#ages = new Float64Array(2 * pending);
    for (let i = 0; i < pending; i += 1) this.#ages[i] = (this.#now - (this.#pending[i]?.sentAt ?? 0)) / 1000;
    const state = this.#state;
    state.slots = this.#slots;
    state.busy = this.#busy;
    state.queued = this.#queuedChats.size;
    state.pending = pending;
    state.ages = this.#ages;
    state.releasePerSecond = this.#release.perSecond;
    state.abandonPerSecond = this.#patience.perSecond;
    this.#forecast.begin(state, this.#response);
  }

  #advance(at: number): void {
    if (this.#now < 0) this.#now = this.#refreshedAt = at;
    const elapsed = at - this.#now;
    assert(elapsed >= 0, `time went back from ${this.#now} to ${at}`);
    if (elapsed === 0) return;
    this.#slotMs += elapsed * this.#slots;
    this.#busyMs += elapsed * this.#busy;
    this.#waitMs += elapsed * this.#queuedChats.size;
    this.#now = at;
  }
}
