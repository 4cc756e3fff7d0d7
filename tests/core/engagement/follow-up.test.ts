/** Follow-ups: what a rule leaves for later work is kept and counted, engages nobody, and outlives visits and restarts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFollowUp } from '#core/engagement/follow-up-desk.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { OperationsRow } from '#core/effects.ts';
import { checkBooks } from './books.ts';
import { Bench, leadOf, VIA } from './contact-center-bench.ts';

const DAY_MS = 24 * 3_600_000;

function followUpOf(visitID: string, at: number, changes: Partial<HotLead> = {}): HotLead {
  const lead = leadOf(visitID, at, changes);
  return { ...lead, firing: { ...lead.firing, rule: 'Cart left', action: 'followUp' } };
}

function benchWithAgent(): Bench {
  const bench = new Bench();
  bench.login('a1', 1, 0);
  return bench;
}

describe('a follow-up', () => {
  test('waits in its own queue: nothing is sent, no permit is asked for, and only its row is stored', () => {
    const bench = benchWithAgent();
    bench.pacer.told.length = 0;
    const effects = bench.give({ type: 'leadArrived', lead: followUpOf('v1', 1_000), interactionId: 'i1' }, 1_000);
    expect(bench.path('v1')).toEqual(['FollowUp']);
    expect(bench.pacer.told).toEqual([]);
    expect(effects.map(({ type }) => type).toSorted()).toEqual(['commit', 'note', 'note']);
    expect(bench.rows.get('interaction i1')).toMatchObject({ state: 'followUp', attemptNumber: 0, dueAt: null });
    expect(bench.contactCenter.engagement.followUps.open).toBe(1);
    expect([bench.totals.hotLeads, bench.totals.followUps, bench.totals.sent]).toEqual([0, 1, 0]);
    expect(bench.totals.queues.get('FollowUp')).toEqual({ entered: 1, left: 0 });
  });

  test('of a visitor who has left is as good as any', () => {
    const bench = benchWithAgent();
    bench.give({ type: 'leadArrived', lead: followUpOf('v1', 1_000, { onSite: false }), interactionId: 'i1' }, 1_000);
    expect(bench.path('v1')).toEqual(['FollowUp']);
  });

  test("is touched by nothing that is said in its interaction's name, nor by time or the end of the visit", () => {
    const bench = benchWithAgent();
    bench.give({ type: 'leadArrived', lead: followUpOf('v1', 1_000), interactionId: 'i1' }, 1_000);
    for (const code of ['shown', 'acceptCall', 'reject', 'timeout', 'formAbandoned'] as const) {
      expect(bench.disposition('v1', 'i1', code, 2_000)).toEqual([]);
    }
    expect(bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'i1' }, 3_000)).toEqual([]);
    expect(bench.give({ type: 'visitEnded', visitID: 'v1' }, 4_000)).toEqual([]);
    bench.ringUntil(DAY_MS);
    expect(bench.path('v1')).toEqual(['FollowUp']);
    expect(bench.contactCenter.engagement.followUps.open).toBe(1);
  });

  test('neither keeps its visit from being engaged nor counts as an attempt, and an open invite is nothing to it', () => {
    const bench = benchWithAgent();
    bench.give({ type: 'leadArrived', lead: followUpOf('v1', 1_000), interactionId: 'f1' }, 1_000);
    bench.lead('v1', 2_000);
    bench.give({ type: 'leadArrived', lead: followUpOf('v1', 3_000), interactionId: 'f2' }, 3_000);
    expect(bench.path('v1')).toEqual(['FollowUp', 'Qualified', 'Engaged', 'FollowUp']);
    expect(bench.rows.get('interaction i1')).toMatchObject({ attemptNumber: 1 });
    bench.disposition('v1', 'i1', 'reject', 4_000);
    expect(bench.path('v1').at(-1)).toBe('Rejected');
    expect(bench.contactCenter.engagement.followUps.open).toBe(2);
  });

  test('that comes again is known: at once, after its visit has ended, and after restarts', () => {
    const bench = benchWithAgent();
    const lead = followUpOf('v1', 1_000);
    const again = (at: number) => bench.give({ type: 'leadArrived', lead, interactionId: `i${at}` }, at);
    again(1_000);
    expect(again(1_001)).toEqual([]);
    bench.killAndRecover(2_000);
    expect(again(3_000)).toEqual([]);
    bench.give({ type: 'visitEnded', visitID: 'v1' }, 4_000);
    expect(again(5_000)).toEqual([]);
    bench.killAndRecover(1_000 + 2 * DAY_MS);
    expect(again(2_000 + 2 * DAY_MS)).toEqual([]);
    expect(bench.totals.followUps).toBe(1);
    expect(bench.contactCenter.engagement.followUps.open).toBe(1);
  });
});

test('a lead of a journal from before there were follow-ups, which tells no action, is engaged', () => {
  const bench = benchWithAgent();
  const lead = leadOf('v1', 1_000);
  const { action: _, ...old } = lead.firing;
  const parsed = JSON.parse(JSON.stringify({ ...lead, firing: old })) as HotLead;
  expect(isFollowUp(parsed)).toBe(false);
  bench.give({ type: 'leadArrived', lead: parsed, interactionId: 'i1' }, 1_000);
  expect(bench.path('v1')).toEqual(['Qualified', 'Engaged']);
});

const step = fc.record({
  kind: fc.constantFrom('lead', 'followUp', 'again', 'shown', 'reject', 'chatRequest', 'visitEnded', 'time', 'kill'),
  visit: fc.integer({ min: 1, max: 3 }),
  afterMs: fc.integer({ min: 0, max: 20_000 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What does not add up at some moment of these steps; `kept` says which rows survive a kill. */
