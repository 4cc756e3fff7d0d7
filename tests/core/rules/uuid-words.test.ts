/** UUIDs in words: what was packed comes out again, and nothing else is taken for one. */
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { packUuid, unpackUuid } from '#core/rules/uuid-words.ts';

it('gives back every UUID that it has packed', () => {
  const words = new Int32Array(4);
  const property = fc.property(fc.uuid(), (uuid) => {
    expect(packUuid(uuid, words)).toBe(true);
    expect(unpackUuid(words)).toBe(uuid);
  });
  fc.assert(property, { numRuns: 2_000 });
  expect(packUuid('ffffffff-ffff-ffff-ffff-ffffffffffff', words)).toBe(true);
  expect([...words]).toEqual([-1, -1, -1, -1]);
});

test.each([
  ['', 'nothing'],
  ['e1', 'too short'],
  ['0192F0A1-7C3E-7B1D-9F2A-000000000001', 'in capitals'],
  ['0192f0a17-c3e-7b1d-9f2a-000000000001', 'dashes elsewhere'],
  ['0192f0a1-7c3e-7b1d-9f2a-00000000000g', 'not a digit'],
  ['0192f0a1-7c3e-7b1d-9f2a-00000000000\u0130', 'not even a letter of ASCII'],
  ['0192f0a1-7c3e-7b1d-9f2a-000000000001 ', 'too long'],
])('takes "%s" for no UUID: %s', (text) => {
  expect(packUuid(text, new Int32Array(4))).toBe(false);
});
