/** Rules that fire without an event, in a replay: at their deadline, in the log's time, in the order of files. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_GUARDS, type Condition, type RulePackage } from '#core/rules/rule-package.ts';
import { createDiffSummary } from '#testbed/replay/diff-summary.ts';
import { replay } from '#testbed/replay/replay.ts';
import { WakeUps } from '#testbed/replay/wake-ups.ts';
import { counter, createPackage, createRule, enters, singleton } from '#tests/core/rules/visit-events.ts';
import { formatRecord, replayAll, writeRecording, type GivenRecord, type Replayed } from './recordings.ts';

const WAIT_MS = 60_000;

function absence(after: Condition, category: string, withinMs = WAIT_MS): Condition {
  return { template: 'absence', after, event: enters(category), withinMs };
}

const LEAVES_CART = createRule('Cart, no checkout', absence(singleton(enters('cart')), 'checkout'));
const STAYS = createRule('Stays', { template: 'timeout', event: enters('help'), forMs: WAIT_MS });

function page(eventID: string, at: number, category: string, given: Partial<GivenRecord> = {}): string {
  return formatRecord({ eventID, at, category, ...given });
}

async function replayLines(lines: readonly string[], packages: readonly RulePackage[]): Promise<Replayed> {
  return replayAll({ file: writeRecording(lines), packages, categories: [] });
}

function times({ firings }: Replayed): readonly (readonly [number, string])[] {
  return firings.map(({ at, visitID }) => [at, visitID] as const);
}

describe('waits in a replay', () => {
  const packages = [createPackage([LEAVES_CART, STAYS])];

  it('fires an absence at its deadline, with that time, though the next event comes hours later', async () => {
    const lines = [page('a', 1_000, 'cart'), page('z', 9_000_000, 'x', { visitID: 'v9' })];
    const replayed = await replayLines(lines, packages);
    expect(times(replayed)).toEqual([[1_000 + WAIT_MS, 'v1']]);
    expect(replayed.firings[0]?.matchedEvents).toEqual(['a']);
    expect(replayed.tally.listHours().map(({ at, hotLeads }) => [at, hotLeads])).toEqual([
      [0, 1],
      [7_200_000, 0],
    ]);
  });

  it.each([
    ['at the very deadline, which comes first', WAIT_MS, []],
    ['a moment later, which comes too late', WAIT_MS + 1, [[1_000 + WAIT_MS, 'v1']]],
  ])('ends a wait by an event %s', async (_what, afterMs, expected) => {
    const lines = [page('a', 1_000, 'cart'), page('b', 1_000 + afterMs, 'checkout')];
    expect(times(await replayLines(lines, packages))).toEqual(expected);
  });

  it('takes the deadline of one visit before a later event of another, and all events of that time before', async () => {
    const lines = [
      page('a', 0, 'cart', { visitID: 'v2' }),
      page('b', 5, 'help', { visitID: 'v1' }),
      page('c', WAIT_MS, 'cart', { visitID: 'v3' }),
      page('d', 3 * WAIT_MS, 'x', { visitID: 'v4' }),
    ];
    const sees = createRule('Sees the cart', singleton(enters('cart')), { salience: -1 });
    const replayed = await replayLines(lines, [createPackage([LEAVES_CART, STAYS, sees])]);
    expect(replayed.firings.map(({ at, rule, visitID }) => [at, rule, visitID])).toEqual([
      [0, 'Sees the cart', 'v2'],
      [WAIT_MS, 'Cart, no checkout', 'v2'],
      [WAIT_MS, 'Sees the cart', 'v3'],
      [WAIT_MS + 5, 'Stays', 'v1'],
      [2 * WAIT_MS, 'Cart, no checkout', 'v3'],
    ]);
  });

  it.each([
    ['reaches the deadline', WAIT_MS, 1],
    ['ends before it', WAIT_MS - 1, 0],
  ])('fires at the end of a log that %s', async (_what, lastAt, fired) => {
    const lines = [page('a', 0, 'cart'), page('z', lastAt, 'x', { visitID: 'v2' })];
    expect((await replayLines(lines, packages)).firings).toHaveLength(fired);
  });

  it('lets the time of events that are not matched go on for those who wait', async () => {
    const late = { visitID: 'v2', timestamp: 0, sentAt: 40_000 };
    const lines = [page('a', 0, 'cart'), page('z', WAIT_MS, 'x', late)];
    const replayed = await replayLines(lines, packages);
    expect([times(replayed), replayed.tally.lateEvents]).toEqual([[[WAIT_MS, 'v1']], 1]);
  });

  it('tells a task for later apart from a hot lead, in file and counts, and invites nobody for it', async () => {
    const task = createRule('Call back', singleton(enters('cart')), {
      actions: [{ kind: 'followUp', priority: 20, reason: null }],
    });
    const lines = [page('a', 0, 'cart'), page('b', 1, 'help')];
    const both = createPackage([task, createRule('Helps', singleton(enters('help')))]);
    const { tally, visitsWithHotLead, lines: told } = await replayLines(lines, [both]);
    expect([tally.hotLeads, tally.followUps, visitsWithHotLead]).toEqual([1, 1, 1]);
    expect(told.map((line) => (JSON.parse(line) as { action?: string }).action)).toEqual(['followUp', undefined]);
    const { diff } = await replay({ file: writeRecording(lines), packages: [both], before: [], categories: [] });
    if (diff === null) throw new Error('nothing was compared');
    expect(createDiffSummary(diff, { acceptShare: 1, handleMs: 1 })).toMatchObject({
      hotLeads: { gained: 1 },
      followUps: { gained: 1 },
      invites: { before: 0, after: 1 },
    });
  });

  it('invites nobody whose wait ends when no page is open', async () => {
    const lines = [
      page('a', 0, 'cart', { pageID: 'p' }),
      formatRecord({ eventID: 'b', at: 10, eventName: 'PageExited', pageID: 'p', category: '' }),
      page('z', 9 * WAIT_MS, 'x', { visitID: 'v2' }),
    ];
    const { diff } = await replay({ file: writeRecording(lines), packages, before: [], categories: [] });
    if (diff === null) throw new Error('nothing was compared');
    const { hotLeads, invites } = createDiffSummary(diff, { acceptShare: 1, handleMs: 1 });
    expect([hotLeads.gained, invites.after]).toEqual([1, 0]);
  });

  it('fires the same with two visits in one log as with each of them alone, in the order of time', async () => {
    const rules = [
      createPackage([
        LEAVES_CART,
        STAYS,
        createRule('Three, no checkout', absence(counter(enters('cart'), 2, 90_000), 'checkout', 30_000), {
          guards: { ...NO_GUARDS, coolDownMs: 20_000 },
        }),
      ]),
    ];
    const anySteps = fc.array(
      fc.record({
        visit: fc.integer({ min: 1, max: 3 }),
        afterMs: fc.constantFrom(0, 1, 10_000, 30_000, 59_999, 60_000),
        category: fc.constantFrom('cart', 'checkout', 'help', ''),
      }),
      { minLength: 1, maxLength: 25 },
    );
    let fired = 0;
    await fc.assert(
      fc.asyncProperty(anySteps, async (steps) => {
        let at = 0;
        const records = steps.map(({ visit, afterMs, category }, index) => {
          at += afterMs;
          return { visitID: `v${visit}`, line: page(`e${index}`, at, category, { visitID: `v${visit}` }) };
        });
        // The clock of each log goes on to the same end.
        const end = page('end', at, '', { visitID: 'end' });
        const all = await replayLines([...records.map(({ line }) => line), end], rules);
        const alone = await Promise.all(
          ['v1', 'v2', 'v3'].map(async (visitID) => {
            const own = records.filter((record) => record.visitID === visitID).map(({ line }) => line);
            return (await replayLines([...own, end], rules)).lines;
          }),
        );
        expect(all.lines.toSorted()).toEqual(alone.flat().toSorted());
        expect(all.firings.map((firing) => firing.at)).toEqual(
          all.firings.map((firing) => firing.at).toSorted((a, b) => a - b),
        );
        fired += all.lines.length;
      }),
      { numRuns: 60 },
    );
    expect(fired).toBeGreaterThan(100);
  });
});

describe('wake-ups', () => {
  it('come out by time, then in the order of their asking, at most one a visit and the earliest of each', () => {
    const anyAsk = fc.oneof(
      fc.record({ do: fc.constant('ask'), visit: fc.nat(8), at: fc.nat(30) }),
      fc.record({ do: fc.constantFrom('take', 'forget'), visit: fc.nat(8), at: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(anyAsk, { maxLength: 80 }), (steps) => {
        const wakeUps = new WakeUps();
        const taken: (readonly [string | undefined, string | undefined])[] = [];
        let known: { visitID: string; at: number }[] = [];
        for (const { do: what, visit, at } of steps) {
          const visitID = `v${visit}`;
          const without = known.filter((one) => one.visitID !== visitID);
          const earliest = Math.min(Infinity, ...known.map((one) => one.at));
          expect(wakeUps.nextAt).toBe(earliest);
          if (what === 'take') {
            const next = known.find((one) => one.at === earliest);
            taken.push([wakeUps.take(), next?.visitID]);
            known = known.filter((one) => one !== next);
          } else if (what === 'forget') {
            wakeUps.forget(visitID);
            known = without;
          } else {
            wakeUps.ask(visitID, at);
            const before = known.find((one) => one.visitID === visitID)?.at ?? Infinity;
            if (at < before) known = [...without, { visitID, at }];
          }
          expect(wakeUps.size).toBe(known.length);
        }
        expect(taken.map(([got]) => got)).toEqual(taken.map(([, expected]) => expected));
      }),
      { numRuns: 500 },
    );
  });
});
