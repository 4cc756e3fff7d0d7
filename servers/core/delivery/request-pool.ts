/**
 * The requests to the contact center that a Backend has under way for its chats: every chat that is asked for takes one of the
 * pool's threads, until the answer or until it has taken too long.
 */

/** One message, asking for as many chats as there were threads for. */
export interface RefreshRequest<C> {
  readonly refreshId: string;
  readonly askedAt: number;
  readonly chats: readonly C[];
}

export class RequestPool<C> {
  readonly #size: number;
  readonly #timeoutMs: number;
  /** Oldest first. */
  readonly #underWay = new Map<string, RefreshRequest<C>>();
  #taken = 0;

  constructor(size: number, timeoutMs: number) {
    this.#size = size;
    this.#timeoutMs = timeoutMs;
  }

  /** Threads that wait for no answer. */
  get free(): number {
    return this.#size - this.#taken;
  }

  /** When the oldest request will have taken too long; Infinity: none is under way. */
  get overdueAt(): number {
    for (const { askedAt } of this.#underWay.values()) return askedAt + this.#timeoutMs;
    return Infinity;
  }

  /** `askedAt` never decreases from call to call. */
  begin(request: RefreshRequest<C>): void {
    this.#underWay.set(request.refreshId, request);
    this.#taken += request.chats.length;
  }

  /** Undefined: it is not under way, as it was answered before or has taken too long. */
  end(refreshId: string): RefreshRequest<C> | undefined {
    const request = this.#underWay.get(refreshId);
    if (request === undefined) return undefined;
    this.#underWay.delete(refreshId);
    this.#taken -= request.chats.length;
    return request;
  }

  /** Ends the oldest request if it has taken too long by `at`. */
  endOverdue(at: number): RefreshRequest<C> | undefined {
    for (const { refreshId, askedAt } of this.#underWay.values()) {
      return at < askedAt + this.#timeoutMs ? undefined : this.end(refreshId);
    }
    return undefined;
  }
}
