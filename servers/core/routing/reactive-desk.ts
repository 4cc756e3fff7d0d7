/**
 * Visitors who look for help themselves. Their page asks for `reactiveState` and draws whether they are let in, as the guide has
 * it; who was let in asks for a chat, and is refused nothing here. Both may arrive twice and count once.
 */
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import type { Effect, OperationsRow } from '#core/effects.ts';
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import type { ReactiveChat, Relayed } from '#core/messages.ts';
import type { PacingChannel } from '#core/pacing/pacing-channel.ts';
import type { PacingDesk } from '#core/pacing/pacing-desk.ts';
import type { ReactiveAsker } from '#core/pacing/pacing-inquiry.ts';
import type { ChatDesk } from '#core/routing/chat-desk.ts';
import type { ChatEntry } from '#core/routing/chat-entry.ts';
import type { ChatRouter } from '#core/routing/chat-router.ts';
import { present } from '#core/assert.ts';

export type ReactiveRow = Extract<OperationsRow, { kind: 'reactive' }>;

/** The newest that are remembered: a sender sends again within seconds. */
const ASKS_KEPT = 20_000;

export interface ReactiveDeskParts {
  readonly settings: ContactCenterSettings;
  readonly pacing: PacingDesk;
  readonly chats: ChatDesk;
  readonly router: ChatRouter;
  readonly entry: ChatEntry;
  readonly rows: ChangedRows;
}

export class ReactiveDesk {
  readonly #parts: ReactiveDeskParts;
  /** By ask: whose it is, and whether he was let in. Oldest first. */
  readonly #asks = new Map<string, { readonly visitID: string; readonly letIn: boolean }>();

  constructor(parts: ReactiveDeskParts) {
    this.#parts = parts;
  }

  /** About callbacks he is counted for pacing alone: none is asked for here without an invite, so nobody knows what became of him. */
  asked(asker: ReactiveAsker, channel: PacingChannel, at: number, out: Effect[]): void {
    if (this.#asks.has(asker.askId)) return;
    this.#remember(asker, false, at);
    this.#parts.pacing.reactiveAsked(channel, at);
    if (channel === 'chat') out.push({ type: 'note', fact: { kind: 'reactive', at, ...asker } });
  }

  /** He was let in, and asks for the chat. A visit that has a chat is told how it stands, and nothing changes. */
  requested(request: Relayed<ReactiveChat>, at: number, out: Effect[]): void {
    const { visitID, askId, via } = request;
    const { chats, entry } = this.#parts;
    const asker = { visitID, askId };
    const known = this.#asks.get(askId);
    if (known !== undefined && known.visitID !== visitID) return;
    if (chats.hasChat(visitID) || known?.letIn === true) {
      chats.resume(request, at, out);
      return;
    }
    // His page may not have said who asked.
    this.asked(asker, 'chat', at, out);
    this.#remember(asker, true, at);
    const proposedGroup = this.#propose();
    entry.request({ chatId: `r-${askId}`, visitID, via, proposedGroup, userData: {}, origin: 'reactive' }, at, out);
  }

  restore(rows: readonly ReactiveRow[]): void {
    for (const { id, visitID, letIn } of rows.slice(-ASKS_KEPT)) this.#asks.set(id, { visitID, letIn });
  }

  #remember({ visitID, askId }: ReactiveAsker, letIn: boolean, at: number): void {
    this.#asks.set(askId, { visitID, letIn });
    this.#parts.rows.put({ kind: 'reactive', id: askId, visitID, at, letIn });
    if (this.#asks.size > ASKS_KEPT) this.#asks.delete(present(this.#asks.keys().next().value, 'oldest ask'));
  }

  /** The group with the most places that a reactive chat may take now; the first where none has. */
  #propose(): string {
    const { settings, router } = this.#parts;
    let best = present(settings.chatGroups[0], 'chat group');
    let most = 0;
    for (const group of settings.chatGroups) {
      const room = router.reactiveRoomOf(group);
      if (room > most) [best, most] = [group, room];
    }
    return best;
  }
}
