/**
 * What a pacer of one group knows, however it decides: who is in the room, which invites are out, and what was learned of
 * answers, of the time that chats hold their slots, of patience and of reactive visitors.
 */
import type { BacklogState } from './backlog-forecast.ts';
import { FlowEstimator } from './flow-estimator.ts';
import { type Exposure, GroupOccupancy } from './group-occupancy.ts';
import type { InviteOutcome } from './pacer.ts';
import type { PacerRoom, PacerSnapshot } from './pacer-snapshot.ts';
import { type PendingInvite, PendingInvites } from './pending-invites.ts';
import { RateEstimator } from './rate-estimator.ts';
import { ResponseEstimator } from './response-estimator.ts';
import type { PacingTuning } from './tuning.ts';

/** What was learned anew at a refresh, and over how long. */
export interface Learned extends Exposure {
  readonly elapsedSeconds: number;
}

type WatchSnapshot = Pick<PacerSnapshot, 'response' | 'release' | 'patience' | 'exposure' | 'followedAt' | 'refreshed'>;

export class GroupWatch {
  readonly room = new GroupOccupancy();
  readonly response: ResponseEstimator;
  readonly release: RateEstimator;
  readonly patience: RateEstimator;
  /** Reactive visitors who ask for a chat. */
  readonly asked: FlowEstimator;
  readonly #pending = new PendingInvites();
  /** The last refresh; -1: never. */
  #refreshedAt = -1;
  /** When the ages of the invites out were last counted; -1: never. */
  #followedAt = -1;
  #horizons: readonly number[];

  constructor(inviteTimeoutMs: number, tuning: PacingTuning) {
    this.response = new ResponseEstimator(inviteTimeoutMs, tuning);
    this.release = new RateEstimator({
      events: tuning.releasePriorChats,
      meanSeconds: tuning.releasePriorMeanSeconds,
      halfLifeSeconds: tuning.releaseHalfLifeSeconds,
      rateMin: 0,
    });
    this.patience = new RateEstimator({
      events: tuning.patiencePriorChats,
      meanSeconds: tuning.patiencePriorMeanSeconds,
      halfLifeSeconds: tuning.patienceHalfLifeSeconds,
      rateMin: tuning.abandonPerSecondMin,
    });
    this.asked = new FlowEstimator(tuning.reactiveHalfLifeSeconds);
    this.#horizons = Array.from(this.response.horizons);
  }

  /** How old the last refresh is, ms; while there was none: since the first word of the group. */
  get refreshAgeMs(): number {
    return this.room.now - (this.#refreshedAt < 0 ? this.room.began : this.#refreshedAt);
  }

  get pending(): number {
    return this.#pending.count;
  }

  /** Moments at which the backlog is judged, seconds; one list until they move. */
  get horizons(): readonly number[] {
    return this.#horizons;
  }

  inviteSent(inviteId: string): void {
    this.#pending.add(inviteId, this.room.now);
    this.response.entered(0, 0);
  }

  inviteEnded(inviteId: string, outcome: InviteOutcome): void {
    const invite = this.#pending.remove(inviteId);
    if (outcome === 'returned') {
      this.response.withdrawn(invite.countedSeconds);
      return;
    }
    this.#follow(invite);
    this.response.resolved(invite.countedSeconds, outcome === 'accepted');
  }

  chatAbandoned(chatId: string): void {
    this.room.abandon(chatId);
    this.patience.observed(1, 0);
  }

  chatLate(chatId: string): void {
    this.room.safe(chatId);
    this.patience.observed(1, 0);
  }

  slotReleased(chatId: string): void {
    this.room.release(chatId);
    this.release.observed(1, 0);
  }

  /** At a refresh: the estimators take in what happened since the last one; null at the first, or where no time has gone by. */
  refresh(at: number): Learned | null {
    const elapsedSeconds = this.#refreshedAt < 0 ? 0 : (at - this.#refreshedAt) / 1000;
    this.#refreshedAt = at;
    if (elapsedSeconds <= 0) return null;
    for (const invite of this.#pending.all) this.#follow(invite);
    this.#followedAt = this.room.now;
    const exposure = this.room.takeExposure();
    this.release.observed(0, exposure.busySeconds);
    this.patience.observed(0, exposure.waitSeconds);
    this.asked.passed(elapsedSeconds);
    this.response.forget(elapsedSeconds);
    this.release.forget(elapsedSeconds);
    this.patience.forget(elapsedSeconds);
    if (this.response.update()) this.#horizons = Array.from(this.response.horizons);
    return { ...exposure, elapsedSeconds };
  }

  /** What a decision is made from; reactive chats are left out of it. */
  state(): BacklogState {
    const { slots, busy, queued, reactiveBusy, reactiveQueued, now } = this.room;
    return {
      slots,
      busy: busy - reactiveBusy,
      queued: queued - reactiveQueued,
      pending: this.#pending.count,
      ages: this.#pending.ages(now),
      releasePerSecond: this.release.perSecond,
      abandonPerSecond: this.patience.perSecond,
    };
  }

  snapshot(): WatchSnapshot {
    return {
      response: this.response.snapshot(),
      release: this.release.snapshot(),
      patience: this.patience.snapshot(),
      exposure: this.room.snapshot(),
      followedAt: this.#followedAt,
      refreshed: this.#refreshedAt >= 0,
    };
  }

  restore(snapshot: WatchSnapshot | null, room: PacerRoom, at: number): void {
    this.room.restore(room, snapshot?.exposure, at);
    this.#followedAt = snapshot?.followedAt ?? -1;
    for (const { id, sentAt } of room.pending) {
      this.#pending.add(id, sentAt, Math.max(0, Math.floor((this.#followedAt - sentAt) / 1000)));
    }
    if (snapshot === null) return;
    this.response.restore(snapshot.response);
    this.#horizons = Array.from(this.response.horizons);
    this.release.restore(snapshot.release);
    this.patience.restore(snapshot.patience);
    this.#refreshedAt = snapshot.refreshed ? at : -1;
  }

  /** Tells the response estimator which seconds of age an invite has reached. */
  #follow(invite: PendingInvite): void {
    const seconds = Math.floor((this.room.now - invite.sentAt) / 1000);
    if (seconds <= invite.countedSeconds) return;
    this.response.entered(invite.countedSeconds + 1, seconds);
    invite.countedSeconds = seconds;
  }
}
