/**
 * The port behind which engagement strategies run: a session an interaction, synchronous; what a strategy needs from
 * outside is an effect out and an event back in, so that a strategy in another language fits behind the same port.
 */
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { EngagementChannel } from '#core/messages.ts';
import type { Permit } from '#core/pacing/pacer.ts';
import type { RefusalReason } from '#core/statistics/fact.ts';

/** What the visit is in the middle of when the hot lead arrives. */
export type VisitBusyWith = 'nothing' | 'invite' | 'chat';

export type StrategyEvent =
  | {
      readonly type: 'qualified';
      readonly lead: HotLead;
      readonly attemptNumber: number;
      readonly visitBusyWith: VisitBusyWith;
      /** `wmsg.connector.defaultEngagementChannel`, which turns pacing off; null: not set. */
      readonly defaultChannel: EngagementChannel | null;
    }
  | { readonly type: 'permit'; readonly permit: Permit | null };

export type StrategyEffect =
  | { readonly type: 'fetchPermit'; readonly channel: EngagementChannel }
  | { readonly type: 'engage'; readonly channel: EngagementChannel }
  | { readonly type: 'noEngage'; readonly reason: RefusalReason };

/** A session's own state, opaque to its host. */
export type StrategySession = unknown;

export interface EngagementStrategy {
  createSession(): StrategySession;
  /** Appends effects to `out`; a session that has engaged or not engaged gets no more events. */
  handle(session: StrategySession, event: StrategyEvent, out: StrategyEffect[]): void;
}
