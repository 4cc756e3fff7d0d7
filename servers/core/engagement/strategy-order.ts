/**
 * What a strategy outside of the contact center may order about an interaction in Qualified, by way of any Backend (the guide's
 * engagement gateway), and what it is told. The contact center decides, as for the sessions that it hosts.
 */
import type { UserData } from '#core/engagement/attachments.ts';
import type { RefusalReason } from '#core/engagement/failure-reason.ts';
import type { InteractionState } from '#core/engagement/interaction.ts';
import type { EngagementChannel } from '#core/engagement/engagement-channel.ts';
import type { PacingDecision } from '#core/pacing/pacer.ts';

/** Of which interaction; `visitID`, the visit's own, guards against one that was mixed up. */
interface OrderedSubject {
  readonly interactionId: string;
  readonly visitID: string;
}

export type StrategyOrder =
  /** Which interactions wait for a decision? */
  | { readonly kind: 'list' }
  | (OrderedSubject & { readonly kind: 'permit'; readonly channel: EngagementChannel })
  | (OrderedSubject & {
      readonly kind: 'engage';
      readonly channel: EngagementChannel;
      readonly userData: UserData;
      readonly registrationRequired: boolean;
    })
  | (OrderedSubject & { readonly kind: 'noEngage'; readonly reason: RefusalReason; readonly text: string });

/** An interaction that waits for a decision. */
export interface QualifiedInteraction {
  readonly interactionId: string;
  readonly visitID: string;
  readonly pageID: string;
  readonly rule: string;
  readonly attemptNumber: number;
  readonly createdAt: number;
  /** Until then the invite must be shown. */
  readonly expiresAt: number;
  readonly userData: UserData;
}

export type StrategyReply =
  | { readonly kind: 'list'; readonly interactions: readonly QualifiedInteraction[] }
  /** `decision` null: nobody is logged in to serve the channel. */
  | {
      readonly kind: 'permit';
      readonly granted: boolean;
      readonly group: string | null;
      readonly decision: PacingDecision | null;
      /** The same in words. */
      readonly sentence: string;
    }
  /** `already`: it had been decided so before, by whomever. */
  | { readonly kind: 'done'; readonly state: InteractionState; readonly already: boolean }
  /**
   * `unknown`: no interaction of that id and visit. `decided`: it was decided otherwise. `busy`: the visit has an open invite or
   * chat, and the interaction has failed by that. `off`: nothing is paced on the channel.
   */
  | { readonly kind: 'refused'; readonly why: 'unknown' | 'decided' | 'busy' | 'off'; readonly text: string };