function problemsOf(steps: readonly Step[], kept: (row: OperationsRow) => boolean = () => true): readonly string[] {
  const bench = benchWithAgent();
  const problems: string[] = [];
  const leads: HotLead[] = [];
  let at = 0;
  let newest = 'i0';
  for (const { kind, visit, afterMs } of steps) {
    at += afterMs;
    bench.ringUntil(at);
    const visitID = `v${visit}`;
    const id = `l${leads.length + 1}`;
    if (kind === 'lead') leads.push(leadOf(visitID, at, { id }));
    if (kind === 'followUp') leads.push(followUpOf(visitID, at, { id }));
    const lead = kind === 'again' ? leads[visit] : leads.at(-1);
    if ((kind === 'lead' || kind === 'followUp' || kind === 'again') && lead !== undefined) {
      bench.give({ type: 'leadArrived', lead, interactionId: `${kind}-${id}` }, at);
      newest = `${kind}-${id}`;
    }
    if (kind === 'shown' || kind === 'reject') bench.disposition(visitID, newest, kind, at);
    if (kind === 'chatRequest') bench.give({ type: kind, visitID, interactionId: newest, via: VIA }, at);
    if (kind === 'visitEnded') bench.give({ type: kind, visitID }, at);
    if (kind === 'kill') bench.killAndRecover(at, bench.storedRows().filter(kept));
    problems.push(...checkCreated(bench));
  }
  return problems;
}

/** created = qualified + engaged + terminal + follow-ups that wait. */
function checkCreated(bench: Bench): readonly string[] {
  const { totals, contactCenter } = bench;
  const waiting = contactCenter.engagement.followUps.open;
  const queue = totals.queues.get('FollowUp');
  const problems = checkBooks(bench);
  const inside = (queue?.entered ?? 0) - (queue?.left ?? 0);
  if (waiting !== inside) return [...problems, `${waiting} follow-ups wait, ${inside} are in the queue`];
  return waiting === totals.followUps ? problems : [...problems, `${totals.followUps} created, ${waiting} wait`];
}

describe('at every moment of random shifts with restarts', () => {
  const shift = fc.array(step, { minLength: 5, maxLength: 60 });

  test('what was created is qualified, engaged, ended or waits as a follow-up', () => {
    fc.assert(
      fc.property(shift, (steps) => {
        expect(problemsOf(steps)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('the check fails where the rows of follow-ups are lost', () => {
    const shifts = fc.sample(shift, { numRuns: 40, seed: 3 });
    const isKept = (row: OperationsRow): boolean => row.kind !== 'interaction' || row.state !== 'followUp';
    expect(shifts.filter((steps) => problemsOf(steps, isKept).length > 0).length).toBeGreaterThan(5);
  });
});
