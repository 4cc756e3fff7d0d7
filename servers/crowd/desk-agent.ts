/**
 * A simulated agent at the desk: logs in when his shift begins, answers each offer after a moment (or misses or rejects
 * it), talks (or passes the chat on), does after-work, takes breaks, and leaves at the end of his shift when his last chat
 * is done. Times are kernel microseconds.
 *
 *   away --shift begins--> atWork <--> onBreak
 *                             |<-----> missing (did not answer in time, and has not noticed yet)
 *                             '----shift ends----> leaving --last chat done--> away
 */
import type { DurationSampler } from '#core/random/duration-sampler.ts';
import type { RandomSource, RandomStream } from '#core/random/stream.ts';
import type { DeskMessage, DeskState, WaitingFollowUp } from '#core/messages.ts';
import { assertNever } from '#core/assert.ts';
import { FollowUpWork, type FollowUpHabits } from './follow-up-work.ts';
import { ChatsInHand, type ChatInHand, type Slowdown } from './chats-in-hand.ts';

const US_PER_MS = 1_000;
/** How long it takes to agree on another time. */
const PUT_OFF_US = 20_000_000;

export interface AgentOutlet {
  act(action: DeskMessage): void;
  /** Wake the agent for a chat; `turn` tells a stale wake-up. */
  wakeForChat(agent: DeskAgent, chatId: string, atUs: number, turn: number): void;
  wakeForBreak(agent: DeskAgent, atUs: number): void;
  /** Wake the agent when his shift begins or ends. */
  wakeForShift(agent: DeskAgent, atUs: number): void;
  /** Wake the agent when he notices that he was made not ready. */
  wakeForReady(agent: DeskAgent, atUs: number): void;
  /** Wake the agent when he looks for follow-ups. */
  wakeForFollowUps(agent: DeskAgent, atUs: number): void;
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
  /** Shares of offers that he does not notice, and does not want. */
  readonly missShare: number;
  readonly rejectShare: number;
  /** Until he notices that he was made not ready for an offer that he missed. */
  readonly missedPauseMs: DurationSampler;
  /** The share of conversations that he passes on to a group, and when; undefined: none. */
  readonly transfers: { readonly share: number; readonly to: string; readonly afterMs: DurationSampler } | undefined;
  /** Groups that he belongs to beside `group`. */
  readonly alsoIn: readonly string[];
  /** Of an agent who makes callbacks: how long the phone rings, and the shares of calls that nobody answers or that are put off. */
  readonly calls:
    | {
        readonly dialMs: DurationSampler;
        readonly noAnswerShare: number;
        readonly rescheduleShare: number;
        readonly rescheduleMs: DurationSampler;
      }
    | undefined;
  /** How he works on follow-ups while he is idle; undefined: not at all. */
  readonly followUps: FollowUpHabits | undefined;
  /** Undefined: no breaks. */
  readonly breaks: { readonly breakMs: DurationSampler; readonly workMs: DurationSampler } | undefined;
}

/** One use of chance each, so that a new one moves nothing elsewhere. */
export interface AgentStreams {
  readonly work: RandomStream;
  readonly breaks: RandomStream;
  readonly choices: RandomStream;
  readonly followUps: RandomStream;
}

export function agentStreams(random: RandomSource, index: number): AgentStreams {
  return {
    work: random.stream('agent-work', index),
    breaks: random.stream('agent-breaks', index),
    choices: random.stream('agent-choices', index),
    followUps: random.stream('agent-follow-ups', index),
  };
}

type Duty = 'away' | 'atWork' | 'onBreak' | 'missing' | 'leaving';

const REASONS = { away: 'away', atWork: undefined, onBreak: 'break', missing: 'missed', leaving: 'leaving' } as const;

export class DeskAgent {
  readonly agentId: string;
  readonly #habits: AgentHabits;
  readonly #outlet: AgentOutlet;
  readonly #work: RandomStream;
  readonly #rest: RandomStream;
  readonly #choices: RandomStream;
  readonly #chats: ChatsInHand;
  readonly #followUps: FollowUpWork | undefined;
  #duty: Duty = 'away';
  #hasWorked = false;

