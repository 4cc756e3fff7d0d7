/** A pacer that goes by a plain rule, for comparison: same facts, same permits, same records as the algorithms. */
import { erlangA } from '../sizing/erlang.ts';
import { GroupWatch } from './group-watch.ts';
import type { Pacer, PacingDecision, PacingSettings, Permit } from './pacer.ts';
import type { PacerRoom, PacerSnapshot } from './pacer-snapshot.ts';
import { invitesByRule, type PlainRule } from './plain-rule.ts';
import { rateWithinGoal } from './reactive-share.ts';
import type { PacingTuning } from './tuning.ts';
import { WatchingPacer, withoutOrigins } from './watching-pacer.ts';

/** What a refresh tells for a rule without a bound. */
const unbounded = 1_000_000;
const steps = 40;
/** The open loop's rate is worked out anew at every so many refreshes. */
const refreshesApart = 10;

export class PlainPacer extends WatchingPacer implements Pacer {
  readonly reactiveState = null;
  readonly ledgerSince = null;
  readonly #rule: PlainRule;
  readonly #settings: PacingSettings;
  /** Open loop: invites saved up, their rate per second, and until when they were counted, ms. */
  #saved = 0;
  #invitesPerSecond = 0;
  #savedAt = -1;
  #refreshes = 0;

  constructor(group: string, rule: PlainRule, settings: PacingSettings, tuning: PacingTuning) {
    super(group, new GroupWatch(settings.inviteTimeoutMs, tuning));
    this.#rule = rule;
    this.#settings = settings;
  }

  requestPermit(inviteId: string, at: number): Permit {
    this.watch.room.advance(at);
    const granted = this.#room(at) >= 1;
    const decision = this.#explain('permit', granted ? 1 : 0);
    if (granted) {
      this.watch.inviteSent(inviteId);
      this.#saved -= 1;
    }
    return { granted, decision };
  }

  /** A chat like others. */
  reactiveLetIn(_chatId: string, at: number): void {
    this.watch.room.advance(at);
  }

  /** There is none. */
  resetLedger(at: number): void {
    this.watch.room.advance(at);
  }

  refresh(at: number): PacingDecision {
    this.watch.room.advance(at);
    this.watch.refresh(at);
    const allowed = Math.min(unbounded, this.#room(at));
    if (this.#refreshes % refreshesApart === 0) this.#invitesPerSecond = this.#openLoopRate();
    this.#refreshes += 1;
    return this.#explain('refresh', allowed);
  }

  snapshot(): PacerSnapshot {
    return {
      target: this.#settings.target,
      ...this.watch.snapshot(),
      ledger: null,
      busyState: null,
      governor: { second: 0, invites: [] },
      supply: { unspentShare: 0, refusedShare: 0 },
      allowed: 0,
      sent: 0,
    };
  }

  restore(snapshot: PacerSnapshot | null, room: PacerRoom, at: number): void {
    this.watch.restore(snapshot, withoutOrigins(room), at);
    if (snapshot !== null) this.#invitesPerSecond = this.#openLoopRate();
  }

  /** Invites that may go out now. */
  #room(at: number): number {
    if (this.#rule !== 'erlangA') {
      const state = this.watch.state();
      const { response } = this.watch;
      let acceptancesToCome = 0;
      for (let i = 0; i < state.pending; i += 1) acceptancesToCome += response.acceptedLater(state.ages[i] ?? 0);
      return invitesByRule(this.#rule, state, { acceptShare: response.acceptShare, acceptancesToCome });
    }
    this.#save(at);
    return this.watch.room.slots === 0 ? 0 : Math.max(0, Math.floor(this.#saved));
  }

  /** What was not used lapses: never more than one invite, or a refresh period's, is saved up. */
  #save(at: number): void {
    const seconds = this.#savedAt < 0 ? 0 : (at - this.#savedAt) / 1000;
    this.#savedAt = at;
    const most = 1 + (this.#invitesPerSecond * this.#settings.refreshPeriodMs) / 1000;
    this.#saved = Math.min(most, this.#saved + seconds * this.#invitesPerSecond);
  }

  #openLoopRate(): number {
    const { slots } = this.watch.room;
    if (this.#rule !== 'erlangA' || slots === 0) return 0;
    const { release, patience, response } = this.watch;
    const group = { slots, releasePerSecond: release.perSecond, abandonPerSecond: patience.perSecond };
    const { target, goalShare } = this.#settings;
    const chats = target === 'BUSY_FACTOR' ? rateForBusy(group, goalShare) : rateWithinGoal({ ...group, goalShare });
    return chats / response.acceptShare;
  }

  #explain(occasion: 'permit' | 'refresh', allowed: number): PacingDecision {
    const { now, slots, busy, queued } = this.watch.room;
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
      horizonSeconds: [],
      backlogMean: [],
      backlogDeviation: [],
      risk: 0,
      riskAllowed: null,
      limit: 0,
      idle: null,
      idleLimit: null,
      ledger: null,
      gain: null,
      binding: slots === 0 ? 'group' : 'rule',
      ...(this.#settings.channel === 'webcallback' ? { channel: this.#settings.channel } : {}),
    };
  }
}

/** The rate of chats, per second, at which slots are busy for the goal share of the time. */
function rateForBusy(
  group: { readonly slots: number; readonly releasePerSecond: number; readonly abandonPerSecond: number },
  goalShare: number,
): number {
  let low = 0;
  let high = (20 * group.slots * group.releasePerSecond) / (1 - goalShare);
  for (let step = 0; step < steps; step += 1) {
    const middle = (low + high) / 2;
    const { occupancyShare } = erlangA({
      servers: group.slots,
      arrivalsPerSecond: middle,
      handleSeconds: 1 / group.releasePerSecond,
      patienceSeconds: 1 / group.abandonPerSecond,
    });
    if (occupancyShare <= goalShare) low = middle;
    else high = middle;
  }
  return low;
}
