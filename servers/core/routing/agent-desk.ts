/**
 * What agents do at their desks: log in, take breaks, answer, finish. A desk that logs in again says which chats it has
 * in hand, and both sides agree: what it has lost is over here, what is over here it is told by its answer.
 */
import { assertNever } from '#core/assert.ts';
import type { Effect } from '#core/effects.ts';
import type { DeskAction, DeskLost, Relayed } from '#core/messages.ts';
import { createAgent, isPresent, type Agent } from '#core/routing/agent.ts';
import type { CallbackDesk } from '#core/routing/callback-desk.ts';
import type { ChatDesk } from '#core/routing/chat-desk.ts';
import type { ChatRouter } from '#core/routing/chat-router.ts';
import { deskLineOf, tellDesk } from '#core/routing/chat-messages.ts';
import type { ChatRoom } from '#core/routing/chat-room.ts';

type Login = Relayed<DeskAction> & { readonly type: 'login' };

export class AgentDesk {
  readonly #room: ChatRoom;
  readonly #chats: ChatDesk;
  readonly #callbacks: CallbackDesk;
  readonly #router: ChatRouter;
  readonly #restoreTimeoutMs: number;

  constructor(room: ChatRoom, router: ChatRouter, chats: ChatDesk, callbacks: CallbackDesk, restoreTimeoutMs: number) {
    this.#callbacks = callbacks;
    this.#room = room;
    this.#router = router;
    this.#chats = chats;
    this.#restoreTimeoutMs = restoreTimeoutMs;
  }

  /** Whether the agent is logged in; a desk that believes so and is not is asked to log in again. */
  hears({ agentId, via }: Relayed<{ readonly agentId: string }>, out: Effect[]): boolean {
    if (this.#room.agents.get(agentId)?.loggedIn === true) return true;
    out.push({ type: 'toBackend', node: via, message: { type: 'deskResume', agentId } });
    return false;
  }

  handle(action: Relayed<DeskAction>, at: number, out: Effect[]): void {
    if (action.type === 'login') {
      this.#login(action, at, out);
      return;
    }
    const agent = this.#room.agents.get(action.agentId);
    if (action.type !== 'logout') this.hears(action, out);
    if (agent === undefined) return;
    if (agent.via !== action.via) {
      agent.via = action.via;
      this.#room.agentChanged(agent, at);
    }
    switch (action.type) {
      case 'ready':
        this.#setReady(agent, true, undefined, at, out);
        return;
      case 'notReady':
        this.#setReady(agent, false, action.reason, at, out);
        return;
      case 'logout':
        this.#logout(agent, at, out);
        return;
      case 'answer':
        this.#chats.answer(agent, action.chatId, at, out);
        return;
      case 'reject':
        this.#router.reject(agent, action.chatId, at, out);
        return;
      case 'transfer':
        this.#chats.transfer(agent, action, at, out);
        return;
      case 'dialed':
        this.#callbacks.dialed(agent, action, at, out);
        return;
      case 'reschedule':
        this.#callbacks.reschedule(agent, action, at, out);
        return;
      case 'say':
        this.#chats.agentSaid(agent, action.chatId, action.lineId, action.text, out);
        return;
      case 'finish':
        this.#chats.finish(agent, action.chatId, at, out);
        return;
      case 'done':
        this.#chats.done(agent, action.chatId, at, out);
        return;
      default:
        assertNever(action, 'desk action');
    }
  }

  /** The desk's connection is lost; one that has logged in by way of another Backend meanwhile is not meant. */
  lost({ agentId, via }: Relayed<DeskLost>, at: number, out: Effect[]): void {
    const agent = this.#room.agents.get(agentId);
    if (agent?.via === via) this.#logout(agent, at, out);
  }

  /** A Backend is gone, and the desks that were connected to it have not come back elsewhere. */
  backendLost(node: string, at: number, out: Effect[]): void {
    for (const agent of this.#room.agents.values()) if (agent.via === node) this.#logout(agent, at, out);
  }

  /** Whoever has not come back since the restart has left. */
  notBack(at: number, out: Effect[]): void {
    for (const agent of this.#room.agents.values()) {
      if (!agent.awaited) continue;
      agent.awaited = false;
      this.#room.agentChanged(agent, at);
      this.#room.slotsChanged(agent, at, out);
    }
  }

  #setReady(agent: Agent, ready: boolean, reason: string | undefined, at: number, out: Effect[]): void {
    if (agent.ready === ready && agent.reason === reason) return;
    if (ready && !agent.ready) agent.idleSince = at;
    agent.ready = ready;
    agent.reason = reason;
    this.#changed(agent, at, out);
  }

  #logout(agent: Agent, at: number, out: Effect[]): void {
    if (!agent.loggedIn && !agent.awaited) return;
    agent.loggedIn = false;
    agent.awaited = false;
    agent.reason = undefined;
    const chats = [...agent.slots.keys()].map((chatId) => this.#room.chat(chatId));
    this.#router.agentsGone(chats, at + this.#restoreTimeoutMs, at, out);
    this.#changed(agent, at, out);
  }

  #login(action: Login, at: number, out: Effect[]): void {
    const { agentId, group, capacity, alsoIn = [], ready, reason, via } = action;
    const known = this.#room.agents.get(agentId);
    const agent = known ?? createAgent(agentId, group, capacity, at, via);
    if (known === undefined) this.#room.addAgent(agent);
    else if (agent.group !== group && agent.slots.size === 0) this.#room.moveAgent(agent, group, at, out);
    if (ready && !isPresent(agent)) agent.idleSince = at;
    agent.loggedIn = true;
    agent.awaited = false;
    agent.ready = ready;
    agent.reason = ready ? undefined : reason;
    agent.capacity = capacity;
    agent.alsoIn = alsoIn;
    agent.via = via;
    this.#agree(agent, action, at, out);
    const chats = [...agent.slots].map(([chatId, state]) => ({ chatId, state }));
    tellDesk(agent, { type: 'deskState', agentId, chats }, out);
    this.#tellMissedLines(agent, out);
    this.#changed(agent, at, out);
  }

  /** Brings the agent's chats to where his desk has them, as far as they can have got there from here. */
  #agree(agent: Agent, { chats }: Login, at: number, out: Effect[]): void {
    const inHand = new Map(chats.map(({ chatId, state }) => [chatId, state]));
    const held = [...agent.slots.keys()];
    for (const chatId of held) {
      const there = inHand.get(chatId);
      this.#room.chat(chatId).restoreBy = undefined;
      if (there !== undefined) this.#chats.answer(agent, chatId, at, out);
      const lost = there === undefined && agent.slots.get(chatId) !== 'offered';
      if (lost || there === 'afterWork') this.#chats.finish(agent, chatId, at, out);
      if (lost) this.#chats.done(agent, chatId, at, out);
    }
  }

  #tellMissedLines(agent: Agent, out: Effect[]): void {
    for (const chatId of agent.slots.keys()) {
      const chat = this.#room.chat(chatId);
      if (chat.state !== 'talking') continue;
      for (const line of chat.lines) {
        if (line.by === 'visitor') tellDesk(agent, deskLineOf(chat, agent, line), out);
      }
    }
  }

  #changed(agent: Agent, at: number, out: Effect[]): void {
    this.#room.agentChanged(agent, at);
    this.#room.slotsChanged(agent, at, out);
    this.#router.route(this.#room.groupOf(agent.group), at, out);
  }
}
