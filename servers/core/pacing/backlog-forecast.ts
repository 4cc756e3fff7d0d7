/**
 * The seam between the families of algorithms: the distribution of the net backlog Y (accepted chats not yet served, minus
 * free slots) at the moments when the next invite may be accepted, and the risk that follows from it. SUPER_PROGRESSIVE
 * counts individuals (poisson-binomial-backlog.ts); a family that works with flows answers the same questions.
 */
import type { ResponseModel } from './response-model.ts';

/** Visitors who come by themselves, for the DUAL algorithms. */
export interface ReactiveState {
  /** Reactive chats that are let in, per second. */
  readonly ratePerSecond: number;
  readonly busy: number;
  readonly queued: number;
  /** Slots that reactive chats may take together; Infinity: none are kept from them. */
  readonly slotsMax: number;
}

/** What is known at the moment of a decision. With `reactive`, `busy` and `queued` count proactive chats alone. */
export interface BacklogState {
  readonly slots: number;
  /** Slots held by chats, after-work included. */
  readonly busy: number;
  /** Accepted chats that wait. */
  readonly queued: number;
  readonly pending: number;
  /** Ages of the pending invites, seconds, in the first `pending` cells; read during `begin` only. */
  readonly ages: Float64Array;
  /** Rate at which one busy slot is released, per second. */
  readonly releasePerSecond: number;
  /** Rate at which one waiting chat gives up, per second; Infinity: who finds no free slot is lost. */
  readonly abandonPerSecond: number;
  readonly reactive?: ReactiveState;
}

export interface BacklogForecast {
  /** Takes a state; the later questions are about it. */
  begin(state: BacklogState, response: ResponseModel): void;
  /** How many new invites (age 0) there are beside those pending; none after `begin`. */
  setInvites(count: number): void;
  /**
   * Expected extra abandonments of one more invite, given that it is accepted: mean over the horizons of E[v(Y + 1)]; with
   * reactive traffic of E[D(S + Y)], which counts those who are still to come too (shadow-price.ts).
   */
  risk(): number;
  /** The same among those who are there by then: always by v. */
  presentRisk(): number;
  /** Expected abandonments of what is under way if no more invites go out: mean over the horizons of E[V(Y)]. */
  underWay(): number;
  /** Expected idle slots at the last horizon, E[(-Y)+]. */
  idle(): number;
  /** Mean and standard deviation of Y at a horizon, for the state that `begin` took. */
  mean(epoch: number): number;
  deviation(epoch: number): number;
}
