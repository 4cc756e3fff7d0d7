/** The stat server against a recount of the facts, before and after a restart, and against a run's figures. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALLBACK_DELIVERY_GROUP } from '#core/contact-center-settings.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { PROVISIONED_STATISTICS } from '#core/statistics/provisioned-statistics.ts';
import { StatServer } from '#core/statistics/stat-server.ts';
import { optionsOf, readSettings, readStatistics } from '#node/read-settings.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { Bench, SETTINGS, GROUP } from '#tests/core/engagement/contact-center-bench.ts';
import { runToRest, smallLiveSmoke } from '#tests/sim/sim-stage.ts';
import { scenarioOf } from '#tests/testbed/scenario-of.ts';
import { passagesOf, recount } from './recount.ts';

const CHAT = SETTINGS.queues.chat;
const CHOICE = { autoStop: true, queues: SETTINGS.queues, groups: [GROUP], goal: null };

function statisticsOf(facts: readonly Fact[], choice = CHOICE): StatServer {
  const server = new StatServer(choice);
  for (const fact of facts) server.observe(fact);
  return server;
}

/** Statistics that differ from the recount, over all queues and filters that either knows. */
function differences(server: StatServer, facts: readonly Fact[], chatQueue = CHAT): readonly string[] {
  const passages = passagesOf(facts, chatQueue, 'New');
  const told = server.statistics();
  const broken: string[] = [];
  for (const { name, medium, measure } of PROVISIONED_STATISTICS) {
    const own = passages.filter((passage) => passage.medium === medium);
    for (const queue of new Set(own.map((passage) => passage.queue))) {
      const rules = new Set(own.map(({ rule }) => rule).filter((rule) => rule !== undefined));
      for (const filter of ['all', 'Webengagement_filter', ...[...rules].map((rule) => `Webengagement_rule_${rule}`)]) {
        const expected = recount(
          own,
          measure,
          (passage) =>
            passage.queue === queue &&
            (filter === 'all' ||
              (filter === 'Webengagement_filter' ? passage.isOurs : filter.endsWith(`_${passage.rule}`))),
        );
        const row = told.find((one) => one.statistic === name && one.queue === queue && one.filter === filter);
        if ((row?.value ?? 0) !== expected)
          broken.push(`${name} of ${queue}, ${filter}: ${row?.value}, not ${expected}`);
      }
    }
  }
  return broken;
}

