/** What arrives twice, or comes again after a sender's restart, changes no total and no end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Effect } from '#core/effects.ts';
import { checkBooks, checkWays } from './books.ts';
import { Bench, leadOf } from './contact-center-bench.ts';
import { RandomShift, step, type Step } from './random-shift.ts';

function outcome(steps: readonly Step[], repeats: boolean) {
  const shift = new RandomShift(repeats, ({ bench }) => expect(checkBooks(bench)).toEqual([]));
  for (const given of steps) shift.play(given);
  shift.playOut();
  expect(checkWays(shift.bench)).toEqual([]);
  const { totals, facts } = shift.bench;
  const { groups, ...counts } = totals;
  const ends = facts.flatMap((fact) =>
    fact.kind === 'interactionMoved' ? [`${fact.interactionId} ${fact.after}`] : [],
  );
  const chats = facts.flatMap((fact) => (fact.kind === 'chat' ? [`${fact.chatId} ${fact.state} ${fact.at}`] : []));
  const levels = [...groups.values()].map(({ busySlots, slots }) => [busySlots.until(shift.at), slots.until(shift.at)]);
  return { counts: JSON.stringify({ ...counts, queues: [...totals.queues] }), ends, chats, levels };
}

test('the same totals, ends and slot times with and without repeats', () => {
  let repeated = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 80 }), (steps) => {
      repeated += steps.filter(({ again }) => again > 0).length;
      expect(outcome(steps, true)).toEqual(outcome(steps, false));
    }),
    { numRuns: 300 },
  );
  expect(repeated).toBeGreaterThan(1_000);
});

test('a lead that comes again after its visit has ended is known still', () => {
  const bench = new Bench();
  bench.login('a1', 1, 0);
  const lead = leadOf('v1', 1_000);
  bench.give({ type: 'leadArrived', lead, interactionId: 'i1' }, 1_000);
  bench.give({ type: 'visitEnded', visitID: 'v1' }, 2_000);
  expect(bench.give({ type: 'leadArrived', lead, interactionId: 'i2' }, 3_000)).toEqual([]);
  bench.killAndRecover(4_000);
  expect(bench.give({ type: 'leadArrived', lead, interactionId: 'i3' }, 5_000)).toEqual([]);
  expect(bench.totals.hotLeads).toBe(1);
});

test('dropping every note changes nothing that the contact center does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const heard = playOn(new Bench(), steps, new Bench());
      for (const [told, deaf] of heard) expect(deaf).toEqual(told);
    }),
    { numRuns: 100 },
  );
});

/** Effects without notes of one contact center, and of another whose notes vanish as it makes them. */
function playOn(told: Bench, steps: readonly Step[], deaf: Bench): [readonly Effect[], readonly Effect[]][] {
  const shift = new RandomShift(false);
  const pairs: [readonly Effect[], readonly Effect[]][] = [];
  const give = shift.bench.give.bind(shift.bench);
  shift.bench.give = (event, at) => {
    const first: Effect[] = [];
    const second = new Deaf();
    told.contactCenter.handle(event, at, first);
    deaf.contactCenter.handle(event, at, second);
    pairs.push([first.filter(({ type }) => type !== 'note'), [...second]]);
    return give(event, at);
  };
  for (const given of steps) shift.play(given);
  return pairs;
}

class Deaf extends Array<Effect> {
  override push(...effects: Effect[]): number {
    return super.push(...effects.filter(({ type }) => type !== 'note'));
  }
}
