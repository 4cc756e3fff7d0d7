/**
 * Drives one live run for a screen: launches it, brings its book up to date four times a second, and carries out what the screen
 * asks of its clock and its nodes. Time is the cluster's; this only looks on.
 *
 *   loading --launched--> running <--pause/resume--> paused
 *   loading, running, paused --stop--> ending --read back--> stopped;  running --the end--> ending --read back--> finished
 *   loading --a node does not start--> failed;  any of them --a node crashes--> failed
 */
import { assertNever } from '#core/assert.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { LOG_LEASE_MS, type LiveStore, type StoreRequest } from '#protocol/run-feed-live.ts';
import type { Expectation, RunSpeed, RunState, RunStatus, RunUpdate } from '#protocol/run-feed.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { Cluster, ClusterState } from '#testbed/live/launcher-cluster.ts';
import type { LiveRun } from '#testbed/live/live-run.ts';
import { LiveLog } from '#host/live-log.ts';
import { parseLiveSpeed } from '#host/live-speed.ts';
import { LiveWatch } from '#host/live-watch.ts';
import { pacingStatusOf, type DriverClock, type DrivingCommand, type RunIdentity } from '#host/run-driver.ts';
import { createRunPace } from '#host/run-pace.ts';
import { createSeriesFeed, type SeriesFeed } from '#host/run-series-feed.ts';

/** What is needed of a live run. */
export type DrivenRun = Pick<
  LiveRun,
  | 'virtualMs'
  | 'finished'
  | 'crash'
  | 'advance'
  | 'totals'
  | 'thresholdStates'
  | 'takeSeries'
  | 'takePacing'
  | 'explainDecisionAt'
  | 'agents'
  | 'takeStream'
  | 'pacing'
  | 'whatIfs'
  | 'pacingNotices'
  | 'command'
  | 'crowd'
  | 'countersOf'
  | 'end'
  | 'abandon'
  | 'result'
> & { readonly cluster: Pick<Cluster, 'clock' | 'applyFault' | 'heal'> };

export interface LaunchHooks {
  /** Which store was found, before any node is started. */
  readonly onStore: (store: Pick<LiveStore, 'kind' | 'about'>) => void;
  readonly onState: (state: ClusterState) => void;
  readonly onLog: (node: string, line: string) => void;
}

export interface LiveDriverOptions {
  /** Rejects with an OperatingError where the nodes don't come up. */
  readonly launch: (hooks: LaunchHooks) => Promise<DrivenRun>;
  readonly scenario: Scenario;
  readonly store: StoreRequest;
  /** Removes what the run has left in a store that outlives it: called when everything promised was read back. */
  readonly dropStored: () => Promise<void>;
  readonly expectation: Expectation;
  readonly identity: RunIdentity;
  readonly speed: RunSpeed;
  readonly post: (update: RunUpdate) => void;
  readonly clock: DriverClock;
}

const TICK_MS = 250;
const BUCKET_MS = 1_000;
const STREAM_ITEMS_MAX = 200;
const ENDING =
  'Ending: waiting until nothing is under way, then reading back from the store what visitors were promised.';

export class LiveDriver {
  readonly #options: LiveDriverOptions;
  readonly #watch: LiveWatch;
  readonly #log = new LiveLog();
  /** By node: until when its log is followed (wall ms), and the last line that was told. */
  readonly #followed = new Map<string, { untilMs: number; told: number }>();
  readonly #pace = createRunPace();
  readonly #totalMs: number;
  #feed: SeriesFeed | undefined;
  #run: DrivenRun | undefined;
  #state: RunState = 'loading';
  #failure: string | null = null;
  #doing: string | null = null;
  #speed: number;
  #isEnding = false;

  /** Throws INVALID_INPUT for a speed that no live run can have. */
  constructor(options: LiveDriverOptions) {
    this.#options = options;
    this.#speed = parseLiveSpeed(options.speed);
    this.#watch = new LiveWatch(options.scenario, options.store);
    this.#totalMs = options.scenario.warmupMs + options.scenario.durationMs;
  }

  /** What the report is made of; undefined before the nodes are up. */
  get run(): DrivenRun | undefined {
    return this.#run;
  }

  /** Resolves when it runs or has failed; never rejects for what an operator could mend. */
  async begin(): Promise<void> {
    this.#tell();
    this.#plan();
    try {
      const run = await this.#options.launch({
        onStore: (store) => this.#watch.found(store),
        onState: (state) => this.#watch.hear(state),
        onLog: (node, line) => this.#log.add(node, line),
      });
      if (this.#state !== 'loading') return await run.abandon();
      this.#run = run;
      this.#feed = createSeriesFeed(run);
      run.cluster.clock.setSpeed(this.#speed);
      this.#go();
    } catch (error) {
      if (this.#state === 'loading') this.#fail(wordsOf(error));
    }
    this.#tell();
  }

  /** OperatingError CONFLICT where the run's state forbids it, INVALID_INPUT where no live run could do it. */
  command(command: DrivingCommand): void {
    if (command.type === 'logs') return this.#follow(command.node, command.after);
    if (this.#isOver) {
      if (command.type === 'stop') return;
      throw new OperatingError('CONFLICT', `This run is ${this.#state}: start it again, or another`);
    }
    if (this.#isEnding) throw new OperatingError('CONFLICT', 'This run is being ended');
    this.#obey(command);
    this.#tell();
  }

  get #isOver(): boolean {
    return this.#state === 'finished' || this.#state === 'stopped' || this.#state === 'failed';
  }

  #obey(command: Exclude<DrivingCommand, { readonly type: 'logs' }>): void {
    switch (command.type) {
      case 'pause':
        this.#launched().cluster.clock.pause();
        this.#state = 'paused';
        return;
      case 'resume':
        this.#launched();
        return this.#go();
      case 'whatIf':
        return this.#launched().command(command.change);
      case 'speed':
        this.#speed = parseLiveSpeed(command.speed);
        this.#run?.cluster.clock.setSpeed(this.#speed);
        return this.#anchor();
      case 'stop':
        if (this.#run === undefined) this.#state = 'stopped';
        else void this.#end(this.#run, 'stopped');
        return;
      case 'fault':
        return this.#strike(command);
      case 'heal':
        return this.#hand(this.#launched().cluster.heal(command.node));
      case 'step':
      case 'skipWarmup':
        throw new OperatingError('INVALID_INPUT', REFUSALS[command.type]);
      default:
        return assertNever(command, 'command');
    }
  }

  #strike({ kind, node, forMs }: Extract<DrivingCommand, { readonly type: 'fault' }>): void {
    const { cluster } = this.#launched();
    if (node === 'crowd') {
      throw new OperatingError('INVALID_INPUT', "The crowd is the visitors' own browsers, and no server to be hurt");
    }
    this.#hand(cluster.applyFault({ kind, node, forMs }));
  }

