/**
 * One agent group's pacer: counts what happens, keeps the estimators and the controller of its target, and decides by one rule
 * for every algorithm: an invite goes out while its risk is within the limit. The algorithm itself is the forecast handed in.
 */
import { assert } from '../assert.ts';
import type { BacklogForecast } from './backlog-forecast.ts';
import { BusyController } from './busy-controller.ts';
import { GoalLedger } from './goal-ledger.ts';
import { InviteGovernor } from './invite-governor.ts';
import type { Binding, InviteOutcome, Pacer, PacingDecision, PacingSettings, Permit } from './pacer.ts';
import { type PendingInvite, PendingInvites } from './pending-invites.ts';
import { RateEstimator } from './rate-estimator.ts';
import { ResponseEstimator } from './response-estimator.ts';
import { SupplyWatch } from './supply-watch.ts';
import type { PacingTuning } from './tuning.ts';

/** Where the loop over invites stopped. */
interface Outcome {
  allowed: number;
  binding: Binding;
  risk: number;
  riskAllowed: number | null;
  limit: number;
  idle: number | null;
}

/** A chat's patience enters the delay of the ledger's loop up to this, seconds. */
const patienceSecondsMax = 120;

export class GroupPacer implements Pacer {
  readonly group: string;
  readonly #settings: PacingSettings;
  readonly #epochs: number;
  readonly #forecast: BacklogForecast;
  readonly #response: ResponseEstimator;
  readonly #release: RateEstimator;
  readonly #patience: RateEstimator;
  readonly #ledger: GoalLedger | null;
  readonly #busyController: BusyController | null;
  readonly #governor = new InviteGovernor();
  readonly #supply: SupplyWatch;
  readonly #pending = new PendingInvites();
  readonly #queuedChats = new Set<string>();
  #slots = 0;
  #busy = 0;
  /** Time of the last call, ms; -1 before the first, whose time is when everything begins. */
  #now = -1;
  /** Since the last refresh: when it was, exposure in ms, what it allowed and what was sent. */
  #refreshedAt = 0;
  #slotMs = 0;
  #busyMs = 0;
  #waitMs = 0;
  #allowed = 0;
  #sent = 0;
  #horizons: readonly number[];

