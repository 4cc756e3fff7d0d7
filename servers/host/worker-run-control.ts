/**
 * One run at a time, simulated or live, each in a worker of its own: the host's thread stays free, and a run that crashes ends as a
 * failed run in words. The worker stays after the end of its run, for the report and the logs, until the next run begins; the nodes
 * of a live run never outlive it.
 */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DecisionReply } from '#protocol/control-api.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { LiveState, StoreRequest } from '#protocol/run-feed-live.ts';
import type { RunCommand, RunStatus, RunUpdate } from '#protocol/run-feed.ts';
import type { BackendAccess, RunControl } from '#host/run-control.ts';
import { createCounterpartControl } from '#host/counterpart-control.ts';
import { parseLiveSpeed } from '#host/live-speed.ts';
import { createRunHistory, type RunHistory } from '#host/run-history.ts';
import type { FromRunWorker, ToRunWorker } from '#host/run-worker-messages.ts';

export interface WorkerRunControlOptions {
  /** Folder of the scenario files. */
  readonly scenariosFolder: string;
  /** The product's, for reports. */
  readonly version: string;
  /** Of live runs whose start names none; absent: auto. */
  readonly store?: StoreRequest;
}

interface Thread {
  readonly runId: string;
  readonly worker: Worker;
  /** For what its nodes keep; null: it has none. */
  readonly folder: string | null;
  readonly ended: Promise<void>;
  /** What has been asked and not answered yet, by number. */
  readonly reports: Map<number, (html: string | undefined) => void>;
  readonly decisions: Map<number, (decision: DecisionReply | undefined) => void>;
  readonly accesses: Map<number, (access: BackendAccess | undefined) => void>;
  crashed: boolean;
}

const END_MS_MAX = 500;

