/**
 * Browsers' requests between HTTP and the machine: fetches a visit's past before its first events, keeps one visit's
 * requests in the order of arrival, and answers each when its events are stored, refused, or too long on their way.
 */
import type { Intake } from '#core/messages.ts';
import type { BrowserEvent, VisitEvent } from '#core/visits/event.ts';

/** `late`: not stored in time; it may be yet, and a retry shares that outcome. `refused`: not stored. */
export type IntakeOutcome = 'stored' | 'refused' | 'late';

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

interface Answer {
  readonly resolve: (outcome: IntakeOutcome) => void;
  readonly timer: NodeJS.Timeout;
}

export class IntakeRequests {
  readonly #parts: IntakeParts;
  readonly #answers = new Map<number, Answer>();
  /** Visits whose past the machine has been given, until it lets go of them. */
  readonly #known = new Set<string>();
  /** Requests that wait for their visit's past, in order. */
  readonly #fetching = new Map<string, WaitingRequest[]>();
  #requests = 0;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
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
    this.#requests += 1;
    const request: WaitingRequest = { requestId: this.#requests, visitID, events, sentAt };
    const outcome = new Promise<IntakeOutcome>((resolve) => {
      const timer = setTimeout(() => this.#answer(request.requestId, 'late'), this.#parts.limits.answerMsMax);
      this.#answers.set(request.requestId, { resolve, timer });
    });
    const fetching = this.#fetching.get(visitID);
    if (fetching !== undefined) fetching.push(request);
    else if (this.#known.has(visitID)) this.#deliver(request, undefined);
    else void this.#fetchPast(visitID, request);
    return outcome;
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
    for (const requestId of this.#answers.keys()) this.#answer(requestId, 'late');
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
    if (!this.#answers.has(requestId)) return false;
    this.#parts.deliver({ type: 'intake', requestId, visitID, events, sentAt, past });
    return true;
  }

  #answer(requestId: number, outcome: IntakeOutcome): void {
    const answer = this.#answers.get(requestId);
    if (answer === undefined) return;
    this.#answers.delete(requestId);
    clearTimeout(answer.timer);
    answer.resolve(outcome);
  }
}
