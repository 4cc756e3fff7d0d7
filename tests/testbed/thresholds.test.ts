/** Thresholds: the grammar, what it refuses, and when one holds for a run and over seeds. */
import { describe, expect, test } from 'vitest';
import { holds, holdsOverSeeds, parseThreshold } from '#testbed/thresholds.ts';
import { observeFigure } from '#testbed/thresholds-figures.ts';
import { createFixtureResult } from './fixture-run-result.ts';

const NAMES = {
  groups: ['Web Engagement Chat', 'night'],
  queues: ['Webengagement_Failed'],
  rules: ['Left the basket', 'visitor\'s 2nd "maybe"'],
};

function parse(text: string) {
  const threshold = parseThreshold(text, NAMES);
  if (!threshold.ok) return threshold.message;
  const { expression, everySeed, path, operator, bound } = threshold.value;
  expect(expression).toBe(text.trim());
  return [everySeed, path.join('|'), operator, bound];
}

test.each([
  ['abandonmentShare <= 3%', [false, 'abandonmentShare', '<=', 0.03]],
  ['abandonmentShare <= 0.03', [false, 'abandonmentShare', '<=', 0.03]],
  ['busyShare>=60 %', [false, 'busyShare', '>=', 0.6]],
  ['all: waitSeconds.p95 < 30', [true, 'waitSeconds|p95', '<', 30]],
  ['all:waitSeconds.p95 < 1m30s', [true, 'waitSeconds|p95', '<', 90]],
  ['  dropped == 0 ', [false, 'dropped', '==', 0]],
  ['invites.sent != 12', [false, 'invites|sent', '!=', 12]],
  ['refused > 100', [false, 'refused', '>', 100]],
  ['occupancy."Web Engagement Chat" >= 50%', [false, 'occupancy|Web Engagement Chat', '>=', 0.5]],
  ["occupancy.'Web Engagement Chat' >= 50%", [false, 'occupancy|Web Engagement Chat', '>=', 0.5]],
  ['occupancy.night < 0.5', [false, 'occupancy|night', '<', 0.5]],
  ['queues.Webengagement_Failed.entered > 3', [false, 'queues|Webengagement_Failed|entered', '>', 3]],
  ['rules."Left the basket" >= 1', [false, 'rules|Left the basket', '>=', 1]],
])('%s is read', (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test.each([
  [
    'abandonmentRate <= 3%',
    /^unknown figure "abandonmentRate", known: visits, .*busyShare.*, queues\.Webengagement_Failed\.left, rules\."Left the basket"$/,
  ],
  ['constructor == 0', /^unknown figure "constructor"/],
  ['waitSeconds < 30', /^unknown figure "waitSeconds"/],
  ['waitSeconds.p42 < 30', /^unknown figure "waitSeconds\.p42"/],
  ['occupancy.day < 3%', /^unknown group "day", known: "Web Engagement Chat", night$/],
  ['rules."Left" > 3', /^unknown rule "Left", known: "Left the basket"/],
  ['queues.Webengagement_Failed > 3', /^unknown figure "queues\.Webengagement_Failed"/],
  ['queues.Webengagement_Failed.stayed > 3', /^unknown figure/],
  ['abandonmentShare <= 3', /^expected a share such as 3% or 0\.03 after "abandonmentShare <=", got "3"$/],
  ['visits >= 3%', /^expected a number after/],
  ['visits >= 1m', /^expected a number after/],
  ['waitSeconds.p95 < soon', /^expected seconds such as 30, or a duration/],
  ['abandonmentShare', /^expected a threshold such as/],
  ['abandonmentShare =< 3%', /^expected a threshold such as/],
  ['abandonmentShare <= 3% and more', /^expected a threshold such as/],
  ['some: dropped == 0', /^expected a threshold such as/],
])('%s is refused', (text, expected) => {
  expect(parse(text)).toMatch(expected);
});

test('names of files that could not be read are let through, so that one fault does not make another', () => {
  const names = { groups: undefined, queues: undefined, rules: undefined };
  expect(parseThreshold('rules.any > 1', names).ok).toBe(true);
});

test.each([
  ['<', false, true],
  ['<=', true, true],
  ['>', false, false],
  ['>=', true, false],
  ['==', true, false],
  ['!=', false, true],
] as const)('%s holds at the bound: %s, below it: %s, and never without data', (operator, atBound, below) => {
  expect(holds({ operator, bound: 2 }, 2)).toBe(atBound);
  expect(holds({ operator, bound: 2 }, 1)).toBe(below);
  expect(holds({ operator, bound: 2 }, null)).toBe(false);
});

describe('over seeds', () => {
  const threshold = (text: string) => {
    const parsed = parseThreshold(text, NAMES);
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.value;
  };
  const seeds = (failing: number, of: number) => Array.from({ length: of }, (_, index) => (index < failing ? 9 : 0));

  test.each([
    [0, 20, true, true],
    [1, 20, true, false],
    [2, 20, false, false],
    [5, 100, true, false],
    [6, 100, false, false],
    [1, 10, false, false],
    [0, 1, true, true],
  ])('%i of %i seeds failing: holds %s, with all: %s', (failing, of, usual, every) => {
    expect(holdsOverSeeds(threshold('dropped == 0'), seeds(failing, of))).toBe(usual);
    expect(holdsOverSeeds(threshold('all: dropped == 0'), seeds(failing, of))).toBe(every);
  });

  test('a seed without data is one that fails, and no seed at all holds nothing', () => {
    expect(holdsOverSeeds(threshold('all: dropped == 0'), [0, null])).toBe(false);
    expect(holdsOverSeeds(threshold('dropped == 0'), [])).toBe(false);
  });
});

test('figures are looked up by their path; what is not there is no data', () => {
  const result = createFixtureResult({ figures: { waitSeconds: null } });
  expect(observeFigure(['invites', 'sent'], result)).toBe(246);
  expect(observeFigure(['rules', 'Left the <basket>'], result)).toBe(112);
  expect(observeFigure(['refused'], result)).toBe(66);
  expect(observeFigure(['waitSeconds', 'p95'], result)).toBeNull();
  expect(observeFigure(['constructor'], result)).toBeNull();
});
