/** A run's result as tests of summaries and reports need it: plausible, whole, and the same for the same seed. No system is modelled. */
import { StatServer } from '#core/statistics/stat-server.ts';
import { readStatistics } from '#node/read-settings.ts';
import { readDefaultStrategies } from '#testbed/load-scenario-strategies.ts';
import type { AgentRow, AgentState, PacingPoint, SeriesPoint } from '#protocol/run-feed.ts';
import type { Scenario, Threshold } from '#protocol/scenario.ts';
import type { Figures, RunResult } from '#testbed/run-result.ts';
import { parseThreshold } from '#testbed/thresholds.ts';

const GROUP = 'Web Engagement Chat';
const BUCKET_MS = 10_000;

export const FIXTURE_NAMES = {
  groups: [GROUP],
  rules: ['Searched three times', 'Left the <basket>'],
  queues: ['Webengagement_Qualified', 'Webengagement_Failed'],
} as const;

export interface FixtureRun {
  readonly seed?: number;
  readonly thresholds?: readonly string[];
  readonly figures?: Partial<Figures>;
  readonly scenario?: Partial<Scenario>;
  readonly result?: Partial<RunResult>;
}

export function createFixtureScenario(thresholds: readonly string[] = ['abandonmentShare <= 3%']): Scenario {
  return {
    name: 'fixture',
    about: 'A shop & its <visitors>, one hour',
    seed: 1,
    startsAt: Date.UTC(2026, 2, 2, 8),
    timeZone: 'Europe/Berlin',
    warmupMs: 600_000,
    durationMs: 3_600_000,
    traffic: { visits: [{ atMs: 0, visitsPerHour: 3_000 }], visitDepth: 10.67, pageEvents: 2, visitEvents: 0.1 },
    site: {
      name: 'shop',
      domain: 'www.shop.example',
      languageCode: 'en-US',
      identities: { signInShare: 0.5, userInfoShare: 0.3, signOutShare: 0.2 },
      events: [],
      pages: [
        {
          id: 'home',
          url: 'https://www.shop.example/',
          title: 'Shop',
          entryWeight: 1,
          dwell: { kind: 'exponential', meanMs: 40_000 },
          next: [{ page: 0, weight: 1 }],
          events: [],
        },
      ],
    },
    rules: [],
    categories: [],
    groups: [
      {
        name: GROUP,
        channel: 'chat',
        agents: 5,
        capacity: 2,
        handleTime: { kind: 'lognormal', meanMs: 360_000, cv: 0.8 },
        afterWork: { kind: 'constant', meanMs: 30_000 },
        answerTime: { kind: 'constant', meanMs: 0 },
        breakShare: 0,
        breakTime: { kind: 'constant', meanMs: 600_000 },
      },
    ],
    visitors: {
      acceptShare: 0.3,
      rejectShare: 0.3,
      responseTime: { kind: 'lognormal', meanMs: 8_000, cv: 1 },
      inviteTimeoutMs: 30_000,
      patience: { kind: 'exponential', meanMs: 90_000 },
      registration: null,
      reactive: null,
    },
    options: {},
    pacedBy: 'algorithm',
    strategies: readDefaultStrategies(),
    fidelity: 'improved',
    cluster: { frontends: 1, backends: 1 },
    faults: [],
    whatIf: [],
    captions: [{ atMs: 900_000, text: 'The room <fills> up' }],
    thresholds: thresholds.map(readThreshold),
  };
}

export function createFixtureResult(given: FixtureRun = {}): RunResult {
  const seed = given.seed ?? 1;
  const scenario = { ...createFixtureScenario(given.thresholds), ...given.scenario };
  const random = createRandom(seed);
  const totalMs = scenario.warmupMs + scenario.durationMs;
  const buckets = Math.floor(totalMs / BUCKET_MS);
  const series = Array.from({ length: buckets }, (_, index) => createPoint((index + 1) * BUCKET_MS, random));
  return {
    scenario,
    mode: 'sim',
    seed,
    simulatedSeconds: totalMs / 1_000,
    windowSeconds: scenario.durationMs / 1_000,
    figures: { ...createFigures(random), ...given.figures },
    refusals: { noPermit: 60, visitorGone: 6 },
    statistics: createStatistics(),
    deviations: ['service:wes/x: it is absent: "rule" holds, where the original takes no value'],
    pacingNotices: [],
    series,
    pacing: series.map((point) => createPacing(point, random)),
    agents: ['agent-1', 'agent-2'].map((id) => createAgent(id, totalMs, random)),
    waits: Array.from({ length: 74 }, (_, index) => (index < 50 ? 0 : (index - 49) * 1.1)),
    acceptShare: scenario.visitors.acceptShare,
    faults: [],
    whatIfs: [],
    ...given.result,
  };
}

