/**
 * What pages and programs outside ask of pacing, by way of any Backend (the guide's pacing REST), and what they are told. The
 * contact center answers, since pacing is one for all Backends.
 */
import type { PacingDecision } from './pacer.ts';
import type { PacingChannel } from './pacing-channel.ts';
import type { PacingInForce } from './pacing-command.ts';

/** A visitor who looks for help himself; `askId` is unique, so that asking again is asking once. */
export interface ReactiveAsker {
  readonly visitID: string;
  readonly askId: string;
}

export interface PacingInquiry {
  readonly kind: 'reactiveState' | 'channelCapacity' | 'prediction';
  readonly channel: PacingChannel;
  /** Null: all groups of the channel. */
  readonly groups: readonly string[] | null;
  /** Of `reactiveState`: who asks, and is counted by that; null: somebody who only wants to know. */
  readonly asker: ReactiveAsker | null;
}

export interface GroupCapacity {
  readonly name: string;
  /** Slots logged in, and those of them that are free now. */
  readonly slots: number;
  readonly free: number;
}

export interface GroupPrediction {
  readonly name: string;
  /** Interactions that the invites which may go out now are expected to bring. */
  readonly predicted: number;
  /** The last refresh, with all that it was made from; null: there was none yet. */
  readonly decision: PacingDecision | null;
  /** The same in words. */
  readonly sentence: string | null;
  readonly reactiveState: number | null;
}

export type PacingReply =
  | { readonly kind: 'reactiveState'; readonly reactiveState: number }
  | { readonly kind: 'channelCapacity'; readonly capacity: number; readonly groups: readonly GroupCapacity[] }
  | {
      readonly kind: 'prediction';
      readonly inForce: PacingInForce;
      readonly predicted: number;
      readonly groups: readonly GroupPrediction[];
    }
  /**
   * `notDual`: the algorithm in force does not look at reactive visitors. `off`: nothing is paced. `unknownGroups`: a group is
   * none of the channel.
   */
  | { readonly kind: 'refused'; readonly why: 'notDual' | 'off' | 'unknownGroups'; readonly text: string };
