/** Replays of recorded events, judged by the oracle of the rules where it can, else by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RulePackage } from '#core/rules/rule-package.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { FORGOTTEN_AFTER_MS } from '#testbed/replay/replay-node.ts';
import { counter, createPackage, createRule, enters, sequence, singleton } from '#tests/core/rules/visit-events.ts';
import { evaluateByOracle } from '#tests/core/rules/oracle.ts';
import { formatLogLine, formatRecord, replayAll, writeRecording, type GivenRecord } from './recordings.ts';

const PACKAGES: readonly RulePackage[] = [
  createPackage(
    [
      createRule('A then B', sequence([enters('A'), enters('B')], 40), { salience: 5 }),
      createRule('three of A', counter(enters('A'), 3, 60)),
      createRule('once B', singleton(enters('B')), {
        guards: { maxPerVisit: 1, coolDownMs: null, holdoutShare: null },
      }),
      createRule('early C', singleton(enters('C')), { phase: 'early' }),
    ],
    { name: 'com.first', phases: ['early', 'standard'] },
  ),
  createPackage([createRule('all of A B', sequence([enters('A'), enters('B')], 30, 'all'), { salience: 5 })], {
    name: 'com.second',
  }),
];

interface Step {
  readonly visit: number;
  readonly afterMs: number;
  readonly category: string;
}

/** Events of several visits with their times; `line` is their place in the file when that is in order. */
function createRecords(
  steps: readonly Step[],
): readonly (GivenRecord & { readonly category: string; visitID: string })[] {
  let at = 1_000;
  return steps.map(({ visit, afterMs, category }, index) => {
    at += afterMs;
    return { eventID: `e${index}`, at, visitID: `v${visit}`, category, data: { index } };
  });
}

function evaluate(steps: readonly Step[]): readonly string[] {
  const records = createRecords(steps);
  const ordinals = new Map(
    [
      'com.first early C',
      'com.first A then B',
      'com.second all of A B',
      'com.first three of A',
      'com.first once B',
    ].map((name, ordinal) => [name, ordinal]),
  );
  const firings = [...Map.groupBy(records, ({ visitID }) => visitID)].flatMap(([visitID, ofVisit]) => {
    const events = ofVisit.map((record) => JSON.parse(formatRecord(record)) as VisitEvent);
    return evaluateByOracle(PACKAGES, events, 64).map((firing) => ({ ...firing, visitID }));
  });
  const placeOf = (eventID: string | undefined): number => records.findIndex((record) => record.eventID === eventID);
  return firings
    .toSorted(
      (a, b) =>
        a.at - b.at ||
        (ordinals.get(`${a.package} ${a.rule}`) ?? 0) - (ordinals.get(`${b.package} ${b.rule}`) ?? 0) ||
        (a.visitID < b.visitID ? -1 : Number(a.visitID > b.visitID)) ||
        placeOf(a.matchedEvents[0]) - placeOf(b.matchedEvents[0]),
    )
    .map(({ at, rule, package: of, visitID, matchedEvents }) => {
      const values = { index: placeOf(matchedEvents.at(-1)) };
      return JSON.stringify({ at, rule, package: of, visitID, matchedEvents, values });
    });
}

const anySteps = fc.array(
  fc.record({
    visit: fc.integer({ min: 1, max: 3 }),
    afterMs: fc.constantFrom(0, 1, 5, 20),
    category: fc.constantFrom('A', 'B', 'C', 'A;B', ''),
  }),
  { minLength: 1, maxLength: 40 },
);

async function replayLines(
  lines: readonly string[],
  packages = PACKAGES,
  limits = { memoryChars: 1_000, runsAtOnce: 2 },
) {
  return replayAll({ file: writeRecording(lines), packages, categories: [], sorterLimits: limits });
}

