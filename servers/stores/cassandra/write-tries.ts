/**
 * The tries that the driver makes of one write by itself: the next node is asked where one breaks off or is slow. The last try's
 * answer alone does not say whether the write is stored.
 */
import { errors, policies, types } from 'cassandra-driver';

/** A node that has not answered by then is asked beside another one; every statement may be made twice. */
export const SPECULATIVE_MS = 500;

/** Refused before anything was written. */
const REFUSED: ReadonlySet<number> = new Set([
  types.responseErrorCodes.overloaded,
  types.responseErrorCodes.isBootstrapping,
]);

/** Decides on further tries as the driver does by default, and remembers. One for each write. */
export class WriteTries extends policies.retry.RetryPolicy {
  readonly #sentMs: number;
  #broken = false;

  constructor(sentMs = performance.now()) {
    super();
    this.#sentMs = sentMs;
  }

  /** Whether another try than the one that was answered may be stored: an earlier one, or one that is under way. */
  get mayBeStored(): boolean {
    return this.#broken || performance.now() - this.#sentMs >= SPECULATIVE_MS;
  }

  override onRequestError(
    ...[info, level, error]: Parameters<policies.retry.RetryPolicy['onRequestError']>
  ): policies.retry.DecisionInfo {
    if (!(error instanceof errors.ResponseError && REFUSED.has(error.code))) this.#broken = true;
    return super.onRequestError(info, level, error);
  }

  override onWriteTimeout(
    ...told: Parameters<policies.retry.RetryPolicy['onWriteTimeout']>
  ): policies.retry.DecisionInfo {
    this.#broken = true;
    return super.onWriteTimeout(...told);
  }
}
