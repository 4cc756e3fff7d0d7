/**
 * A contact center on the bench: events in, effects collected, rows kept, facts counted; with the strategy of the
 * product and a pacer that says what a test wants. It can be killed and taken up again from its rows.
 */
import { ContactCenter, type ContactCenterEvent, type Strategies } from '#core/contact-center.ts';
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import { isContactCenterTimer, type Effect, type OperationsRow } from '#core/effects.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { ChatAction, DeskAction, DispositionCode, ToBackend } from '#core/messages.ts';
import type { PacerRoom } from '#core/pacing/pacer-snapshot.ts';
import type { NextReset } from '#core/pacing/ledger-day.ts';
import type { InviteOutcome, Pacer, PacerSnapshot, PacingDecision, Permit } from '#core/pacing/pacer.ts';
import { EngagementTotals } from '#core/statistics/engagement-totals.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { shippedChatRouting, shippedEngagement } from '../../strategies/shipped-strategies.ts';

export const GROUP = 'Web Engagement Chat';
export const VOICE_GROUP = 'Web Engagement Voice';

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
    followUp: 'FollowUp',
    chat: 'Chat',
  },
  copyUserData: { mode: 'keys', keys: ['rule', 'attempt_number'] },
  userIdentifier: 'EmailAddress',
  defaultChannel: null,
  chatGroups: [GROUP],
  algorithm: 'SUPER_PROGRESSIVE',
  target: 'ABANDONMENT_RATE',
  goalShare: 0.03,
  proactiveShare: 0,
  refreshPeriodMs: 1_000,
  inviteTimeoutMs: 30_000,
  restoreTimeoutMs: 30_000,
};

export const VIA = 'backend-1';

/** A pacer that gives permits or not, and writes down what it was told. */
export class ScriptedPacer implements Pacer {
  readonly reactiveState = null;
  readonly ledgerSince = null;
  resetLedger(): void {
    this.told.push('ledger reset');
  }
  readonly reactiveAskedPerSecond = 0;
  reactiveAsked(): void {
    this.told.push('reactive asked');
  }
  reactiveLetIn(chatId: string): void {
    this.told.push(`reactive ${chatId}`);
  }
  readonly group: string;
  readonly told: string[] = [];
  /** Permits that it has given and that have not ended. */
  readonly held = new Set<string>();
  /** Chats that were not at risk when it took up its work again. */
  safe: readonly string[] = [];
  grants = true;
  slots = 0;

  constructor(group = GROUP) {
    this.group = group;
  }

