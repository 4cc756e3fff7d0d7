/**
 * The thread of one run: reads the scenario, drives the simulator or a live cluster for the screen, and writes the report when
 * asked. What goes wrong with the scenario is told as a failed run, every fault with its place.
 */
import { parentPort } from 'node:worker_threads';
import { present } from '#core/assert.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { StoreChoice } from '#ports/store-choice.ts';
import type { RunUpdate } from '#protocol/run-feed.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { expectedTraffic } from '#testbed/expectation.ts';
import type { RunResult } from '#testbed/run-result.ts';
import { optionsOf, readSettings } from '#node/read-settings.ts';
import { createSimRun } from '#testbed/sim-run.ts';
import { accessBackends } from '#host/backend-access.ts';
import type { BackendAccess } from '#host/run-control.ts';
import { chooseStore, isStoreFault } from '#host/commands/choose-store.ts';
import { kindOf } from '#host/find-store.ts';
import { createRunDriver, type RunDriver, type RunIdentity } from '#host/run-driver.ts';
import type { FromRunWorker, ToRunWorker } from '#host/run-worker-messages.ts';
import type { SteppedRun } from '#host/stepped-run.ts';
import { describeProblems, loadStarted } from '#host/started-scenario.ts';

const port = present(parentPort, 'parent thread: run-worker.ts is started by worker-run-control.ts');
const clock = { now: () => performance.now(), later };

type Begin = Extract<ToRunWorker, { readonly type: 'begin' }>;

let driver: Pick<RunDriver, 'command'> | undefined;
/** The run whose decisions can be asked for, as soon as there is one. */
let explained: (() => Pick<SteppedRun, 'explainDecisionAt'> | undefined) | undefined;
let describeReport: (() => Promise<string | undefined>) | undefined;
/** The way to the Backends, as soon as they are up. */
let reachBackends: (() => Promise<BackendAccess>) | undefined;

port.on('message', (message: ToRunWorker) => {
  switch (message.type) {
    case 'begin':
      return begin(message);
    case 'command':
      return obey(() => driver?.command(message.command));
    case 'report':
      return void report(message.id);
    case 'decision': {
      const { id, group, atMs } = message;
      return post({ type: 'decision', id, decision: explained?.()?.explainDecisionAt(group, atMs) });
    }
    case 'access':
      return void tellAccess(message.id);
    case 'end':
      // Of this thread alone; what it has started ends with it (node-process.ts).
      return process.exit(0);
    default:
      return undefined;
  }
});

function begin(order: Begin): void {
  const { scenariosFolder, command } = order;
  const loaded = loadStarted(scenariosFolder, command.scenario, command.traffic);
  if (!loaded.ok) return post({ type: 'refused', why: describeProblems(loaded.problems, scenariosFolder) });
  const scenario = loaded.value;
  const seed = command.seed ?? scenario.seed;
  if (command.mode === 'live') return void beginLive(order, scenario, seed);
  beginSimulated(order, scenario, seed);
}

function beginSimulated(order: Begin, scenario: Scenario, seed: number): void {
  const run = createSimRun(scenario, { seed, stream: true });
  const simulated = createRunDriver({
    run,
    identity: identityOf(order, scenario, seed),
    captions: scenario.captions,
    speed: order.command.speed,
    post: tell,
    clock,
  });
  driver = simulated;
  explained = () => run;
  describeReport = () => describe(run.result(), order);
  simulated.begin();
}

/** Loaded when it is asked for: a simulated run needs none of it. */
async function beginLive(order: Begin, scenario: Scenario, seed: number): Promise<void> {
  const { folder, command } = order;
  const { LiveDriver } = await import('#host/live-driver.ts');
  const { createLiveRun } = await import('#testbed/live/live-run.ts');
  let taken: StoreChoice | undefined;
  const live = new LiveDriver({
    async launch({ onStore, ...hooks }) {
      const { name, contactPoints } = order.store;
      const { store, about } = await chooseStore(name, scenario, contactPoints ?? undefined);
      taken = store;
      onStore({ kind: kindOf(store), about });
      const choice = { seed, store, folder, journal: false, proxies: true, stream: true, ...hooks };
      const run = await createLiveRun(scenario, choice);
      reachBackends = () => accessBackends(run.cluster, optionsOf(scenario));
      return run;
    },
    dropStored: () => dropStored(taken),
    scenario,
    store: order.store,
    expectation: expectedTraffic(scenario),
    identity: identityOf(order, scenario, seed),
    speed: command.speed,
    post: tell,
    clock,
  });
  driver = live;
  explained = () => live.run;
  describeReport = async () => (live.run === undefined ? undefined : describe(live.run.result(), order));
  await live.begin();
}

/** The keyspace of a run alone; what else it wrote is in its folder, which the host removes. */
async function dropStored(store: StoreChoice | undefined): Promise<void> {
  if (store === undefined || typeof store === 'string') return;
  const { dropCassandraKeyspace } = await import('#stores/cassandra/cassandra-stores.ts');
  try {
    await dropCassandraKeyspace(store);
  } catch (error) {
    if (!isStoreFault(error)) throw error;
    tell({ type: 'error', message: `The run's keyspace ${store.keyspace} stays: ${error.message}` });
  }
}

async function describe(result: RunResult, { command, store, version }: Begin): Promise<string> {
  /** Loaded when it is asked for: most of what a report needs, a run doesn't. */
  const { describeRunReport } = await import('#host/run-report.ts');
  return describeRunReport(result, { ...command, store }, version);
}

function identityOf({ runId, command }: Begin, scenario: Scenario, seed: number): RunIdentity {
  const settings = readSettings(optionsOf(scenario), scenario.visitors.inviteTimeoutMs);
  return {
    runId,
    scenario: scenario.name,
    scenarioFile: command.scenario,
    about: scenario.about,
    mode: command.mode,
    seed,
    startsAt: scenario.startsAt,
    timeZone: scenario.timeZone,
    warmupMs: scenario.warmupMs,
    profile: scenario.traffic.visits,
    traffic: command.traffic,
    goal: { target: settings.target, share: settings.goalShare },
  };
}

/** Answers in any case; a report that can't be written ends the run's thread in words, as a crash. */
async function report(id: number): Promise<void> {
  post({ type: 'report', id, html: await describeReport?.() });
}

async function tellAccess(id: number): Promise<void> {
  post({ type: 'access', id, access: await reachBackends?.() });
}

/** What a command can't do just now is told on the screen. */
function obey(command: () => void): void {
  try {
    command();
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    tell({ type: 'error', message: error.message });
  }
}

function later(callback: () => void, ms: number): () => void {
  if (ms <= 0) {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  }
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

function tell(update: RunUpdate): void {
  post({ type: 'update', update });
}

function post(message: FromRunWorker): void {
  port.postMessage(message);
}
