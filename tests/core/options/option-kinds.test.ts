/** The kinds of values: what is written is read as the same value, for every option and every valid value. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestName, editDistance } from '#core/options/closest-name.ts';
import { OPTIONS } from '#core/options/option-table.ts';
import { integer } from '#core/options/scalar-kinds.ts';
import { arbitraryRaw } from './arbitrary-raw.ts';

describe.each(OPTIONS)('$path', (option) => {
  it('reads what it writes as the same value', () => {
    fc.assert(
      fc.property(arbitraryRaw(option), (raw) => {
        const first = option.kind.read(raw);
        if (!first.ok) throw new Error(`the generator gave ${JSON.stringify(raw)}, which is not valid`);
        expect(option.kind.read(option.kind.write(first.value))).toEqual({ ok: true, value: first.value });
      }),
      { numRuns: 50 },
    );
  });

  it('refuses or reads any value at all, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constantFrom('NaN', '-0', '1e3', '__proto__')),
        (raw) => {
          expect(typeof option.kind.read(raw).ok).toBe('boolean');
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('integers', () => {
  it.each([
    [1, true],
    ['1', true],
    [10, true],
    [0, false],
    [11, false],
    [1.5, false],
    ['01', false],
    ['1.0', false],
    ['+1', false],
    [' 1', false],
    ['1e0', false],
    [Number.NaN, false],
    [Number.POSITIVE_INFINITY, false],
    [true, false],
    ['', false],
  ])('from 1 to 10: %j is valid: %s', (raw, valid) => {
    expect(integer(1, 10).read(raw).ok).toBe(valid);
  });
});

describe('the nearest name', () => {
  it.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['same', 'same', 0],
  ])('%j is from %j %i edits away', (from, to, edits) => {
    expect(editDistance(from, to)).toBe(edits);
    expect(editDistance(to, from)).toBe(edits);
  });

  it('is none when all are far', () => {
    expect(closestName('abcdef', ['uvwxyz'])).toBeUndefined();
    expect(closestName('abcdeg', ['uvwxyz', 'abcdef'])).toBe('abcdef');
  });
});
