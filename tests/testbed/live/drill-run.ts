/**
 * One drill: a live run of real processes under load, hurt again and again while a witness asks for service, then brought
 * to rest and told as a history.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assert } from '#core/assert.ts';
import type { NodeRole } from '#node/node-ipc.ts';
import type { StoreChoice } from '#ports/store-choice.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { askHealth } from '#testbed/live/launcher-health.ts';
import { createLiveRun, JOURNALS, type LiveRun } from '#testbed/live/live-run.ts';
import { checkParity, type ParityReport } from '#testbed/parity/check-parity.ts';
import type { DrillTimes } from './drill-checkers.ts';
import { readIds, readJournals, type DrillHistory, type Outage } from './drill-history.ts';
import { listIDs, readStored } from './drill-read-back.ts';
import { Witness } from './drill-witness.ts';

export const DRILL_TIMES: DrillTimes = {
  interactionMsMax: 75_000,
  waitMsMax: 60_000,
  restoreMs: 30_000,
  backMsMax: 5_000,
};

/** The same with a Cassandra that is up. */
export const CASSANDRA_DRILL_TIMES: DrillTimes = { ...DRILL_TIMES, backMsMax: 20_000 };

export interface DrillOrder {
  readonly seed: number;
  readonly frontends: number;
  readonly backends: number;
  /** Nodes to kill, one after the other. */
  readonly victims: readonly string[];
  /** 0 <= x < 1: when the next one is killed, over two seconds. */
  readonly random: () => number;
  /** Another entry point for a role: what a negative control has in place of the product's. */
  readonly scripts?: Partial<Record<NodeRole, string>>;
  /** Absent: SQLite. */
  readonly store?: StoreChoice;
  /** What a negative control does to the stores when all nodes have ended, before they are read back. */
  readonly tamper?: (store: StoreChoice, folder: string) => Promise<void>;
}

export interface DrillFindings {
  readonly history: DrillHistory;
  readonly parity: ParityReport;
  readonly crash: string | null;
  /** What nodes said at level error or above, or outside their logs. */
  readonly complaints: readonly string[];
  readonly crowd: Readonly<Record<string, number>>;
  readonly eventsPerSecond: number;
  readonly seconds: number;
}

/** So that a form that a visitor has left open is over soon. */
const SHORT_FORMS = { 'wmsg.connector.registrationFormExpirationTime': 20 };
const VISITS_PER_HOUR = 70_000;
const OFFSET_MS_MAX = 2_000;
/** A node that is not back by now is not waited for any longer. */
const BACK_MS_MAX = 30_000;
const LOOK_MS = 20;
const WARM_UP_MS = 3_000;
const CALM_MS = 4_000;
/** Domain time after the clients have left: longer than any interaction may still take. */
const REST_MS = 80_000;
/** The same until their desks, missed for ten seconds of wall time, have been given up, and their chats with them. */
const DESERTED_MS = 280_000;
const REST_SPEED = 20;

export async function runDrill(order: DrillOrder): Promise<DrillFindings> {
  const folder = mkdtempSync(join(tmpdir(), 'drill-'));
  try {
    return await runIn(folder, order);
  } finally {
    if (process.env['DRILLS_KEEP'] === undefined) rmSync(folder, { recursive: true });
    else console.log(`kept: ${folder}`);
  }
}

async function runIn(folder: string, order: DrillOrder): Promise<DrillFindings> {
  const startedMs = performance.now();
  const complaints: string[] = [];
  const { store = 'sqlite' } = order;
  const run = await createLiveRun(scenarioOf(order), {
    seed: order.seed,
    store,
    folder,
    journal: true,
    onLog: (node, line) => {
      if (isComplaint(line)) complaints.push(`${node}: ${line}`);
    },
    ...scriptsOf(order),
  });
  try {
    const beganMs = performance.now();
    const { outages, witness } = await hurt(run, order);
    const eventsPerSecond = ((run.crowd()['eventsSent'] ?? 0) * 1_000) / (performance.now() - beganMs);
    const clientsLeftAt = await rest(run, order.scripts === undefined ? DESERTED_MS : REST_MS);
    await run.end();
    const { leadsMade, leadsStored, contactCenter, sent, visits } = readJournals(join(folder, JOURNALS));
    await order.tamper?.(store, folder);
    const { stored, listed } = await readStored(store, folder, visits);
    const crowd = run.crowd();
    const history: DrillHistory = {
      acknowledged: new Set([...readIds(join(folder, 'acknowledged.ids')), ...witness.acknowledged]),
      sent: new Set([...sent, ...readIds(join(folder, 'seeded.ids')), ...witness.sent]),
      stored,
      listed,
      contactCenter,
      leadsMade,
      leadsStored,
      outages,
      clientsLeftAt,
      refusedRequests: (crowd['requestsRefused'] ?? 0) + witness.refused,
    };
    const parity = checkParity(join(folder, JOURNALS));
    const seconds = (performance.now() - startedMs) / 1_000;
    return { history, parity, crash: run.crash?.message ?? null, complaints, crowd, eventsPerSecond, seconds };
  } finally {
    await run.abandon();
  }
}