describe('the stat server', () => {
  test('counts in a simulated run what a recount of its facts counts, at every moment', () => {
    const scenario = smallLiveSmoke();
    const { facts } = runToRest(scenario, 5);
    const { queues } = readSettings(optionsOf(scenario), scenario.visitors.inviteTimeoutMs);
    const server = new StatServer(readStatistics(scenario));
    const moments = new Set([
      facts.length,
      ...Array.from({ length: 40 }, (_, n) => Math.ceil((facts.length * n) / 40)),
    ]);
    let waiting = 0;
    facts.forEach((fact, index) => {
      server.observe(fact);
      if (!moments.has(index + 1)) return;
      expect(differences(server, facts.slice(0, index + 1), queues.chat)).toEqual([]);
      waiting += server.queues.value('chat', queues.chat, 'Webengagement_chat_filter', 'currentInQueue');
    });
    expect(waiting).toBeGreaterThan(0);
    expect(server.queues.value('chat', queues.chat, 'all', 'currentInQueue')).toBe(0);
  });

  test('would be found out: with one fact left out the recount differs', () => {
    const { facts } = runToRest(smallLiveSmoke(), 5);
    const left = facts.findIndex((fact) => fact.kind === 'interactionMoved' && fact.after === 'invited');
    const server = new StatServer(readStatistics(smallLiveSmoke()));
    facts.forEach((fact, index) => index === left || server.observe(fact));
    expect(differences(server, facts, 'Webengagement_Chat')).not.toEqual([]);
  });

  test('keeps entered less moved equal to what is in the queue, whatever is told in whatever order, also twice', () => {
    let repeated = 0;
    fc.assert(
      fc.property(fc.array(anyChatFact, { maxLength: 60, size: 'max' }), fc.nat(1), (facts, autoStop) => {
        const server = new StatServer({ ...CHOICE, autoStop: autoStop === 1 });
        for (const fact of facts) {
          server.observe(fact);
          const before = server.statistics();
          server.observe(fact);
          expect(server.statistics()).toEqual(before);
          repeated += 1;
          for (const { counts } of server.queues.rows()) {
            const inQueue = counts.measure('currentInQueue');
            expect(inQueue).toBe(counts.entered - counts.left);
            expect(inQueue).toBeGreaterThanOrEqual(counts.measure('currentWaitingProcessing'));
            expect(counts.measure('currentWaitingProcessing')).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(repeated).toBeGreaterThan(1_000);
  });

  test('has after a restart in its queues what the one before had, and counts from nothing', () => {
    const bench = new Bench({ autoStop: false });
    bench.login('a1', 1, 0);
    for (const visit of ['v1', 'v2', 'v3', 'v4']) bench.lead(visit, 1_000);
    for (const [place, visit] of ['v1', 'v2', 'v3'].entries()) {
      bench.disposition(visit, `i${place + 1}`, 'shown', 2_000);
      bench.disposition(visit, `i${place + 1}`, place === 2 ? 'reject' : 'acceptCall', 3_000);
    }
    for (const visit of ['v1', 'v2']) {
      bench.visitor({ type: 'chatRequest', visitID: visit, interactionId: `i${visit.slice(1)}` }, 4_000);
    }
    const choice = { ...CHOICE, autoStop: false };
    const before = statisticsOf(bench.facts, choice);
    const after = new StatServer(choice);
    after.takeUp(bench.storedRows());
    const current = (server: StatServer): string[] =>
      server.queues
        .rows()
        .map(({ queue, filter, counts }) => {
          const [inQueue, waiting] = [counts.measure('currentInQueue'), counts.measure('currentWaitingProcessing')];
          return inQueue === 0 ? '' : `${queue} ${filter} ${inQueue} ${waiting}`;
        })
        .filter((row) => row !== '')
        .sort();
    expect(current(after)).toEqual(current(before));
    expect(current(after)).toContain(`${CHAT} Webengagement_chat_filter 2 1`);
    expect(after.queues.rows().every(({ counts }) => counts.entered === 0 && counts.left === 0)).toBe(true);

    const told = bench.facts.length;
    bench.killAndRecover(5_000);
    bench.visitor({ type: 'chatLeft', visitID: 'v2' }, 6_000);
    for (const fact of bench.facts.slice(told)) {
      before.observe(fact);
      after.observe(fact);
    }
    expect(current(after)).toEqual(current(before));
    expect(current(after)).toContain(`${CHAT} Webengagement_chat_filter 1 1`);
  });

  test('has callbacks in their queue from the time that was agreed on until an agent dials, again each time', () => {
    const voice = 'Web Engagement Voice';
    const bench = new Bench({ defaultChannel: 'proactiveCallback', voiceGroups: [voice], phoneNumberKey: 'Phone' });
    const inQueue: number[] = [];
    const look = (): void => {
      const server = statisticsOf(bench.facts);
      expect(differences(server, bench.facts)).toEqual([]);
      inQueue.push(server.queues.value('webcallback', 'New', 'Webengagement_voice_filter', 'currentInQueue'));
      const again = new StatServer(CHOICE);
      again.takeUp(bench.storedRows());
      inQueue.push(again.queues.value('webcallback', 'New', 'Webengagement_rule_Cart', 'currentInQueue'));
    };
    const callback = { chatId: 'cb-i1', agentId: 'b1' };
    bench.desk(
      {
        type: 'login',
        agentId: 'b1',
        group: voice,
        capacity: 1,
        alsoIn: [CALLBACK_DELIVERY_GROUP],
        ready: true,
        chats: [],
      },
      0,
    );
    bench.lead('v1', 100);
    const asked = { type: 'callbackRequest', visitID: 'v1', interactionId: 'i1', phone: '1', inMs: 60_000 } as const;
    bench.visitor(asked, 200);
    look();
    bench.ringUntil(60_200);
    look();
    bench.desk({ type: 'answer', ...callback }, 61_000);
    look();
    bench.desk({ type: 'dialed', ...callback, outcome: 'noAnswer' }, 62_000);
    bench.ringUntil(2 * 3_600_000);
    look();
    expect(inQueue).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
    const server = statisticsOf(bench.facts);
    expect(server.queues.value('webcallback', 'New', 'Webengagement_chat_filter', 'totalEntered')).toBe(0);
    expect(server.queues.value('webcallback', 'New', 'all', 'currentWaitingProcessing')).toBe(0);
    expect(server.queues.value('webcallback', 'New', 'all', 'totalEntered')).toBe(2);
  });

  test("has the same key figures as the run's summary, where there is no warm-up", () => {
    const { figures, statistics } = runScenario(scenarioOf({ durationMs: 2 * 3_600_000 }), { seed: 4 });
    const { kpis } = statistics;
    expect(kpis.hitShare).toBe(figures.hitShare);
    expect(kpis.abandonment).toEqual({ share: figures.abandonmentShare, goalShare: 0.03 });
    expect(kpis.busy).toEqual({ share: figures.busyShare, goalShare: null });
    expect(kpis.invites.used).toBe(figures.invites.sent);
    expect(kpis.invites.permitted).toBeGreaterThanOrEqual(kpis.invites.used);
    expect(kpis.funnel.hotLeads.total).toBe(figures.hotLeads);
    const { accepted, rejected, timeout, failed } = kpis.funnel;
    expect([accepted.total, rejected.total, timeout.total, failed.total]).toEqual([
      figures.invites.accepted,
      figures.invites.rejected,
      figures.invites.timeout,
      figures.invites.failed,
    ]);
    expect(kpis.byRule).toEqual({ 'Sees the cart': kpis.funnel });
    expect(kpis.funnel.hotLeads.lastHour).toBeLessThan(kpis.funnel.hotLeads.total);
    expect(kpis.chats.handling).toBe(figures.chats.started - figures.chats.completed);
  });

  test('goes by the goal that pacing was told last', () => {
    const server = new StatServer({ ...CHOICE, goal: { target: 'ABANDONMENT_RATE', share: 0.03 } });
    server.takeUp([{ kind: 'pacingCommand', id: 'w1', at: 1, serial: 1, change: { goalShare: 0.05 } }]);
    expect(server.kpis(2).abandonment.goalShare).toBe(0.05);
    expect(server.kpis(2).busy.goalShare).toBeNull();
  });
});

const anyChatFact: fc.Arbitrary<Fact> = fc
  .record({
    chatId: fc.constantFrom('c1', 'c2', 'c3'),
    state: fc.constantFrom(
      'queued' as const,
      'offered' as const,
      'recalled' as const,
      'started' as const,
      'transferred' as const,
      'abandoned' as const,
      'completed' as const,
    ),
    isOurs: fc.boolean(),
  })
  .map(({ chatId, state, isOurs }) => ({
    kind: 'chat',
    at: 1,
    state,
    again: false,
    chatId,
    visitID: chatId,
    origin: isOurs ? 'proactive' : 'reactive',
    agentId: null,
    waitMs: 0,
    ...(state === 'queued' ? { userData: isOurs ? { rule: 'Cart' } : {} } : {}),
  }));
