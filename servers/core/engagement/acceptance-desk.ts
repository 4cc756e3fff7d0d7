/**
 * The moment of acceptance: a chat or a callback is asked for, the invite's interaction has come to its end, and what it was
 * for begins.
 */
import { present } from '#core/assert.ts';
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import type { Effect } from '#core/effects.ts';
import { copyUserData, type UserData } from '#core/engagement/attachments.ts';
import { callbackIdOf, chatIdOf } from '#core/engagement/attempt-tellings.ts';
import type { EngagementSessions } from '#core/engagement/engagement-sessions.ts';
import type { InteractionBook } from '#core/engagement/interaction-book.ts';
import { isInviteOpen, type Interaction } from '#core/engagement/interaction.ts';
import type { CallbackRequest, ChatRequest, Relayed } from '#core/messages.ts';
import type { PacingDesk } from '#core/pacing/pacing-desk.ts';
import type { InviteOutcome } from '#core/pacing/pacer.ts';
import type { CallbackDesk } from '#core/routing/callback-desk.ts';
import type { ChatAsked, ChatEntry } from '#core/routing/chat-entry.ts';
import type { ChatDesk } from '#core/routing/chat-desk.ts';
import type { ContactBook } from '#core/routing/contact-book.ts';

export interface AcceptanceDeskParts {
  readonly settings: ContactCenterSettings;
  readonly pacing: PacingDesk;
  readonly chats: ChatDesk;
  readonly chatEntry: ChatEntry;
  readonly callbacks: CallbackDesk;
  readonly contacts: ContactBook;
  readonly book: InteractionBook;
  readonly sessions: EngagementSessions;
}

export class AcceptanceDesk {
  readonly #parts: AcceptanceDeskParts;

  constructor(parts: AcceptanceDeskParts) {
    this.#parts = parts;
  }

  /**
   * A visit that has a chat is told how it stands, and nothing changes. Where the form has expired the attempt stays invalid;
   * the chat is one that the visitor asked for himself. An invite to a callback brings no chat.
   */
  chatRequested(request: Relayed<ChatRequest>, at: number, out: Effect[]): void {
    const { visitID, interactionId, via } = request;
    const { settings, pacing, chats, chatEntry, book } = this.#parts;
    if (chats.hasChat(visitID)) {
      chats.resume(request, at, out);
      return;
    }
    const open = book.get(interactionId);
    const interaction = open ?? book.expired(interactionId);
    if (interaction === undefined || interaction.lead.browserVisitID !== visitID) return;
    if (interaction.channel === 'proactiveCallback') return;
    if (open === undefined) {
      // He comes by himself now, and no page has asked for him.
      pacing.reactiveAsked('chat', at);
      out.push({ type: 'note', fact: { kind: 'reactive', at, visitID, askId: interactionId } });
      book.chatsLate(interaction, at);
    } else if (isInviteOpen(open.state)) this.#accept(open, 'accepted', at, out);
    else return;
    const asked: ChatAsked = {
      chatId: chatIdOf(interactionId),
      visitID,
      via,
      origin: open === undefined ? 'reactive' : 'proactive',
      proposedGroup: interaction.group ?? present(settings.chatGroups[0], 'chat group'),
      userData: this.#caseOf(interaction, {}, at),
    };
    chatEntry.request(asked, at, out);
  }

  /**
   * The visitor browses on. A callback for later takes no slot until it is due: to pacing its invite has ended and brought
   * nothing, and it earns when its time comes.
   */
  callbackRequested(request: Relayed<CallbackRequest>, at: number, out: Effect[]): void {
    const { visitID, interactionId, via, phone, inMs } = request;
    const { settings, callbacks, book } = this.#parts;
    const interaction = book.get(interactionId);
    if (interaction === undefined || interaction.lead.browserVisitID !== visitID) return;
    if (!isInviteOpen(interaction.state) || interaction.channel !== 'proactiveCallback') return;
    const group = interaction.group ?? settings.voiceGroups?.[0];
    if (group === undefined) return;
    this.#accept(interaction, inMs > 0 ? 'other' : 'accepted', at, out);
    const userData = this.#caseOf(interaction, { [settings.phoneNumberKey ?? 'PhoneNumber']: phone }, at);
    const asked = { chatId: callbackIdOf(interactionId), visitID, via, group, phone, dueAt: at + inMs, userData };
    callbacks.request(asked, at, out);
  }

  #accept(interaction: Interaction, outcome: InviteOutcome, at: number, out: Effect[]): void {
    const { pacing, book, sessions } = this.#parts;
    pacing.inviteEnded(interaction.group, interaction.interactionId, outcome, at);
    book.move(interaction, 'accepted', {}, at, out);
    sessions.ended(interaction, 'accepted', at, out);
  }

  /** The user data of a chat or callback: what is copied, what the visitor has said, and his contact. */
  #caseOf(interaction: Interaction, said: UserData, at: number): UserData {
    const { settings, sessions, contacts } = this.#parts;
    const known = sessions.userDataOf(interaction);
    const contact = contacts.identify(interaction.interactionId, { ...known, ...said }, at);
    return { ...copyUserData(known, settings.copyUserData), ...said, ...contact };
  }
}
