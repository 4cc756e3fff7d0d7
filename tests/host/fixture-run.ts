/**
 * A stand-in for the simulator behind the host's SteppedRun, for tests of the host and the screen alone: Poisson-ish counts, agents
 * that change state, decisions with a why. Deterministic; no system is modelled.
 */
import { changePacing, describePacingChange } from '#core/pacing/pacing-command.ts';
import type { SteppedRun } from '#host/stepped-run.ts';
import type {
  AgentRow,
  AgentState,
  PacingInForce,
  PacingPoint,
  RunTotals,
  SeriesPoint,
  StreamItem,
  StreamKind,
  WhatIfMark,
  Why,
} from '#protocol/run-feed.ts';

export interface FixtureOptions {
  readonly totalMs: number;
  readonly warmupMs: number;
  readonly visitsPerSecond: number;
  readonly agents: number;
  /** Wall work that a virtual second costs, iterations of an idle loop. */
  readonly loadPerSecond?: number;
}

const RULES = ['Searched three times', 'Compared products', 'Left the basket', 'Read support pages'];
const STATES: readonly AgentState[] = ['ready', 'busy', 'busy', 'busy', 'afterWork', 'notReady'];
const PAGES = ['/', '/laptops', '/laptops/zen-14', '/phones', '/basket', '/support/returns', '/search?q=dock'];

const FIXTURE_PACING: PacingInForce = {
  algorithm: 'SUPER_PROGRESSIVE',
  target: 'ABANDONMENT_RATE',
  goalShare: 0.03,
  proactiveShare: 0,
  pacedBy: 'algorithm',
};

type Counts = { -readonly [K in keyof RunTotals]: RunTotals[K] };
type Strip = [number, AgentState][];

