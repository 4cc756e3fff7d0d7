/**
 * What every strategy's session has in common, whatever queue it serves and whatever it is written in: it is synchronous, told
 * the time, and what it wants from outside is an effect out and an event back in.
 *
 *   created --started--> running --done | failed | its subject ended--> closed
 *
 * A session may wait (`wakeAfter`) and be woken (`timer`): a wait is an event of the simulation as any other timer.
 */
import type { UserData } from '#core/engagement/attachments.ts';

/** The way of a session is the same everywhere; `E` and `X` are the events and effects of its queue. */
export interface StrategySession<E, X> {
  /**
   * Appends to `out` what it wants, in the order in which it wants it. What can be answered at once (a permit, the history) is
   * answered by the next event, before anything else happens. What it throws fails the session, as `failed` does.
   */
  handle(event: E, at: number, out: X[]): void;
  /** Gives back what it holds outside of the language's memory; nothing is given to it after that. Called once. */
  close(): void;
}

/** Events that every session gets. `started` is the first. */
export type SessionEvent =
  | { readonly type: 'started' }
  /** A wait is over that it asked for with `wakeAfter` and has not cancelled. */
  | { readonly type: 'timer'; readonly sendId: string };

/** Effects that every session has. */
export type SessionEffect =
  /** Keys to put to the subject's user data; what was there under the same key is replaced. */
  | { readonly type: 'attach'; readonly userData: UserData }
  /** To be woken after `delayMs` (at least 1 ms, rounded up); a send id that still waits is set anew. */
  | { readonly type: 'wakeAfter'; readonly sendId: string; readonly delayMs: number }
  | { readonly type: 'cancel'; readonly sendId: string }
  /** A sentence for people. */
  | { readonly type: 'log'; readonly text: string }
  /** It has nothing more to do, and is closed. */
  | { readonly type: 'done' }
  /** It is broken, for the reason told, and is closed. */
  | { readonly type: 'failed'; readonly text: string };