export function createWorkerRunControl(options: WorkerRunControlOptions): RunControl {
  const { scenariosFolder, version, store: usual = { name: 'auto', contactPoints: null } } = options;
  const listeners = new Set<(update: RunUpdate) => void>();
  const history: RunHistory = createRunHistory();
  const offer = (update: RunUpdate): void => {
    for (const listener of listeners) listener(update);
  };
  const counterpart = createCounterpartControl(scenariosFolder, offer);
  let thread: Thread | undefined;
  /** All that ran before has ended: live nodes of two runs would share the machine. */
  let before: Promise<void> = Promise.resolve();
  let started = 0;
  let asked = 0;

  const tell = (update: RunUpdate): void => {
    history.add(update);
    offer(update);
    counterpart.follow(update);
  };

  function start(command: Extract<RunCommand, { readonly type: 'start' }>): void {
    if (command.mode === 'live') parseLiveSpeed(command.speed);
    started += 1;
    const runId = `${command.scenario.replace(/\.ya?ml$/i, '')}-${started}`;
    if (thread) before = Promise.all([before, end(thread)]).then(() => undefined);
    const store = command.store ?? usual;
    const loading = loadingStatus(runId, command, store);
    const begun = createThread(loading, (update) => {
      if (thread === begun) tell(update);
    });
    thread = begun;
    tell({ type: 'status', status: loading });
    const folder = begun.folder ?? '';
    void before.then(() => post(begun, { type: 'begin', runId, scenariosFolder, version, store, folder, command }));
  }

  function requireThread(what: string): Thread {
    if (thread && !thread.crashed) return thread;
    throw new OperatingError('CONFLICT', `Nothing runs that could be asked to ${what}: start a scenario first`);
  }

  return {
    command(command) {
      if (command.type === 'start') return start(command);
      if (command.type === 'compare') return counterpart.compare(command.pacedBy);
      // Who looks at a log asks for it again and again, also when nothing writes it any more.
      if (command.type === 'logs' && (!thread || thread.crashed)) return;
      post(requireThread(command.type), { type: 'command', command });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => history.snapshot(counterpart.snapshot()),
    async report(runId) {
      const asking = thread;
      if (!asking || asking.crashed || asking.runId !== runId) return undefined;
      asked += 1;
      const id = asked;
      return new Promise((resolve) => {
        asking.reports.set(id, resolve);
        post(asking, { type: 'report', id });
      });
    },
    async decision(runId, group, atMs) {
      const asking = thread;
      if (!asking || asking.crashed || asking.runId !== runId) return undefined;
      asked += 1;
      const id = asked;
      return new Promise((resolve) => {
        asking.decisions.set(id, resolve);
        post(asking, { type: 'decision', id, group, atMs });
      });
    },
    async backendAccess(runId) {
      const asking = thread;
      if (!asking || asking.crashed || asking.runId !== runId) return undefined;
      asked += 1;
      const id = asked;
      return new Promise((resolve) => {
        asking.accesses.set(id, resolve);
        post(asking, { type: 'access', id });
      });
    },
    async close() {
      listeners.clear();
      const ending = thread;
      thread = undefined;
      await counterpart.close();
      if (ending) await end(ending);
      await before;
    },
  };
}

function createThread(loading: RunStatus, tell: (update: RunUpdate) => void): Thread {
  const worker = new Worker(new URL('./run-worker.ts', import.meta.url), { name: `run ${loading.runId}` });
  const folder = loading.mode === 'live' ? mkdtempSync(join(tmpdir(), 'engage-live-')) : null;
  const ended = new Promise<void>((done) => worker.once('exit', () => done()));
  const thread: Thread = {
    runId: loading.runId,
    worker,
    folder,
    ended,
    reports: new Map(),
    decisions: new Map(),
    accesses: new Map(),
    crashed: false,
  };
  let status = loading;
  const fail = (why: string): void => {
    thread.crashed = true;
    answerNobody(thread);
    tell({ type: 'status', status: { ...status, state: 'failed', failure: why, reachedSpeed: 0 } });
  };
  worker.on('message', (message: FromRunWorker) => {
    switch (message.type) {
      case 'update':
        if ('status' in message.update) status = message.update.status;
        return tell(message.update);
      case 'refused':
        return fail(message.why);
      case 'report':
        thread.reports.get(message.id)?.(message.html);
        return thread.reports.delete(message.id);
      case 'decision':
        thread.decisions.get(message.id)?.(message.decision);
        return thread.decisions.delete(message.id);
      case 'access':
        thread.accesses.get(message.id)?.(message.access);
        return thread.accesses.delete(message.id);
      default:
        return undefined;
    }
  });
  worker.on('error', (error) => {
    console.error(`run ${loading.runId} crashed:`, error);
    fail(
      `${loading.mode === 'live' ? 'The testbed' : 'The simulator'} crashed: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  return thread;
}

function post(thread: Thread, message: ToRunWorker): void {
  thread.worker.postMessage(message);
}

/**
 * Asks the thread to end, which kills what it has started, and ends it by force when it does not: then the channels to its nodes
 * break, and they end by that.
 */
async function end({ worker, ended, folder, ...thread }: Thread): Promise<void> {
  answerNobody(thread);
  worker.postMessage({ type: 'end' } satisfies ToRunWorker);
  const timer = setTimeout(() => void worker.terminate(), END_MS_MAX);
  await ended;
  clearTimeout(timer);
  if (folder !== null) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** What will never be answered is answered with nothing. */
function answerNobody({ reports, decisions, accesses }: Pick<Thread, 'reports' | 'decisions' | 'accesses'>): void {
  for (const resolve of [...reports.values(), ...decisions.values(), ...accesses.values()]) resolve(undefined);
  reports.clear();
  decisions.clear();
  accesses.clear();
}

/** What is known of a run before its worker has read the scenario. */
function loadingStatus(
  runId: string,
  command: Extract<RunCommand, { readonly type: 'start' }>,
  store: StoreRequest,
): RunStatus {
  return {
    runId,
    scenario: command.scenario.replace(/\.ya?ml$/i, ''),
    scenarioFile: command.scenario,
    about: '',
    mode: command.mode,
    seed: command.seed ?? 0,
    state: 'loading',
    failure: null,
    speed: command.speed,
    reachedSpeed: 0,
    virtualMs: 0,
    startsAt: 0,
    timeZone: 'UTC',
    warmupMs: 0,
    totalMs: 1,
    thresholds: [],
    expectation: {
      visitsPerSecond: 0,
      pageViewsPerSecond: 0,
      eventsPerSecond: 0,
      eventsVariancePerSecond: 0,
      visitSeconds: 0,
    },
    profile: [],
    traffic: command.traffic,
    goal: { target: 'ABANDONMENT_RATE', share: 0 },
    pacing: null,
    whatIfs: [],
    pacingNotices: [],
    caption: null,
    live: command.mode === 'live' ? { ...NOT_LAUNCHED, store: { asked: store, kind: null, about: '' } } : null,
  };
}

const NOT_LAUNCHED: Omit<LiveState, 'store'> = {
  doing: 'Making room for the nodes.',
  nodes: [],
  clockLagMs: null,
  latenessMs: null,
  startsDropped: 0,
  eventsAcknowledged: 0,
  faults: [],
  findings: null,
};
