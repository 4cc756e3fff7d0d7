/**
 * Streams of random numbers from one seed. Each (name, ordinal) has its own generator whose 128-bit state is a hash of
 * (seed, name, ordinal), so a stream depends neither on how many others there are nor on the order in which they were asked for.
 */
import { assert } from '../assert.ts';
import type { RandomSource, RandomStream } from './stream.ts';
import { Xoshiro128 } from './xoshiro128.ts';

const TWO_POW_32 = 2 ** 32;
const TWO_POW_MINUS_32 = 2 ** -32;

/** The finaliser of MurmurHash3 (Appleby, public domain): a bijection of 32 bits in which every input bit moves half the output bits. */
function mixWord(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * A 128-bit key that absorbs 64 bits at a time. The step is a bijection of (key) for a given input and of (input) for a given key:
 * two ordinals of one name can never give equal states, and unlike names do with probability 2^-128.
 */
class StreamKey {
  private readonly k0: number;
  private readonly k1: number;
  private readonly k2: number;
  private readonly k3: number;

  constructor(k0: number, k1: number, k2: number, k3: number) {
    this.k0 = k0;
    this.k1 = k1;
    this.k2 = k2;
    this.k3 = k3;
  }

  absorb(low: number, high: number): StreamKey {
    const w0 = mixWord(this.k0 ^ low);
    const w1 = mixWord((this.k1 ^ high) + w0);
    const w2 = mixWord(this.k2 + w1);
    const w3 = mixWord(this.k3 + w2);
    return new StreamKey((w0 + w3) | 0, w1, w2, w3);
  }

  /** The stream of an ordinal: the same step as `absorb`, without the key in between, as one may be made for every visitor. */
  stream(ordinal: number): RandomStream {
    const w0 = mixWord(this.k0 ^ ordinal);
    const w1 = mixWord((this.k1 ^ Math.floor(ordinal * TWO_POW_MINUS_32)) + w0);
    const w2 = mixWord(this.k2 + w1);
    const w3 = mixWord(this.k3 + w2);
    return new Xoshiro128(w0 + w3, w1, w2, w3);
  }
}

/** First 128 bits of the fraction of pi: nothing up the sleeve. */
const START = new StreamKey(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);

function keyOfSeed(seed: number | bigint): StreamKey {
  if (typeof seed === 'bigint') {
    assert(seed >= -(2n ** 63n) && seed < 2n ** 64n, `a seed has at most 64 bits, got ${seed}`);
    const bits = BigInt.asUintN(64, seed);
    return START.absorb(Number(bits & 0xffffffffn) | 0, Number(bits >> 32n) | 0);
  }
  assert(Number.isSafeInteger(seed), `a seed is a safe integer or a bigint, got ${seed}`);
  return START.absorb(seed | 0, Math.floor(seed / TWO_POW_32) | 0);
}

function keyOfName(seedKey: StreamKey, name: string): StreamKey {
  let key = seedKey.absorb(name.length, 0x6e616d65);
  for (let index = 0; index < name.length; index += 2) {
    key = key.absorb(name.charCodeAt(index), index + 1 < name.length ? name.charCodeAt(index + 1) : 0);
  }
  return key;
}

/**
 * Creates the streams of a run. `seed`: a safe integer or a bigint of at most 64 bits; 5 and 5n are the same seed.
 * `stream(name, ordinal)` gives a fresh generator at its beginning on every call (equal arguments, equal numbers); the ordinal
 * (default 0) is a safe integer >= 0, e.g. a visitor's number. Names are hashed once; making a stream takes some tens of ns.
 */
export function createRandomSource(seed: number | bigint): RandomSource {
  const seedKey = keyOfSeed(seed);
  const keys = new Map<string, StreamKey>();
  return {
    stream(name: string, ordinal = 0): RandomStream {
      assert(ordinal >= 0 && Number.isSafeInteger(ordinal), 'an ordinal is a safe integer >= 0');
      let key = keys.get(name);
      if (key === undefined) {
        key = keyOfName(seedKey, name);
        keys.set(name, key);
      }
      return key.stream(ordinal);
    },
  };
}