export function createFixtureRun(options: FixtureOptions): SteppedRun {
  const { totalMs, warmupMs, visitsPerSecond } = options;
  const random = createRandom(7);
  const eventsPerSecond = visitsPerSecond * 43.8;
  let virtualMs = 0;
  /** End of the last whole second that was made up. */
  let secondsMs = 0;
  let n = 0;
  let sink = 0;
  let series: SeriesPoint[] = [];
  let pacing: PacingPoint[] = [];
  let stream: StreamItem[] = [];
  let ledger = 0;
  const whatIfs: WhatIfMark[] = [];
  const totals = emptyTotals();
  const agents = Array.from({ length: options.agents }, (_, index) => ({
    id: `agent-${String(index + 1).padStart(2, '0')}`,
    state: 'ready' as AgentState,
    chats: 0,
    served: 0,
    strip: [[0, 'ready']] as Strip,
  }));

  const poisson = (mean: number): number => {
    let count = 0;
    for (let rest = Math.exp(-mean), product = random(); product > rest; product *= random()) count += 1;
    return mean > 30
      ? Math.max(0, Math.round(mean + Math.sqrt(mean) * (random() + random() + random() - 1.5) * 2))
      : count;
  };
  const say = (kind: StreamKind, name: string, text: string, why: StreamItem['why'] = null): void => {
    n += 1;
    const visitID =
      kind === 'agent' || kind === 'pacing' ? null : `v-${(10_000 + Math.floor(random() * 400)).toString(36)}`;
    stream.push({ n, atMs: Math.max(0, virtualMs - Math.floor(random() * 1_000)), kind, visitID, name, text, why });
  };

  function second(): void {
    secondsMs += 1_000;
    virtualMs = secondsMs;
    for (let i = 0; i < (options.loadPerSecond ?? 0); i += 1) sink = (sink + i) % 1_013;
    const visits = poisson(visitsPerSecond);
    const events = poisson(eventsPerSecond);
    const hotLeads = poisson(visitsPerSecond / 8);
    const refused = hotLeads > 0 && random() < 0.45 ? Math.min(hotLeads, 1) : 0;
    const sent = hotLeads - refused;
    const accepted = sent > 0 && random() < 0.3 ? 1 : 0;
    const rejected = sent > 0 && accepted === 0 && random() < 0.4 ? 1 : 0;
    const timeout = sent - accepted - rejected;
    const abandoned = accepted > 0 && random() < 0.03 ? 1 : 0;
    const started = accepted - abandoned;
    const firings: Record<string, number> = {};
    for (let i = 0; i < hotLeads; i += 1) {
      const rule = RULES[Math.floor(random() ** 2 * RULES.length)] ?? 'Compared products';
      firings[rule] = (firings[rule] ?? 0) + 1;
      say('rule', rule, `fired on the 3rd matching event`, ruleWhy(rule, virtualMs));
    }
    for (let i = 0; i < events; i += 1) sayEvent(say, random);
    if (refused > 0) say('pacing', 'refused', 'no permit: risk 0.041 above the limit 0.029', pacingWhy(virtualMs));
    if (accepted > 0) say('invite', 'accepted', 'after 7.2 s');
    if (abandoned > 0) say('chat', 'abandoned', 'left after waiting 48 s');
    moveAgents();
    const busySlots = agents.reduce((sum, agent) => sum + agent.chats, 0);
    const slots = agents.length * 2;
    ledger = Math.max(-2, Math.min(4, ledger + accepted * 0.03 - abandoned + (random() - 0.5) * 0.05));
    series.push({
      atMs: virtualMs,
      bucketMs: 1_000,
      visits,
      pageViews: visits * 11,
      events,
      hotLeads,
      refused,
      allowed: poisson(0.2),
      sent,
      accepted,
      rejected,
      timeout,
      failed: refused,
      chatsStarted: started,
      chatsCompleted: started,
      abandoned,
      visitsInProgress: Math.round(visitsPerSecond * 500),
      waiting: random() < 0.1 ? 1 : 0,
      busySlots,
      slots,
      firings,
    });
    if (virtualMs > warmupMs) {
      addCounts(totals, {
        visits,
        pageViews: visits * 11,
        events,
        hotLeads,
        refused,
        qualified: hotLeads,
        engaged: sent,
        sent,
        accepted,
        rejected,
        timeout,
        failed: refused,
        chatsStarted: started,
        chatsCompleted: started,
        abandoned,
      });
      totals.refusals = { risk: totals.refused * 0.8, openInteraction: totals.refused * 0.2 };
    }
    totals.busyShare = busySlots / slots;
    totals.abandonmentShare = 0.021 + 0.006 * Math.sin(virtualMs / 90_000);
    totals.hitShare = 0.29;
    pacing.push({
      atMs: virtualMs,
      group: 'Web Engagement Chat',
      allowed: 2,
      sent,
      pending: 3,
      waiting: 0,
      slots,
      busy: busySlots,
      slotIsAgent: false,
      releasesSoon: 0.4,
      acceptDelaySeconds: 8,
      risk: 0.02 + 0.03 * random(),
      limit: 0.029,
      idle: null,
      idleLimit: null,
      ledger,
      hitShare: 0.29,
      binding: 'risk',
      reactive: null,
      abandonmentShare: totals.abandonmentShare,
      busyShare: totals.busyShare,
      abandonmentRange: [0.01, 0.05],
      busyRange: null,
      sentence:
        '2 invites: the next would cost 0.039 expected abandonments, the limit is 0.029; 2 agents free, 3 invites out at 29 %',
    });
  }

  function moveAgents(): void {
    for (const agent of agents) {
      if (random() > 0.02) continue;
      const state = STATES[Math.floor(random() * STATES.length)] ?? 'ready';
      if (state === agent.state) continue;
      agent.state = state;
      agent.chats = state === 'busy' ? 1 + Math.floor(random() * 2) : 0;
      if (state === 'busy') agent.served += 1;
      agent.strip.push([virtualMs, state]);
      if (agent.strip.length > 200) agent.strip.shift();
    }
  }

  return {
    get virtualMs() {
      return virtualMs;
    },
    totalMs,
    get finished() {
      return virtualMs >= totalMs;
    },
    expectation: {
      visitsPerSecond,
      pageViewsPerSecond: visitsPerSecond * 10.67,
      eventsPerSecond,
      eventsVariancePerSecond: eventsPerSecond * 1.6,
      visitSeconds: 320,
    },
    advanceTo(target, shouldYield) {
      while (secondsMs + 1_000 <= target) {
        if (shouldYield?.()) return virtualMs;
        second();
      }
      virtualMs = target;
      return virtualMs;
    },
    stepToDecision() {
      if (secondsMs < totalMs) second();
      return virtualMs;
    },
    get pacing() {
      return whatIfs.at(-1)?.after ?? FIXTURE_PACING;
    },
    whatIfs,
    pacingNotices: [],
    command(change) {
      const before = whatIfs.at(-1)?.after ?? FIXTURE_PACING;
      const after = changePacing(before, change);
      const commandId = `screen-${whatIfs.length + 1}`;
      const sentence = describePacingChange(before, after);
      whatIfs.push({ commandId, atMs: virtualMs, by: 'screen', before, after, sentence });
    },
    totals: () => ({ ...totals }),
    thresholdStates: () => [
      {
        expression: 'abandonmentShare <= 3%',
        observed: totals.abandonmentShare,
        pass: (totals.abandonmentShare ?? 1) <= 0.03,
      },
      { expression: 'busyShare >= 60%', observed: totals.busyShare, pass: (totals.busyShare ?? 0) >= 0.6 },
      {
        expression: 'waitSeconds.p95 < 30',
        observed: totals.accepted > 0 ? 12.4 : null,
        pass: totals.accepted > 0 ? true : null,
      },
      { expression: 'dropped == 0', observed: 0, pass: true },
    ],
    takeSeries() {
      const taken = series;
      series = [];
      return taken;
    },
    takePacing() {
      const taken = pacing;
      pacing = [];
      return taken;
    },
    explainDecisionAt: (group, atMs) => ({ group, atMs, bucketMs: 1_000, why: pacingWhy(atMs) }),
    agents: () =>
      agents.map((agent): AgentRow => ({
        id: agent.id,
        group: 'Web Engagement Chat',
        state: agent.state,
        chats: agent.chats,
        capacity: 2,
        served: agent.served,
        busyShare: 0.76,
        reason: null,
        strip: agent.strip.slice(),
      })),
    takeStream(limit) {
      const items = stream.slice(-limit);
      const skipped = stream.length - items.length;
      stream = [];
      return { items, skipped };
    },
  };
}

