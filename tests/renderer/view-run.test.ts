/** What the panels of a run say: tiles, verdict, funnel, traffic's band, rules, agents, and the stream's filter. */
import { describe, expect, it } from 'vitest';
import type { AgentRow, RunStatus, RunTotals, SeriesPoint, StreamItem } from '#protocol/run-feed.ts';
import { groupAgents, stripPaths } from '#renderer/view/agent-strip.ts';
import { describeRefusals, funnelStages } from '#renderer/view/funnel-stages.ts';
import { barsPath, createRuleMemory, ruleRows } from '#renderer/view/rule-rows.ts';
import { filterStream, NO_FILTER } from '#renderer/view/stream-filter.ts';
import { describeObserved, describeVerdict } from '#renderer/view/threshold-words.ts';
import { tileCourses, tileFigures } from '#renderer/view/tile-figures.ts';
import { meanRate, trafficRows } from '#renderer/view/traffic-rows.ts';
import { pacingSubject, streamSubject } from '#renderer/view/why-subject.ts';

const STATUS: RunStatus = {
  runId: 'run-1',
  scenario: 'guide-example',
  scenarioFile: 'guide-example.yaml',
  about: '',
  mode: 'sim',
  seed: 1,
  state: 'running',
  failure: null,
  speed: 1,
  reachedSpeed: 1,
  virtualMs: 1_800_000,
  startsAt: 0,
  timeZone: 'UTC',
  warmupMs: 1_200_000,
  totalMs: 4_800_000,
  thresholds: [],
  expectation: {
    visitsPerSecond: 0.8333,
    pageViewsPerSecond: 8.89,
    eventsPerSecond: 36.47,
    eventsVariancePerSecond: 3_000,
    visitSeconds: 320,
  },
  profile: [{ atMs: 0, visitsPerHour: 3_000 }],
  traffic: null,
  goal: { target: 'ABANDONMENT_RATE', share: 0.03 },
  pacing: null,
  whatIfs: [],
  pacingNotices: [],
  caption: null,
  live: null,
};
const TOTALS: RunTotals = {
  visits: 500,
  pageViews: 5_000,
  events: 22_000,
  hotLeads: 100,
  refused: 40,
  refusals: { noPermit: 38, inviteOpen: 2, noAgents: 0 },
  qualified: 100,
  engaged: 60,
  sent: 60,
  accepted: 18,
  rejected: 20,
  timeout: 15,
  failed: 3,
  callbacksAsked: 0,
  chatsStarted: 16,
  chatsCompleted: 12,
  abandoned: 1,
  dropped: 0,
  reactive: null,
  abandonmentShare: 0.0556,
  busyShare: 0.76,
  hitShare: 0.321,
};

function point(atMs: number, more: Partial<SeriesPoint> = {}): SeriesPoint {
  return {
    atMs,
    bucketMs: 1_000,
    visits: 0,
    pageViews: 0,
    events: 0,
    hotLeads: 0,
    refused: 0,
    allowed: 0,
    sent: 0,
    accepted: 0,
    rejected: 0,
    timeout: 0,
    failed: 0,
    chatsStarted: 0,
    chatsCompleted: 0,
    abandoned: 0,
    visitsInProgress: 0,
    waiting: 0,
    busySlots: 7.5,
    slots: 10,
    firings: {},
    ...more,
  };
}

