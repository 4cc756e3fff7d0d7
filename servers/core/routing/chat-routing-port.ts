/**
 * The port behind which chat-routing strategies run: one strategy for the queue of chats, a session a chat, from the visitor's
 * request until an agent answers, the visitor gives up, or the session says that it is done.
 *
 * The agent group must be known before the chat can wait anywhere, so the first call decides it: `started` is answered by
 * `route`, or the chat goes to `proposedGroup`. A session that fails leaves its chat where it is: no visitor is lost by a
 * strategy.
 */
import type { SessionEffect, SessionEvent, StrategySession } from '#core/engagement/strategy-session.ts';
import type { UserData } from '#core/engagement/attachments.ts';

/** What a session is told when it is created. */
export interface ChatRoutingInput {
  readonly chatId: string;
  readonly visitID: string;
  /** The name of the queue that the chat enters. */
  readonly queue: string;
  /** What the chat has of its interaction's user data (`copyUserData`), and what earlier sessions have attached. */
  readonly userData: UserData;
  /** `pacing.connector.chatGroup`: the groups that a chat can be routed to. */
  readonly groups: readonly string[];
  /** The group that pacing has reserved a place in, else the first: taken where the session does not route. */
  readonly proposedGroup: string;
  /** The chat waits since before the contact center came back, in the group that it was routed to then. */
  readonly resumed: boolean;
}

/** An agent group at this moment. */
export interface GroupView {
  readonly name: string;
  /** Slots logged in, and those of them that are free. */
  readonly slots: number;
  readonly free: number;
  /** Chats that wait in it. */
  readonly waiting: number;
}

export type ChatRoutingEvent =
  | SessionEvent
  /** Answers `fetchGroups`. */
  | { readonly type: 'groups'; readonly groups: readonly GroupView[] }
  /** The last event. */
  | { readonly type: 'ended'; readonly how: 'answered' | 'abandoned' };

export type ChatRoutingEffect =
  | SessionEffect
  /** How full the groups are, at once. */
  | { readonly type: 'fetchGroups' }
  /**
   * The groups that may serve the chat, the preferred one first: the first with a free slot is taken, else the first with anybody
   * logged in, else the first. Counts in answer to `started` alone.
   */
  | { readonly type: 'route'; readonly groups: readonly string[] }
  /** A line into the chat, by nobody. */
  | { readonly type: 'say'; readonly text: string };

export type ChatRoutingSession = StrategySession<ChatRoutingEvent, ChatRoutingEffect>;

export interface ChatRoutingStrategy {
  /** For messages, such as a file's name. */
  readonly name: string;
  createSession(input: ChatRoutingInput, at: number): ChatRoutingSession;
  /** Gives back what its sessions hold; nothing may be asked afterwards. */
  close(): void;
}
