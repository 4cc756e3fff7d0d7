/**
 * A simulated run from its start until it is at rest, with all that was told and stored on the way; and the laws that hold
 * whatever was done to its nodes. Visitors come for a while, then nobody comes any more.
 */
import type { Fact } from '#core/statistics/fact.ts';
import { EngagementTotals } from '#core/statistics/engagement-totals.ts';
import { isTerminal, type InteractionState } from '#core/engagement/interaction.ts';
import { optionsOf, readSettings } from '#node/read-settings.ts';
import type { Fault, Scenario } from '#protocol/scenario.ts';
import { createSimulation } from '#testbed/sim-nodes.ts';
import type { Simulation } from '#sim/simulation.ts';
import { loadScenario } from '#testbed/load-scenario.ts';

/** After the last arrival: the longest visits, chats and silences are over, and whoever waits for a restart has had it. */
const REST_MS = 45 * 60_000;

export interface Rest {
  readonly simulation: Simulation;
  readonly totals: EngagementTotals;
  readonly facts: readonly Fact[];
  /** Event ids in the order in which they went into the history. */
  readonly stored: readonly string[];
  /** Event ids that browsers sent to a Frontend. */
  readonly sent: ReadonlySet<string>;
  readonly faults: readonly string[];
  /** Everything that happened, in order, as one text. */
  readonly story: string;
}

export function smallLiveSmoke(changes: Partial<Scenario> = {}, arrivingMs = 20_000): Scenario {
  const loaded = loadScenario('scenarios/live-smoke.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { value } = loaded;
  const rate = value.traffic.visits[0]?.visitsPerHour ?? 0;
  return {
    ...value,
    traffic: {
      ...value.traffic,
      visits: [
        { atMs: 0, visitsPerHour: rate },
        { atMs: arrivingMs, visitsPerHour: 0 },
      ],
    },
    ...changes,
  };
}

export function runToRest(scenario: Scenario, seed: number): Rest {
  const { autoStop, queues, chatGroups } = readSettings(optionsOf(scenario), scenario.visitors.inviteTimeoutMs);
  const totals = new EngagementTotals({ autoStop, chatQueue: queues.chat, groups: chatGroups });
  const facts: Fact[] = [];
  const stored: string[] = [];
  const sent = new Set<string>();
  const faults: string[] = [];
  const story: string[] = [];
  const simulation = createSimulation(scenario, {
    seed,
    store: 'sqlite',
    observer: {
      fact: (fact) => {
        totals.observe(fact);
        facts.push(fact);
        if (fact.kind !== 'pacing') story.push(JSON.stringify(fact));
      },
      fault: (atMs, fault, phase) => faults.push(`${atMs} ${fault.kind} ${fault.node} ${phase}`),
      event: ({ eventID }) => stored.push(eventID),
      journal: ({ node, at, input }) => {
        if (!isIntake(input)) return;
        for (const { eventID } of input.events) sent.add(eventID);
        story.push(`${node} ${at} ${input.requestId}`);
      },
    },
  });
  simulation.start();
  simulation.runUntil((20_000 + REST_MS) * 1_000);
  return { simulation, totals, facts, stored, sent, faults, story: story.join('\n') };
}

function isIntake(input: unknown): input is { requestId: number; events: readonly { eventID: string }[] } {
  return typeof input === 'object' && input !== null && 'type' in input && input.type === 'intake';
}

/** What is not as it must be once everything is at rest; empty: all is well. */
export function brokenLaws(rest: Rest): readonly string[] {
  return [...brokenIntake(rest), ...brokenInteractions(rest.facts), ...brokenTotals(rest.totals)];
}

function brokenIntake({ simulation, stored, sent }: Rest): readonly string[] {
  const broken: string[] = [];
  const once = new Set(stored);
  if (simulation.visitorsOnSite !== 0) broken.push(`${simulation.visitorsOnSite} visitors are still there`);
  if (simulation.requestsUnderWay !== 0) broken.push(`${simulation.requestsUnderWay} requests are under way`);
  if (simulation.dropped !== 0) broken.push(`${simulation.dropped} requests were given up`);
  if (once.size !== stored.length) broken.push(`${stored.length - once.size} events were stored twice`);
  if (once.size !== simulation.acknowledged) {
    broken.push(`${once.size} events are stored, ${simulation.acknowledged} acknowledged`);
  }
  const lost = [...sent].filter((id) => !once.has(id));
  if (lost.length > 0) broken.push(`${lost.length} events are lost: ${lost.slice(0, 3).join(', ')}`);
  return broken;
}

/** Every interaction ends, once; a visit has one that is open at a time. */
export function brokenInteractions(facts: readonly Fact[]): readonly string[] {
  const broken: string[] = [];
  const states = new Map<string, InteractionState>();
  const engaged = new Map<string, string>();
  for (const fact of facts) {
    if (fact.kind === 'inviteShown') states.set(fact.interactionId, 'shown');
    if (fact.kind !== 'interactionMoved') continue;
    const { interactionId, visitID, before, after } = fact;
    const state = states.get(interactionId) ?? null;
    if (state !== before) broken.push(`${interactionId} went from ${before} to ${after} when it was ${state}`);
    states.set(interactionId, after);
    const other = engaged.get(visitID);
    if (after === 'invited') {
      if (other !== undefined) broken.push(`${visitID} was invited to ${interactionId} while ${other} was open`);
      engaged.set(visitID, interactionId);
    } else if (isTerminal(after) && other === interactionId) engaged.delete(visitID);
  }
  for (const [id, state] of states) {
    if (!isTerminal(state) && state !== 'followUp') broken.push(`${id} ended as ${state}`);
  }
  return broken;
}

function brokenTotals(totals: EngagementTotals): readonly string[] {
  const broken: string[] = [];
  const { sent, accepted, rejected, timeout, inviteFailed, hotLeads, refused } = totals;
  const ended = accepted + rejected + timeout + inviteFailed;
  if (sent !== ended) broken.push(`${sent} invites sent, ${ended} ended`);
  if (hotLeads !== refused + sent) broken.push(`${hotLeads} hot leads, ${refused} refused, ${sent} invited`);
  const { chatsQueued, chatsStarted, chatsAbandoned, chatsCompleted } = totals;
  const { asked, completed, unreachable } = totals.callbacks;
  if (accepted !== chatsQueued - totals.reactive.letIn + asked) {
    broken.push(`${accepted} accepted, ${chatsQueued} chats, ${asked} callbacks`);
  }
  if (asked !== completed + unreachable) broken.push(`${asked} callbacks, ${completed + unreachable} ended`);
  // A chat is abandoned while it waits or rings, or after its agent did not come back.
  if (chatsStarted + chatsAbandoned < chatsQueued) {
    broken.push(`${chatsQueued} chats, ${chatsStarted} started, ${chatsAbandoned} abandoned`);
  }
  if (chatsCompleted > chatsStarted) broken.push(`${chatsStarted} started, ${chatsCompleted} completed`);
  if (totals.waitingChats !== 0) broken.push(`${totals.waitingChats} chats wait`);
  for (const [name, { busySlots }] of totals.groups) {
    if (busySlots.level !== 0) broken.push(`${name}: ${busySlots.level} slots are busy`);
  }
  return broken;
}

export function faultOf(kind: Fault['kind'], node: string, atMs = 8_000, forMs: number | null = 6_000): Fault {
  return { atMs, kind, node, forMs: kind === 'restart' ? null : forMs };
}
