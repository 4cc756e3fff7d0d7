/**
 * What comes to a Frontend behind its fence and would stamp something: it waits, in order, and is handled when the fence is
 * down. Requests are bounded; wake-ups are not, there being two for a visit at most.
 */
import type { FrontendTimer, Woken } from '#core/effects.ts';
import type { Intake } from '#core/messages.ts';

/** Requests that wait; one more is refused. */
export const FENCE_REQUESTS_MAX = 1_000;

export type QueuedInput = Intake | Woken<FrontendTimer>;

export class FenceQueue {
  #inputs: QueuedInput[] = [];
  #requests = 0;

  /** Requests that wait. */
  get requests(): number {
    return this.#requests;
  }

  get isFull(): boolean {
    return this.#requests >= FENCE_REQUESTS_MAX;
  }

  /** False: there is no room. A visit's past is fetched once, so a request that brings it is taken nevertheless. */
  add(input: QueuedInput): boolean {
    if (input.type === 'intake') {
      if (this.isFull && input.past === undefined) return false;
      this.#requests += 1;
    }
    this.#inputs.push(input);
    return true;
  }

  /** All that waited, oldest first; none waits any more. */
  take(): readonly QueuedInput[] {
    const inputs = this.#inputs;
    this.#inputs = [];
    this.#requests = 0;
    return inputs;
  }
}
