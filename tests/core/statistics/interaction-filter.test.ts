/** Filters by user data and medium, and the one that is made for a rule; the last hour by minutes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describeFilter,
  filterOfRule,
  passesFilter,
  PROVISIONED_FILTERS,
  type MediaType,
} from '#core/statistics/interaction-filter.ts';
import { LastHour } from '#core/statistics/last-hour.ts';

function passing(medium: MediaType, userData: Readonly<Record<string, string>>): readonly string[] {
  return PROVISIONED_FILTERS.filter(({ filter }) => passesFilter(filter, medium, userData)).map(({ name }) => name);
}

describe('the provisioned filters', () => {
  test.each([
    ['webengagement', { webengagement: '' }, ['Webengagement_filter']],
    ['chat', { webengagement: '', rule: 'Cart' }, ['Webengagement_filter', 'Webengagement_chat_filter']],
    ['webcallback', { webengagement: 'x' }, ['Webengagement_filter', 'Webengagement_voice_filter']],
    ['chat', { rule: 'Cart' }, []],
    ['chat', {}, []],
  ] as const)('let a %s with %j pass %j', (medium, userData, expected) => {
    expect(passing(medium, userData)).toEqual(expected);
  });

  test('are described as the stat server writes them', () => {
    expect(PROVISIONED_FILTERS.map(({ name, filter }) => `${name} = ${describeFilter(filter)}`)).toEqual([
      'Webengagement_filter = PairExists("webengagement","*")',
      'Webengagement_chat_filter = PairExists("webengagement","*") & MediaType = chat',
      'Webengagement_voice_filter = PairExists("webengagement","*") & MediaType = webcallback',
    ]);
  });

  test('have one for each rule, made from the template, whatever the rule is called', () => {
    for (const rule of ['Searched three times', 'TEMPLATE', '$& and $\' "quoted"', '*']) {
      const { name, filter } = filterOfRule(rule);
      expect(name).toBe(`Webengagement_rule_${rule}`);
      expect(passesFilter(filter, 'chat', { rule })).toBe(true);
      expect(passesFilter(filter, 'chat', { rule: 'another' })).toBe(rule === '*');
      expect(passesFilter(filter, 'chat', {})).toBe(false);
    }
    expect(describeFilter(filterOfRule('Cart').filter)).toBe('PairExists("rule","Cart")');
  });
});

test('the last hour has what came in this minute and the 59 before it, whatever the gaps', () => {
  let forgotten = 0;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900_000 }), { maxLength: 80, size: 'max' }), (gaps) => {
      const hour = new LastHour();
      const came: number[] = [];
      let at = 1_764_000_000_000;
      for (const gap of gaps) {
        at += gap;
        hour.add(at);
        came.push(at);
        const minute = Math.floor(at / 60_000);
        const recent = came.filter((one) => Math.floor(one / 60_000) > minute - 60).length;
        expect(hour.countAt(at)).toBe(recent);
        forgotten += came.length - recent;
      }
      expect(hour.total).toBe(came.length);
      expect(hour.countAt(at + 3_600_000)).toBe(0);
    }),
    { numRuns: 100 },
  );
  expect(forgotten).toBeGreaterThan(1_000);
});
