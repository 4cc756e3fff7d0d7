/**
 * A contact center on the bench: events in, effects collected, with the strategy of the product and a pacer that says
 * what a test wants.
 */
import { ContactCenter, type ContactCenterEvent } from '#core/contact-center.ts';
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import type { Effect } from '#core/effects.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { InviteOutcome, Pacer, PacingDecision, Permit } from '#core/pacing/pacer.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { engagementStrategy } from '#strategies/engagement-strategy.ts';

export const GROUP = 'Web Engagement Chat';

export const SETTINGS: ContactCenterSettings = {
  engagementExpirationMs: 30_000,
  registrationFormExpirationMs: 120_000,
  autoStop: true,
  queues: {
    qualified: 'Qualified',
    engaged: 'Engaged',
    accepted: 'Accepted',
    rejected: 'Rejected',
    timeout: 'Timeout',
    failed: 'Failed',
    chat: 'Chat',
  },
  defaultChannel: null,
  chatGroups: [GROUP],
  algorithm: 'SUPER_PROGRESSIVE',
  target: 'ABANDONMENT_RATE',
  goalShare: 0.03,
  refreshPeriodMs: 1_000,
  inviteTimeoutMs: 30_000,
};

/** A pacer that gives permits or not, and writes down what it was told. */
export class ScriptedPacer implements Pacer {
  readonly group = GROUP;
  readonly told: string[] = [];
  grants = true;
  slots = 0;

  setSlots(slots: number): void {
    this.slots = slots;
    this.told.push(`slots ${slots}`);
  }
  requestPermit(inviteId: string, at: number): Permit {
    this.told.push(`permit ${inviteId}`);
    return { granted: this.grants, decision: this.#decision(at) };
  }
  inviteEnded(inviteId: string, outcome: InviteOutcome): void {
    this.told.push(`ended ${inviteId} ${outcome}`);
  }
  chatQueued(chatId: string): void {
    this.told.push(`queued ${chatId}`);
  }
  chatStarted(chatId: string): void {
    this.told.push(`started ${chatId}`);
  }
  chatAbandoned(chatId: string): void {
    this.told.push(`abandoned ${chatId}`);
  }
  slotReleased(chatId: string): void {
    this.told.push(`released ${chatId}`);
  }
  refresh(at: number): PacingDecision {
    return this.#decision(at);
  }
  #decision(at: number): PacingDecision {
    return {
      at,
      group: this.group,
      occasion: 'permit',
      slotIsAgent: true,
      acceptDelaySeconds: 10,
      releasesSoon: 0,
      horizonSeconds: [],
      backlogMean: [],
      backlogDeviation: [],
      riskAllowed: null,
      allowed: this.grants ? 1 : 0,
      slots: this.slots,
      busy: 0,
      queued: 0,
      pending: 0,
      acceptShare: 0.3,
      risk: 0.01,
      limit: 0.02,
      idle: null,
      idleLimit: null,
      ledger: 0,
      gain: 0,
      binding: 'risk',
    };
  }
}

export class Bench {
  readonly pacer = new ScriptedPacer();
  readonly contactCenter: ContactCenter;
  readonly facts: Fact[] = [];
  /** Effects of the last event. */
  last: Effect[] = [];
  /** Timers set so far and not yet rung, as [at, event]. */
  readonly timers: { readonly at: number; readonly event: ContactCenterEvent }[] = [];

  constructor(settings: Partial<ContactCenterSettings> = {}) {
    this.contactCenter = new ContactCenter({ ...SETTINGS, ...settings }, engagementStrategy, [this.pacer]);
  }

  give(event: ContactCenterEvent, at: number): Effect[] {
    const out: Effect[] = [];
    this.contactCenter.handle(event, at, out);
    for (const effect of out) {
      if (effect.type === 'note') this.facts.push(effect.fact);
      if (effect.type === 'wake' && effect.timer.kind !== 'visitSilent') {
        this.timers.push({ at: effect.at, event: { type: 'wake', timer: effect.timer } });
      }
    }
    this.last = out;
    return out;
  }

  /** Rings every timer that is due by `at`, in order. */
  ringUntil(at: number): void {
    for (;;) {
      this.timers.sort((a, b) => a.at - b.at);
      const next = this.timers[0];
      if (next === undefined || next.at > at) return;
      this.timers.shift();
      this.give(next.event, next.at);
    }
  }

  /** The messages of the last event of one effect type, without their envelope. */
  sent(type: 'toBackend' | 'toDesk'): string[] {
    return this.last.flatMap((effect) => (effect.type === type ? [effect.message.type] : []));
  }

  /** Queues that the interactions of a visit went through. */
  path(visitID: string): string[] {
    return this.facts.flatMap((fact) =>
      fact.kind === 'interactionMoved' && fact.visitID === visitID
        ? [fact.reason === null ? fact.to : `${fact.to}:${fact.reason}`]
        : [],
    );
  }
}

export function leadOf(visitID: string, at: number, changes: Partial<HotLead> = {}): HotLead {
  return {
    id: `${visitID}.${at}`,
    at,
    visitID,
    browserVisitID: visitID,
    globalVisitID: `g-${visitID}`,
    pageID: `${visitID}.p1`,
    url: 'https://shop.example/cart',
    title: 'Cart',
    firing: {
      at,
      rule: 'Cart',
      package: 'com.example',
      phase: 'standard',
      salience: 0,
      priority: 50,
      reason: null,
      visitID,
      globalVisitID: `g-${visitID}`,
      matchedEvents: [`${visitID}.e1`],
      matchedAt: [at],
      values: {},
      pageID: `${visitID}.p1`,
      url: 'https://shop.example/cart',
      category: 'cart',
    },
    scope: 'anonymous',
    identity: undefined,
    onSite: true,
    frontend: 'frontend-1',
    ...changes,
  };
}
