/** The generator behind every random stream: xoshiro128++ 1.0 on 32-bit integers, which V8 keeps in registers. */
import type { RandomStream } from './stream.ts';

const TWO_POW_MINUS_53 = 2 ** -53;

/**
 * xoshiro128++ 1.0 (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47(4), 2021; reference
 * code in the public domain at prng.di.unimi.it): 128 bits of state, period 2^128 - 1. It is linear inside, so related
 * seeds must be hashed before they become a state: `createRandomSource` does.
 */
export class Xoshiro128 implements RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** The four state words, taken as 32-bit integers; not all zero (that state would stay zero for ever: it becomes 0,0,0,1). */
  constructor(a: number, b: number, c: number, d: number) {
    this.a = a | 0;
    this.b = b | 0;
    this.c = c | 0;
    this.d = (a | b | c | d) === 0 ? 1 : d | 0;
  }

  /** Uniform in [0, 1): the upper 27 bits of one word and the upper 26 of the next, so all 53 bits of a double's fraction. */
  next(): number {
    let a = this.a;
    let b = this.b;
    let c = this.c;
    let d = this.d;

    let sum = (a + d) | 0;
    const high = (((sum << 7) | (sum >>> 25)) + a) | 0;
    let shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);

    sum = (a + d) | 0;
    const low = (((sum << 7) | (sum >>> 25)) + a) | 0;
    shifted = b << 9;
    c ^= a;
    d ^= b;
    this.b = b ^ c;
    this.a = a ^ d;
    this.c = c ^ shifted;
    this.d = (d << 11) | (d >>> 21);

    return ((high >>> 5) * 67108864 + (low >>> 6)) * TWO_POW_MINUS_53;
  }

  /** The next 32-bit output as an unsigned integer: what the reference code's `next()` returns. */
  nextWord(): number {
    const { a, b, c, d } = this;
    const sum = (a + d) | 0;
    const word = (((sum << 7) | (sum >>> 25)) + a) >>> 0;
    const mixed = d ^ b;
    this.c = c ^ a ^ (b << 9);
    this.b = b ^ c ^ a;
    this.a = a ^ mixed;
    this.d = (mixed << 11) | (mixed >>> 21);
    return word;
  }
}
