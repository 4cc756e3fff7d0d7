/** What-if commands as files and screens write them: units, what belongs together, and every fault in words. */
import { describe, expect, test } from 'vitest';
import { runCommandSchema } from '#protocol/control-api-schemas.ts';
import { whatIfSchema } from '#protocol/pacing-change.ts';

describe('in a scenario', () => {
  test.each([
    [{ at: '30m', goal: 5 }, { goalShare: 0.05 }],
    [
      { at: '30m', target: 'ABANDONEMENT_RATE', goal: 4 },
      { target: 'ABANDONMENT_RATE', goalShare: 0.04 },
    ],
    [
      { at: '30m', algorithm: 'PREDICTIVE_B_DUAL', proactiveRatio: 30 },
      { algorithm: 'PREDICTIVE_B_DUAL', proactiveShare: 0.3 },
    ],
    [{ at: '30m', pacedBy: 'none' }, { pacedBy: 'none' }],
  ])('%j is read', (given, change) => {
    expect(whatIfSchema.parse(given)).toEqual({ atMs: 1_800_000, change });
  });

  test.each([
    [{ at: '30m' }, 'expected at least one of algorithm'],
    [{ at: '30m', target: 'BUSY_FACTOR' }, 'a target comes with its goal'],
    [{ at: '30m', goal: 0.05 }, 'expected per cent of at least 1'],
    [{ at: '30m', goal: 100 }, 'of at most 99'],
    [{ at: 'soon', goal: 5 }, 'expected a duration'],
    [{ at: '30m', goals: 5 }, 'expected one of at, algorithm'],
    [{ at: '30m', algorithm: 'BEST' }, 'expected SUPER_PROGRESSIVE or'],
  ])('%j is refused: %s', (given, expected) => {
    const parsed = whatIfSchema.safeParse(given);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(expected);
  });
});

describe('from a screen', () => {
  const taken = (change: object): boolean => runCommandSchema.safeParse({ type: 'whatIf', change }).success;

  test('shares are taken, one change or several', () => {
    expect(taken({ goalShare: 0.05 })).toBe(true);
    expect(taken({ target: 'BUSY_FACTOR', goalShare: 0.8, pacedBy: 'algorithm' })).toBe(true);
  });

  test.each([
    [{}],
    [{ goalShare: 5 }],
    [{ target: 'BUSY_FACTOR' }],
    [{ proactiveShare: -0.1 }],
    [{ goalShare: 0.05, more: 1 }],
    [{ pacedBy: 'luck' }],
  ])('%j is refused', (change) => {
    expect(taken(change)).toBe(false);
  });
});
