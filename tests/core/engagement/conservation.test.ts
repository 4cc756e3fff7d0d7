/**
 * Whatever visitors, agents and timers do in whatever order, interactions, invites and chats add up at every moment.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ContactCenterEvent } from '#core/contact-center.ts';
import { AGENT_STATES, CHAT_ACTS, eventOfAct, VISITOR_ACTS, VISITOR_ANSWERS } from './acts-of-people.ts';
import { Bench, leadOf, SETTINGS } from './contact-center-bench.ts';

const TERMINAL = ['Accepted', 'Rejected', 'Timeout', 'Failed'];

/** One random step: who does what, and how much later. Ids may be wrong or stale on purpose. */
const step = fc.record({
  kind: fc.constantFrom('lead', ...VISITOR_ANSWERS, ...VISITOR_ACTS, ...CHAT_ACTS, ...AGENT_STATES, 'toggle'),
  visit: fc.integer({ min: 1, max: 4 }),
  interaction: fc.integer({ min: 1, max: 12 }),
  agent: fc.integer({ min: 1, max: 2 }),
  afterMs: fc.integer({ min: 0, max: 20_000 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function eventOf({ kind, visit, interaction, agent }: Step, at: number, lead: number): ContactCenterEvent | undefined {
  const visitID = `v${visit}`;
  if (kind === 'toggle') return undefined;
  if (kind !== 'lead') {
    return eventOfAct(kind, { visitID, interactionId: `i${interaction}`, agentId: `a${agent}` });
  }
  return { type: 'leadArrived', lead: leadOf(visitID, at, { id: `l${lead}` }), interactionId: `i${lead}` };
}

function play(steps: readonly Step[], check: (bench: Bench) => void): Bench {
  const bench = new Bench();
  bench.login('a1', 1, 0);
  bench.login('a2', 2, 0);
  let at = 0;
  let leads = 0;
  for (const given of steps) {
    at += given.afterMs;
    bench.ringUntil(at);
    if (given.kind === 'toggle') bench.pacer.grants = !bench.pacer.grants;
    if (given.kind === 'lead') leads += 1;
    const event = eventOf(given, at, leads);
    if (event !== undefined) bench.give(event, at);
    check(bench);
  }
  return bench;
}

function inQueue(bench: Bench, name: string): number {
  const queue = bench.totals.queues.get(name);
  return (queue?.entered ?? 0) - (queue?.left ?? 0);
}

test('at every moment: created = qualified + engaged + terminal, and invites and chats add up', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      play(steps, (bench) => {
        const { totals } = bench;
        const { engagement, chats } = bench.contactCenter;
        const terminal = TERMINAL.reduce((sum, name) => sum + (totals.queues.get(name)?.entered ?? 0), 0);
        expect(totals.hotLeads).toBe(inQueue(bench, 'Qualified') + inQueue(bench, 'Engaged') + terminal);
        expect(engagement.open).toBe(inQueue(bench, 'Qualified') + inQueue(bench, 'Engaged'));
        expect(totals.hotLeads).toBe(totals.refused + totals.sent + inQueue(bench, 'Qualified'));
        const ended = totals.accepted + totals.rejected + totals.timeout + totals.inviteFailed;
        expect(totals.sent).toBe(ended + inQueue(bench, 'Engaged'));
        expect(totals.chatsQueued).toBe(totals.accepted + totals.reactive.letIn);
        const held = [...chats.agents].reduce((sum, agent) => sum + agent.slots.size, 0);
        expect(chats.waitingChats + held).toBeLessThanOrEqual(totals.chatsQueued - totals.chatsAbandoned);
        expect(inQueue(bench, 'Chat')).toBe(chats.waitingChats);
        for (const agent of chats.agents) expect(agent.slots.size).toBeLessThanOrEqual(agent.capacity);
      });
    }),
    { numRuns: 500 },
  );
});

test('every interaction takes one way from Qualified to at most one terminal queue', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const bench = play(steps, () => undefined);
      const paths = new Map<string, string[]>();
      for (const fact of bench.facts) {
        if (fact.kind === 'interactionMoved') {
          paths.set(fact.interactionId, [...(paths.get(fact.interactionId) ?? []), fact.to]);
        }
      }
      for (const path of paths.values()) {
        expect(path[0]).toBe('Qualified');
        expect(path.filter((queue) => TERMINAL.includes(queue)).length).toBeLessThanOrEqual(1);
        expect(path.findIndex((queue) => TERMINAL.includes(queue))).toBeOneOf([-1, path.length - 1]);
      }
    }),
    { numRuns: 500 },
  );
});

test('left alone, everything open ends within the longest of its times', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const bench = play(steps, () => undefined);
      const last = Math.max(0, ...bench.timers.map((timer) => timer.at));
      bench.ringUntil(last + SETTINGS.registrationFormExpirationMs);
      expect(bench.contactCenter.engagement.open).toBe(0);
    }),
    { numRuns: 300 },
  );
});
