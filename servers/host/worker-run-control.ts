/**
 * One simulated run at a time, each in a worker of its own: the host's thread stays free, and a run that crashes ends as a failed
 * run in words. The worker stays after the end of its run, for the report, until the next run begins.
 */
import { Worker } from 'node:worker_threads';
import { OperatingError } from '#protocol/operating-error.ts';
import type { RunCommand, RunStatus, RunUpdate } from '#protocol/run-feed.ts';
import type { RunControl } from '#host/run-control.ts';
import { createRunHistory, type RunHistory } from '#host/run-history.ts';
import type { FromRunWorker, ToRunWorker } from '#host/run-worker-messages.ts';

export interface WorkerRunControlOptions {
  /** Folder of the scenario files. */
  readonly scenariosFolder: string;
  /** The product's, for reports. */
  readonly version: string;
}

interface Thread {
  readonly runId: string;
  readonly worker: Worker;
  readonly reports: Map<number, (html: string | undefined) => void>;
  crashed: boolean;
}

export function createWorkerRunControl({ scenariosFolder, version }: WorkerRunControlOptions): RunControl {
  const listeners = new Set<(update: RunUpdate) => void>();
  const history: RunHistory = createRunHistory();
  let thread: Thread | undefined;
  let started = 0;
  let asked = 0;

  const tell = (update: RunUpdate): void => {
    history.add(update);
    for (const listener of listeners) listener(update);
  };

  function start(command: Extract<RunCommand, { readonly type: 'start' }>): void {
    started += 1;
    const runId = `${command.scenario.replace(/\.ya?ml$/i, '')}-${started}`;
    if (thread) end(thread);
    const loading = loadingStatus(runId, command);
    const begun = createThread(loading, (update) => {
      if (thread === begun) tell(update);
    });
    thread = begun;
    tell({ type: 'status', status: loading });
    post(begun, { type: 'begin', runId, scenariosFolder, version, command });
  }

  function requireThread(what: string): Thread {
    if (thread && !thread.crashed) return thread;
    throw new OperatingError('CONFLICT', `Nothing runs that could be asked to ${what}: start a scenario first`);
  }

  return {
    command(command) {
      if (command.type === 'start') return start(command);
      post(requireThread(command.type), { type: 'command', command });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => history.snapshot(),
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
    async close() {
      listeners.clear();
      const ending = thread;
      thread = undefined;
      if (ending) await end(ending);
    },
  };
}

function createThread(loading: RunStatus, tell: (update: RunUpdate) => void): Thread {
  const worker = new Worker(new URL('./run-worker.ts', import.meta.url), { name: `run ${loading.runId}` });
  const thread: Thread = { runId: loading.runId, worker, reports: new Map(), crashed: false };
  let status = loading;
  const fail = (why: string): void => {
    thread.crashed = true;
    answerNobody(thread);
    tell({ type: 'status', status: { ...status, state: 'failed', failure: why, reachedSpeed: 0 } });
  };
  worker.on('message', (message: FromRunWorker) => {
    switch (message.type) {
      case 'update':
        if (message.update.type === 'progress') status = message.update.status;
        return tell(message.update);
      case 'refused':
        return fail(message.why);
      case 'report':
        thread.reports.get(message.id)?.(message.html);
        return thread.reports.delete(message.id);
      default:
        return undefined;
    }
  });
  worker.on('error', (error) => {
    console.error(`run ${loading.runId} crashed:`, error);
    fail(`The simulator crashed: ${error instanceof Error ? error.message : String(error)}`);
  });
  return thread;
}

function post(thread: Thread, message: ToRunWorker): void {
  thread.worker.postMessage(message);
}

async function end(thread: Thread): Promise<void> {
  answerNobody(thread);
  await thread.worker.terminate();
}

/** Reports that will never come are answered with none. */
function answerNobody(thread: Thread): void {
  for (const resolve of thread.reports.values()) resolve(undefined);
  thread.reports.clear();
}

/** What is known of a run before its worker has read the scenario. */
function loadingStatus(runId: string, command: Extract<RunCommand, { readonly type: 'start' }>): RunStatus {
  return {
    runId,
    scenario: command.scenario.replace(/\.ya?ml$/i, ''),
    scenarioFile: command.scenario,
    about: '',
    mode: 'sim',
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
    caption: null,
  };
}
