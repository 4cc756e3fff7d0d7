/** A Backend on the bench, whose contact center answers refreshes after a while or not at all; times count in ms from the start. */
import { BackendNode, type BackendEvent } from '#core/backend-node.ts';
import type { ChatDeliverySettings } from '#core/delivery/chat-delivery.ts';
import type { Effect } from '#core/effects.ts';
import type { ChatUpdate, ToContactCenter } from '#core/messages.ts';
import type { Fact } from '#core/statistics/fact.ts';

/** On a slot, as any whole second is. */
const START = Date.UTC(2026, 2, 2, 8);

export const SETTINGS: ChatDeliverySettings = { refreshPeriodMs: 2_000, requestTimeoutMs: 5_000, requestPoolSize: 10 };

type ChatRefresh = Extract<ToContactCenter, { readonly type: 'chatRefresh' }>;

export class DeliveryBench {
  readonly node: BackendNode;
  /** What browsers were shown, as `ms visit line` or `ms visit state`. */
  readonly shown: string[] = [];
  /** Every chat that was asked for, as the ms at which it was. */
  readonly asked = new Map<string, number[]>();
  readonly requests: ChatRefresh[] = [];
  readonly facts: Fact[] = [];
  /** Until a refresh is answered; null: it is not. */
  answerMs: number | null = 0;
  /** Visits that the contact center has no chat of at this Backend. */
  readonly gone = new Set<string>();
  readonly #agenda: { readonly ms: number; readonly event: BackendEvent }[] = [];
  #ms = 0;

  constructor(settings: Partial<ChatDeliverySettings> = {}) {
    this.node = new BackendNode('backend-1', { ...SETTINGS, ...settings });
  }

  /** Gives what is due until then, then the event. */
  give(ms: number, event: BackendEvent): void {
    this.runUntil(ms);
    this.#tell(event);
  }

  say(ms: number, visitID: string, lineId: string): void {
    this.give(ms, { type: 'chatLine', visitID, chatId: `c-${visitID}`, lineId, text: `text of ${lineId}` });
  }

  update(ms: number, visitID: string, state: ChatUpdate['state']): void {
    this.give(ms, { type: 'chatUpdate', visitID, chatId: `c-${visitID}`, state });
  }

  runUntil(ms: number): void {
    for (;;) {
      // Stable: among equals, what was planned first.
      this.#agenda.sort((one, other) => one.ms - other.ms);
      const next = this.#agenda[0];
      if (next === undefined || next.ms > ms) break;
      this.#agenda.shift();
      this.#ms = Math.max(this.#ms, next.ms);
      this.#tell(next.event);
    }
    this.#ms = Math.max(this.#ms, ms);
  }

  timeouts(): readonly number[] {
    return this.facts.flatMap((fact) => (fact.kind === 'refreshTimedOut' ? [fact.at - START] : []));
  }

  #tell(event: BackendEvent): void {
    const out: Effect[] = [];
    this.node.handle(event, START + this.#ms, out);
    for (const effect of out) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'toBrowser': {
        const { message } = effect;
        if (message.type === 'invite') return;
        const what = message.type === 'chatLine' ? message.lineId : message.state;
        this.shown.push(`${this.#ms} ${effect.visitID} ${what}`);
        return;
      }
      case 'toContactCenter':
        if (effect.message.type === 'chatRefresh') this.#refresh(effect.message);
        return;
      case 'wake':
        if (effect.timer.kind !== 'chatsDue') return;
        this.#agenda.push({ ms: effect.at - START, event: { type: 'wake', timer: effect.timer } });
        return;
      case 'note':
        this.facts.push(effect.fact);
        return;
      default:
        throw new Error(`${effect.type} is nothing of chats`);
    }
  }

  #refresh(message: ChatRefresh): void {
    this.requests.push(message);
    for (const visitID of message.visitIDs) {
      const asked = this.asked.get(visitID) ?? [];
      this.asked.set(visitID, [...asked, this.#ms]);
    }
    if (this.answerMs === null) return;
    const gone = message.visitIDs.filter((visitID) => this.gone.has(visitID));
    const event = { type: 'chatRefreshed', refreshId: message.refreshId, gone } as const;
    this.#agenda.push({ ms: this.#ms + this.answerMs, event });
  }
}
