/**
 * Browsers' requests between HTTP and the machine: fetches a visit's past before its first events, keeps one visit's
 * requests in the order of arrival, and answers each when its events are stored, refused, or too long on their way.
 */
import type { Intake } from '#core/messages.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';
import type { HttpErrorReply } from '#node/http-limits.ts';
import { Deadlines } from '#node/deadlines.ts';
import { NumberedQueue } from '#core/numbered-queue.ts';

/** `late`: not stored in time; it may be yet, and a retry shares that outcome. `refused`: not stored. */
export type IntakeOutcome = 'stored' | 'refused' | 'late';

export type OnOutcome = (outcome: IntakeOutcome) => void;

/** When to try again after 503, s. */
export const RETRY_AFTER_S = 1;

export interface IntakeLimits {
  /** Requests that may wait for their answer at once. */
  readonly waitingMax: number;
  /** From a request's arrival to its answer, wall ms. */
  readonly answerMsMax: number;
}

export const INTAKE_LIMITS: IntakeLimits = { waitingMax: 5_000, answerMsMax: 5_000 };

export interface IntakeParts {
  readonly limits: IntakeLimits;
  /** Gives an intake to the machine; `answered` is called with what it acknowledges. */
  readonly deliver: (intake: Intake) => void;
  /** The visit's stored events, for a Frontend that sees it for the first time; rejects where they can't be had. */
  readonly pastOf: (visitID: string) => Promise<readonly VisitEvent[]>;
}

interface WaitingRequest {
  readonly requestId: number;
  readonly visitID: string;
  readonly events: readonly BrowserEvent[];
  readonly sentAt: number | undefined;
}

export class IntakeRequests {
  readonly #parts: IntakeParts;
  /** Who waits for an outcome, by request. */
  readonly #answers = new NumberedQueue<OnOutcome>();
  readonly #deadlines: Deadlines<number>;
  /** Visits whose past the machine has been given, until it lets go of them. */
  readonly #known = new Set<string>();
  /** Requests that wait for their visit's past, in order. */
  readonly #fetching = new Map<string, WaitingRequest[]>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#deadlines = new Deadlines(parts.limits.answerMsMax, (requestId) => this.#answer(requestId, 'late'));
  }

  /** Requests without an answer. */
  get waiting(): number {
    return this.#answers.size;
  }

  get full(): boolean {
    return this.#answers.size >= this.#parts.limits.waitingMax;
  }

  /** Takes checked events of one visit in; fulfilled once, never rejected. */
  take(visitID: string, events: readonly BrowserEvent[], sentAt: number | undefined): Promise<IntakeOutcome> {
    return new Promise((resolve) => this.begin(visitID, events, sentAt, resolve));
  }

  /** As `take`; `onOutcome` is called once, perhaps within this call. */
  begin(visitID: string, events: readonly BrowserEvent[], sentAt: number | undefined, onOutcome: OnOutcome): void {
    const request: WaitingRequest = { requestId: this.#answers.add(onOutcome), visitID, events, sentAt };
    this.#deadlines.add(request.requestId);
    const fetching = this.#fetching.get(visitID);
    if (fetching !== undefined) fetching.push(request);
    else if (this.#known.has(visitID)) this.#deliver(request, undefined);
    else void this.#fetchPast(visitID, request);
  }

  /** The machine has acknowledged a request. */
  answered(requestId: number, stored: boolean): void {
    this.#answer(requestId, stored ? 'stored' : 'refused');
  }

  /** The machine has let go of a visit (or of the part of it that ended at a crossing): its past is fetched anew. */
  visitEnded(visitID: string): void {
    this.#known.delete(visitID);
    this.#known.delete(visitID.replace(/\.\d+$/, ''));
  }

  /** Nothing more is waited for. */
  close(): void {
    for (const onOutcome of this.#answers.values()) onOutcome('late');
    this.#answers.clear();
    this.#deadlines.close();
  }

  async #fetchPast(visitID: string, first: WaitingRequest): Promise<void> {
    const queue = [first];
    this.#fetching.set(visitID, queue);
    const past = await this.#parts.pastOf(visitID).catch(() => undefined);
    this.#fetching.delete(visitID);
    if (past !== undefined) this.#known.add(visitID);
    let handedIn = false;
    for (const request of queue) {
      if (past === undefined) this.#answer(request.requestId, 'refused');
      else handedIn = this.#deliver(request, handedIn || past.length === 0 ? undefined : past) || handedIn;
    }
    // The past is fetched again where nobody waited for it any more.
    if (!handedIn) this.#known.delete(visitID);
  }

  /** Whether it was given to the machine: who has been told to try again sends it again. */
  #deliver(request: WaitingRequest, past: readonly VisitEvent[] | undefined): boolean {
    const { requestId, visitID, events, sentAt } = request;
    if (this.#answers.get(requestId) === undefined) return false;
    this.#parts.deliver({ type: 'intake', requestId, visitID, events, sentAt, past });
    return true;
  }

  #answer(requestId: number, outcome: IntakeOutcome): void {
    const onOutcome = this.#answers.take(requestId);
    if (onOutcome === undefined) return;
    this.#deadlines.delete(requestId);
    onOutcome(outcome);
  }
}

/** The body of the 503 that an unstored request is answered with. */
export function unavailableReplyOf(outcome: Exclude<IntakeOutcome, 'stored'>): HttpErrorReply {
  const what = outcome === 'late' ? 'not stored in time' : 'not stored';
  return { error: { code: 'UNAVAILABLE', message: `${what}: send the same events again` } };
}