  /** What can't be done is told on the screen when it turns out. */
  #hand(done: Promise<void>): void {
    done.then(
      () => this.#tell(),
      (error: unknown) => {
        if (!this.#isOver) this.#options.post({ type: 'error', message: wordsOf(error) });
      },
    );
  }

  #launched(): DrivenRun {
    if (this.#run !== undefined) return this.#run;
    throw new OperatingError('CONFLICT', 'The nodes are still being started');
  }

  #go(): void {
    this.#launched().cluster.clock.resume();
    this.#state = 'running';
    this.#anchor();
  }

  #anchor(): void {
    this.#pace.anchor(this.#options.clock.now(), this.#run?.virtualMs ?? 0, this.#speed);
  }

  #plan(): void {
    this.#options.clock.later(() => this.#tick(), TICK_MS);
  }

  #tick(): void {
    const run = this.#run;
    if (run !== undefined && !this.#isEnding && !this.#isOver) {
      run.advance();
      this.#pace.reached(this.#options.clock.now(), run.virtualMs);
      if (run.crash !== undefined) {
        this.#fail(run.crash.message);
        this.#watch.close(run.virtualMs);
        void run.abandon().then(() => this.#tell());
      } else if (run.finished) void this.#end(run, 'finished');
    }
    if (!this.#isOver) this.#tell();
    this.#tellLogs();
    this.#plan();
  }

  async #end(run: DrivenRun, as: 'finished' | 'stopped'): Promise<void> {
    this.#isEnding = true;
    this.#doing = ENDING;
    try {
      await run.end();
      if (run.result().live?.lost === 0) await this.#options.dropStored();
      this.#state = as;
    } catch (error) {
      await run.abandon();
      this.#fail(wordsOf(error));
    }
    this.#doing = null;
    this.#watch.close(run.virtualMs);
    this.#tell();
  }

  #fail(why: string): void {
    this.#state = 'failed';
    this.#failure = why;
  }

  #tell(): void {
    const { post } = this.#options;
    const run = this.#run;
    const status = this.#status();
    if (run === undefined || this.#feed === undefined) return post({ type: 'status', status });
    const stream = run.takeStream(STREAM_ITEMS_MAX);
    const { series, pacing } = this.#feed.take(BUCKET_MS, this.#isOver);
    const { items, skipped } = stream;
    post({
      type: 'progress',
      status,
      totals: run.totals(),
      series,
      pacing,
      agents: run.agents(),
      stream: items,
      skipped,
    });
  }

  #status(): RunStatus {
    const { identity, expectation, scenario, clock } = this.#options;
    const run = this.#run;
    const virtualMs = run?.virtualMs ?? 0;
    const doing = this.#state === 'loading' ? this.#watch.describeLaunch() : this.#doing;
    return {
      ...identity,
      ...pacingStatusOf(run, identity),
      state: this.#state,
      failure: this.#failure,
      speed: this.#speed,
      reachedSpeed: this.#state === 'running' && !this.#isEnding ? this.#pace.reachedSpeed() : 0,
      virtualMs,
      totalMs: this.#totalMs,
      thresholds: run?.thresholdStates() ?? [],
      expectation,
      caption: scenario.captions.findLast((caption) => caption.atMs <= virtualMs)?.text ?? null,
      live: this.#watch.state(run ?? null, clock.now(), doing, this.#isOver ? run?.result().live : undefined),
    };
  }

  #follow(node: string, after: number): void {
    if (!this.#watch.has(node)) throw new OperatingError('NOT_FOUND', `There is no node ${node}`);
    const told = Math.min(after, this.#followed.get(node)?.told ?? after);
    this.#followed.set(node, { untilMs: this.#options.clock.now() + LOG_LEASE_MS, told });
    this.#tellLogs();
  }

  #tellLogs(): void {
    const now = this.#options.clock.now();
    for (const [node, follower] of this.#followed) {
      const lines = this.#log.after(node, follower.told);
      follower.told = this.#log.newest(node);
      if (lines.length > 0) this.#options.post({ type: 'log', runId: this.#options.identity.runId, node, lines });
      if (now > follower.untilMs) this.#followed.delete(node);
    }
  }
}

const REFUSALS = {
  step: "A live run can't be stepped: its nodes are on the wall's clock. Pause it, or slow it down to 0.1x",
  skipWarmup:
    "A live run can't skip its warm-up: its visitors are real clients and take their time. Speed it up to 10x",
} as const;

/** Throws on what is no operating error: a bug ends the run's thread, and is told there. */
function wordsOf(error: unknown): string {
  if (error instanceof OperatingError) return error.message;
  throw error;
}