  constructor(group: string, settings: PacingSettings, forecast: BacklogForecast, tuning: PacingTuning) {
    this.group = group;
    this.#settings = settings;
    this.#epochs = tuning.epochs;
    this.#forecast = forecast;
    this.#response = new ResponseEstimator(settings.inviteTimeoutMs, tuning);
    this.#release = new RateEstimator({
      events: tuning.releasePriorChats,
      meanSeconds: tuning.releasePriorMeanSeconds,
      halfLifeSeconds: tuning.releaseHalfLifeSeconds,
      rateMin: 0,
    });
    this.#patience = new RateEstimator({
      events: tuning.patiencePriorChats,
      meanSeconds: tuning.patiencePriorMeanSeconds,
      halfLifeSeconds: tuning.patienceHalfLifeSeconds,
      rateMin: tuning.abandonPerSecondMin,
    });
    const onBusy = settings.target === 'BUSY_FACTOR';
    this.#ledger = onBusy ? null : new GoalLedger(settings.goalShare, tuning);
    this.#busyController = onBusy ? new BusyController(settings.goalShare) : null;
    this.#supply = new SupplyWatch(tuning);
    this.#horizons = Array.from(this.#response.horizons);
  }

  setSlots(slots: number, at: number): void {
    assert(slots >= 0 && Number.isInteger(slots), `slots of ${this.group} set to ${slots}`);
    this.#advance(at);
    this.#slots = slots;
  }

  requestPermit(inviteId: string, at: number): Permit {
    this.#advance(at);
    const outcome = this.#judge(1);
    const granted = outcome.allowed > 0;
    const decision = this.#explain('permit', outcome);
    this.#supply.lead(!granted);
    if (granted) {
      this.#pending.add(inviteId, at);
      this.#response.entered(0, 0);
      this.#governor.sent(at);
      this.#ledger?.sent(outcome.risk, outcome.limit);
      this.#sent += 1;
    }
    return { granted, decision };
  }

  inviteEnded(inviteId: string, outcome: InviteOutcome, at: number): void {
    this.#advance(at);
    const invite = this.#pending.remove(inviteId);
    this.#follow(invite);
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
    assert(this.#busy > 0, `slot of chat ${chatId} released while none is busy`);
    this.#busy -= 1;
    this.#release.observed(1, 0);
  }

  refresh(at: number): PacingDecision {
    this.#advance(at);
    const elapsedSeconds = (at - this.#refreshedAt) / 1000;
    if (elapsedSeconds > 0) this.#learn(elapsedSeconds);
    this.#refreshedAt = at;
    const outcome = this.#judge(Infinity);
    if (outcome.allowed > 0 && this.#supply.starved) outcome.binding = 'supply';
    this.#allowed = outcome.allowed;
    this.#sent = 0;
    return this.#explain('refresh', outcome);
  }

  /** Estimators and controllers take in what happened since the last refresh. */
  #learn(elapsedSeconds: number): void {
    for (const invite of this.#pending.all) this.#follow(invite);
    this.#release.observed(0, this.#busyMs / 1000);
    this.#patience.observed(0, this.#waitMs / 1000);
    if (this.#slotMs > 0) this.#busyController?.observed(this.#busyMs / this.#slotMs, elapsedSeconds);
    this.#slotMs = 0;
    this.#busyMs = 0;
    this.#waitMs = 0;
    this.#supply.period(this.#sent < this.#allowed, elapsedSeconds);
    this.#response.forget(elapsedSeconds);
    this.#release.forget(elapsedSeconds);
    this.#patience.forget(elapsedSeconds);
    if (this.#response.update()) this.#horizons = Array.from(this.#response.horizons);
    if (this.#slots > 0) {
      const delay = this.#response.acceptDelaySeconds + Math.min(patienceSecondsMax, 1 / this.#patience.perSecond);
      this.#ledger?.setLoop(this.#slots, this.#release.perSecond, delay);
    }
  }

  /** Tells the response estimator which seconds of age an invite has reached. */
  #follow(invite: PendingInvite): void {
    const seconds = Math.floor((this.#now - invite.sentAt) / 1000);
    if (seconds <= invite.countedSeconds) return;
    this.#response.entered(invite.countedSeconds + 1, seconds);
    invite.countedSeconds = seconds;
  }

  /** One lead: may it be invited now? */
  #judgeOne(): Outcome {
    this.#begin();
    return this.#weigh(this.#room(), 0);
  }

  /**
   * How many could be invited now. Risk grows with each invite and the limits only tighten, so the answer is sought upwards
   * from a number that still goes, at best a little below the last answer.
   */
  #judgeMany(): Outcome {
    this.#begin();
    const room = this.#room();
    let from = Math.max(0, this.#allowed - searchBack);
    let outcome = this.#weigh(room, from);
    while (outcome.allowed < outcome.asked && from > 0) {
      from = Math.floor(from * 0.7);
      outcome = this.#weigh(room, from);
    }
    ...
  }

  #begin(): void {
    this.#forecast.begin(
      {
        slots: this.#slots,
        busy: this.#busy,
        queued: this.#queuedChats.size,
        pending: this.#pending.count,
        ages: this.#pending.ages(this.#now),
        releasePerSecond: this.#release.perSecond,
        abandonPerSecond: this.#patience.perSecond,
      },
      this.#response,
    );
  }

  /** Safeguards: pending invites at most 2 S / p, and the governor's minute. */
  #room(): number {
    const { acceptShare } = this.#response;
    const goalShare = this.#ledger === null ? 0 : this.#settings.goalShare;
    const minute = this.#governor.room(this.#now, this.#slots, this.#release.perSecond, acceptShare, goalShare);
    return Math.min(minute, Math.ceil((2 * this.#slots) / acceptShare) - this.#pending.count);
  }

  #explain(occasion: 'permit' | 'refresh', outcome: Outcome): PacingDecision {
    const backlogMean: number[] = [];
    const backlogDeviation: number[] = [];
    for (let epoch = 0; epoch < this.#epochs; epoch += 1) {
      backlogMean.push(this.#forecast.mean(epoch));
      backlogDeviation.push(this.#forecast.deviation(epoch));
    }
    const { acceptDelaySeconds } = this.#response;
    return {
      at: this.#now,
      group: this.group,
      occasion,
      allowed: outcome.allowed,
      slots: this.#slots,
      busy: this.#busy,
      queued: this.#queuedChats.size,
      pending: this.#pending.count,
      slotIsAgent: this.#settings.chatsPerAgent === 1,
      acceptShare: this.#response.acceptShare,
      acceptDelaySeconds,
      releasesSoon: this.#busy * (1 - Math.exp(-this.#release.perSecond * acceptDelaySeconds)),
      horizonSeconds: this.#horizons,
      backlogMean,
      backlogDeviation,
      risk: outcome.risk,
      riskAllowed: outcome.riskAllowed,
      limit: outcome.limit,
      idle: outcome.idle,
      idleLimit: this.#busyController?.idleLimit(this.#slots) ?? null,
      ledger: this.#ledger?.credit ?? null,
      gain: this.#ledger?.gain ?? null,
      binding: outcome.binding,
    };
  }

  /** Moves the clock and the exposures. */
  #advance(at: number): void {
    if (this.#now < 0) this.#now = this.#refreshedAt = at;
    const elapsed = at - this.#now;
    assert(elapsed >= 0, `pacing time went back from ${this.#now} to ${at}`);
    this.#slotMs += elapsed * this.#slots;
    this.#busyMs += elapsed * this.#busy;
    this.#waitMs += elapsed * this.#queuedChats.size;
    this.#now = at;
  }
}
