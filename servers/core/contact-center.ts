/**
 * The contact center machine: interactions, strategy, pacing, chats and agents, everything that must be one for all
 * Backends. Events in, effects out; the time arrives with the event.
 */
import { assertNever } from '#core/assert.ts';
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import type { ContactCenterTimer, Effect, StoreFailed, Woken } from '#core/effects.ts';
import { EngagementDesk } from '#core/engagement/engagement-desk.ts';
import type { EngagementStrategy } from '#core/engagement/strategy-port.ts';
import type { ToContactCenter } from '#core/messages.ts';
import type { Pacer } from '#core/pacing/pacer.ts';
import { PacingDesk } from '#core/pacing/pacing-desk.ts';
import { ChatDesk } from '#core/routing/chat-desk.ts';
import { EngagementTotals } from '#core/statistics/engagement-totals.ts';

export type ContactCenterEvent = ToContactCenter | Woken<ContactCenterTimer> | StoreFailed | { readonly type: 'start' };

export class ContactCenter {
  readonly totals = new EngagementTotals();
  readonly chats: ChatDesk;
  readonly engagement: EngagementDesk;
  readonly #pacing: PacingDesk;
  readonly #settings: ContactCenterSettings;

  /** `pacers`: one for each of the chat groups, or none where pacing is off. */
  constructor(settings: ContactCenterSettings, strategy: EngagementStrategy, pacers: readonly Pacer[]) {
    this.#settings = settings;
    this.#pacing = new PacingDesk(pacers);
    this.chats = new ChatDesk(settings.chatGroups, settings.queues.chat, this.#pacing, this.totals);
    this.engagement = new EngagementDesk(settings, strategy, this.#pacing, this.chats, this.totals);
  }

  handle(event: ContactCenterEvent, at: number, out: Effect[]): void {
    switch (event.type) {
      case 'start':
        this.#armRefresh(at, out);
        return;
      case 'leadArrived':
        this.engagement.leadArrived(event.lead, at, out);
        return;
      case 'disposition':
        this.engagement.disposition(event, at, out);
        return;
      case 'chatRequest':
        this.engagement.chatRequested(event.visitID, event.interactionId, at, out);
        return;
      case 'chatLeft':
        this.chats.visitorLeft(event.visitID, at, out);
        return;
      case 'visitEnded':
        this.engagement.visitEnded(event.visitID, at, out);
        return;
      case 'login':
      case 'ready':
      case 'notReady':
      case 'logout':
      case 'answer':
      case 'finish':
      case 'done':
        this.chats.handleDesk(event, at, out);
        return;
      case 'wake':
        this.#woken(event.timer, at, out);
        return;
      case 'storeFailed':
        // The state is ahead of the store: the driver tries the group again until it is stored, and what it gates
        // waits.
        out.push({ type: 'commit', group: event.group });
        return;
      default:
        assertNever(event, 'contact center event');
    }
  }

  #woken(timer: ContactCenterTimer, at: number, out: Effect[]): void {
    switch (timer.kind) {
      case 'pacingRefresh':
        for (const decision of this.#pacing.refresh(at)) {
          out.push({ type: 'note', fact: { kind: 'pacing', at, decision } });
        }
        this.#armRefresh(at, out);
        return;
      case 'interactionOverdue':
        this.engagement.overdue(timer, at, out);
        return;
      default:
        assertNever(timer, 'contact center timer');
    }
  }

  #armRefresh(at: number, out: Effect[]): void {
    if (this.#settings.defaultChannel !== null) return;
    out.push({ type: 'wake', at: at + this.#settings.refreshPeriodMs, timer: { kind: 'pacingRefresh' } });
  }
}
