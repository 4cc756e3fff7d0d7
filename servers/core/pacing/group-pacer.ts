/**
 * One agent group's pacer: hears what happens, keeps the estimators and the controller of its target, and decides by one rule
 * for every algorithm: an invite goes out while its risk is within the limit. The algorithm itself is the forecast handed in.
 */
import type { BacklogForecast } from './backlog-forecast.ts';
import { BusyController } from './busy-controller.ts';
import { GoalLedger } from './goal-ledger.ts';
import { GroupOccupancy } from './group-occupancy.ts';
import { InviteGovernor } from './invite-governor.ts';
import type { Binding, InviteOutcome, Pacer, PacingDecision, PacingSettings, Permit } from './pacer.ts';
import type { PacerRoom, PacerSnapshot } from './pacer-snapshot.ts';
import { type PendingInvite, PendingInvites } from './pending-invites.ts';
import { RateEstimator } from './rate-estimator.ts';
import { ResponseEstimator } from './response-estimator.ts';
import { SupplyWatch } from './supply-watch.ts';
import type { PacingTuning } from './tuning.ts';

/** Whether one more invite may go out; `none`: it may. */
interface Verdict {
  readonly binding: Binding;
  readonly risk: number;
  readonly limit: number;
  readonly idle: number | null;
}

