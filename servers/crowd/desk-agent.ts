/**
 * A simulated agent at the desk: logs in when his shift begins, answers each offer after a moment, talks, does after-work,
 * takes breaks, and leaves at the end of his shift when his last chat is done. Times are kernel microseconds.
 *
 *   away --shift begins--> atWork <--> onBreak
 *                             '----shift ends----> leaving --last chat done--> away
 */
import type { DurationSampler } from '#core/random/duration-sampler.ts';
import type { RandomStream } from '#core/random/stream.ts';
import type { DeskAction, DeskState } from '#core/messages.ts';
import { assertNever } from '#core/assert.ts';
import { ChatsInHand, type ChatInHand, type Slowdown } from './chats-in-hand.ts';

const US_PER_MS = 1_000;

export interface AgentOutlet {
  act(action: DeskAction): void;
  /** Wake the agent for a chat; `turn` tells a stale wake-up. */
  wakeForChat(agent: DeskAgent, chatId: string, atUs: number, turn: number): void;
  wakeForBreak(agent: DeskAgent, atUs: number): void;
  /** Wake the agent when his shift begins or ends. */
  wakeForShift(agent: DeskAgent, atUs: number): void;
}

export interface AgentHabits {
  readonly group: string;
  readonly capacity: number;
  readonly answerMs: DurationSampler;
  readonly handleMs: DurationSampler;
  readonly afterWorkMs: DurationSampler;
  /** How many times as long work takes with so many chats in hand; undefined: as long as with one. */
  readonly slowdown: Slowdown;
  /** Since the start of the run; undefined: there from the start to the end. `toMs` undefined: to the end. */
  readonly shift: { readonly fromMs: number; readonly toMs: number | undefined } | undefined;
  /** Undefined: no breaks. */
  readonly breaks: { readonly breakMs: DurationSampler; readonly workMs: DurationSampler } | undefined;
}

type Duty = 'away' | 'atWork' | 'onBreak' | 'leaving';

export class DeskAgent {
  readonly agentId: string;
  readonly #habits: AgentHabits;
  readonly #outlet: AgentOutlet;
  readonly #work: RandomStream;
  readonly #rest: RandomStream;
  readonly #chats: ChatsInHand;
  #duty: Duty = 'away';
  #hasWorked = false;

