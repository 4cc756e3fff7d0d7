/**
 * Drives one simulated run for a screen: advances it in slices short enough that a command never waits long, at the speed asked
 * for, and tells what happened four times a second. Knows no thread: `run-worker.ts` gives it one.
 */
import { assertNever } from '#core/assert.ts';
import { bucketLengthFor } from '#protocol/control-api-series.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { RunCommand, RunSpeed, RunState, RunStatus, RunUpdate } from '#protocol/run-feed.ts';
import { createRunPace } from '#host/run-pace.ts';
import { createSeriesFeed } from '#host/run-series-feed.ts';
import type { SteppedRun } from '#host/stepped-run.ts';

/** What a status says that never changes during a run. */
export type RunIdentity = Omit<
  RunStatus,
  | 'state'
  | 'failure'
  | 'speed'
  | 'reachedSpeed'
  | 'virtualMs'
  | 'totalMs'
  | 'thresholds'
  | 'expectation'
  | 'caption'
  | 'live'
  | 'goal'
  | 'pacing'
  | 'whatIfs'
  | 'pacingNotices'
> & {
  /** As the options have it. */
  readonly goal: RunStatus['goal'];
};

type PacingStatus = Pick<RunStatus, 'pacing' | 'whatIfs' | 'pacingNotices'>;

/** What the status says of pacing: the goal in force, what it was told, and what must be known of it. */
export function pacingStatusOf(
  run: PacingStatus | undefined,
  { goal }: RunIdentity,
): PacingStatus & Pick<RunStatus, 'goal'> {
  const pacing = run?.pacing ?? null;
  return {
    goal: pacing === null ? goal : { target: pacing.target, share: pacing.goalShare },
    pacing,
    whatIfs: [...(run?.whatIfs ?? [])],
    pacingNotices: run?.pacingNotices ?? [],
  };
}

export interface RunDriverOptions {
  readonly run: SteppedRun;
  readonly identity: RunIdentity;
  readonly captions: readonly { readonly atMs: number; readonly text: string }[];
  readonly speed: RunSpeed;
  readonly post: (update: RunUpdate) => void;
  readonly clock: DriverClock;
}

/** Wall time, handed in. */
export interface DriverClock {
  /** Monotonic ms. */
  now(): number;
  /** Calls back after `ms`, 0: as soon as waiting messages have been read. Returns what cancels it. */
  later(callback: () => void, ms: number): () => void;
}

/** All of RunCommand that concerns a run that has begun, and its own worker. */
export type DrivingCommand = Exclude<RunCommand, { readonly type: 'start' | 'compare' }>;

export interface RunDriver {
  begin(): void;
  /** OperatingError CONFLICT where the run's state forbids it. */
  command(command: DrivingCommand): void;
}

const SLICE_MS = 12;
const REST_MS = 20;
const POST_EVERY_MS = 250;
const STREAM_ITEMS_MAX = 200;
const POINTS_PER_UPDATE_MAX = 60;
const POINTS_PER_RUN_MAX = 1_500;

export function createRunDriver({
  run,
  identity,
  captions,
  speed: firstSpeed,
  post,
  clock,
}: RunDriverOptions): RunDriver {
  const pace = createRunPace();
  const feed = createSeriesFeed(run);
  let state: RunState = 'paused';
  let speed = firstSpeed;
  let skipping = false;
  let resumesAfterSkip = false;
  let postedAt = Number.NEGATIVE_INFINITY;
  let cancelSlice: (() => void) | undefined;

  const status = (): RunStatus => ({
    ...identity,
    ...pacingStatusOf(run, identity),
    state,
    failure: null,
    speed,
    reachedSpeed: state === 'running' ? pace.reachedSpeed() : 0,
    virtualMs: run.virtualMs,
    totalMs: run.totalMs,
    thresholds: run.thresholdStates(),
    expectation: run.expectation,
    caption: captions.findLast((caption) => caption.atMs <= run.virtualMs)?.text ?? null,
    live: null,
  });
  const tell = (): void => {
    postedAt = clock.now();
    const stream = run.takeStream(STREAM_ITEMS_MAX);
    const over = state === 'finished' || state === 'stopped';
    const points = feed.take(feedBucketMs(speed, run.totalMs), over);
    const { series, pacing } = points;
    post({
      type: 'progress',
      status: status(),
      totals: run.totals(),
      series,
      pacing,
      agents: run.agents(),
      stream: stream.items,
      skipped: stream.skipped,
    });
  };

  const anchor = (): void => pace.anchor(clock.now(), run.virtualMs, skipping ? 'max' : speed);
  const plan = (ms: number): void => {
    cancelSlice?.();
    cancelSlice = clock.later(slice, ms);
  };
  const rest = (next: RunState): void => {
    state = next;
    cancelSlice?.();
    cancelSlice = undefined;
  };
  const go = (): void => {
    state = 'running';
    anchor();
    plan(0);
  };

  function slice(): void {
    const until = clock.now() + SLICE_MS;
    const end = skipping ? Math.min(identity.warmupMs, run.totalMs) : run.totalMs;
    const target = Math.floor(Math.min(pace.target(clock.now()), end));
    if (target > run.virtualMs) run.advanceTo(target, () => clock.now() >= until);
    pace.reached(clock.now(), run.virtualMs);
    const isSkipped = skipping && run.virtualMs >= end;
    if (isSkipped) endSkip();
    if (run.finished) rest('finished');
    if (isSkipped || state !== 'running' || clock.now() - postedAt >= POST_EVERY_MS) tell();
    if (state !== 'running') return;
    plan(run.virtualMs < target ? 0 : REST_MS);
  }

  function endSkip(): void {
    skipping = false;
    if (resumesAfterSkip) anchor();
    else rest('paused');
  }

  function step(to: 'second' | 'decision'): void {
    if (state === 'running') rest('paused');
    skipping = false;
    if (to === 'decision') run.stepToDecision();
    else run.advanceTo(Math.min((Math.floor(run.virtualMs / 1_000) + 1) * 1_000, run.totalMs));
    if (run.finished) state = 'finished';
  }

  function obey(command: DrivingCommand): void {
    switch (command.type) {
      case 'pause':
        skipping = false;
        return rest('paused');
      case 'resume':
        return state === 'running' ? undefined : go();
      case 'step':
        return step(command.to);
      case 'skipWarmup':
        if (run.virtualMs >= identity.warmupMs || skipping) return undefined;
        resumesAfterSkip = state === 'running';
        skipping = true;
        return go();
      case 'whatIf':
        return run.command(command.change);
      case 'speed':
        speed = command.speed;
        return anchor();
      case 'stop':
        return rest('stopped');
      case 'fault':
      case 'heal':
      case 'logs':
        throw new OperatingError('NOT_SUPPORTED', 'A simulated run has no nodes of its own: start it live for that');
      default:
        return assertNever(command, 'command');
    }
  }

  return {
    begin() {
      go();
      tell();
    },
    command(command) {
      if (state === 'finished' || state === 'stopped') {
        if (command.type === 'stop') return;
        throw new OperatingError('CONFLICT', `This run is ${state}: start it again, or another`);
      }
      obey(command);
      tell();
    },
  };
}

/** How finely the feed tells the course of a run: no finer than a screen can take it in. */
function feedBucketMs(speed: RunSpeed, totalMs: number): number {
  if (speed === 'max') return bucketLengthFor(totalMs, POINTS_PER_RUN_MAX);
  return bucketLengthFor(speed * POST_EVERY_MS, POINTS_PER_UPDATE_MAX);
}