  constructor(agentId: string, habits: AgentHabits, outlet: AgentOutlet, streams: AgentStreams) {
    this.agentId = agentId;
    this.#habits = habits;
    this.#outlet = outlet;
    this.#work = streams.work;
    this.#rest = streams.breaks;
    this.#choices = streams.choices;
    this.#followUps = habits.followUps && new FollowUpWork(agentId, habits.followUps, streams.followUps);
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
    const { group, capacity, alsoIn } = this.#habits;
    const chats = [...this.#chats.all].flatMap(([chatId, { phase }]) =>
      phase === 'ringing' ? [] : [{ chatId, state: phase }],
    );
    const reason = REASONS[this.#duty];
    const ready = reason === undefined;
    this.#outlet.act({ type: 'login', agentId: this.agentId, group, capacity, alsoIn, ready, reason, chats });
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
    const { missShare, rejectShare } = this.#habits;
    const mood = missShare + rejectShare > 0 ? this.#choices.next() : 1;
    const answerUs = inUs(this.#habits.answerMs(this.#work));
    this.#chats.ring(chatId, mood < missShare ? undefined : answerUs, nowUs);
    const chat = this.#chats.get(chatId);
    if (chat !== undefined && mood >= missShare && mood < missShare + rejectShare) chat.plan = 'reject';
  }

  /** The contact center has made him not ready, for an offer that he missed: he notices after a while. */
  madeNotReady(nowUs: number): void {
    if (this.#duty !== 'atWork') return;
    this.#duty = 'missing';
    this.#outlet.wakeForReady(this, after(nowUs, this.#habits.missedPauseMs(this.#choices)));
  }

  readyWoken(): void {
    if (this.#duty !== 'missing') return;
    this.#duty = 'atWork';
    this.#outlet.act({ type: 'ready', agentId: this.agentId });
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
        if (chat.plan === 'reject') {
          this.#chats.drop(chatId, nowUs);
          this.#outlet.act({ type: 'reject', agentId, chatId });
          this.#leaveIfDone();
        } else this.#answer(chatId, chat, nowUs);
        return;
      case 'talking':
        if (chat.plan === 'passOn') {
          this.#passOn(chatId, nowUs);
          return;
        }
        if (chat.plan !== 'serve') {
          this.#callOver(chatId, chat, nowUs);
          return;
        }
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

  /** The time has come to look for follow-ups: he does if he is idle, and will again. */
  followUpsWoken(nowUs: number): void {
    if (this.#followUps === undefined || this.#duty === 'away' || this.#duty === 'leaving') return;
    if (this.#isIdle) this.#outlet.act(this.#followUps.look());
    this.#outlet.wakeForFollowUps(this, after(nowUs, this.#followUps.nextLookMs()));
  }

  /** He is told which follow-ups wait, and works on one if he is still idle. */
  toldFollowUps(waiting: readonly WaitingFollowUp[]): void {
    const action = this.#isIdle ? this.#followUps?.decide(waiting) : undefined;
    if (action !== undefined) this.#outlet.act(action);
  }

  get #isIdle(): boolean {
    return this.#duty === 'atWork' && this.#chats.count === 0;
  }

  breakWoken(nowUs: number): void {
    const { breaks } = this.#habits;
    if (breaks === undefined || this.#duty === 'away' || this.#duty === 'leaving') return;
    const isBreak = this.#duty !== 'onBreak';
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
    if (this.#followUps !== undefined) {
      this.#outlet.wakeForFollowUps(this, after(nowUs, this.#followUps.nextLookMs()));
    }
    if (shift?.toMs !== undefined) this.#outlet.wakeForShift(this, after(nowUs, shift.toMs - shift.fromMs));
  }

  #answer(chatId: string, chat: ChatInHand, nowUs: number): void {
    const { transfers, handleMs, calls } = this.#habits;
    this.#outlet.act({ type: 'answer', agentId: this.agentId, chatId });
    if (calls !== undefined) {
      chat.plan = this.#choices.next() < calls.noAnswerShare ? 'hangUp' : 'connect';
      this.#chats.begin(chatId, chat, 'talking', inUs(calls.dialMs(this.#choices)), nowUs);
      return;
    }
    const passesOn = transfers !== undefined && this.#choices.next() < transfers.share;
    if (passesOn) chat.plan = 'passOn';
    const talkMs = passesOn ? transfers.afterMs(this.#choices) : handleMs(this.#work);
    this.#chats.begin(chatId, chat, 'talking', inUs(talkMs), nowUs);
  }

  /** The phone was answered, or not; or the visitor wants to be called another time. */
  #callOver(chatId: string, chat: ChatInHand, nowUs: number): void {
    const { calls, handleMs } = this.#habits;
    const { agentId } = this;
    if (chat.plan === 'connect') {
      this.#outlet.act({ type: 'dialed', agentId, chatId, outcome: 'connected' });
      const isPutOff = calls !== undefined && this.#choices.next() < calls.rescheduleShare;
      chat.plan = isPutOff ? 'reschedule' : 'serve';
      this.#chats.begin(chatId, chat, 'talking', isPutOff ? PUT_OFF_US : inUs(handleMs(this.#work)), nowUs);
      return;
    }
    this.#chats.drop(chatId, nowUs);
    if (chat.plan === 'hangUp') this.#outlet.act({ type: 'dialed', agentId, chatId, outcome: 'noAnswer' });
    else {
      const afterMs = Math.round(calls?.rescheduleMs(this.#choices) ?? 0);
      this.#outlet.act({ type: 'reschedule', agentId, chatId, afterMs });
    }
    this.#leaveIfDone();
  }

  #passOn(chatId: string, nowUs: number): void {
    const toGroup = this.#habits.transfers?.to ?? this.#habits.group;
    this.#chats.drop(chatId, nowUs);
    this.#outlet.act({ type: 'transfer', agentId: this.agentId, chatId, toGroup });
    this.#leaveIfDone();
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