/** Of an empty stat server: what is in a run's is a matter of its own tests. */
function createStatistics(): RunResult['statistics'] {
  return new StatServer(readStatistics(createFixtureScenario())).report(0);
}

function readThreshold(text: string): Threshold {
  const threshold = parseThreshold(text, FIXTURE_NAMES);
  if (!threshold.ok) throw new Error(threshold.message);
  return threshold.value;
}

function createFigures(random: () => number): Figures {
  const accepted = 74;
  const abandoned = Math.floor(random() * 3);
  return {
    visits: 3_012,
    pageViews: 32_140,
    events: 131_580,
    requests: 169_744,
    hotLeads: 312,
    invites: { allowed: 2_940, sent: 246, accepted, rejected: 71, timeout: 95, failed: 6 },
    hitShare: accepted / 246,
    chats: { started: accepted - abandoned, abandoned, completed: 70 },
    abandonmentShare: abandoned / accepted,
    busyShare: 0.74 + random() / 20,
    waitSeconds: { mean: 1.234_567, p50: 0, p90: 3.1, p95: 4.2 + random(), p99: 9.9 },
    lines: { shown: 180, refreshTimeouts: 0 },
    lineSeconds: { p50: 1.1, p95: 1.9, max: 2 },
    occupancy: { [GROUP]: 0.88 },
    queues: {
      Webengagement_Qualified: { entered: 312, left: 312 },
      Webengagement_Failed: { entered: 72, left: 72 },
    },
    dropped: 0,
    rules: { 'Searched three times': 200, 'Left the <basket>': 112 },
  };
}

function createPoint(atMs: number, random: () => number): SeriesPoint {
  const sent = random() < 0.5 ? 1 : 0;
  return {
    atMs,
    bucketMs: BUCKET_MS,
    visits: Math.round(8.3 + (random() - 0.5) * 8),
    pageViews: Math.round(89 + (random() - 0.5) * 40),
    events: Math.round(365 + (random() - 0.5) * 150),
    hotLeads: sent + (random() < 0.2 ? 1 : 0),
    refused: random() < 0.2 ? 1 : 0,
    allowed: Math.floor(random() * 3),
    sent,
    accepted: random() < 0.2 ? 1 : 0,
    rejected: random() < 0.2 ? 1 : 0,
    timeout: random() < 0.2 ? 1 : 0,
    failed: 0,
    chatsStarted: random() < 0.2 ? 1 : 0,
    chatsCompleted: random() < 0.2 ? 1 : 0,
    abandoned: random() < 0.01 ? 1 : 0,
    visitsInProgress: 350,
    waiting: random() < 0.1 ? 1 : 0,
    busySlots: 7 + random() * 2,
    slots: 10,
    firings: { 'Searched three times': random() < 0.5 ? 1 : 0, 'Left the <basket>': random() < 0.3 ? 1 : 0 },
  };
}

function createPacing(point: SeriesPoint, random: () => number): PacingPoint {
  return {
    atMs: point.atMs,
    group: GROUP,
    allowed: point.allowed,
    sent: point.sent,
    pending: 3,
    waiting: point.waiting,
    slots: 10,
    busy: Math.round(point.busySlots),
    slotIsAgent: false,
    releasesSoon: 0.4,
    acceptDelaySeconds: 8,
    risk: random() * 0.05,
    limit: 0.029,
    idle: null,
    idleLimit: null,
    binding: 'risk',
    reactive: null,
    ledger: Math.sin(point.atMs / 600_000),
    hitShare: 0.28,
    abandonmentShare: 0.014,
    busyShare: 0.76,
    abandonmentRange: [0.005, 0.04],
    busyRange: null,
    sentence: '2 invites: the next would cost 0.039',
  };
}

function createAgent(id: string, totalMs: number, random: () => number): AgentRow {
  const states: readonly AgentState[] = ['ready', 'busy', 'afterWork'];
  const strip: [number, AgentState][] = [];
  for (let atMs = 0; atMs < totalMs; atMs += 30_000 + Math.floor(random() * 400_000)) {
    strip.push([atMs, states[strip.length % 3] ?? 'ready']);
  }
  return { id, group: GROUP, state: 'busy', reason: null, chats: 1, capacity: 2, served: 14, busyShare: 0.76, strip };
}

/** mulberry32: enough for a fixture. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