describe('the tiles', () => {
  const series = Array.from({ length: 1_000 }, (_, i) =>
    point((i + 1) * 1_000, { visits: i % 2, events: 36, hotLeads: i % 10 === 0 ? 1 : 0, sent: i % 20 === 0 ? 1 : 0 }),
  );
  const tiles = new Map(tileFigures(STATUS, TOTALS, series).map((tile) => [tile.name, tile]));

  it('count rates over the last minute and leads over the last quarter of an hour', () => {
    expect(tiles.get('visits')).toMatchObject({ value: '0.50', unit: '/s', note: 'expected 0.83' });
    expect(tiles.get('events')).toMatchObject({ value: '36.0', note: 'expected 36.5' });
    expect(tiles.get('hotLeads')).toMatchObject({ value: '360', unit: '/h' });
    expect(tiles.get('invites')).toMatchObject({ value: '180', unit: '/h' });
  });

  it('alarm where a promise is broken, and only there', () => {
    expect(tiles.get('abandoned')).toMatchObject({ value: '5.6', unit: '%', alarm: true });
    expect(tiles.get('busy')).toMatchObject({ value: '76', alarm: false, note: '7.5 of 10 slots' });
    const kept = tileFigures(STATUS, { ...TOTALS, abandonmentShare: 0.029 }, series);
    expect(kept.filter(({ alarm }) => alarm)).toEqual([]);
    expect(tileFigures(STATUS, { ...TOTALS, dropped: 3 }, series).find(({ name }) => name === 'dropped')?.alarm).toBe(
      true,
    );
  });

  it('of a run that has counted nothing say so', () => {
    const empty = tileFigures(STATUS, { ...TOTALS, abandonmentShare: null, busyShare: null, hitShare: null }, []);
    expect(empty.map(({ value }) => value)).toEqual(['–', '–', '–', '–', '–', '–', '–', '0']);
  });

  it('have courses with gaps where nothing was counted', () => {
    expect(tileCourses([point(1_000, { slots: 0 }), point(2_000)]).busy).toEqual([null, 0.75]);
    expect(tileCourses([point(1_000)]).accepted).toEqual([null]);
  });
});

describe('the verdict', () => {
  const held = { expression: 'abandonmentShare <= 3%', observed: 0.02, pass: true };
  const broken = { expression: 'busyShare >= 60%', observed: 0.4, pass: false };
  const silent = { expression: 'waitSeconds.p95 < 30', observed: null, pass: null };

  it.each([
    [[held, held], 'running', false, '2 of 2 holding', 'good'],
    [[held, broken], 'running', false, '1 of 2 holding', 'bad'],
    [[held, broken], 'running', true, '1 of 2 holding', 'unknown'],
    [[held, silent], 'running', false, '1 of 2 holding', 'unknown'],
    [[silent], 'running', false, 'no data yet', 'unknown'],
    [[silent], 'finished', false, 'no data', 'bad'],
    [[held, silent], 'finished', false, '1 of 2 hold', 'bad'],
    [[held], 'finished', false, '1 of 1 hold', 'good'],
    [[], 'running', false, 'no thresholds', 'unknown'],
  ] as const)('of %j, %s, warm-up %s, is "%s" (%s)', (thresholds, state, isWarmup, text, tone) => {
    expect(describeVerdict(thresholds, state, isWarmup)).toEqual({ text, tone });
  });

  it('shows what was observed in the unit of its figure', () => {
    const observe = (expression: string, observed: number | null): string =>
      describeObserved({ expression, observed, pass: null }).replaceAll('\u202f', ' ');
    expect(observe('abandonmentShare <= 3%', 0.0214)).toBe('2.1 %');
    expect(observe('all: occupancy.Web Engagement Chat >= 60%', 0.82)).toBe('82 %');
    expect(observe('waitSeconds.p95 < 30', 12.44)).toBe('12.4 s');
    expect(observe('dropped == 0', 0)).toBe('0');
    expect(observe('waitSeconds.mean < 3', null)).toBe('no data');
  });
});

