/**
 * A chat from the visitor's request to the end of after-work:
 *
 *   waiting --offer--> offered --answer--> talking --finish--> afterWork --done--> gone
 *      '--- visitor leaves: abandoned ---'       |-- visitor leaves: finish at the desk
 *                                                '-- transfer: waiting, for another agent
 *
 * An offer whose agent has gone, does not answer in time or does not want it is taken back: the chat waits again, before
 * all others. Who did not answer or want it is offered it again only when everybody else has not either.
 */
import type { UserData } from '#core/engagement/attachments.ts';

/** `scheduled`: a callback whose time has not come. */
export type ChatState = 'scheduled' | 'waiting' | 'offered' | 'talking' | 'afterWork';

/** Whether it comes of an invite of ours that was valid, or the visitor asked for it himself. */
export type ChatOrigin = 'proactive' | 'reactive';

/** A line as it was typed, by the visitor or the agent, or as the chat-routing strategy says it. */
export interface SpokenLine {
  readonly by: 'visitor' | 'agent' | 'strategy';
  readonly lineId: string;
  readonly text: string;
}

/**
 * What makes a chat a web callback: it is queued, offered and worked on like one, but in the visitor's stead there is his
 * phone. Dialing and talking are both `talking`.
 *
 *   asked --> scheduled --due--> waiting --> offered --answer: dials--> connected --> finish, or another time: scheduled
 *                 '------------- no answer: again after a while ------------'  (too often: unreachable)
 */
export interface Callback {
  readonly phone: string;
  dueAt: number;
  /** Calls that nobody has answered. */
  unanswered: number;
  /** The visitor is on the line. */
  connected: boolean;
  /**
   * By when an agent is to begin the call, lest it be late. Null: one has begun, or it is late already. What the first call was
   * promised for is kept or broken once: a call that is tried again or put off is promised for no time.
   */
  promisedBy: number | null;
}

/**
 * Whether pacing tells the chat from invited ones: a conversation that is passed on was timed by nobody, and finds the slots
 * that are kept from reactive chats open to it.
 */
export function isReactive({ origin, transferred }: Pick<Chat, 'origin' | 'transferred'>): boolean {
  return origin === 'reactive' && !transferred;
}

/** Whether the goal still counts what becomes of it while it waits: a visitor who may give up, or a promise to call him. */
export function isAtRisk({ callback }: Pick<Chat, 'callback'>): boolean {
  return callback === undefined || callback.promisedBy !== null;
}

export interface Chat {
  readonly chatId: string;
  readonly visitID: string;
  group: string;
  /** The request, or the transfer to the next agent. */
  queuedAt: number;
  readonly origin: ChatOrigin;
  state: ChatState;
  agentId: string | undefined;
  startedAt: number;
  /** What its desk is told of it: copied from its interaction, and attached by the chat-routing strategy. */
  userData: UserData;
  /** Offers so far: tells the timer of an earlier one. */
  offers: number;
  /** Agents who did not answer or want it, and who has passed it on. */
  refusedBy: readonly string[];
  /** It waits for this agent, as long as he is there; undefined: for anybody of the group. */
  forAgent: string | undefined;
  /** An agent has passed it on. */
  transferred: boolean;
  /** Undefined: a chat. */
  callback: Callback | undefined;
  /** The Backend that the visitor's browser spoke through last. */
  via: string;
  /** While the agent is away: when the chat is given up. */
  restoreBy: number | undefined;
  /** The newest lines: what a browser or desk that comes back has missed, and what has been said before. */
  readonly lines: SpokenLine[];
}
