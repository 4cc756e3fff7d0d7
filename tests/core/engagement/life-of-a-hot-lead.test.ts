/** The life of a hot lead, path by path: what is sent, which queue it ends in, what pacing is told. */
import { describe, expect, test } from 'vitest';
import { Bench } from './contact-center-bench.ts';

function benchWithAgent(capacity = 1): Bench {
  const bench = new Bench();
  bench.login('a1', capacity, 0);
  return bench;
}

describe('the life of a hot lead', () => {
  test('a permit sends an invite, the chat request accepts it, and the chat goes to the free agent', () => {
    const bench = benchWithAgent();
    bench.lead('v1', 1_000);
    expect(bench.sent()).toEqual(['invite']);
    bench.disposition('v1', 'i1', 'shown', 1_100);
    bench.disposition('v1', 'i1', 'acceptCall', 5_000);
    expect(bench.path('v1')).toEqual(['Qualified', 'Engaged']);
    bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'i1' }, 5_000);
    expect(bench.path('v1')).toEqual(['Qualified', 'Engaged', 'Accepted']);
    expect(bench.sent()).toEqual(['chatUpdate', 'chatOffer']);
    bench.desk({ type: 'answer', agentId: 'a1', chatId: 'c-i1' }, 5_500);
    bench.desk({ type: 'finish', agentId: 'a1', chatId: 'c-i1' }, 60_000);
    bench.desk({ type: 'done', agentId: 'a1', chatId: 'c-i1' }, 90_000);
    expect(bench.pacer.told).toEqual([
      'slots 1',
      'permit i1',
      'ended i1 accepted',
      'queued c-i1',
      'started c-i1',
      'released c-i1',
    ]);
    const { totals } = bench;
    expect([totals.accepted, totals.chatsStarted, totals.chatsCompleted, totals.chatsAbandoned]).toEqual([1, 1, 1, 0]);
  });

  test('without a permit it ends in Failed at once, with the reason and the decision', () => {
    const bench = benchWithAgent();
    bench.pacer.grants = false;
    bench.lead('v1', 1_000);
    expect(bench.path('v1')).toEqual(['Qualified', 'Failed:noPermit']);
    expect(bench.sent()).toEqual([]);
    const failed = bench.facts.find((fact) => fact.kind === 'interactionMoved' && fact.to === 'Failed');
    expect(failed?.kind === 'interactionMoved' && failed.decision?.binding).toBe('risk');
  });

  test('without an agent logged in pacing is not even asked', () => {
    const bench = new Bench();
    bench.lead('v1', 1_000);
    expect(bench.path('v1')).toEqual(['Qualified', 'Failed:noAgents']);
    expect(bench.pacer.told).toEqual([]);
  });

  test.each([
    ['an open invite', 'inviteOpen', false],
    ['an open chat', 'chatOpen', true],
  ])('a visit with %s is not engaged again', (_what, reason, inChat) => {
    const bench = benchWithAgent(2);
    bench.lead('v1', 1_000);
    bench.disposition('v1', 'i1', 'shown', 1_100);
    if (inChat) bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'i1' }, 2_000);
    bench.lead('v1', 3_000);
    expect(bench.path('v1').at(-1)).toBe(`Failed:${reason}`);
    expect(bench.totals.sent).toBe(1);
  });

  test('a visitor who has left the site is not engaged', () => {
    const bench = benchWithAgent();
    bench.lead('v1', 1_000, { onSite: false });
    expect(bench.path('v1')).toEqual(['Qualified', 'Failed:visitorGone']);
  });

  test.each([
    ['reject', 'Rejected'],
    ['timeout', 'Timeout'],
    ['formAbandoned', 'Failed:formAbandoned'],
  ] as const)('the disposition %s of a shown invite ends in %s and tells pacing', (code, queue) => {
    const bench = benchWithAgent();
    bench.lead('v1', 1_000);
    bench.disposition('v1', 'i1', 'shown', 1_100);
    bench.disposition('v1', 'i1', code, 5_000);
    expect(bench.path('v1').at(-1)).toBe(queue);
    expect(bench.pacer.told.at(-1)).toBe('ended i1 other');
    expect(bench.contactCenter.engagement.open).toBe(0);
  });

  test('an invite that is not shown within engagementExpirationTime fails at that moment and not before', () => {
    const bench = benchWithAgent();
    bench.lead('v1', 1_000);
    bench.ringUntil(30_999);
    expect(bench.path('v1').at(-1)).toBe('Engaged');
    bench.ringUntil(31_000);
    expect(bench.path('v1').at(-1)).toBe('Failed:notShown');
  });

  test('a shown invite is not ended by engagementExpirationTime, but by silence after its own timeout', () => {
    const bench = benchWithAgent();
    bench.lead('v1', 1_000);
    bench.disposition('v1', 'i1', 'shown', 2_000);
    bench.ringUntil(41_999);
    expect(bench.path('v1').at(-1)).toBe('Engaged');
    bench.ringUntil(42_000);
    expect(bench.path('v1').at(-1)).toBe('Failed:silent');
  });

  test('an open registration form keeps the interaction Engaged until it expires', () => {
    const bench = benchWithAgent();
    bench.lead('v1', 0);
    bench.disposition('v1', 'i1', 'shown', 0);
    bench.disposition('v1', 'i1', 'acceptCall', 10_000);
    bench.ringUntil(129_999);
    expect(bench.path('v1').at(-1)).toBe('Engaged');
    bench.ringUntil(130_000);
    expect(bench.path('v1').at(-1)).toBe('Failed:formExpired');
  });

  test('what comes after the end changes nothing: a second chat request, a late reject', () => {
    const bench = benchWithAgent(2);
    bench.lead('v1', 0);
    bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'i1' }, 5_000);
    bench.visitor({ type: 'chatRequest', visitID: 'v1', interactionId: 'i1' }, 5_001);
    bench.disposition('v1', 'i1', 'reject', 5_002);
    expect(bench.path('v1')).toEqual(['Qualified', 'Engaged', 'Accepted']);
    expect(bench.totals.chatsQueued).toBe(1);
  });

  test("another visit's id can't answer an invite", () => {
    const bench = benchWithAgent();
    bench.lead('v1', 0);
    bench.disposition('v2', 'i1', 'reject', 1_000);
    bench.visitor({ type: 'chatRequest', visitID: 'v2', interactionId: 'i1' }, 1_000);
    expect(bench.path('v1')).toEqual(['Qualified', 'Engaged']);
  });

  test('the end of a visit ends its open invite in Failed', () => {
    const bench = benchWithAgent();
    bench.lead('v1', 0);
    bench.give({ type: 'visitEnded', visitID: 'v1' }, 9_000);
    expect(bench.path('v1').at(-1)).toBe('Failed:visitEnded');
  });

  test('defaultEngagementChannel engages without asking pacing', () => {
    const bench = new Bench({ defaultChannel: 'proactiveChat' });
    bench.pacer.grants = false;
    bench.lead('v1', 0);
    expect(bench.path('v1')).toEqual(['Qualified', 'Engaged']);
    expect(bench.pacer.told).toEqual([]);
  });

  test('an invite is sent only behind the commit of its interaction', () => {
    const bench = benchWithAgent();
    const effects = bench.lead('v1', 0);
    const commit = effects.findIndex((effect) => effect.type === 'commit');
    const invite = effects.findIndex((effect) => effect.type === 'toBackend');
    expect(commit).toBeGreaterThanOrEqual(0);
    expect(invite).toBeGreaterThan(commit);
  });
});
