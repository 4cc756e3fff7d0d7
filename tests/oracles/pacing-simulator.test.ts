/**
 * The gates of the test simulator: closed formulas that it must meet before anything that it says about pacing is believed.
 * Intervals are four standard errors of independent replications.
 */
import { describe, expect, test } from 'vitest';
import { erlangA } from '#tests/oracles/erlang-a.ts';
import { inviteEverybody, inviteOnePerFreeSlot } from '#tests/oracles/invite-rules.ts';
import { drawMarkovVisitor, drawWebVisitor } from '#tests/oracles/pacing-scenarios.ts';
import {
  simulatePacing,
  type InviteRule,
  type PacingFigures,
  type PacingScenario,
} from '#tests/oracles/pacing-simulator.ts';

const seeds = Array.from({ length: 24 }, (_, index) => index + 1);

function run(scenario: Omit<PacingScenario, 'seed'>, create: () => InviteRule): readonly PacingFigures[] {
  return seeds.map((seed) => simulatePacing({ ...scenario, seed }, create()));
}

function expectMean(
  figures: readonly PacingFigures[],
  pick: (figures: PacingFigures) => number,
  exact: number,
  what: string,
) {
  const values = figures.map(pick);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const error = Math.sqrt(variance / values.length);
  expect(Math.abs(mean - exact), `${what}: ${mean} +- ${error}, exactly ${exact}`).toBeLessThan(4 * error);
  expect(error, `${what}: precise enough to say something`).toBeLessThan(0.04 * exact);
}

describe('displacement: invites to everybody at Poisson moments make Poisson arrivals, so Erlang A holds', () => {
  test.each([
    ['E1', 5, 32.915221, 100],
    ['E6', 30, 373.859918, 20],
    ['E9', 100, 1423.298329, 8],
  ] as const)('row %s, %i slots: abandonment, busy, waits and queue', (_row, slots, acceptedPerHour, hours) => {
    const figures = run(
      { slots, draw: drawMarkovVisitor, leadsPerHour: () => acceptedPerHour / 0.2, hours, warmupHours: 2 },
      inviteEverybody,
    );
    const exact = erlangA(slots, acceptedPerHour / 3600, 1 / 240, 1 / 60);
    expectMean(figures, (figure) => figure.abandonmentShare, exact.abandonmentShare, 'abandoned');
    expectMean(figures, (figure) => figure.busyShare, exact.busyShare, 'busy');
    expectMean(figures, (figure) => figure.waitMeanSeconds, exact.waitMeanSeconds, 'wait');
    expectMean(figures, (figure) => figure.queueMean, exact.queueMean, 'queue');
    // Little's law for the invites that are out: rate x 10 s.
    expectMean(figures, (figure) => figure.pendingMean, (acceptedPerHour / 0.2 / 3600) * 10, 'pending');
    // Whoever waits gives up at rate 1/60: P(abandon) = E[wait] / 60.
    const paired = figures.map((figure) => figure.abandonmentShare - figure.waitMeanSeconds / 60);
    const bias = paired.reduce((sum, value) => sum + value, 0) / paired.length;
    expect(Math.abs(bias)).toBeLessThan(0.003);
  });
});

describe('progressive renewal: one invite for each free slot never lets anybody wait', () => {
  test.each([
    ['M', drawMarkovVisitor, 240 / (240 + 0.5 / 0.2 + (1 / 0.2 - 1) * 10 + 10)],
    ['W', drawWebVisitor, 0.716708],
  ] as const)('scenario %s: busy = handle / (handle + time to win the next chat)', (_name, draw, exact) => {
    const figures = run({ slots: 10, draw, leadsPerHour: null, hours: 20, warmupHours: 2 }, inviteOnePerFreeSlot);
    expect(figures.every((figure) => figure.abandoned === 0)).toBe(true);
    expectMean(figures, (figure) => figure.busyShare, exact, 'busy');
  });
});

/** A rule that keeps its own account of what becomes of invites; who says nothing for 30 s has let his time out. */
function countInvites(rule: InviteRule) {
  const counts = { issued: 0, accepted: 0, rejected: 0, timedOut: 0 };
  const sentAt = new Map<string, number>();
  const counting: InviteRule = {
    setSlots: (slots, at) => rule.setSlots(slots, at),
    requestPermit: (inviteId, at) => {
      const permit = rule.requestPermit(inviteId, at);
      if (permit.granted) {
        counts.issued += 1;
        sentAt.set(inviteId, at);
      }
      return permit;
    },
    inviteEnded: (inviteId, outcome, at) => {
      const since = sentAt.get(inviteId);
      if (since === undefined) throw new Error(`${inviteId} ended and was not out`);
      sentAt.delete(inviteId);
      if (outcome === 'accepted') counts.accepted += 1;
      else counts[at - since >= 30_000 ? 'timedOut' : 'rejected'] += 1;
      rule.inviteEnded(inviteId, outcome, at);
    },
    chatQueued: (chatId, at) => rule.chatQueued(chatId, at),
    chatStarted: (chatId, at) => rule.chatStarted(chatId, at),
    chatAbandoned: (chatId, at) => rule.chatAbandoned(chatId, at),
    slotReleased: (chatId, at) => rule.slotReleased(chatId, at),
    refresh: (at) => rule.refresh(at),
  };
  return { counting, counts };
}

test.each([
  ['everybody', inviteEverybody, () => 400],
  ['one for each free slot', inviteOnePerFreeSlot, null],
] as const)('conservation, %s: issued = accepted + rejected + timed out + pending', (_name, create, leadsPerHour) => {
  for (const seed of seeds) {
    const { counting, counts } = countInvites(create());
    const { hours, slots } = { hours: 2, slots: 10 };
    const figures = simulatePacing({ slots, draw: drawWebVisitor, leadsPerHour, hours, seed }, counting);
    const { issued, accepted, rejected, timedOut } = counts;
    expect(issued).toBe(accepted + rejected + timedOut + figures.pendingAtEnd);
    expect([issued, accepted]).toEqual([figures.invites, figures.accepted]);
    expect(Math.min(accepted, rejected, timedOut)).toBeGreaterThan(50);
  }
});

test('the same seed gives the same run, another seed another, and the rule does not change the visitors', () => {
  const scenario = { slots: 5, draw: drawWebVisitor, leadsPerHour: () => 200, hours: 5 };
  const one = simulatePacing({ ...scenario, seed: 1 }, inviteEverybody());
  expect(simulatePacing({ ...scenario, seed: 1 }, inviteEverybody())).toEqual(one);
  expect(simulatePacing({ ...scenario, seed: 2 }, inviteEverybody())).not.toEqual(one);
});