describe('replaying recorded events', () => {
  it('fires what the oracle fires, in the order of files, with the values of the last matched event', async () => {
    let fired = 0;
    await fc.assert(
      fc.asyncProperty(anySteps, async (steps) => {
        const { lines } = await replayLines(createRecords(steps).map(formatRecord));
        expect(lines).toEqual(evaluate(steps));
        fired += lines.length;
      }),
      { numRuns: 200 },
    );
    expect(fired).toBeGreaterThan(300);
  });

  it('tells matches of one moment by their first event, also where a later event completes one that began earlier', async () => {
    const steps = ['A', 'A', 'B', 'B'].map((category) => ({ visit: 2, afterMs: 0, category }));
    const { firings } = await replayLines(createRecords(steps).map(formatRecord));
    const all = firings.filter(({ rule }) => rule === 'all of A B').map(({ matchedEvents }) => matchedEvents.join(' '));
    expect(all).toEqual(['e0 e2', 'e0 e3', 'e1 e2', 'e1 e3']);
  });

  it('gives the same for any order of the lines, in memory and through files', async () => {
    await fc.assert(
      fc.asyncProperty(
        // Equal times are told apart by their lines, so here there are none.
        anySteps.map((steps) => steps.map((step) => ({ ...step, afterMs: step.afterMs + 1 }))),
        fc.infiniteStream(fc.nat()),
        async (steps, stream) => {
          const lines = createRecords(steps).map(formatRecord);
          const keyed = lines.map((text) => ({ text, key: stream.next().value ?? 0 }));
          const shuffled = keyed.toSorted((a, b) => a.key - b.key).map(({ text }) => text);
          const sorted = await replayLines(lines);
          const bySorting = await replayLines(shuffled);
          const inMemory = await replayLines(shuffled, PACKAGES, { memoryChars: 1 << 20, runsAtOnce: 2 });
          for (const other of [bySorting, inMemory]) {
            expect(other.lines).toEqual(sorted.lines);
            expect(other.tally.listHours()).toEqual(sorted.tally.listHours());
            expect([other.visits, other.tally.pageViews]).toEqual([sorted.visits, sorted.tally.pageViews]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('would notice lines that were taken in their own order (the comparison above can fail)', async () => {
    const records = [
      { eventID: 'b', at: 20, category: 'B' },
      { eventID: 'a', at: 10, category: 'A' },
    ].map(formatRecord);
    const { lines, reading } = await replayLines(records);
    expect(reading.wasInOrder).toBe(false);
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ rule: 'A then B', matchedEvents: ['a', 'b'] }),
    );
  });

  it('takes equal times in the order of the lines', async () => {
    const line = (eventID: string, category: string): string => formatRecord({ eventID, at: 5, category });
    expect((await replayLines([line('a', 'A'), line('b', 'B')])).lines[0]).toContain('"A then B"');
    expect((await replayLines([line('b', 'B'), line('a', 'A')])).lines.join()).not.toContain('"A then B"');
  });

  it('stores an event that was sent more than 30 s late, but does not match it', async () => {
    const of = (sentAt: number): string[] => [
      formatRecord({ eventID: 'a', at: 1_000, category: 'A', timestamp: 50, sentAt }),
      formatRecord({ eventID: 'b', at: 1_010, category: 'B' }),
    ];
    const intime = await replayLines(of(30_050));
    const late = await replayLines(of(30_051));
    expect(intime.lines.join()).toContain('"A then B"');
    expect(late.lines.join()).not.toContain('"A then B"');
    expect(late.lines.join()).toContain('"once B"');
    expect([late.tally.lateEvents, late.tally.events, late.tally.pageViews, late.visits]).toEqual([1, 2, 2, 1]);
    expect(intime.tally.lateEvents).toBe(0);
  });

  it('applies categories to events that bring none, and leaves those that do as they are', async () => {
    const file = writeRecording([
      formatRecord({ eventID: 'own', at: 1, url: 'https://shop.example/b', category: 'C' }),
      formatRecord({ eventID: 'none', at: 2, url: 'https://shop.example/b', category: '' }),
      formatRecord({ eventID: 'applied', at: 3, url: 'https://shop.example/b' }),
    ]);
    const categories = [
      { name: 'B', tags: [{ kind: 'plain', expression: '/b', in: 'url', matchCase: false }] } as const,
    ];
    const { firings, tally } = await replayAll({ file, packages: PACKAGES, categories });
    expect(firings.map(({ rule, matchedEvents }) => [rule, ...matchedEvents])).toEqual([
      ['early C', 'own'],
      ['once B', 'applied'],
    ]);
    expect(tally.countCategories()).toEqual({
      byName: new Map([
        ['B', 1],
        ['C', 1],
      ]),
      none: 1,
    });
  });

  it('keeps a visit as long as its id says, but for four hours of silence and the longest window', async () => {
    const visitsOf = async (silenceMs: number): Promise<readonly [number, number]> => {
      const { visits, lines } = await replayLines([
        formatRecord({ eventID: 'first', at: 0, category: 'B' }),
        formatRecord({ eventID: 'second', at: silenceMs, category: 'B' }),
      ]);
      return [visits, lines.length];
    };
    const longestWindowMs = 60;
    expect(await visitsOf(31 * 60_000)).toEqual([1, 1]);
    expect(await visitsOf(FORGOTTEN_AFTER_MS + longestWindowMs - 1)).toEqual([1, 1]);
    expect(await visitsOf(FORGOTTEN_AFTER_MS + longestWindowMs)).toEqual([2, 2]);
  });

  it('begins another visit where one crosses to another domain', async () => {
    const { visits, visitsWithHotLead, firings } = await replayLines([
      formatRecord({ eventID: 'a1', at: 1, category: 'B', url: 'https://www.shop.example/' }),
      formatRecord({ eventID: 'a2', at: 2, category: 'B', url: 'https://help.shop.example/' }),
      formatRecord({ eventID: 'b1', at: 3, category: 'B', url: 'https://other.example/' }),
    ]);
    expect(firings.map(({ visitID, matchedEvents }) => [visitID, ...matchedEvents])).toEqual([
      ['v1', 'a1'],
      ['v1.2', 'b1'],
    ]);
    expect([visits, visitsWithHotLead]).toEqual([2, 2]);
  });

  it('counts bad lines with their places, sorted or not, and replays the others', async () => {
    const good = [30, 10].map((at) => formatRecord({ eventID: `e${at}`, at, category: 'C' }));
    for (const lines of [
      [good[1] ?? '', '{"eventID":', '', good[0] ?? '', 'no event'],
      [good[0] ?? '', '{"eventID":', '', good[1] ?? '', 'no event'],
    ]) {
      const { reading, firings } = await replayLines(lines);
      expect(reading.counts).toMatchObject({ lines: 4, blank: 1, bad: { count: 2 } });
      expect(reading.counts.bad.first.map(({ line, why }) => [line, why.split(':')[0]])).toEqual([
        [2, 'expected JSON'],
        [5, 'expected JSON'],
      ]);
      expect(firings.map(({ at }) => at)).toEqual([10, 30]);
    }
  });

  it.each([
    ['an empty file', '\n\n', 'is empty: there is nothing to replay'],
    ['events that can not be read', '{"a":1}\n{"b":2}\n', 'none of its 2 lines can be read as recorded events'],
    ['no log', 'hello\n', 'its line can not be read as an access log in the common or combined format'],
  ])('refuses %s', async (_what, content, expected) => {
    const file = writeRecording(content);
    await expect(replayAll({ file, packages: PACKAGES, categories: [] })).rejects.toThrow(expected);
  });

  it('refuses an origin, which is for access logs alone', async () => {
    const order = { packages: PACKAGES, categories: [], origin: 'https://shop.example' };
    const events = writeRecording([formatRecord({ eventID: 'e', at: 1 })]);
    await expect(replayAll({ ...order, file: events })).rejects.toBeInstanceOf(OperatingError);
    const log = writeRecording([formatLogLine()]);
    expect((await replayAll({ ...order, file: log })).tally.pageViews).toBe(1);
  });
});
