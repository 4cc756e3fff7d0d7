/**
 * A simulated agent at the desk: logs in, answers each offer after a moment, talks, does after-work, and takes breaks.
 * Times are kernel microseconds.
 */
import type { DurationSampler } from '#core/random/duration-sampler.ts';
import type { RandomStream } from '#core/random/stream.ts';
import type { DeskAction, DeskState } from '#core/messages.ts';
import { assertNever } from '#core/assert.ts';

const US_PER_MS = 1_000;

export interface AgentOutlet {
  act(action: DeskAction): void;
  /** Wake the agent for a chat; `turn` tells a stale wake-up. */
  wakeForChat(agent: DeskAgent, chatId: string, atUs: number, turn: number): void;
  wakeForBreak(agent: DeskAgent, atUs: number): void;
}

export interface AgentHabits {
  readonly group: string;
  readonly capacity: number;
  readonly answerMs: DurationSampler;
  readonly handleMs: DurationSampler;
  readonly afterWorkMs: DurationSampler;
  /** Undefined: no breaks. */
  readonly breaks: { readonly breakMs: DurationSampler; readonly workMs: DurationSampler } | undefined;
}

type Conversation = { phase: 'ringing' | 'talking' | 'afterWork'; turn: number };

export class DeskAgent {
  readonly agentId: string;
  readonly #habits: AgentHabits;
  readonly #outlet: AgentOutlet;
  readonly #work: RandomStream;
  readonly #rest: RandomStream;
  readonly #conversations = new Map<string, Conversation>();
  #onBreak = false;

  constructor(agentId: string, habits: AgentHabits, outlet: AgentOutlet, work: RandomStream, rest: RandomStream) {
    this.agentId = agentId;
    this.#habits = habits;
    this.#outlet = outlet;
    this.#work = work;
    this.#rest = rest;
  }

  start(nowUs: number): void {
    const { breaks } = this.#habits;
    this.logIn();
    if (breaks !== undefined) this.#outlet.wakeForBreak(this, after(nowUs, breaks.workMs(this.#rest)));
  }

  /** Logs in, or in again after the connection was lost, with the chats in hand. */
  logIn(): void {
    const { group, capacity } = this.#habits;
    const chats = [...this.#conversations].flatMap(([chatId, { phase }]) =>
      phase === 'ringing' ? [] : [{ chatId, state: phase }],
    );
    this.#outlet.act({ type: 'login', agentId: this.agentId, group, capacity, ready: !this.#onBreak, chats });
  }

  /** What the contact center holds for him after a log-in: what it has let go of is over, what is new rings. */
  takeState(chats: DeskState['chats'], nowUs: number): void {
    const held = new Set(chats.map(({ chatId }) => chatId));
    for (const chatId of this.#conversations.keys()) if (!held.has(chatId)) this.#conversations.delete(chatId);
    for (const { chatId, state } of chats) {
      const conversation = this.#conversations.get(chatId);
      if (conversation === undefined) this.offered(chatId, nowUs);
      else if (state === 'afterWork' && conversation.phase === 'talking') {
        this.#beginAfterWork(chatId, conversation, nowUs);
      } else if (state === 'offered' && conversation.phase !== 'ringing') {
        this.#outlet.act({ type: 'answer', agentId: this.agentId, chatId });
      }
    }
  }

  /** A chat rings; one that is known already rings no second time. */
  offered(chatId: string, nowUs: number): void {
    if (this.#conversations.has(chatId)) return;
    this.#conversations.set(chatId, { phase: 'ringing', turn: 0 });
    this.#outlet.wakeForChat(this, chatId, after(nowUs, this.#habits.answerMs(this.#work)), 0);
  }

  /** The visitor has gone. */
  closed(chatId: string, nowUs: number): void {
    const conversation = this.#conversations.get(chatId);
    if (conversation === undefined) return;
    if (conversation.phase === 'ringing') this.#conversations.delete(chatId);
    else if (conversation.phase === 'talking') this.#beginAfterWork(chatId, conversation, nowUs);
  }

  chatWoken(chatId: string, turn: number, nowUs: number): void {
    const conversation = this.#conversations.get(chatId);
    if (conversation === undefined || conversation.turn !== turn) return;
    switch (conversation.phase) {
      case 'ringing':
        conversation.phase = 'talking';
        conversation.turn += 1;
        this.#outlet.act({ type: 'answer', agentId: this.agentId, chatId });
        this.#outlet.wakeForChat(this, chatId, after(nowUs, this.#habits.handleMs(this.#work)), conversation.turn);
        return;
      case 'talking':
        this.#outlet.act({ type: 'finish', agentId: this.agentId, chatId });
        this.#beginAfterWork(chatId, conversation, nowUs);
        return;
      case 'afterWork':
        this.#conversations.delete(chatId);
        this.#outlet.act({ type: 'done', agentId: this.agentId, chatId });
        return;
      default:
        assertNever(conversation.phase, 'conversation phase');
    }
  }

  breakWoken(nowUs: number): void {
    const { breaks } = this.#habits;
    if (breaks === undefined) return;
    this.#onBreak = !this.#onBreak;
    const { agentId } = this;
    this.#outlet.act(this.#onBreak ? { type: 'notReady', agentId, reason: 'break' } : { type: 'ready', agentId });
    const lengthMs = this.#onBreak ? breaks.breakMs(this.#rest) : breaks.workMs(this.#rest);
    this.#outlet.wakeForBreak(this, after(nowUs, lengthMs));
  }

  #beginAfterWork(chatId: string, conversation: Conversation, nowUs: number): void {
    conversation.phase = 'afterWork';
    conversation.turn += 1;
    this.#outlet.wakeForChat(this, chatId, after(nowUs, this.#habits.afterWorkMs(this.#work)), conversation.turn);
  }
}

function after(nowUs: number, ms: number): number {
  return nowUs + Math.round(ms * US_PER_MS);
}
