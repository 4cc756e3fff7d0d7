/**
 * Web callbacks from the visitor's request until he was reached or cannot be: they wait for their time, come into the queue
 * of callbacks, and are called by an agent of a voice group; a call that nobody answers is tried again, a few times. Who
 * waits for his phone to ring can't give up, so what is lost is the promise: a first call that is not begun in time is late.
 */
import { CALL_WITHIN_MS, type GroupRules } from '#core/contact-center-settings.ts';
import type { Effect } from '#core/effects.ts';
import type { UserData } from '#core/engagement/attachments.ts';
import type { DeskAction } from '#core/messages.ts';
import type { Agent } from '#core/routing/agent.ts';
import { isAtRisk, type Chat } from '#core/routing/chat.ts';
import { noteCallback } from '#core/routing/chat-messages.ts';
import type { ChatRoom } from '#core/routing/chat-room.ts';
import type { ChatRouter } from '#core/routing/chat-router.ts';

export interface CallbackAsked {
  readonly chatId: string;
  readonly visitID: string;
  readonly via: string;
  readonly group: string;
  readonly phone: string;
  readonly dueAt: number;
  readonly userData: UserData;
}

type Dialed = Extract<DeskAction, { type: 'dialed' }>;
type Reschedule = Extract<DeskAction, { type: 'reschedule' }>;

/** Where a group has no rules of its own. */
const CALLBACK_RULES: Required<GroupRules>['callbacks'] = {
  retryMs: 600_000,
  callsMax: 3,
  callWithinMs: CALL_WITHIN_MS,
};

export class CallbackDesk {
  readonly #room: ChatRoom;
  readonly #router: ChatRouter;

  constructor(room: ChatRoom, router: ChatRouter) {
    this.#room = room;
    this.#router = router;
  }

  /** For a visit that has none. */
  request({ phone, dueAt, userData, ...asked }: CallbackAsked, at: number, out: Effect[]): void {
    const chat: Chat = {
      ...asked,
      origin: 'proactive',
      queuedAt: at,
      state: 'scheduled',
      agentId: undefined,
      startedAt: 0,
      userData,
      offers: 0,
      refusedBy: [],
      forAgent: undefined,
      transferred: false,
      callback: {
        phone,
        dueAt,
        unanswered: 0,
        connected: false,
        promisedBy: dueAt + this.#rulesOf(asked.group).callWithinMs,
      },
      restoreBy: undefined,
      lines: [],
    };
    this.#room.chats.set(chat.chatId, chat);
    this.#room.callbackByVisit.set(chat.visitID, chat);
    noteCallback(chat, 'asked', at, out);
    if (dueAt <= at) this.#enqueue(chat, at, out);
    else this.#schedule(chat, at, out);
  }

  /** The time of a callback may have come. One that was asked for later is owed to its visitor from here on. */
  due(chatId: string, at: number, out: Effect[]): void {
    const chat = this.#room.chats.get(chatId);
    if (chat?.state !== 'scheduled' || (chat.callback?.dueAt ?? 0) > at) return;
    if (isAtRisk(chat)) this.#room.pacing.chatPromised(chat.group, chatId, at);
    this.#enqueue(chat, at, out);
  }

  /** No agent may have begun the call by the time that it was promised for. It waits on. */
  late(chatId: string, at: number, out: Effect[]): void {
    const chat = this.#room.chats.get(chatId);
    const promisedBy = chat?.callback?.promisedBy ?? null;
    if (chat?.callback === undefined || promisedBy === null || at < promisedBy) return;
    chat.callback.promisedBy = null;
    this.#room.pacing.chatLate(chat.group, chatId, at);
    this.#room.chatChanged(chat, at);
    noteCallback(chat, 'late', at, out);
  }

  /** After a restart: what waits for its time is called in time, or now; what was promised is late when it was to be. */
  resume(at: number, out: Effect[]): void {
    for (const chat of this.#room.chats.values()) {
      if (chat.state === 'scheduled') this.#arm(chat, at, out);
      else this.#watch(chat, at, out);
    }
  }

  /** The agent has called the visitor, who has answered or not. */
  dialed(agent: Agent, { chatId, outcome }: Dialed, at: number, out: Effect[]): void {
    const chat = this.#calledBy(agent, chatId);
    const callback = chat?.callback;
    if (chat === undefined || callback === undefined || callback.connected) return;
    if (outcome === 'connected') {
      callback.connected = true;
      this.#room.chatChanged(chat, at);
      noteCallback(chat, 'connected', at, out);
      return;
    }
    callback.unanswered += 1;
    const { retryMs, callsMax } = this.#rulesOf(chat.group);
    if (callback.unanswered < callsMax) {
      noteCallback(chat, 'noAnswer', at, out);
      this.#putOff(agent, chat, at + retryMs, at, out);
      return;
    }
    noteCallback(chat, 'unreachable', at, out);
    chat.state = 'afterWork';
    this.#room.callbackByVisit.delete(chat.visitID);
    this.#router.freeSlot(agent, chat, at, out);
  }

  /** Agent and visitor agree on another time. */
  reschedule(agent: Agent, { chatId, afterMs }: Reschedule, at: number, out: Effect[]): void {
    const chat = this.#calledBy(agent, chatId);
    if (chat === undefined) return;
    noteCallback(chat, 'rescheduled', at, out);
    this.#putOff(agent, chat, at + afterMs, at, out);
  }

  #calledBy(agent: Agent, chatId: string): Chat | undefined {
    const chat = this.#room.chats.get(chatId);
    const isHis = chat?.agentId === agent.agentId && chat.state === 'talking' && chat.callback !== undefined;
    return isHis ? chat : undefined;
  }

  #putOff(agent: Agent, chat: Chat, dueAt: number, at: number, out: Effect[]): void {
    chat.state = 'scheduled';
    chat.refusedBy = [];
    if (chat.callback !== undefined) {
      chat.callback.dueAt = dueAt;
      chat.callback.connected = false;
    }
    this.#router.letGo(agent, chat, at, out);
    this.#schedule(chat, at, out);
    this.#router.route(this.#room.groupOf(agent.group), at, out);
  }

  #enqueue(chat: Chat, at: number, out: Effect[]): void {
    chat.state = 'waiting';
    chat.queuedAt = at;
    noteCallback(chat, 'due', at, out);
    this.#room.chatChanged(chat, at);
    this.#watch(chat, at, out);
    this.#room.pacing.of(chat.group)?.chatQueued(chat.chatId, at, isAtRisk(chat));
    const group = this.#room.groupOf(chat.group);
    group.waiting.push(chat.chatId);
    this.#router.route(group, at, out);
  }

  #schedule(chat: Chat, at: number, out: Effect[]): void {
    this.#room.chatChanged(chat, at);
    this.#arm(chat, at, out);
  }

  /** Until when a call must have begun, where one is promised. */
  #watch({ chatId, callback }: Chat, at: number, out: Effect[]): void {
    const promisedBy = callback?.promisedBy ?? null;
    if (promisedBy === null) return;
    out.push({ type: 'wake', at: Math.max(at, promisedBy), timer: { kind: 'callbackLate', chatId } });
  }

  #rulesOf(group: string): Required<GroupRules>['callbacks'] {
    return this.#room.groupOf(group).rules.callbacks ?? CALLBACK_RULES;
  }

  #arm({ chatId, callback }: Chat, at: number, out: Effect[]): void {
    out.push({ type: 'wake', at: Math.max(at, callback?.dueAt ?? at), timer: { kind: 'callbackDue', chatId } });
  }
}