  constructor(agentId: string, habits: AgentHabits, outlet: AgentOutlet, work: RandomStream, rest: RandomStream) {
    this.agentId = agentId;
    this.#habits = habits;
    this.#outlet = outlet;
    this.#work = work;
    this.#rest = rest;
    this.#chats = new ChatsInHand(habits.slowdown, (chatId, atUs, turn) =>
      outlet.wakeForChat(this, chatId, atUs, turn),
    );
  }

  /** Whether he is logged in, or would be if his connection were there. */
  get isOnDuty(): boolean {
    return this.#duty !== 'away';
  }

  /** The run begins. */
  start(nowUs: number): void {
    const { shift } = this.#habits;
    if (shift === undefined || shift.fromMs === 0) this.#beginWork(nowUs);
    else this.#outlet.wakeForShift(this, after(nowUs, shift.fromMs));
  }

  /** Logs in, or in again after the connection was lost, with the chats in hand; not while he is away. */
  logIn(): void {
    if (!this.isOnDuty) return;
    const { group, capacity } = this.#habits;
    const chats = [...this.#chats.all].flatMap(([chatId, { phase }]) =>
      phase === 'ringing' ? [] : [{ chatId, state: phase }],
    );
    const ready = this.#duty === 'atWork';
    this.#outlet.act({ type: 'login', agentId: this.agentId, group, capacity, ready, chats });
  }

  /** What the contact center holds for him after a log-in: what it has let go of is over, what is new rings. */
  takeState(chats: DeskState['chats'], nowUs: number): void {
    if (!this.isOnDuty) return;
    const held = new Set(chats.map(({ chatId }) => chatId));
    for (const [chatId] of this.#chats.all) if (!held.has(chatId)) this.#chats.drop(chatId, nowUs);
    for (const { chatId, state } of chats) {
      const chat = this.#chats.get(chatId);
      if (chat === undefined) this.offered(chatId, nowUs);
      else if (state === 'afterWork' && chat.phase === 'talking') {
        this.#beginAfterWork(chatId, chat, nowUs);
      } else if (state === 'offered' && chat.phase !== 'ringing') {
        this.#outlet.act({ type: 'answer', agentId: this.agentId, chatId });
      }
    }
    this.#leaveIfDone();
  }

  /** A chat rings; one that is known already rings no second time, and nothing at a desk that nobody sits at. */
  offered(chatId: string, nowUs: number): void {
    if (!this.isOnDuty || this.#chats.get(chatId) !== undefined) return;
    this.#chats.ring(chatId, inUs(this.#habits.answerMs(this.#work)), nowUs);
  }

  /** The visitor has gone. */
  closed(chatId: string, nowUs: number): void {
    const chat = this.#chats.get(chatId);
    if (chat === undefined) return;
    if (chat.phase === 'ringing') {
      this.#chats.drop(chatId, nowUs);
      this.#leaveIfDone();
    } else if (chat.phase === 'talking') this.#beginAfterWork(chatId, chat, nowUs);
  }

  chatWoken(chatId: string, turn: number, nowUs: number): void {
    const chat = this.#chats.get(chatId);
    if (chat === undefined || chat.turn !== turn) return;
    const { agentId } = this;
    switch (chat.phase) {
      case 'ringing':
        this.#outlet.act({ type: 'answer', agentId, chatId });
        this.#chats.begin(chatId, chat, 'talking', inUs(this.#habits.handleMs(this.#work)), nowUs);
        return;
      case 'talking':
        this.#outlet.act({ type: 'finish', agentId, chatId });
        this.#beginAfterWork(chatId, chat, nowUs);
        return;
      case 'afterWork':
        this.#chats.drop(chatId, nowUs);
        this.#outlet.act({ type: 'done', agentId, chatId });
        this.#leaveIfDone();
        return;
      default:
        assertNever(chat.phase, 'chat phase');
    }
  }

  breakWoken(nowUs: number): void {
    const { breaks } = this.#habits;
    if (breaks === undefined || (this.#duty !== 'atWork' && this.#duty !== 'onBreak')) return;
    const isBreak = this.#duty === 'atWork';
    this.#duty = isBreak ? 'onBreak' : 'atWork';
    const { agentId } = this;
    this.#outlet.act(isBreak ? { type: 'notReady', agentId, reason: 'break' } : { type: 'ready', agentId });
    const lengthMs = isBreak ? breaks.breakMs(this.#rest) : breaks.workMs(this.#rest);
    this.#outlet.wakeForBreak(this, after(nowUs, lengthMs));
  }

  /** His shift begins, or ends: then he finishes what he has and takes nothing new. */
  shiftWoken(nowUs: number): void {
    if (!this.#hasWorked) {
      this.#beginWork(nowUs);
      return;
    }
    if (this.#duty === 'away') return;
    this.#duty = 'leaving';
    this.#outlet.act({ type: 'notReady', agentId: this.agentId, reason: 'leaving' });
    this.#leaveIfDone();
  }

  #beginWork(nowUs: number): void {
    const { breaks, shift } = this.#habits;
    this.#hasWorked = true;
    this.#duty = 'atWork';
    this.logIn();
    if (breaks !== undefined) this.#outlet.wakeForBreak(this, after(nowUs, breaks.workMs(this.#rest)));
    if (shift?.toMs !== undefined) this.#outlet.wakeForShift(this, after(nowUs, shift.toMs - shift.fromMs));
  }

  #leaveIfDone(): void {
    if (this.#duty !== 'leaving' || this.#chats.count > 0) return;
    this.#duty = 'away';
    this.#outlet.act({ type: 'logout', agentId: this.agentId });
  }

  #beginAfterWork(chatId: string, chat: ChatInHand, nowUs: number): void {
    this.#chats.begin(chatId, chat, 'afterWork', inUs(this.#habits.afterWorkMs(this.#work)), nowUs);
  }
}

function after(nowUs: number, ms: number): number {
  return nowUs + inUs(ms);
}

function inUs(ms: number): number {
  return Math.round(ms * US_PER_MS);
}
