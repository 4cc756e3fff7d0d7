/** Variants over the same seeds: paired differences, their intervals, and what is said of them; how `--vary` is read. */
import { describe, expect, test } from 'vitest';
import { createComparison, isClear, type VariantRuns } from '#testbed/comparison.ts';
import { parseVariation } from '#testbed/parse-variation.ts';
import { renderComparisonPage } from '#testbed/report/comparison-page.ts';
import { renderComparison } from '#testbed/reporters/comparison-console.ts';
import { describeDifference } from '#testbed/reporters/comparison-text.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import pc from 'picocolors';
import { groupOf, scenarioOf } from './scenario-of.ts';

/** Busy shares as given, one run a share; all else as the scenario brings it. */
function variantOf(value: string, shares: readonly (number | null)[]): VariantRuns {
  const scenario = scenarioOf({ durationMs: 60_000, groups: [groupOf({ agents: 0 })] });
  const results = shares.map((busyShare, index) => {
    const result = runScenario(scenario, { seed: index + 1 });
    return { ...result, figures: { ...result.figures, busyShare } };
  });
  return { value, results };
}

function busyOf(variants: readonly VariantRuns[]) {
  const figure = createComparison('groups/0/agents', variants).figures.find((one) => one.figure === 'busyShare');
  return figure?.variants ?? [];
}

describe('differences', () => {
  test('are taken seed by seed: what the seeds have in common cancels', () => {
    const [base, other] = busyOf([variantOf('5', [0.2, 0.4, 0.6, 0.8]), variantOf('6', [0.21, 0.42, 0.61, 0.82])]);
    expect(base?.difference).toBeNull();
    expect(base?.estimate?.mean).toBeCloseTo(0.5, 12);
    // d = .01 .02 .01 .02: mean .015, s = .005774, t(3) = 3.182446.
    expect(other?.difference?.mean).toBeCloseTo(0.015, 9);
    const half = (3.182446 * Math.sqrt(((4 / 3) * 0.005 ** 2) / 4)) / 1;
    expect(other?.difference?.low).toBeCloseTo(0.015 - half, 6);
    expect(other?.difference?.high).toBeCloseTo(0.015 + half, 6);
    expect(other?.difference !== null && other?.difference !== undefined && isClear(other.difference)).toBe(true);
    // Unpaired, four such seeds would tell nothing.
    expect((base?.estimate?.high ?? 0) - (base?.estimate?.low ?? 0)).toBeGreaterThan(0.5);
  });

  test('leave out seeds in which one of the two has nothing to count', () => {
    const [, other] = busyOf([variantOf('5', [0.2, null, 0.6]), variantOf('6', [0.3, 0.9, null])]);
    expect(other?.difference).toEqual({ mean: 0.1, low: null, high: null, min: 0.1, max: 0.1, noData: 2 });
    const [, none] = busyOf([variantOf('5', [null]), variantOf('6', [0.4])]);
    expect(none?.difference).toBeNull();
  });

  test('equal variants differ by nothing, which is not clear', () => {
    const scenario = scenarioOf({ durationMs: 600_000 });
    const results = [1, 2, 3].map((seed) => runScenario(scenario, { seed }));
    const { figures, seeds } = createComparison('seed', [
      { value: 'a', results },
      { value: 'b', results },
    ]);
    expect(seeds).toEqual([1, 2, 3]);
    for (const { variants } of figures) {
      const difference = variants[1]?.difference ?? null;
      expect(difference === null || (difference.mean === 0 && !isClear(difference))).toBe(true);
    }
  });

  test('visitors are the same for each variant: hot leads do not depend on the number of agents', () => {
    const runs = [2, 4].map((agents) => ({
      value: String(agents),
      results: [1, 2].map((seed) => runScenario(scenarioOf({ groups: [groupOf({ agents })] }), { seed })),
    }));
    const found = createComparison('groups/0/agents', runs).figures.find(({ figure }) => figure === 'refused');
    expect(found?.variants[1]?.difference?.max).toBeLessThan(0);
    const visits = runs.map(({ results }) => results.map(({ figures }) => figures.visits));
    expect(visits[0]).toEqual(visits[1]);
  });
});

describe('in words', () => {
  const estimate = (mean: number, low: number | null, high: number | null) => ({
    mean,
    low,
    high,
    min: low ?? mean,
    max: high ?? mean,
  });

  test.each([
    ['share', estimate(-0.0531, -0.0592, -0.047), '−5.31 points (−5.92 to −4.70)'],
    ['share', estimate(0.00001, -0.0002, 0.0003), '0.00 points (−0.02 to +0.03)'],
    ['count', estimate(21.75, null, null), '+21.8'],
    ['seconds', estimate(-0.5, -1.8, 0.8), '−0.5 s (−1.8 s to +0.8 s)'],
    ['count', null, 'no data'],
  ] as const)('a %s', (unit, difference, text) => {
    expect(describeDifference(difference, unit)).toBe(text);
  });

  const comparison = createComparison('pacedBy', [
    variantOf('algorithm', [0.2, 0.4, 0.6]),
    variantOf('<ratio>', [0.3, 0.52, 0.7]),
  ]);

  test('on a terminal: a block a figure, clear differences marked', () => {
    const text = renderComparison({ comparison, files: ['x/comparison.html'], colors: pc.createColors(false) });
    expect(text).toContain('test  pacedBy  2 variants, seeds 1 to 3, 1 min counted');
    expect(text).toMatch(
      /busyShare\n {2}algorithm {2}40\.0 % .*\n {2}<ratio> {4}50\.7 % .*\+10\.67 points \(.*\) \*\n/,
    );
    expect(text).toContain('wrote   x/comparison.html');
  });

  test('on a page of its own: names escaped, intervals drawn, nothing fetched', () => {
    const page = renderComparisonPage({ comparison, command: 'engage compare x', version: '1.2.3' });
    expect(page).toContain('&lt;ratio&gt;');
    expect(page).not.toContain('<ratio>');
    expect(page).toContain('<strong>+10.67 points');
    expect(page.match(/<circle/g)?.length).toBeGreaterThan(10);
    expect(page).not.toMatch(/(src|href)="http|NaN|undefined/);
  });
});

describe('--vary', () => {
  test.each([
    ['groups/0/agents=4,5, 6', 'groups/0/agents', ['4', '5', '6']],
    [
      'options/service:pacing/pacing.connector.optimizationGoal=3,5',
      'options/service:pacing/pacing.connector.optimizationGoal',
      ['3', '5'],
    ],
    ['faults=[],[{ at: 1m, kill: backend-1 }]', 'faults', ['[]', '[{ at: 1m, kill: backend-1 }]']],
    ['about="a,b",c', 'about', ['"a,b"', 'c']],
  ])('%s', (text, path, values) => {
    expect(parseVariation(text)).toEqual({ ok: true, value: { path, values } });
  });

  test.each([
    ['pacedBy', /expected path=value,value/],
    ['=1,2', /expected path=value,value/],
    ['groups//agents=1,2', /expected path=value,value/],
    ['pacedBy=ratio', /at least two values/],
    ['pacedBy=ratio,', /at least two values/],
    ['pacedBy=ratio,none,ratio', /each value once/],
  ])('%s is refused', (text, message) => {
    const read = parseVariation(text);
    expect(read.ok ? '' : read.problems.map((problem) => problem.message).join()).toMatch(message);
  });
});