/** About 200 events a second for as long as it takes. */
function scenarioOf({ frontends, backends }: DrillOrder): Scenario {
  const loaded = loadScenario('scenarios/live-smoke.yaml', { set: ['duration=2h'] });
  assert(loaded.ok, 'the scenario of the drills is valid');
  const traffic = { ...loaded.value.traffic, visits: [{ atMs: 0, visitsPerHour: VISITS_PER_HOUR }] };
  const options = { ...loaded.value.options, 'service:wmsg': SHORT_FORMS };
  return { ...loaded.value, traffic, options, cluster: { frontends, backends } };
}

export function scriptsOf({ scripts }: Pick<DrillOrder, 'scripts'>): { scriptOf?: (role: NodeRole) => string } {
  if (scripts === undefined) return {};
  return { scriptOf: (role) => scripts[role] ?? join(process.cwd(), 'servers/host/nodes', ENTRY_POINTS[role]) };
}

const ENTRY_POINTS: Readonly<Record<NodeRole, string>> = {
  store: 'store-node.ts',
  contactCenter: 'contact-center-node.ts',
  balancer: 'balancer-node.ts',
  backend: 'backend-node.ts',
  frontend: 'frontend-node.ts',
  crowd: 'crowd-node.ts',
};

async function hurt(run: LiveRun, order: DrillOrder): Promise<{ outages: readonly Outage[]; witness: Witness }> {
  const { cluster } = run;
  const witness = new Witness(cluster.balancerUrl, () => cluster.clock.now());
  const outages: Outage[] = [];
  cluster.clock.resume();
  await sleep(WARM_UP_MS);
  for (const node of order.victims) {
    await sleep(order.random() * OFFSET_MS_MAX);
    const killedMs = performance.now();
    await cluster.kill(node);
    const restarted = cluster.restart(node);
    const [outage] = await Promise.all([untilServed(run, witness, node, killedMs), restarted]);
    outages.push(outage);
    if (run.crash !== undefined) break;
  }
  await sleep(CALM_MS);
  return { outages, witness };
}

/** From the kill until a fresh request is acknowledged and every node finds itself well. */
async function untilServed(run: LiveRun, witness: Witness, node: string, killedMs: number): Promise<Outage> {
  const endMs = killedMs + BACK_MS_MAX;
  const waitedFor = new Set<string>();
  while (performance.now() < endMs && run.crash === undefined) {
    const unwell = await findUnwell(run);
    if (unwell === null && (await witness.post())) break;
    waitedFor.add(unwell ?? 'a fresh request');
    await sleep(LOOK_MS);
  }
  return { node, backMs: performance.now() - killedMs, waitedFor: [...waitedFor] };
}

/** What fails the first node that is not well; null: all are. */
async function findUnwell(run: LiveRun): Promise<string | null> {
  const nodes = run.cluster.nodes().filter(({ role }) => role !== 'crowd');
  const down = nodes.find(({ phase }) => phase !== 'up');
  if (down !== undefined) return `${down.name} is ${down.phase}`;
  const healths = await Promise.all(
    nodes.map(async ({ name, role, port }) => ({ name, ...(await askHealth(role, port)) })),
  );
  const unwell = healths.find(({ failing }) => failing !== null);
  return unwell === undefined ? null : `${unwell.name}: ${unwell.failing}`;
}

/** Lets the clients go, then time pass quickly for `restMs`. Gives the moment at which they left. */
export async function rest(run: LiveRun, restMs = REST_MS): Promise<number> {
  const { clock } = run.cluster;
  const leftAt = clock.now();
  await run.cluster.stopCrowd();
  clock.setSpeed(REST_SPEED);
  while (clock.now() < leftAt + restMs && run.crash === undefined) await sleep(LOOK_MS);
  return leftAt;
}

export async function listStored(run: LiveRun): Promise<readonly string[]> {
  const store = run.cluster.readBack();
  const stored = await listIDs(store);
  store.close();
  return stored;
}

function isComplaint(line: string): boolean {
  const level = /^\{"level":"(\w+)"/.exec(line)?.[1];
  return level === undefined || level === 'error' || level === 'fatal';
}
