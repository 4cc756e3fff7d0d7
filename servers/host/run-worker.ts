/**
 * The thread of one simulated run: reads the scenario, drives the simulator for the screen, and writes the report when asked.
 * What goes wrong with the scenario is told as a failed run, every fault with its place.
 */
import { dirname, relative, resolve } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { present } from '#core/assert.ts';
import type { Problem } from '#core/result.ts';
import { describeProblem, OperatingError } from '#protocol/operating-error.ts';
import type { RunUpdate, SizingTraffic } from '#protocol/run-feed.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { optionsOf, readSettings } from '#testbed/read-settings.ts';
import { createSimRun } from '#testbed/sim-run.ts';
import { createRunDriver, type RunDriver } from '#host/run-driver.ts';
import type { FromRunWorker, ToRunWorker } from '#host/run-worker-messages.ts';
import { scenarioPath } from '#host/scenarios-folder.ts';

const port = present(parentPort, 'parent thread: run-worker.ts is started by worker-run-control.ts');

let driver: RunDriver | undefined;
let describeReport: (() => Promise<string>) | undefined;

port.on('message', (message: ToRunWorker) => {
  switch (message.type) {
    case 'begin':
      return begin(message);
    case 'command':
      return obey(() => driver?.command(message.command));
    case 'report':
      return void report(message.id);
    default:
      return undefined;
  }
});

function begin({ runId, scenariosFolder, version, command }: Extract<ToRunWorker, { readonly type: 'begin' }>): void {
  const loaded = loadScenario(scenarioPath(scenariosFolder, command.scenario));
  if (!loaded.ok) return post({ type: 'refused', why: describeProblems(loaded.problems, scenariosFolder) });
  const scenario = command.traffic === null ? loaded.value : withTraffic(loaded.value, command.traffic);
  const seed = command.seed ?? scenario.seed;
  const run = createSimRun(scenario, { seed, stream: true });
  const settings = readSettings(optionsOf(scenario), scenario.visitors.inviteTimeoutMs);
  driver = createRunDriver({
    run,
    identity: {
      runId,
      scenario: scenario.name,
      scenarioFile: command.scenario,
      about: scenario.about,
      mode: 'sim',
      seed,
      startsAt: scenario.startsAt,
      timeZone: scenario.timeZone,
      warmupMs: scenario.warmupMs,
      profile: scenario.traffic.visits,
      traffic: command.traffic,
      goal: { target: settings.target, share: settings.goalShare },
    },
    captions: scenario.captions,
    speed: command.speed,
    post: (update) => post({ type: 'update', update }),
    clock: { now: () => performance.now(), later },
  });
  describeReport = async () => {
    /** Loaded when it is asked for: most of what a report needs, a run doesn't. */
    const { describeRunReport } = await import('#host/run-report.ts');
    return describeRunReport(run.result(), command, version);
  };
  driver.begin();
}

/** Sizing inputs in place of the scenario's traffic: steady, the site's mix as it is. */
function withTraffic(scenario: Scenario, traffic: SizingTraffic): Scenario {
  return {
    ...scenario,
    traffic: {
      visits: [{ atMs: 0, visitsPerHour: traffic.visitsPerHour }],
      visitDepth: traffic.pageViewsPerHour / traffic.visitsPerHour,
      pageEvents: traffic.pageEvents,
      visitEvents: traffic.visitEvents,
    },
  };
}

/** A line each; files as seen from beside the scenarios folder. */
function describeProblems(problems: readonly Problem[], scenariosFolder: string): string {
  const beside = dirname(resolve(scenariosFolder));
  return problems.map((problem) => describeProblem({ ...problem, file: relative(beside, problem.file) })).join('\n');
}

/** Answers in any case; a report that can't be written ends the run's thread in words, as a crash. */
async function report(id: number): Promise<void> {
  post({ type: 'report', id, html: await describeReport?.() });
}

/** What a command can't do just now is told on the screen. */
function obey(command: () => void): void {
  try {
    command();
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    const update: RunUpdate = { type: 'error', message: error.message };
    post({ type: 'update', update });
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

function post(message: FromRunWorker): void {
  port.postMessage(message);
}