/** A chat's patience enters the delay of the ledger's loop up to this, seconds. */
const patienceSecondsMax = 120;
/** How far below its last answer a refresh begins to search, in invites. */
const searchBack = 4;

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
  readonly #room = new GroupOccupancy();
  /** The last refresh: when it was (-1: never), what it allowed and what was sent since. */
  #refreshedAt = -1;
  /** When the ages of the invites out were last counted; -1: never. */
  #followedAt = -1;
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
    const forBusy = settings.target === 'BUSY_FACTOR';
    this.#ledger = forBusy ? null : new GoalLedger(settings.goalShare, tuning);
    this.#busyController = forBusy ? new BusyController(settings.goalShare) : null;
    this.#supply = new SupplyWatch(tuning);
    this.#horizons = Array.from(this.#response.horizons);
  }

  setSlots(slots: number, at: number): void {
    this.#room.advance(at);
    this.#room.setSlots(slots);
  }

  requestPermit(inviteId: string, at: number): Permit {
    this.#room.advance(at);
    this.#begin();
    const verdict = this.#weigh(0, this.#invitesMax());
    const granted = verdict.binding === 'none';
    const decision = this.#explain('permit', granted ? 1 : 0, granted ? verdict.risk : null, verdict);
    this.#supply.lead(!granted);
    if (granted) {
      this.#pending.add(inviteId, at);
      this.#response.entered(0, 0);
      this.#governor.sent(at);
      this.#ledger?.sent(verdict.risk, verdict.limit);
      this.#sent += 1;
    }
    return { granted, decision };
  }

  inviteEnded(inviteId: string, outcome: InviteOutcome, at: number): void {
    this.#room.advance(at);
    const invite = this.#pending.remove(inviteId);
    this.#follow(invite);
    this.#response.resolved(invite.countedSeconds, outcome === 'accepted');
    if (outcome === 'accepted') this.#ledger?.accepted(this.#supply.starved);
  }

  chatQueued(chatId: string, at: number): void {
    this.#room.advance(at);
    this.#room.queue(chatId);
  }

  chatStarted(chatId: string, at: number): void {
    this.#room.advance(at);
    this.#room.start(chatId);
  }

  chatAbandoned(chatId: string, at: number): void {
    this.#room.advance(at);
    this.#room.abandon(chatId);
    this.#patience.observed(1, 0);
    this.#ledger?.abandoned();
  }

  chatRecalled(chatId: string, at: number): void {
    this.#room.advance(at);
    this.#room.recall(chatId);
  }

  slotReleased(chatId: string, at: number): void {
    this.#room.advance(at);
    this.#room.release(chatId);
    this.#release.observed(1, 0);
  }

  refresh(at: number): PacingDecision {
    this.#room.advance(at);
    if (this.#refreshedAt >= 0 && at > this.#refreshedAt) this.#learn((at - this.#refreshedAt) / 1000);
    this.#refreshedAt = at;
    this.#begin();
    const invitesMax = this.#invitesMax();
    // Risk grows with each invite and the limits only tighten, so the answer can be searched upwards from any number that goes.
    let allowed = Math.max(0, this.#allowed - searchBack);
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
    return {
      target: this.#settings.target,
      response: this.#response.snapshot(),
      release: this.#release.snapshot(),
      patience: this.#patience.snapshot(),
      ledger: this.#ledger?.snapshot() ?? null,
      busyState: this.#busyController?.state ?? null,
      governor: this.#governor.snapshot(),
      supply: this.#supply.snapshot(),
      exposure: this.#room.snapshot(),
      followedAt: this.#followedAt,
      refreshed: this.#refreshedAt >= 0,
      allowed: this.#allowed,
      sent: this.#sent,
    };
  }

  restore(snapshot: PacerSnapshot | null, room: PacerRoom, at: number): void {
    this.#room.restore(room, snapshot?.exposure, at);
    this.#followedAt = snapshot?.followedAt ?? -1;
    for (const { id, sentAt } of room.pending) {
      this.#pending.add(id, sentAt, Math.max(0, Math.floor((this.#followedAt - sentAt) / 1000)));
    }
    if (snapshot === null) return;
    this.#response.restore(snapshot.response);
    this.#horizons = Array.from(this.#response.horizons);
    this.#release.restore(snapshot.release);
    this.#patience.restore(snapshot.patience);
    if (snapshot.ledger !== null) this.#ledger?.restore(snapshot.ledger);
    if (snapshot.busyState !== null) this.#busyController?.restore(snapshot.busyState);
    this.#governor.restore(snapshot.governor);
    this.#supply.restore(snapshot.supply);
    this.#refreshedAt = snapshot.refreshed ? at : -1;
    this.#allowed = snapshot.allowed;
    this.#sent = snapshot.sent;
  }

  /** Estimators and controllers take in what happened since the last refresh. */
  #learn(elapsedSeconds: number): void {
    for (const invite of this.#pending.all) this.#follow(invite);
    this.#followedAt = this.#room.now;
    const { slotSeconds, busySeconds, waitSeconds } = this.#room.takeExposure();
    this.#release.observed(0, busySeconds);
    this.#patience.observed(0, waitSeconds);
    if (slotSeconds > 0) this.#busyController?.observed(busySeconds / slotSeconds, elapsedSeconds);
    this.#supply.period(this.#sent < this.#allowed, elapsedSeconds);
    this.#response.forget(elapsedSeconds);
    this.#release.forget(elapsedSeconds);
    this.#patience.forget(elapsedSeconds);
    if (this.#response.update()) this.#horizons = Array.from(this.#response.horizons);
    if (this.#room.slots > 0) {
      const delay = this.#response.acceptDelaySeconds + Math.min(patienceSecondsMax, 1 / this.#patience.perSecond);
      this.#ledger?.refresh(this.#room.slots, this.#release.perSecond, delay);
    }
  }

  /** Tells the response estimator which seconds of age an invite has reached. */
  #follow(invite: PendingInvite): void {
    const seconds = Math.floor((this.#room.now - invite.sentAt) / 1000);
    if (seconds <= invite.countedSeconds) return;
    this.#response.entered(invite.countedSeconds + 1, seconds);
    invite.countedSeconds = seconds;
  }

  #begin(): void {
    const { slots, busy, queued, now } = this.#room;
    const state = {
      slots,
      busy,
      queued,
      pending: this.#pending.count,
      ages: this.#pending.ages(now),
      releasePerSecond: this.#release.perSecond,
      abandonPerSecond: this.#patience.perSecond,
    };
    this.#forecast.begin(state, this.#response);
  }

  /** The rule: may one more go out beside so many new invites? */
  #weigh(invites: number, invitesMax: number): Verdict {
    const { slots } = this.#room;
    this.#forecast.setInvites(invites);
    const risk = this.#forecast.risk();
    const limit = this.#ledger?.limit(this.#forecast.underWay()) ?? this.#busyController?.riskLimit ?? 0;
    const idleLimit = this.#busyController?.idleLimit(slots, this.#supply.scarce) ?? null;
    const idle = idleLimit === null ? null : this.#forecast.idle();
    let binding: Binding = 'none';
    if (slots === 0) binding = 'group';
    else if (risk > limit) binding = 'risk';
    else if (idle !== null && idleLimit !== null && idle <= idleLimit) binding = 'idle';
    else if (invites >= invitesMax) binding = 'kmax';
    return { binding, risk, limit, idle };
  }

  /** Safeguards: at most 2 S / p invites out, and the governor's minute. */
  #invitesMax(): number {
    const { slots, now } = this.#room;
    const { acceptShare } = this.#response;
    const goalShare = this.#ledger === null ? 0 : this.#settings.goalShare;
    const minute = this.#governor.room(now, slots, this.#release.perSecond, acceptShare, goalShare);
    return Math.min(minute, Math.ceil((2 * slots) / acceptShare) - this.#pending.count);
  }

  #explain(
    occasion: 'permit' | 'refresh',
    allowed: number,
    riskAllowed: number | null,
    { binding, risk, limit, idle }: Verdict,
  ): PacingDecision {
    const { now, slots, busy, queued } = this.#room;
    const backlogMean: number[] = [];
    const backlogDeviation: number[] = [];
    for (let epoch = 0; epoch < this.#epochs; epoch += 1) {
      backlogMean.push(this.#forecast.mean(epoch));
      backlogDeviation.push(this.#forecast.deviation(epoch));
    }
    const { acceptShare, acceptDelaySeconds } = this.#response;
    return {
      at: now,
      group: this.group,
      occasion,
      allowed,
      slots,
      busy,
      queued,
      pending: this.#pending.count,
      slotIsAgent: this.#settings.chatsPerAgent === 1,
      acceptShare,
      acceptDelaySeconds,
      releasesSoon: busy * (1 - Math.exp(-this.#release.perSecond * acceptDelaySeconds)),
      horizonSeconds: this.#horizons,
      backlogMean,
      backlogDeviation,
      risk,
      riskAllowed,
      limit,
      idle,
      idleLimit: this.#busyController?.idleLimit(slots, this.#supply.scarce) ?? null,
      ledger: this.#ledger?.credit ?? null,
      gain: this.#ledger?.gain ?? null,
      binding,
    };
  }
}
