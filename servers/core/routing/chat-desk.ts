/**
 * Chats from the request to the end of after-work, as visitors and agents act on them: follows them, carries what is said,
 * and tells pacing. Who is offered which is the router's.
 */
import type { Effect } from '#core/effects.ts';
import type { UserData } from '#core/engagement/attachments.ts';
import type { ChatAction, ChatRefresh, ChatUpdate, DeskAction, Relayed } from '#core/messages.ts';
import type { PacingDesk } from '#core/pacing/pacing-desk.ts';
import type { Agent, SlotState } from '#core/routing/agent.ts';
import type { Chat, ChatState, SpokenLine } from '#core/routing/chat.ts';
import { chatLineOf, deskLineOf, noteChat, tellDesk, tellVisitor } from '#core/routing/chat-messages.ts';
import type { ChatRouter } from '#core/routing/chat-router.ts';
import type { ChatRoom } from '#core/routing/chat-room.ts';

/** Lines of a chat that are kept. */
const LINES_KEPT = 200;

type Transfer = Extract<DeskAction, { type: 'transfer' }>;

export class ChatDesk {
  readonly #room: ChatRoom;
  readonly #router: ChatRouter;
  readonly #pacing: PacingDesk;

  /** Hears that a chat waits no more. */
  onWaitOver: (chatId: string, how: 'answered' | 'abandoned', at: number, out: Effect[]) => void = () => undefined;

  constructor(room: ChatRoom, router: ChatRouter) {
    this.#room = room;
    this.#router = router;
    this.#pacing = room.pacing;
  }

  hasChat(visitID: string): boolean {
    return this.#room.chatByVisit.has(visitID);
  }

  hasCallback(visitID: string): boolean {
    return this.#room.callbackByVisit.has(visitID);
  }

  slotsOf(group: string): number {
    return this.#room.groups.get(group)?.levels.slots ?? 0;
  }

  get agents(): Iterable<Agent> {
    return this.#room.agents.values();
  }

