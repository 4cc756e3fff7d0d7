/**
 * A chat from the visitor's request to the end of after-work:
 *
 *   waiting --offer--> offered --answer--> talking --finish--> afterWork --done--> gone
 *      '--- visitor leaves: abandoned ---'       '-- visitor leaves: finish at the desk
 *
 * An offer whose agent has gone is taken back: the chat waits again, before all others.
 */
import type { UserData } from '#core/engagement/attachments.ts';

export type ChatState = 'waiting' | 'offered' | 'talking' | 'afterWork';

/** A line as it was typed, by the visitor or the agent, or as the chat-routing strategy says it. */
export interface SpokenLine {
  readonly by: 'visitor' | 'agent' | 'strategy';
  readonly lineId: string;
  readonly text: string;
}

export interface Chat {
  readonly chatId: string;
  readonly visitID: string;
  readonly group: string;
  readonly queuedAt: number;
  state: ChatState;
  agentId: string | undefined;
  startedAt: number;
  /** What its desk is told of it: copied from its interaction, and attached by the chat-routing strategy. */
  userData: UserData;
  /** The Backend that the visitor's browser spoke through last. */
  via: string;
  /** While the agent is away: when the chat is given up. */
  restoreBy: number | undefined;
  /** The newest lines: what a browser or desk that comes back has missed, and what has been said before. */
  readonly lines: SpokenLine[];
}
