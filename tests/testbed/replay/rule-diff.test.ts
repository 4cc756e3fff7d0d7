/** Two rule sets over one recording: known answers by hand, and in general what two replays apart from each other say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { present } from '#core/assert.ts';
import { NO_GUARDS, type RulePackage } from '#core/rules/rule-package.ts';
import { createDiffSummary, type DiffSummary } from '#testbed/replay/diff-summary.ts';
import { describeFiringLine } from '#testbed/replay/firing-stream.ts';
import { INVITE_OPEN_MS } from '#testbed/replay/invite-count.ts';
import { replay } from '#testbed/replay/replay.ts';
import { counter, createPackage, createRule, enters, sequence, singleton } from '#tests/core/rules/visit-events.ts';
import { formatRecord, replayAll, writeRecording, type GivenRecord } from './recordings.ts';

interface Compared extends DiffSummary {
  /** `change line`, in the order in which they came. */
  readonly changes: readonly string[];
}

const COST = { acceptShare: 0.5, handleMs: 600_000 };
const HOUR = 3_600_000;

async function compare(
  lines: readonly string[],
  before: readonly RulePackage[],
  after: readonly RulePackage[],
): Promise<Compared> {
  const changes: string[] = [];
  const { diff } = await replay({
    file: writeRecording(lines),
    packages: after,
    before,
    categories: [],
    sorterLimits: { memoryChars: 1_000, runsAtOnce: 2 },
    changes: {
      restart: () => void (changes.length = 0),
      takeChange: (change, firing) => void changes.push(`${change} ${describeFiringLine(firing)}`),
    },
  });
  return { ...createDiffSummary(present(diff, 'comparison'), COST), changes };
}

function page(eventID: string, at: number, category: string, given: Partial<GivenRecord> = {}): string {
  return formatRecord({ eventID, at, category, ...given });
}

const SEES_CART = createRule('Sees the cart', singleton(enters('cart')));
const COMES_BACK = createRule('Comes back', counter(enters('cart'), 2, 60_000));