function sayEvent(say: (kind: StreamKind, name: string, text: string) => void, random: () => number): void {
  const page = PAGES[Math.floor(random() * PAGES.length)] ?? '/';
  const kind = random();
  if (kind < 0.02) say('visit', 'VisitStarted', `from ${page}`);
  else if (kind < 0.5) say('page', random() < 0.5 ? 'PageEntered' : 'PageExited', page);
  else if (kind < 0.53) say('identity', 'SignIn', 'customer 4711');
  else say('business', random() < 0.5 ? 'Search' : 'ProductViewed', `on ${page}`);
}

function ruleWhy(rule: string, atMs: number): StreamItem['why'] {
  return {
    sentences: [
      `"${rule}" fired because the visitor did the third matching thing within 5 minutes.`,
      'The first was 3 minutes 12 seconds before, and nothing reset the count in between.',
    ],
    figures: [
      { name: 'matching events', value: '3 of 3' },
      { name: 'window', value: '5 min' },
    ],
    record: { rule, at: atMs, matchedEvents: ['e-1', 'e-2', 'e-3'], values: { count: 3 } },
  };
}

function pacingWhy(atMs: number): Why {
  return {
    sentences: ['No invite: the next would cost 0.041 expected abandonments, and the limit is 0.029.'],
    figures: [
      { name: 'risk of the next', value: '0.041' },
      { name: 'limit', value: '0.029' },
      { name: 'agents free', value: '0 of 10 slots' },
    ],
    record: { at: atMs, binding: 'risk', risk: 0.041, limit: 0.029 },
  };
}

function emptyTotals(): Counts {
  return {
    visits: 0,
    pageViews: 0,
    events: 0,
    hotLeads: 0,
    refused: 0,
    refusals: {},
    qualified: 0,
    engaged: 0,
    sent: 0,
    accepted: 0,
    rejected: 0,
    timeout: 0,
    failed: 0,
    callbacksAsked: 0,
    chatsStarted: 0,
    chatsCompleted: 0,
    abandoned: 0,
    dropped: 0,
    abandonmentShare: null,
    busyShare: null,
    hitShare: null,
    reactive: null,
  };
}

type CountName = Exclude<keyof RunTotals, 'refusals' | 'abandonmentShare' | 'busyShare' | 'hitShare' | 'reactive'>;

function addCounts(totals: Counts, more: Partial<Record<CountName, number>>): void {
  for (const name of Object.keys(more) as CountName[]) totals[name] += more[name] ?? 0;
}

/** mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
