/**
 * How fast an address may be wrong: a bucket of guesses for each that refills slowly. Right guesses cost nothing; while the bucket is
 * empty nobody is heard from there. Memory is bounded: the address that was wrong longest ago is forgotten first.
 */
export interface GuessLimits {
  /** Wrong guesses that may come at once. */
  readonly burst: number;
  /** Until one more may be made. */
  readonly refillMs: number;
  readonly addressesMax: number;
}

export const GUESS_LIMITS: GuessLimits = { burst: 10, refillMs: 2_000, addressesMax: 10_000 };

interface Bucket {
  readonly left: number;
  readonly at: number;
}

export class GuessLimiter {
  readonly #limits: GuessLimits;
  /** Those that have been wrong, in the order of when they were last. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: GuessLimits = GUESS_LIMITS) {
    this.#limits = limits;
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** How long the address has to wait for its next guess; 0: it may guess. */
  waitMs(address: string, nowMs: number): number {
    const left = this.#leftOf(networkOf(address), nowMs);
    return left >= 1 ? 0 : (1 - left) * this.#limits.refillMs;
  }

  noteWrong(address: string, nowMs: number): void {
    const network = networkOf(address);
    const left = Math.max(0, this.#leftOf(network, nowMs) - 1);
    this.#buckets.delete(network);
    this.#buckets.set(network, { left, at: nowMs });
    this.#forget(nowMs);
  }

  #leftOf(network: string, nowMs: number): number {
    const { burst, refillMs } = this.#limits;
    const bucket = this.#buckets.get(network);
    return bucket === undefined ? burst : Math.min(burst, bucket.left + (nowMs - bucket.at) / refillMs);
  }

  /** Whose bucket must be full again, and the oldest where there are too many. */
  #forget(nowMs: number): void {
    const { burst, refillMs, addressesMax } = this.#limits;
    for (const [network, { at }] of this.#buckets) {
      if (this.#buckets.size <= addressesMax && nowMs - at < burst * refillMs) return;
      this.#buckets.delete(network);
    }
  }
}

/** One customer of a provider has a whole /64 of IPv6; of IPv4 an address, also where it is written as IPv6. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [before = '', after] = address.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros =
    after === undefined ? [] : Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