describe('comparing rule sets', () => {
  it('tells what a new and a dropped rule change, by rule and hour, with invites and agent hours', async () => {
    const lines = [
      page('a1', HOUR, 'cart'),
      page('a2', HOUR + 50_000, 'cart'),
      page('b1', 2 * HOUR, 'cart', { visitID: 'v2' }),
    ];
    const diff = await compare(lines, [createPackage([COMES_BACK])], [createPackage([SEES_CART])]);
    expect(diff).toMatchObject({
      acceptShare: 0.5,
      handleSeconds: 600,
      hotLeads: { kept: 0, gained: 3, lost: 1 },
      followUps: { kept: 0, gained: 0, lost: 0 },
      // 50 s lie between the two of v1: the first invite is closed by then.
      invites: { before: 1, after: 3 },
      agentHours: { before: 0.083, after: 0.25 },
    });
    expect(diff.rules.map(({ rule, kept, gained, lost, invites }) => [rule, kept, gained, lost, invites])).toEqual([
      ['Sees the cart', 0, 3, 0, { before: 0, after: 3 }],
      ['Comes back', 0, 0, 1, { before: 1, after: 0 }],
    ]);
    const of = createPackage([]).name;
    expect(diff.hours.map(({ hour, kept, gained, lost, rules }) => [hour, kept, gained, lost, rules])).toEqual([
      [
        '1970-01-01T01:00Z',
        0,
        2,
        1,
        {
          [`${of}/Comes back`]: { kept: 0, gained: 0, lost: 1 },
          [`${of}/Sees the cart`]: { kept: 0, gained: 2, lost: 0 },
        },
      ],
      ['1970-01-01T02:00Z', 0, 1, 0, { [`${of}/Sees the cart`]: { kept: 0, gained: 1, lost: 0 } }],
    ]);
    expect(diff.changes.map((line) => line.replace(/\{.*"matchedEvents":(\[.*?\]).*/, '$1'))).toEqual([
      'gained ["a1"]',
      'lost ["a1","a2"]',
      'gained ["a2"]',
      'gained ["b1"]',
    ]);
  });

  it('keeps what both sets make, and explains what only one of them makes', async () => {
    const lines = ['a1', 'a2', 'a3'].map((eventID, index) => page(eventID, 1_000 * (index + 1), 'cart'));
    const wider = createRule('Comes back', counter(enters('cart'), 3, 60_000));
    const diff = await compare(lines, [createPackage([SEES_CART, COMES_BACK])], [createPackage([SEES_CART, wider])]);
    expect(diff.hotLeads).toEqual({ kept: 3, gained: 1, lost: 1 });
    expect(diff.examples.map(({ change, rule, matchedEvents }) => [change, rule, matchedEvents])).toEqual([
      ['kept', 'Sees the cart', ['a1']],
      ['lost', 'Comes back', ['a1', 'a2']],
      ['gained', 'Comes back', ['a1', 'a2', 'a3']],
    ]);
    const [kept, lost, gained] = diff.examples.map(({ why }) => why);
    expect(kept?.at(-1)).toMatch(/^It made a hot lead/);
    expect(lost?.[0]).toContain('entered a page of category "cart" 2 times within 1 min');
    expect(lost?.at(-1)).toMatch(/^Now the rule reads: When the visitor enters .* 3 times within 1 min/);
    expect(gained?.at(-1)).toMatch(/^Before the rule reads: When the visitor enters .* 2 times within 1 min/);
  });

  it.each([
    ['no rule of this name', [], 'Now there is no such rule.'],
    ['the rule switched off', [{ ...SEES_CART, on: false }], 'Now the rule is off.'],
  ])('says why a hot lead is lost: %s', async (_what, rules, expected) => {
    const after = [createPackage([...rules, COMES_BACK])];
    const diff = await compare([page('a1', 1, 'cart')], [createPackage([SEES_CART])], after);
    expect(diff.examples.map(({ why }) => why.at(-1))).toEqual([expected]);
  });

  it('says why a hot lead is lost: guards of its package, or what other rules left of them', async () => {
    const lines = [page('a1', 1_000, 'cart'), page('a2', 2_000, 'cart')];
    const once = { guards: { ...NO_GUARDS, maxPerVisit: 1 } };
    const guarded = await compare(lines, [createPackage([SEES_CART])], [createPackage([SEES_CART], once)]);
    expect(guarded.examples.at(-1)?.why.at(-1)).toBe(
      'Now its package makes hot leads at most once a visit; the rule is the same.',
    );
    const first = createRule('First', singleton(enters('cart')), { salience: 9 });
    const beaten = await compare(lines, [createPackage([SEES_CART], once)], [createPackage([first, SEES_CART], once)]);
    expect(beaten.examples.find(({ change }) => change === 'lost')?.why.at(-1)).toMatch(/^Now the rule is the same: /);
  });

  it.each([
    ['closes after its timeout', INVITE_OPEN_MS, 2],
    ['is open until then', INVITE_OPEN_MS - 1, 1],
  ])('counts one invite a visit at a time: an invite %s', async (_what, apartMs, invites) => {
    const lines = [page('a1', 1_000, 'cart'), page('a2', 1_000 + apartMs, 'cart')];
    const diff = await compare(lines, [], [createPackage([SEES_CART])]);
    expect([diff.hotLeads.gained, diff.invites]).toEqual([2, { before: 0, after: invites }]);
  });

  it('counts one invite for two rules that one event fires', async () => {
    const twice = createPackage([SEES_CART, createRule('Too', singleton(enters('cart')))]);
    expect((await compare([page('a1', 1, 'cart')], [], [twice])).invites.after).toBe(1);
  });

  const anySteps = fc.array(
    fc.record({
      visit: fc.integer({ min: 1, max: 3 }),
      afterMs: fc.constantFrom(0, 1, 5, 20),
      category: fc.constantFrom('A', 'B', 'A;B', ''),
    }),
    { minLength: 1, maxLength: 30 },
  );
  const anyRule = fc
    .record({
      when: fc.constantFrom(
        singleton(enters('A')),
        singleton(enters('B')),
        counter(enters('A'), 2, 30),
        counter(enters('A'), 3, 60),
        sequence([enters('A'), enters('B')], 20),
        sequence([enters('A'), enters('B')], 60, 'all'),
      ),
      salience: fc.constantFrom(0, 5),
      guards: fc.constantFrom(NO_GUARDS, { ...NO_GUARDS, maxPerVisit: 1 }, { ...NO_GUARDS, coolDownMs: 10 }),
    })
    .map(({ when, ...given }) => ({ when, given }));
  const anySet = fc
    .uniqueArray(fc.tuple(fc.constantFrom('r1', 'r2', 'r3'), anyRule), { selector: ([name]) => name, maxLength: 3 })
    .map((rules) => [createPackage(rules.map(([name, { when, given }]) => createRule(name, when, given)))]);

  function format(steps: readonly { visit: number; afterMs: number; category: string }[]): readonly string[] {
    let at = 1_000;
    return steps.map(({ visit, afterMs, category }, index) => {
      at += afterMs;
      return page(`e${index}`, at, category, { visitID: `v${visit}` });
    });
  }

  it('gains and loses the differences of two replays, in order, and keeps what they share', async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(anySteps, anySet, anySet, async (steps, before, after) => {
        const lines = format(steps);
        const file = writeRecording(lines);
        const [old, now] = await Promise.all(
          [before, after].map(async (packages) => (await replayAll({ file, packages, categories: [] })).lines),
        );
        const diff = await compare(lines, before, after);
        const of = (change: string): readonly string[] =>
          diff.changes.flatMap((line) => (line.startsWith(`${change} `) ? [line.slice(change.length + 1)] : []));
        expect(of('gained')).toEqual(now?.filter((line) => old?.includes(line) === false));
        expect(of('lost')).toEqual(old?.filter((line) => now?.includes(line) === false));
        expect(diff.hotLeads).toEqual({
          kept: now?.filter((line) => old?.includes(line)).length,
          gained: of('gained').length,
          lost: of('lost').length,
        });
        const hours = diff.hours.map(({ gained, lost, kept }) => gained + lost + kept);
        expect(hours.reduce((sum, count) => sum + count, 0)).toBe(diff.changes.length + diff.hotLeads.kept);
        changed += diff.changes.length;
      }),
      { numRuns: 150 },
    );
    expect(changed).toBeGreaterThan(300);
  });

  it('finds nothing between identical sets, read apart from each other', async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, anySet, async (steps, rules) => {
        const diff = await compare(format(steps), rules, structuredClone(rules));
        expect(diff.changes).toEqual([]);
        expect(diff.invites.before).toBe(diff.invites.after);
        expect(diff.examples.every(({ change }) => change === 'kept')).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('begins the comparison anew where lines turn out to be in no order', async () => {
    const lines = [page('b', 20, 'cart'), page('a', 10, 'cart')];
    const { hotLeads, changes } = await compare(lines, [], [createPackage([SEES_CART])]);
    expect([hotLeads.gained, changes.length]).toEqual([2, 2]);
    expect(changes[0]).toContain('"a"');
  });
});