  get waitingChats(): number {
    let waiting = 0;
    for (const group of this.#room.groups.values()) waiting += group.waiting.length;
    return waiting;
  }

  /** A chat for a visit that has none, to be served by `group`. */
  request(
    asked: Pick<Chat, 'chatId' | 'visitID' | 'group' | 'origin' | 'via' | 'userData'>,
    at: number,
    out: Effect[],
  ): void {
    const chat: Chat = {
      ...asked,
      queuedAt: at,
      state: 'waiting',
      agentId: undefined,
      startedAt: 0,
      offers: 0,
      refusedBy: [],
      forAgent: undefined,
      transferred: false,
      callback: undefined,
      restoreBy: undefined,
      lines: [],
    };
    this.#room.chats.set(chat.chatId, chat);
    this.#room.chatByVisit.set(chat.visitID, chat);
    if (chat.origin === 'reactive') this.#pacing.of(chat.group)?.reactiveLetIn(chat.chatId, at);
    this.#pacing.of(chat.group)?.chatQueued(chat.chatId, at);
    this.#room.chatChanged(chat, at);
    noteChat(chat, 'queued', at, out);
    tellVisitor(chat, 'queued', out);
    const group = this.#room.groupOf(chat.group);
    group.waiting.push(chat.chatId);
    this.#router.route(group, at, out);
  }

  /** A browser that is back is told how its chat stands and what the agent has said; 'ended' where it has none. */
  resume({ visitID, via }: Pick<Relayed<ChatAction>, 'visitID' | 'via'>, at: number, out: Effect[]): void {
    const chat = this.#heardOf(visitID, via, at);
    if (chat === undefined) {
      out.push({
        type: 'toBackend',
        node: via,
        message: { type: 'chatUpdate', visitID, chatId: '', state: 'ended' },
      });
      return;
    }
    tellVisitor(chat, VISITOR_STATES[chat.state], out);
    for (const line of chat.lines) {
      if (line.by !== 'visitor') out.push({ type: 'toBackend', node: via, message: chatLineOf(chat, line) });
    }
  }

  /** What is new in these chats has been sent already: the answer, behind it on the same way, says so. */
  refreshAsked({ refreshId, visitIDs, via }: Relayed<ChatRefresh>, out: Effect[]): void {
    const gone = visitIDs.filter((visitID) => this.#room.chatByVisit.get(visitID)?.via !== via);
    out.push({ type: 'toBackend', node: via, message: { type: 'chatRefreshed', refreshId, gone } });
  }

  /** The visitor leaves: waiting or ringing is an abandonment, talking is the end of the conversation. */
  visitorLeft(visitID: string, via: string, at: number, out: Effect[]): void {
    const chat = this.#heardOf(visitID, via, at);
    if (chat === undefined) return;
    const { chatId } = chat;
    if (chat.state === 'waiting') {
      const { waiting } = this.#room.groupOf(chat.group);
      waiting.splice(waiting.indexOf(chatId), 1);
      this.#abandon(chat, at, out);
      this.#room.chats.delete(chatId);
      return;
    }
    const agent = this.#room.agentOf(chat);
    if (chat.state === 'offered') this.#abandon(chat, at, out);
    else this.#endTalk(agent, chat, at, out);
    tellDesk(agent, { type: 'chatClosed', agentId: agent.agentId, chatId }, out);
    if (chat.state === 'offered') this.#router.freeSlot(agent, chat, at, out);
  }

  visitorSaid(
    { visitID, via, lineId, text }: Relayed<ChatAction> & { type: 'visitorLine' },
    at: number,
    out: Effect[],
  ): void {
    const chat = this.#heardOf(visitID, via, at);
    if (chat?.state !== 'talking') return;
    const line: SpokenLine = { by: 'visitor', lineId, text };
    if (!keepLine(chat, line)) return;
    const agent = this.#room.agentOf(chat);
    // Who is away is told what was said when he comes back.
    if (agent.loggedIn) tellDesk(agent, deskLineOf(chat, agent, line), out);
  }

  agentSaid(agent: Agent, chatId: string, lineId: string, text: string, out: Effect[]): void {
    const chat = this.#room.chats.get(chatId);
    if (chat?.agentId !== agent.agentId || chat.state !== 'talking') return;
    const line: SpokenLine = { by: 'agent', lineId, text };
    if (!keepLine(chat, line)) return;
    out.push({ type: 'toBackend', node: chat.via, message: chatLineOf(chat, line) });
  }

  /** The chat-routing strategy says something to the visitor. */
  strategySaid(chatId: string, lineId: string, text: string, out: Effect[]): void {
    const chat = this.#room.chats.get(chatId);
    if (chat === undefined) return;
    const line: SpokenLine = { by: 'strategy', lineId, text };
    if (keepLine(chat, line)) out.push({ type: 'toBackend', node: chat.via, message: chatLineOf(chat, line) });
  }

  /** What its desk is told of a chat from now on. */
  attach(chatId: string, userData: UserData, at: number): void {
    const chat = this.#room.chats.get(chatId);
    if (chat === undefined) return;
    chat.userData = userData;
    this.#room.chatChanged(chat, at);
  }

  answer(agent: Agent, chatId: string, at: number, out: Effect[]): void {
    const chat = this.#room.chats.get(chatId);
    if (chat?.agentId !== agent.agentId || chat.state !== 'offered') return;
    chat.state = 'talking';
    chat.startedAt = at;
    if (chat.callback !== undefined) chat.callback.promisedBy = null;
    agent.slots.set(chatId, 'talking');
    this.#room.chatChanged(chat, at);
    noteChat(chat, 'started', at, out);
    tellVisitor(chat, 'started', out);
    this.#room.slotsChanged(agent, at, out);
    this.onWaitOver(chatId, 'answered', at, out);
  }

  finish(agent: Agent, chatId: string, at: number, out: Effect[]): void {
    const chat = this.#room.chats.get(chatId);
    if (chat?.agentId !== agent.agentId || chat.state !== 'talking') return;
    this.#endTalk(agent, chat, at, out);
    tellVisitor(chat, 'ended', out);
  }

  /** The agent passes the conversation on, and his slot is free at once. The next one is not he, if there is another. */
  transfer(agent: Agent, { chatId, toGroup, toAgent }: Transfer, at: number, out: Effect[]): void {
    const chat = this.#room.chats.get(chatId);
    if (chat?.agentId !== agent.agentId || chat.state !== 'talking' || chat.callback !== undefined) return;
    noteChat(chat, 'transferred', at, out);
    agent.served += 1;
    chat.refusedBy = [agent.agentId];
    chat.forAgent = toAgent;
    this.#router.passOn(agent, chat, toGroup, at, out);
    tellDesk(agent, { type: 'chatClosed', agentId: agent.agentId, chatId }, out);
    tellVisitor(chat, 'queued', out);
    this.#router.route(this.#room.groupOf(toGroup), at, out);
    this.#router.route(this.#room.groupOf(agent.group), at, out);
  }

  done(agent: Agent, chatId: string, at: number, out: Effect[]): void {
    const chat = this.#room.chats.get(chatId);
    if (chat?.agentId !== agent.agentId || chat.state !== 'afterWork') return;
    this.#router.freeSlot(agent, chat, at, out);
  }

  /** The agent of a chat has not come back in time: the visitor is told that it is over, and the slot is free. */
  restoreOverdue(chatId: string, at: number, out: Effect[]): void {
    const chat = this.#room.chats.get(chatId);
    if (chat?.restoreBy === undefined || at < chat.restoreBy) return;
    const agent = this.#room.agentOf(chat);
    if (chat.callback?.connected === false && chat.state === 'talking') {
      noteChat(chat, 'recalled', at, out, 'agentGone');
      this.#router.passOn(agent, chat, chat.group, at, out);
      this.#router.route(this.#room.groupOf(chat.group), at, out);
      return;
    }
    this.finish(agent, chatId, at, out);
    this.#router.freeSlot(agent, chat, at, out);
  }

  #endTalk(agent: Agent, chat: Chat, at: number, out: Effect[]): void {
    chat.state = 'afterWork';
    agent.slots.set(chat.chatId, 'afterWork' satisfies SlotState);
    agent.served += 1;
    (chat.callback === undefined ? this.#room.chatByVisit : this.#room.callbackByVisit).delete(chat.visitID);
    this.#room.chatChanged(chat, at);
    this.#room.agentChanged(agent, at);
    noteChat(chat, 'completed', at, out);
    this.#room.slotsChanged(agent, at, out);
  }

  /** Who has talked to an agent before is lost between two of them: on no account of pacing's, and counted apart. */
  #abandon(chat: Chat, at: number, out: Effect[]): void {
    if (chat.transferred) this.#pacing.of(chat.group)?.chatWithdrawn(chat.chatId, at);
    else this.#pacing.chatAbandoned(chat.group, chat.chatId, at);
    this.#room.chatByVisit.delete(chat.visitID);
    this.#room.chatChanged(chat, at, 'abandoned');
    noteChat(chat, 'abandoned', at, out);
    tellVisitor(chat, 'ended', out);
    this.onWaitOver(chat.chatId, 'abandoned', at, out);
  }

  /** The visit's chat, whose answers go to where its browser spoke from last. */
  #heardOf(visitID: string, via: string, at: number): Chat | undefined {
    const chat = this.#room.chatByVisit.get(visitID);
    if (chat === undefined || chat.via === via) return chat;
    chat.via = via;
    this.#room.chatChanged(chat, at);
    return chat;
  }
}

/** A chat in after-work is over for the visitor. */
const VISITOR_STATES = {
  scheduled: 'queued',
  waiting: 'queued',
  offered: 'queued',
  talking: 'started',
  afterWork: 'ended',
} as const satisfies Record<ChatState, ChatUpdate['state']>;

/** Whether the line is new. */
function keepLine(chat: Chat, line: SpokenLine): boolean {
  if (chat.lines.some(({ by, lineId }) => by === line.by && lineId === line.lineId)) return false;
  chat.lines.push(line);
  if (chat.lines.length > LINES_KEPT) chat.lines.shift();
  return true;
}