describe('the funnel', () => {
  it('follows every lead: on, lost, or still under way', () => {
    const stages = funnelStages(TOTALS);
    expect(stages.map(({ name, count, open }) => [name, count, open])).toEqual([
      ['Qualified', 100, 0],
      ['Engaged', 60, 4],
      ['Accepted', 18, 1],
      ['Started', 16, 4],
      ['Completed', 12, 0],
    ]);
    expect(stages[1]?.ofPrevious).toBeCloseTo(0.6, 10);
    expect(stages[1]?.losses.map(({ name, isFailure }) => [name, isFailure])).toEqual([
      ['rejected', false],
      ['timed out', false],
      ['failed', true],
    ]);
  });

  it('takes accepted invites to a callback for callbacks, not for chats that are still to begin', () => {
    const accepted = funnelStages({ ...TOTALS, accepted: 30, callbacksAsked: 12 })[2];
    expect(accepted).toMatchObject({ count: 30, open: 1 });
    expect(accepted?.losses[0]).toEqual({ name: 'callbacks', count: 12, isFailure: false });
  });

  it('shows no share above one, when more chats end than began since the warm-up', () => {
    expect(funnelStages({ ...TOTALS, chatsCompleted: 20 })[4]).toMatchObject({ count: 20, ofPrevious: null });
  });

  it('names refusals in words, the commonest first, and what it does not know by its own name', () => {
    expect(describeRefusals({ ...TOTALS.refusals, moon: 3 })).toEqual([
      { name: 'no permit from pacing', count: 38 },
      { name: 'moon', count: 3 },
      { name: 'an invite was open already', count: 2 },
    ]);
  });
});

describe('traffic', () => {
  it('has a Poisson band of two deviations around what its rate implies', () => {
    const [row] = trafficRows(
      [point(60_000, { bucketMs: 60_000, visits: 45, events: 2_200 })],
      STATUS.expectation,
      STATUS.profile,
    );
    const deviation = (2 * Math.sqrt((3_000 / 3_600) * 60)) / 60;
    expect(row?.visits).toBeCloseTo(0.75, 10);
    expect(row?.visitsBand.high).toBeCloseTo(3_000 / 3_600 + deviation, 6);
    expect(row?.visitsBand.low).toBeCloseTo(3_000 / 3_600 - deviation, 6);
    expect(row?.eventsBand?.mean).toBe(36.47);
  });

  it('follows a profile, bucket by bucket, and has no band of events then', () => {
    const profile = [
      { atMs: 0, visitsPerHour: 3_600 },
      { atMs: 30_000, visitsPerHour: 7_200 },
    ];
    expect(meanRate(profile, 0, 60_000)).toBeCloseTo(1.5, 10);
    expect(meanRate(profile, 40_000, 50_000)).toBeCloseTo(2, 10);
    expect(meanRate([], 0, 1)).toBe(0);
    const [row] = trafficRows([point(60_000, { bucketMs: 60_000 })], STATUS.expectation, profile);
    expect(row?.visitsBand.mean).toBeCloseTo(1.5, 10);
    expect(row?.eventsBand).toBeNull();
  });
});

describe('rules', () => {
  it('keep their order and their row, fired or not', () => {
    const rulesOf = createRuleMemory();
    const first = rulesOf('run', [point(1_000, { firings: { b: 1 } })]);
    const second = rulesOf('run', [point(2_000, { firings: { a: 2, b: 0 } })]);
    expect([first, second]).toEqual([['b'], ['b', 'a']]);
    expect(rulesOf('run', [])).toBe(second);
    expect(rulesOf('another', [])).toEqual([]);
    const rows = ruleRows([point(60_000, { bucketMs: 60_000, firings: { a: 3 } })], second);
    expect(rows.map(({ rule, total, perMinute }) => [rule, total, perMinute])).toEqual([
      ['b', 0, 0],
      ['a', 3, 3],
    ]);
    expect(
      barsPath(
        rows[0] ?? { rule: '', bars: [], total: 0, perMinute: 0 },
        { fromMs: 0, toMs: 60_000, width: 100, height: 10, max: 4 },
        60_000,
      ),
    ).toBe('');
    expect(
      barsPath(
        rows[1] ?? { rule: '', bars: [], total: 0, perMinute: 0 },
        { fromMs: 0, toMs: 60_000, width: 100, height: 10, max: 4 },
        60_000,
      ),
    ).toBe('M0.0 10v-7.5h86.0v7.5z');
  });
});

