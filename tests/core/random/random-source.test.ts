/**
 * The generator against its published vectors; streams against an independent computation, each other and uniformity;
 * broken ones are caught.
 */
import { describe, expect, test } from 'vitest';
import { createRandomSource } from '#core/random/random-source.ts';
import type { RandomStream } from '#core/random/stream.ts';
import { Xoshiro128 } from '#core/random/xoshiro128.ts';
import { chiSquare, correlation, kolmogorovSmirnov } from './goodness-of-fit.ts';

const SEED = 20260302;
/** A correct generator fails a check with this probability; with fixed seeds it either always or never does. */
const P_MIN = 1e-4;

function draw(stream: RandomStream, count: number): number[] {
  return Array.from({ length: count }, () => stream.next());
}

const uniform = (x: number): number => x;

/** p-value of the hypothesis that the pairs (first[i], second[i]) fill the unit square evenly, on a grid of 16 x 16. */
function pairsFit(first: readonly number[], second: readonly number[]): number {
  const counts = new Float64Array(256);
  first.forEach((x, index) => {
    const cell = Math.floor(x * 16) * 16 + Math.floor((second[index] ?? 0) * 16);
    counts[cell] = (counts[cell] ?? 0) + 1;
  });
  return chiSquare(counts, new Float64Array(256).fill(first.length / 256)).pValue;
}

/** How often a stream repeats a number it gave before: with 53 bits and 2^18 draws expected 4e-6 times. */
function countRepeats(stream: RandomStream): number {
  const count = 2 ** 18;
  return count - new Set(draw(stream, count)).size;
}

/** First draws of `count` sibling streams: what a run sees that asks for one stream a visitor. */
function firstDraws(streamOf: (ordinal: number) => RandomStream, count: number): number[] {
  return Array.from({ length: count }, (_, ordinal) => streamOf(ordinal).next());
}

describe('xoshiro128++', () => {
  test('gives the outputs published for the state 1, 2, 3, 4', () => {
    const generator = new Xoshiro128(1, 2, 3, 4);
    // Made with the authors' C code; published in the tests of rand_xoshiro and of others.
    expect(Array.from({ length: 10 }, () => generator.nextWord())).toEqual([
      641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420,
    ]);
  });

  test('gives the outputs published for the state 0, 1, 2, 3 and for a random one', () => {
    const counting = new Xoshiro128(0, 1, 2, 3);
    expect(Array.from({ length: 6 }, () => counting.nextWord())).toEqual([
      384, 524546, 1075056769, 2828078338, 1617561924, 3403628308,
    ]);
    const random = new Xoshiro128(0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0);
    expect(Array.from({ length: 4 }, () => random.nextWord())).toEqual([
      0xc06ac86f, 0xb459c753, 0xaa04c486, 0xb3fb785a,
    ]);
  });

  test('is still on the reference path after a million outputs', () => {
    const generator = new Xoshiro128(1, 2, 3, 4);
    for (let index = 1; index < 1_000_000; index++) generator.nextWord();
    expect(generator.nextWord()).toBe(2200123092);
  });

  test('makes each number from 27 bits of one output and 26 of the next', () => {
    const words = new Xoshiro128(1, 2, 3, 4);
    const numbers = new Xoshiro128(1, 2, 3, 4);
    for (let index = 0; index < 1000; index++) {
      const expected = (BigInt(words.nextWord() >>> 5) << 26n) | BigInt(words.nextWord() >>> 6);
      expect(numbers.next()).toBe(Number(expected) / 2 ** 53);
    }
  });

  test('does not stay at zero when all four words are zero', () => {
    const generator = new Xoshiro128(0, 0, 0, 0);
    expect(new Set(draw(generator, 100)).size).toBeGreaterThan(90);
  });
});

