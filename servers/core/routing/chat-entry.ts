/**
 * Where chats enter their queue: hosts the chat-routing strategy's session, which says in which agent group the chat waits and
 * may speak to the visitor while he does. However it ends, the chat has a group.
 */
import { assertNever, present } from '#core/assert.ts';
import type { ContactCenterSettings } from '#core/contact-center-settings.ts';
import type { ContactCenterTimer, Effect } from '#core/effects.ts';
import { SessionHost, type SessionOwner } from '#core/engagement/session-host.ts';
import type { SessionEffect, SessionEvent } from '#core/engagement/strategy-session.ts';
import { attachUserData, type UserData } from '#core/engagement/attachments.ts';
import type { ChatOrigin } from '#core/routing/chat.ts';
import type { ChatDesk } from '#core/routing/chat-desk.ts';
import type { ChatRoom } from '#core/routing/chat-room.ts';
import type {
  ChatRoutingEffect,
  ChatRoutingEvent,
  ChatRoutingInput,
  ChatRoutingStrategy,
  GroupView,
} from '#core/routing/chat-routing-port.ts';

type OwnEvent = Exclude<ChatRoutingEvent, SessionEvent>;
type OwnEffect = Exclude<ChatRoutingEffect, SessionEffect>;

/** Of a line that a strategy says, in characters; more is cut off. */
const LINE_LENGTH = 4_000;

export interface ChatAsked {
  readonly chatId: string;
  readonly visitID: string;
  readonly via: string;
  readonly origin: ChatOrigin;
  /** Where it waits unless the strategy routes it elsewhere. */
  readonly proposedGroup: string;
  readonly userData: UserData;
}

interface Entering {
  readonly chatId: string;
  readonly visitID: string;
  userData: UserData;
  group: string;
  /** Until the chat is in the room: what was said and is to be told then. */
  unsaid: string[] | null;
  lines: number;
}

export class ChatEntry implements SessionOwner<OwnEvent, OwnEffect> {
  readonly kind = 'chatRouting';
  readonly #settings: ContactCenterSettings;
  readonly #strategy: ChatRoutingStrategy;
  readonly #room: ChatRoom;
  readonly #chats: ChatDesk;
  readonly #host = new SessionHost<OwnEvent, OwnEffect>(this);
  readonly #entering = new Map<string, Entering>();

  constructor(settings: ContactCenterSettings, strategy: ChatRoutingStrategy, room: ChatRoom, chats: ChatDesk) {
    this.#settings = settings;
    this.#strategy = strategy;
    this.#room = room;
    this.#chats = chats;
    chats.onWaitOver = (chatId, how, at, out) => this.#waitOver(chatId, how, at, out);
  }

  /** A chat for a visit that has none. */
  request({ chatId, visitID, via, origin, proposedGroup, userData }: ChatAsked, at: number, out: Effect[]): void {
    const entering: Entering = { chatId, visitID, userData, group: proposedGroup, unsaid: [], lines: 0 };
    this.#start(entering, false, at, out);
    const unsaid = entering.unsaid ?? [];
    entering.unsaid = null;
    const { group } = entering;
    this.#chats.request({ chatId, visitID, group, origin, via, userData: entering.userData }, at, out);
    for (const text of unsaid) this.#say(entering, text, at, out);
  }

  /** Chats that waited when the contact center went down get fresh sessions, where they wait. */
  resume(at: number, out: Effect[]): void {
    for (const { chatId, visitID, userData, group, state, callback } of this.#room.chats.values()) {
      if (state !== 'waiting' || callback !== undefined) continue;
      this.#start({ chatId, visitID, userData, group, unsaid: null, lines: 0 }, true, at, out);
    }
  }

  due(timer: ContactCenterTimer & { kind: 'strategyDue' }, at: number, out: Effect[]): void {
    this.#host.due(timer, at, out);
  }

  visitOf(id: string): string {
    return this.#subject(id).visitID;
  }

  attach(id: string, userData: UserData, at: number): void {
    const entering = this.#subject(id);
    entering.userData = attachUserData(entering.userData, userData);
    if (entering.unsaid === null) this.#chats.attach(id, entering.userData, at);
  }

  perform(id: string, effect: OwnEffect, at: number, out: Effect[]): OwnEvent | undefined {
    const entering = this.#subject(id);
    switch (effect.type) {
      case 'fetchGroups':
        return { type: 'groups', groups: this.#settings.chatGroups.map((name) => this.#view(name)) };
      case 'route':
        if (entering.unsaid !== null) entering.group = this.#choose(effect.groups) ?? entering.group;
        return undefined;
      case 'say':
        if (entering.unsaid === null) this.#say(entering, effect.text, at, out);
        else entering.unsaid.push(effect.text);
        return undefined;
      default:
        return assertNever(effect, 'effect of a chat-routing strategy');
    }
  }

  /** The chat stays where it is. */
  closed(id: string): void {
    this.#entering.delete(id);
  }

  over(id: string): void {
    this.#entering.delete(id);
  }

  #start(entering: Entering, resumed: boolean, at: number, out: Effect[]): void {
    const { chatId, visitID, userData, group } = entering;
    this.#entering.set(chatId, entering);
    const input: ChatRoutingInput = {
      chatId,
      visitID,
      queue: this.#settings.queues.chat,
      userData,
      groups: this.#settings.chatGroups,
      proposedGroup: group,
      resumed,
    };
    this.#host.start(chatId, () => this.#strategy.createSession(input, at), at, out);
  }

  #waitOver(chatId: string, how: 'answered' | 'abandoned', at: number, out: Effect[]): void {
    this.#host.end(chatId, { type: 'ended', how }, at, out);
  }

  #subject(id: string): Entering {
    return present(this.#entering.get(id), `chat of the session ${id}`);
  }

  /** The first with a free slot, else the first with anybody logged in, else the first; undefined: none is a chat group. */
  #choose(groups: readonly string[]): string | undefined {
    const views = groups.filter((name) => this.#settings.chatGroups.includes(name)).map((name) => this.#view(name));
    const chosen = views.find(({ free }) => free > 0) ?? views.find(({ slots }) => slots > 0) ?? views[0];
    return chosen?.name;
  }

  #view(name: string): GroupView {
    return { ...this.#room.capacityOf(name), waiting: this.#room.groupOf(name).waiting.length };
  }

  /** The time keeps the ids of a resumed session's lines apart from those of the lost one. */
  #say(entering: Entering, text: string, at: number, out: Effect[]): void {
    const { chatId } = entering;
    entering.lines += 1;
    this.#chats.strategySaid(chatId, `${chatId}.s${at}.${entering.lines}`, text.slice(0, LINE_LENGTH), out);
  }
}