describe('agents', () => {
  it('have strips in which each state has a height of its own, cut to the window', () => {
    const paths = stripPaths(
      [
        [0, 'ready'],
        [50, 'busy'],
        [150, 'afterWork'],
        [180, 'loggedOut'],
      ],
      { fromMs: 100, toMs: 200 },
      190,
      100,
      10,
    );
    expect(paths).toEqual([
      { state: 'busy', d: 'M0.0 10h50.0v-10.0h-50.0z' },
      { state: 'afterWork', d: 'M50.0 10h30.0v-6.2h-30.0z' },
    ]);
  });

  it('are counted by group and state', () => {
    const agent = (id: string, group: string, state: AgentRow['state'], chats: number): AgentRow => ({
      id,
      group,
      state,
      chats,
      capacity: 2,
      served: 0,
      busyShare: 0,
      reason: null,
      strip: [],
    });
    const [chat, voice] = groupAgents([
      agent('1', 'chat', 'busy', 2),
      agent('2', 'voice', 'ready', 0),
      agent('3', 'chat', 'afterWork', 1),
    ]);
    expect(chat).toMatchObject({ name: 'chat', slots: 4, busySlots: 3, byState: { busy: 1, afterWork: 1, ready: 0 } });
    expect(voice).toMatchObject({ name: 'voice', slots: 2, busySlots: 0 });
  });
});

describe('the stream', () => {
  const item = (
    n: number,
    kind: StreamItem['kind'],
    name: string,
    text: string,
    visitID: string | null,
  ): StreamItem => ({ n, atMs: n, kind, visitID, name, text, why: null });
  const items = [
    item(1, 'page', 'PageEntered', 'Tents', 'v1'),
    item(2, 'rule', 'Left the basket', 'hot lead', 'v1'),
    item(3, 'business', 'Search', 'dock on Search results', 'v2'),
    item(4, 'invite', 'Left the basket', 'Engaged', 'v1'),
    item(5, 'agent', 'agent-1', 'busy', null),
  ];
  const found = (text: string, kinds: StreamItem['kind'][] = []): number[] =>
    filterStream(items, { text, kinds: new Set(kinds) }, 100).map(({ n }) => n);

  it('is shown newest first, and no more than asked for', () => {
    expect(filterStream(items, NO_FILTER, 2).map(({ n }) => n)).toEqual([5, 4]);
  });

  it.each([
    ['', [], [5, 4, 3, 2, 1]],
    ['', ['rule', 'invite'], [4, 2]],
    ['basket', [], [4, 2]],
    ['BASKET engaged', [], [4]],
    ['visit:v1', [], [4, 2, 1]],
    ['visit:v1 tents', [], [1]],
    ['rule:"left the b"', [], [4, 2]],
    ['rule:"left', [], [4, 2]],
    ['rule:left', ['rule'], [2]],
    ['nothing of that', [], []],
  ] as const)('filtered by "%s" and %j leaves %j', (text, kinds, left) => {
    expect(found(text, [...kinds])).toEqual(left);
  });

  it('explains a line by its why, and a line without one by its words', () => {
    const why = { sentences: ['Because.'], figures: [{ name: 'risk', value: '0.04' }], record: { at: 1 } };
    expect(streamSubject({ ...item(7, 'pacing', 'refused', 'no permit', 'v1'), why })).toMatchObject({
      sentences: ['Because.'],
      visitID: 'v1',
      record: { at: 1 },
    });
    expect(streamSubject(item(8, 'page', 'PageEntered', 'Tents', 'v1')).sentences).toEqual(['Tents']);
    const pacing = pacingSubject({
      atMs: 5,
      group: 'chat',
      allowed: 2,
      sent: 1,
      pending: 3,
      waiting: 0,
      slots: 10,
      busy: 8,
      slotIsAgent: false,
      releasesSoon: 0.4,
      acceptDelaySeconds: 8,
      risk: 0.0391,
      limit: 0.0288,
      idle: null,
      idleLimit: null,
      binding: 'risk',
      reactive: null,
      abandonmentRange: null,
      busyRange: null,
      ledger: 1.5,
      hitShare: 0.29,
      abandonmentShare: null,
      busyShare: 0.8,
      sentence: '2 invites',
    });
    expect(pacing.figures).toContainEqual({ name: 'slots busy', value: '8 of 10' });
    expect(pacing.figures).toContainEqual({ name: 'abandoned since the start', value: '–' });
  });
});