describe('a random source', () => {
  test.each([
    [1, 'arrivals', 0, [0.2253917583940619, 0.15912368938816557, 0.35837404005168405]],
    [1, 'arrivals', 1, [0.03436024805776572, 0.6590294279603537, 0.6721095733257954]],
    [-1, 'dwell', 7, [0.5570213126386503, 0.7885423428702019, 0.7531772482814211]],
    [2 ** 53 - 1, 'patience', 2 ** 40 + 3, [0.4977998803055702, 0.3622381381115515, 0.34817947915556724]],
    [0xfedcba9876543210n, 'a', 0, [0.6170193308324173, 0.3861828560227869, 0.1985906722469737]],
  ])('gives what an independent computation in Python gave for (%s, %s, %i)', (seed, name, ordinal, expected) => {
    expect(draw(createRandomSource(seed).stream(name, ordinal), 3)).toEqual(expected);
  });

  test('gives equal streams for equal arguments, whatever was asked for before', () => {
    const one = createRandomSource(SEED);
    const other = createRandomSource(BigInt(SEED));
    draw(other.stream('elsewhere', 12), 100);
    other.stream('patience', 4);
    expect(draw(one.stream('patience', 5), 50)).toEqual(draw(other.stream('patience', 5), 50));
    expect(draw(one.stream('patience'), 5)).toEqual(draw(one.stream('patience', 0), 5));
  });

  test('tells apart seeds, names and ordinals that look alike', () => {
    const seeds = [0, 1, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 52].map((seed) => createRandomSource(seed).stream('x').next());
    const source = createRandomSource(0);
    const names = ['', 'a', 'b', 'ab', 'ba', 'a\u0000', 'a\u0000\u0000', '\u0000'].map((name) =>
      source.stream(name).next(),
    );
    const ordinals = [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map((ordinal) =>
      source.stream('x', ordinal).next(),
    );
    const all = [...seeds, ...names, ...ordinals.slice(1)];
    expect(new Set(all).size).toBe(all.length);
  });

  test.each([1.5, NaN, 2 ** 53, Infinity])('refuses the seed %d', (seed) => {
    expect(() => createRandomSource(seed)).toThrow('a seed is a safe integer');
  });

  test('refuses a seed of more than 64 bits and an ordinal below 0', () => {
    expect(() => createRandomSource(2n ** 64n)).toThrow('at most 64 bits');
    expect(() => createRandomSource(1).stream('x', -1)).toThrow('an ordinal is');
    expect(() => createRandomSource(1).stream('x', 0.5)).toThrow('an ordinal is');
  });
});

describe(`streams of seed ${SEED}`, () => {
  const source = createRandomSource(SEED);

  test('are uniform along a stream', () => {
    expect(kolmogorovSmirnov(draw(source.stream('long'), 500_000), uniform).pValue).toBeGreaterThan(P_MIN);
  });

  test('are uniform in their lowest eight bits', () => {
    const counts = new Float64Array(256);
    for (const x of draw(source.stream('low bits'), 256_000)) {
      const low = Number(BigInt(x * 2 ** 53) & 255n);
      counts[low] = (counts[low] ?? 0) + 1;
    }
    expect(chiSquare(counts, new Float64Array(256).fill(1000)).pValue).toBeGreaterThan(P_MIN);
  });

  test('are uniform across ordinals, across seeds and across names', () => {
    const byOrdinal = firstDraws((ordinal) => source.stream('visitor', ordinal), 200_000);
    const bySeed = firstDraws((seed) => createRandomSource(seed).stream('arrivals'), 50_000);
    const byName = firstDraws((index) => source.stream(`name-${index}`), 50_000);
    for (const sample of [byOrdinal, bySeed, byName]) {
      expect(kolmogorovSmirnov(sample, uniform).pValue).toBeGreaterThan(P_MIN);
    }
  });

  test('are independent of their neighbours in ordinal, seed and name, and of their own past', () => {
    const byOrdinal = firstDraws((ordinal) => source.stream('visitor', ordinal), 100_001);
    const bySeed = firstDraws((seed) => createRandomSource(seed).stream('arrivals'), 50_001);
    const along = draw(source.stream('long'), 100_001);
    for (const sample of [byOrdinal, bySeed, along]) {
      expect(pairsFit(sample.slice(1), sample.slice(0, -1))).toBeGreaterThan(P_MIN);
    }
    const arrivals = draw(source.stream('arrivals'), 100_000);
    const patience = draw(source.stream('patience'), 100_000);
    expect(pairsFit(arrivals, patience)).toBeGreaterThan(P_MIN);
    expect(Math.abs(correlation(arrivals, patience))).toBeLessThan(4 / Math.sqrt(100_000));
  });

  test('have independent second draws too, when one visitor takes few', () => {
    const pairs = Array.from({ length: 100_000 }, (_, ordinal) => draw(source.stream('visitor', ordinal), 2));
    const first = pairs.map(([x = 0]) => x);
    const second = pairs.map(([, y = 0]) => y);
    expect(pairsFit(first, second)).toBeGreaterThan(P_MIN);
    expect(kolmogorovSmirnov(second, uniform).pValue).toBeGreaterThan(P_MIN);
  });

  test('do not repeat themselves within 2^18 draws', () => {
    expect(countRepeats(source.stream('long'))).toBe(0);
  });
});

describe('the checks above', () => {
  test('catch a generator with a short period', () => {
    // Borosh and Niederreiter's full-period multiplicative generator on 16 bits: uniform by itself, but it repeats
    // after 65,536.
    class ShortPeriod implements RandomStream {
      private state = 1;
      next(): number {
        this.state = (this.state * 75) % 65_537;
        return this.state / 65_537;
      }
    }
    expect(countRepeats(new ShortPeriod())).toBeGreaterThan(100_000);
  });

  test('catch streams whose state is the ordinal itself, without a hash', () => {
    const unhashed = firstDraws((ordinal) => new Xoshiro128(SEED, ordinal, 1, 0), 100_001);
    expect(kolmogorovSmirnov(unhashed, uniform).pValue).toBeLessThan(P_MIN);
    expect(pairsFit(unhashed.slice(1), unhashed.slice(0, -1))).toBeLessThan(P_MIN);
  });

  test('catch streams that are one sequence, shifted', () => {
    const sequence = draw(new Xoshiro128(1, 2, 3, 4), 100_010);
    expect(pairsFit(sequence.slice(0, 100_000), sequence.slice(0, 100_000))).toBeLessThan(P_MIN);
    const smoothed = sequence.slice(1).map((x, index) => ((x + (sequence[index] ?? 0)) / 2) % 1);
    expect(pairsFit(smoothed.slice(1, 100_001), smoothed.slice(0, 100_000))).toBeLessThan(P_MIN);
  });

  test('catch a generator that leans by one part in a hundred', () => {
    const leaning = draw(new Xoshiro128(1, 2, 3, 4), 500_000).map((x) => x ** 1.01);
    expect(kolmogorovSmirnov(leaning, uniform).pValue).toBeLessThan(P_MIN);
  });
});
