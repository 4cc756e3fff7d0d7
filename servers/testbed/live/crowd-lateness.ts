/**
 * How late things started: a histogram of bounded size whose percentiles are exact to 1/32 of their value (1 us below
 * 64 us), however many values go in.
 */
import { assert } from '#core/assert.ts';

export interface LatenessFigures {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const EXACT_BELOW_US = 64;
const PARTS = 32;
/** Log2 of the largest distinguished value: 2^36 us are 19 hours. */
const EXPONENT_MAX = 36;
const BUCKETS = EXACT_BELOW_US + (EXPONENT_MAX - 6) * PARTS;

export class LatenessHistogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #maxUs = 0;

  /** Lateness in wall ms, >= 0. */
  add(latenessMs: number): void {
    assert(latenessMs >= 0, 'lateness is not negative');
    const us = Math.round(latenessMs * 1_000);
    const bucket = bucketOf(us);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  get count(): number {
    return this.#count;
  }

  /** The value that a share of all values don't exceed, ms; 0 when there are none. */
  percentileMs(share: number): number {
    if (this.#count === 0) return 0;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) return Math.min(upperUs(bucket), this.#maxUs) / 1_000;
    }
    return 0;
  }

  figures(): LatenessFigures {
    return {
      count: this.#count,
      p50Ms: this.percentileMs(0.5),
      p99Ms: this.percentileMs(0.99),
      maxMs: this.#maxUs / 1_000,
    };
  }
}

function bucketOf(us: number): number {
  if (us < EXACT_BELOW_US) return us;
  const exponent = Math.floor(Math.log2(us));
  const part = Math.floor((us / 2 ** exponent - 1) * PARTS);
  return Math.min(BUCKETS - 1, EXACT_BELOW_US + (exponent - 6) * PARTS + part);
}

/** The largest value of a bucket, us. */
function upperUs(bucket: number): number {
  if (bucket < EXACT_BELOW_US) return bucket;
  const exponent = 6 + Math.floor((bucket - EXACT_BELOW_US) / PARTS);
  const part = (bucket - EXACT_BELOW_US) % PARTS;
  return Math.ceil(2 ** exponent * (1 + (part + 1) / PARTS)) - 1;
}
