/**
 * The thread of a run's counterpart: the same scenario and seed in the simulator, paced by another rule and told nothing in mid-run,
 * advanced as far as the run has come, in slices, so that a later order never waits long.
 */
import { parentPort } from 'node:worker_threads';
import { present } from '#core/assert.ts';
import { bucketLengthFor } from '#protocol/control-api-series.ts';
import { compareTotals } from '#testbed/counterpart-figures.ts';
import { createSimRun, type SimRun } from '#testbed/sim-run.ts';
import type { FromCounterpart, ToCounterpart } from '#host/counterpart-messages.ts';
import { createSeriesFeed, type SeriesFeed } from '#host/run-series-feed.ts';
import { describeProblems, loadStarted } from '#host/started-scenario.ts';

const port = present(parentPort, 'parent thread: counterpart-worker.ts is started by counterpart-control.ts');

const SLICE_MS = 25;
const POST_EVERY_MS = 250;
const POINTS_MAX = 1_500;

type Reach = Extract<ToCounterpart, { readonly type: 'reach' }>;

let run: SimRun | undefined;
let feed: SeriesFeed | undefined;
let target: Reach | undefined;
let isWorking = false;
let postedAt = Number.NEGATIVE_INFINITY;

port.on('message', (message: ToCounterpart) => {
  if (message.type === 'begin') begin(message);
  else target = message;
  if (isWorking || run === undefined) return;
  isWorking = true;
  setImmediate(work);
});

function begin({ scenariosFolder, scenario, seed, traffic, pacedBy }: Extract<ToCounterpart, { type: 'begin' }>): void {
  const loaded = loadStarted(scenariosFolder, scenario, traffic);
  if (!loaded.ok) return post({ type: 'refused', why: describeProblems(loaded.problems, scenariosFolder) });
  run = createSimRun({ ...loaded.value, pacedBy, whatIf: [] }, { seed });
  feed = createSeriesFeed(run);
}

function work(): void {
  isWorking = false;
  if (run === undefined || feed === undefined || target === undefined) return;
  const until = performance.now() + SLICE_MS;
  const { virtualMs, totals } = target;
  run.advanceTo(virtualMs, () => performance.now() >= until);
  const isLevel = run.virtualMs === virtualMs;
  if (isLevel) target = undefined;
  else {
    isWorking = true;
    setImmediate(work);
  }
  if (!isLevel && performance.now() - postedAt < POST_EVERY_MS) return;
  postedAt = performance.now();
  const { series, pacing } = feed.take(bucketLengthFor(run.totalMs, POINTS_MAX), run.finished);
  const figures = isLevel ? compareTotals(totals, run.totals()) : null;
  post({ type: 'reached', virtualMs: run.virtualMs, series, pacing, figures });
}

function post(message: FromCounterpart): void {
  port.postMessage(message);
}