  setSlots(slots: number): void {
    this.slots = slots;
    this.told.push(`slots ${slots}`);
  }
  requestPermit(inviteId: string, at: number): Permit {
    this.told.push(`permit ${inviteId}`);
    if (this.grants) this.held.add(inviteId);
    return { granted: this.grants, decision: this.#decision(at) };
  }
  inviteEnded(inviteId: string, outcome: InviteOutcome): void {
    this.told.push(`ended ${inviteId} ${outcome}`);
    if (!this.held.delete(inviteId)) throw new Error(`${inviteId} has no permit of ${this.group}`);
  }
  chatPromised(chatId: string): void {
    this.told.push(`promised ${chatId}`);
  }
  chatQueued(chatId: string, _at: number, atRisk = true): void {
    this.told.push(`queued ${chatId}${atRisk ? '' : ' at no risk'}`);
  }
  chatLate(chatId: string): void {
    this.told.push(`late ${chatId}`);
  }
  chatStarted(chatId: string): void {
    this.told.push(`started ${chatId}`);
  }
  chatAbandoned(chatId: string): void {
    this.told.push(`abandoned ${chatId}`);
  }
  chatWithdrawn(chatId: string): void {
    this.told.push(`withdrawn ${chatId}`);
  }
  slotReleased(chatId: string): void {
    this.told.push(`released ${chatId}`);
  }
  chatRecalled(chatId: string): void {
    this.told.push(`recalled ${chatId}`);
  }
  refresh(at: number): PacingDecision {
    return this.#decision(at);
  }
  snapshot(): PacerSnapshot {
    return NOTHING_LEARNED;
  }
  restore(_snapshot: PacerSnapshot | null, room: PacerRoom): void {
    const pending = room.pending.map(({ id }) => id);
    this.safe = room.safe ?? [];
    this.held.clear();
    for (const id of pending) this.held.add(id);
    this.told.push(`restored ${room.slots} slots, ${room.busy} busy, queued ${room.queued}, pending ${pending}`);
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

const NOTHING_LEARNED: PacerSnapshot = {
  target: 'ABANDONMENT_RATE',
  response: { entered: [], accepted: [], ended: [], recentAccepted: 0, recentWeight: 0, recentSquares: 0 },
  release: { events: 0, seconds: 0 },
  patience: { events: 0, seconds: 0 },
  ledger: null,
  busyState: null,
  governor: { second: 0, invites: [] },
  supply: { unspentShare: 0, refusedShare: 0 },
  exposure: { slotMs: 0, busyMs: 0, waitMs: 0 },
  followedAt: -1,
  refreshed: false,
  allowed: 0,
  sent: 0,
};

export class Bench {
  readonly pacer = new ScriptedPacer();
  /** Of the voice group, where the settings have it and pacing is on. */
  readonly voicePacer = new ScriptedPacer(VOICE_GROUP);
  readonly totals: EngagementTotals;
  readonly facts: Fact[] = [];
  /** The store: the newest row of each kind and id. */
  readonly rows = new Map<string, OperationsRow>();
  contactCenter: ContactCenter;
  /** The pacer of the living contact center. */
  livePacer: Pacer = this.pacer;
  /** Hears every message that goes out by way of a Backend. */
  listener: (message: ToBackend) => void = () => undefined;
  /** Effects of the last event. */
  last: Effect[] = [];
  /** Timers set so far and not yet rung, as [at, event]. */
  timers: { readonly at: number; readonly event: ContactCenterEvent }[] = [];
  readonly #settings: ContactCenterSettings;
  readonly #createPacer: ((group: string) => Pacer) | undefined;
  readonly #strategies: Strategies;
  readonly #nextReset: NextReset | undefined;
  #leads = 0;

  /** `createPacer` and `strategies`: instead of the scripted one and the product's; `nextReset`: of ledgers, else never. */
  constructor(
    settings: Partial<ContactCenterSettings> = {},
    createPacer?: (group: string) => Pacer,
    strategies: Partial<Strategies> = {},
    nextReset?: NextReset,
  ) {
    this.#nextReset = nextReset;
    this.#settings = { ...SETTINGS, ...settings };
    const { autoStop, queues } = this.#settings;
    this.totals = new EngagementTotals({ autoStop, chatQueue: queues.chat, groups: [GROUP] });
    this.#createPacer = createPacer;
    this.#strategies = { engagement: shippedEngagement, chatRouting: shippedChatRouting, ...strategies };
    this.contactCenter = this.#createContactCenter();
  }

  give(event: ContactCenterEvent, at: number): Effect[] {
    const out: Effect[] = [];
    this.contactCenter.handle(event, at, out);
    for (const effect of out) {
      if (effect.type === 'note') {
        this.facts.push(effect.fact);
        this.totals.observe(effect.fact);
      } else if (effect.type === 'commit' && effect.group.store === 'operations') {
        for (const row of effect.group.rows) this.rows.set(`${row.kind} ${row.id}`, stored(row));
      } else if (effect.type === 'toBackend') {
        this.listener(effect.message);
      } else if (effect.type === 'wake' && isContactCenterTimer(effect.timer)) {
        this.timers.push({ at: effect.at, event: { type: 'wake', timer: effect.timer } });
      }
    }
    this.last = out;
    return out;
  }

  /** The interactions are named i1, i2 ... in the order of the leads. */
  lead(visitID: string, at: number, changes: Partial<HotLead> = {}): Effect[] {
    const lead = leadOf(visitID, at, changes);
    return this.give({ type: 'leadArrived', lead, interactionId: `i${(this.#leads += 1)}` }, at);
  }

  disposition(visitID: string, interactionId: string, code: DispositionCode, at: number): Effect[] {
    return this.give({ type: 'disposition', visitID, interactionId, code }, at);
  }

  visitor(action: ChatAction, at: number, via = VIA): Effect[] {
    return this.give({ ...action, via }, at);
  }

  desk(action: DeskAction, at: number, via = VIA): Effect[] {
    return this.give({ ...action, via }, at);
  }

  login(agentId: string, capacity: number, at: number, chats: Login['chats'] = []): Effect[] {
    return this.desk({ type: 'login', agentId, group: GROUP, capacity, ready: true, chats }, at);
  }

  /** Kills the contact center and lets a new one take up the rows; timers die with the old one. */
  killAndRecover(at: number, rows: readonly OperationsRow[] = this.storedRows()): void {
    this.contactCenter = this.#createContactCenter();
    this.timers = [];
    this.give({ type: 'recovered', rows }, at);
    this.give({ type: 'start' }, at);
  }

  storedRows(): OperationsRow[] {
    return [...this.rows.values()].sort((a, b) => a.at - b.at);
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

  /** What the last event sent, as messages with the node that they go to; `types`: only these. */
  messages(...types: readonly ToBackend['type'][]): { readonly node: string | null; readonly message: ToBackend }[] {
    return this.last.flatMap((effect) =>
      effect.type === 'toBackend' && (types.length === 0 || types.includes(effect.message.type))
        ? [{ node: effect.node, message: effect.message }]
        : [],
    );
  }

  /** The types of the last event's messages. */
  sent(): string[] {
    return this.messages().map(({ message }) => message.type);
  }

  /** The chats that the last event offered, with the agents. */
  offers(): string[] {
    return this.messages().flatMap(({ message }) =>
      message.type === 'chatOffer' ? [`${message.chatId}>${message.agentId}`] : [],
    );
  }

  /** Queues that the interactions of a visit went through. */
  path(visitID: string): string[] {
    return this.facts.flatMap((fact) =>
      fact.kind === 'interactionMoved' && fact.visitID === visitID
        ? [fact.reason === null ? fact.to : `${fact.to}:${fact.reason}`]
        : [],
    );
  }

  #createContactCenter(): ContactCenter {
    const { algorithm, target, goalShare, proactiveShare, refreshPeriodMs, inviteTimeoutMs } = this.#settings;
    const { defaultChannel, voiceGroups = [] } = this.#settings;
    const voice = defaultChannel === null ? voiceGroups : [];
    return new ContactCenter(this.#settings, this.#strategies, {
      groups: [
        { name: GROUP, channel: 'chat', chatsPerAgent: 1 },
        ...voice.map((name) => ({ name, channel: 'webcallback', chatsPerAgent: 1 }) as const),
      ],
      start: { algorithm, target, goalShare, proactiveShare, pacedBy: 'algorithm' },
      refreshPeriodMs,
      inviteTimeoutMs,
      createPacer: (group) => this.#pacerOf(group),
      ...(this.#nextReset === undefined ? {} : { nextReset: this.#nextReset }),
    });
  }

  #pacerOf(group: string): Pacer {
    const pacer = this.#createPacer?.(group) ?? (group === GROUP ? this.pacer : this.voicePacer);
    if (group === GROUP) this.livePacer = pacer;
    return pacer;
  }
}

type Login = Extract<DeskAction, { type: 'login' }>;

/** A row as a store gives it back: plain data, not the same object. */
function stored(row: OperationsRow): OperationsRow {
  return JSON.parse(JSON.stringify(row)) as OperationsRow;
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
      action: 'hotLead',
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
    rulesVersion: 0,
    ...changes,
  };
}
