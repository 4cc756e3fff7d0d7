/**
 * The seam between the families of algorithms: the distribution of the net backlog Y (accepted chats not yet served, minus
 * free slots) at the moments when the next invite may be accepted, and the risk that follows from it. SUPER_PROGRESSIVE
 * counts individuals (poisson-binomial-backlog.ts); a family that works with flows implements the same four questions.
 */
import type { ResponseModel } from './response-model.ts';

/** What is known at the moment of a decision. The arrays belong to the caller and are only read. */
export interface BacklogState {
  slots: number;
  busy: number;
  queued: number;
  /** Invites pending, and their ages in seconds in the first `pending` cells. */
  pending: number;
  readonly ages: Float64Array;
  /** Releases of one busy slot and abandonments of one waiting chat, per second. */
  releasePerSecond: number;
  abandonPerSecond: number;
}

export interface BacklogForecast {
  /** Takes a state; later questions are about it. */
  begin(state: BacklogState, response: ResponseModel): void;
  /** Adds new invites (age 0) to those pending. */
  addInvites(count: number): void;
  /** Expected extra abandonments of one more invite, given that it is accepted. */
  risk(): number;
  loss(): number;
  /** Expected idle slots at the last horizon. */
  idle(): number;
}
