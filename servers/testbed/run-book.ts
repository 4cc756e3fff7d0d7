/**
 * Keeps the book of a run, however it is driven: windows, the course in buckets, agents and verdicts, all of them made from
 * what the recorder has heard. The simulator and a live run differ in who turns the pages.
 */
import { describeOptionNote, type ResolvedOptions } from '#core/options/resolved-options.ts';
import { compileRules } from '#core/rules/compile-rules.ts';
import type { PacingChange, PacingCommand, PacingInForce } from '#core/pacing/pacing-command.ts';
import { noticesOfPacing } from '#node/pacing-notices.ts';
import { optionsOf, readPacing } from '#node/read-settings.ts';
import type { DecisionReply } from '#protocol/control-api.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { PacingNotice } from '#protocol/pacing-notice.ts';
import type {
  AgentRow,
  Expectation,
  PacingPoint,
  RunTotals,
  SeriesPoint,
  StreamItem,
  ThresholdState,
  WhatIfMark,
} from '#protocol/run-feed.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { BatchMeans } from './batch-means.ts';
import { DecisionLog } from './decision-log.ts';
import { explainDecision } from './decision-why.ts';
import { expectedTraffic } from './expectation.ts';
import { describeCentre } from './centre-notes.ts';
import { noticesOfRun } from './pacing-notices-of-run.ts';
import { countRun, subtractCounts, type RunCounters, type TrafficCounts } from './run-counters.ts';
import { figuresOf, specialFiguresOf, totalsOf, type Window } from './run-figures.ts';
import { RunRecorder, type EventWriter, type JournalWriter } from './run-recorder.ts';
import type { RunResult } from './run-result.ts';
import { bucketMsOf, pacingPoint, seriesPoint, type PromiseSoFar } from './run-series.ts';
import { StreamRecorder } from './stream-recorder.ts';
import { stateOfThresholds } from './threshold-states.ts';
import { wilsonInterval } from './wilson-interval.ts';

export interface RunBookChoice {
  readonly mode: 'sim' | 'live';
  readonly seed: number;
  /** Keep the stream of events and the records of decisions for a screen; off by default, as it costs time and memory. */
  readonly stream?: boolean | undefined;
  readonly journal?: JournalWriter | undefined;
  readonly events?: EventWriter | undefined;
}

/** What the one who drives the run counts himself. */
export interface RunSources {
  traffic(): TrafficCounts;
  visitsInProgress(): number;
}

export class RunBook {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly totalMs: number;
  readonly expectation: Expectation;
  readonly recorder: RunRecorder;
  readonly #mode: 'sim' | 'live';
  readonly #options: ResolvedOptions;
  readonly #stream: StreamRecorder | undefined;
  readonly #decisions: DecisionLog | undefined;
  readonly #busy = new BatchMeans();
  readonly #bucketMs: number;
  readonly #series: SeriesPoint[] = [];
  readonly #pacing: PacingPoint[] = [];
  #sources: RunSources = { traffic: () => NO_TRAFFIC, visitsInProgress: () => 0 };
  #seriesTaken = 0;
  #pacingTaken = 0;
  #bucketStart: RunCounters;
  #bucketFirings: Record<string, number> = {};
  #windowStart: RunCounters;
  #windowFirings: Record<string, number> = {};
  #warmedUp: boolean;
  #virtualMs = 0;
  readonly #pacingAtStart: PacingInForce | null;
  /** Of the screen. */
  #commands = 0;

  constructor(scenario: Scenario, choice: RunBookChoice) {
    this.scenario = scenario;
    this.seed = choice.seed;
    this.#mode = choice.mode;
    this.totalMs = scenario.warmupMs + scenario.durationMs;
    this.expectation = expectedTraffic(scenario);
    this.#options = optionsOf(scenario);
    this.#pacingAtStart = readPacing(scenario, this.#options);
    this.#bucketMs = bucketMsOf(this.totalMs);
    this.#stream = choice.stream === true ? createStream(scenario) : undefined;
    this.#decisions = choice.stream === true ? new DecisionLog() : undefined;
    this.recorder = new RunRecorder(scenario, { stream: this.#stream, journal: choice.journal, events: choice.events });
    this.#bucketStart = this.#count();
    this.#windowStart = this.#bucketStart;
    this.#warmedUp = scenario.warmupMs === 0;
  }

  /** From the first moment of the run on; its counts are where the book begins. */
  open(sources: RunSources): void {
    this.#sources = sources;
    this.#bucketStart = this.#count();
    this.#windowStart = this.#bucketStart;
  }

  get virtualMs(): number {
    return this.#virtualMs;
  }

  get finished(): boolean {
    return this.#virtualMs >= this.totalMs;
  }

  /** The next moment at which something must be noted: the end of a bucket, of the warm-up, of the run. */
  get nextBoundaryMs(): number {
    const bucketEnd = this.#nextBucketEnd();
    return this.#warmedUp ? bucketEnd : Math.min(bucketEnd, this.scenario.warmupMs);
  }

  /** The run has come so far, ms since its start; buckets end and the window begins where it is time. */
  reach(virtualMs: number): void {
    this.#virtualMs = virtualMs;
    if (virtualMs >= this.#nextBucketEnd()) this.#closeBucket();
    if (this.#warmedUp || virtualMs < this.scenario.warmupMs) return;
    this.#warmedUp = true;
    this.#windowStart = this.#count();
    this.#windowFirings = this.#firings();
  }

  totals(): RunTotals {
    return totalsOf(this.#window());
  }

  /** What pacing goes by, the commands of the run included; null: it is off. */
  get pacing(): PacingInForce | null {
    return this.recorder.whatIfs.at(-1)?.after ?? this.#pacingAtStart;
  }

  get whatIfs(): readonly WhatIfMark[] {
    return this.recorder.whatIfs;
  }

  /** What must be known of the pacing in force. */
  get pacingNotices(): readonly PacingNotice[] {
    return noticesOfPacing(this.scenario, this.#options, this.pacing);
  }

  /** A command of somebody at the screen, under an id of its own. Throws CONFLICT where pacing is off. */
  protected createCommand(change: PacingChange): PacingCommand {
    if (this.pacing === null) throw new OperatingError('CONFLICT', PACING_IS_OFF);
    this.#commands += 1;
    return { type: 'pacingCommand', commandId: `screen-${this.#commands}`, by: 'screen', change };
  }

  thresholdStates(): readonly ThresholdState[] {
    const window = this.#window();
    return stateOfThresholds(this.scenario.thresholds, {
      figures: figuresOf(window),
      refusals: subtractCounts(window.now.refusals, window.start.refusals),
    });
  }

  /** Buckets finished since the last call. */
  takeSeries(): readonly SeriesPoint[] {
    const taken = this.#series.slice(this.#seriesTaken);
    this.#seriesTaken = this.#series.length;
    return taken;
  }

  takePacing(): readonly PacingPoint[] {
    const taken = this.#pacing.slice(this.#pacingTaken);
    this.#pacingTaken = this.#pacing.length;
    return taken;
  }

  agents(): readonly AgentRow[] {
    return this.recorder.agents.rows(this.#virtualMs);
  }

  /** The exact decision of a group in the bucket that holds `atMs`, explained; undefined: none is known, or no screen is there. */
  explainDecisionAt(group: string, atMs: number): DecisionReply | undefined {
    const logged = this.#decisions?.at(group, atMs);
    if (logged === undefined) return undefined;
    const { decision } = logged;
    const decidedMs = decision.at - this.scenario.startsAt;
    return { group, atMs: decidedMs, bucketMs: this.#bucketMs, why: explainDecision(decision) };
  }

  takeStream(limit: number): { readonly items: readonly StreamItem[]; readonly skipped: number } {
    return this.#stream?.take(limit) ?? { items: [], skipped: 0 };
  }

  result(): RunResult {
    const window = this.#window();
    const { whatIfs } = this.recorder;
    const pacingNotices = noticesOfRun(this.scenario, this.#options, this.#pacingAtStart, whatIfs);
    return {
      scenario: this.scenario,
      mode: this.#mode,
      seed: this.seed,
      simulatedSeconds: this.#virtualMs / 1_000,
      windowSeconds: (this.#virtualMs - window.start.atMs) / 1_000,
      figures: figuresOf(window),
      refusals: subtractCounts(window.now.refusals, window.start.refusals),
      statistics: this.recorder.statistics.report(this.#at),
      deviations: [
        ...describeCentre(this.scenario, this.#options),
        ...pacingNotices.map(({ text }) => text),
        ...this.#options.notes.map(describeOptionNote),
      ],
      pacingNotices,
      series: this.#series,
      pacing: this.#pacing,
      agents: this.agents(),
      waits: Array.from(Float64Array.from(this.recorder.waitsMs).sort(), (wait) => wait / 1_000),
      acceptShare: this.scenario.visitors.acceptShare,
      faults: this.recorder.faults,
      whatIfs,
    };
  }

  #nextBucketEnd(): number {
    return Math.min(this.totalMs, this.#bucketStart.atMs + this.#bucketMs);
  }

  #closeBucket(): void {
    const now = this.#count();
    const firings = this.#firings();
    const { totals } = this.recorder;
    const promise = this.#promise(now);
    for (const decision of this.recorder.pacing.values()) {
      this.#pacing.push(pacingPoint(decision, now, promise));
      this.#decisions?.add(now.atMs, decision);
    }
    this.recorder.pacing.clear();
    this.#series.push(
      seriesPoint(this.#bucketStart, now, this.#bucketFirings, {
        visitsInProgress: this.#sources.visitsInProgress(),
        waiting: totals.waitingChats,
        slots: totals.slots,
        firings,
      }),
    );
    this.#bucketStart = now;
    this.#bucketFirings = firings;
  }

  #promise(now: RunCounters): PromiseSoFar {
    const before = this.#bucketStart;
    this.#busy.add(now.busySlotMs - before.busySlotMs, now.slotMs - before.slotMs, now.atMs - before.atMs);
    const letIn = now.accepted - now.callbacks.asked + now.reactive.letIn;
    return {
      sent: now.sent - before.sent,
      abandonmentRange: wilsonInterval(Math.min(now.abandoned, letIn), letIn),
      lateRange: wilsonInterval(Math.min(now.callbacks.late, now.promised), now.promised),
      busyRange: this.#busy.interval(),
    };
  }

  #window(): Window {
    return {
      // Until the warm-up ends: from the start, so that a screen shows something.
      start: this.#windowStart,
      now: this.#count(),
      firings: subtractCounts(this.#firings(), this.#windowFirings),
      waitsMs: this.recorder.waitsMs,
      linesHeldMs: this.recorder.linesHeldMs,
      refreshTimeouts: this.recorder.refreshTimeouts,
      special: specialFiguresOf(this.scenario),
    };
  }

  /** The moment that the run has come to, as the machines have it. */
  get #at(): number {
    return this.scenario.startsAt + this.#virtualMs;
  }

  #count(): RunCounters {
    return countRun(this.#sources.traffic(), this.recorder.totals, this.#at, this.#virtualMs);
  }

  /** Firings of every rule of the scenario, also those that never fired. */
  #firings(): Record<string, number> {
    const firings: Record<string, number> = {};
    for (const rulePackage of this.scenario.rules) {
      for (const rule of rulePackage.rules) if (rule.on) firings[rule.name] = this.recorder.firings.get(rule.name) ?? 0;
    }
    return firings;
  }
}

const PACING_IS_OFF =
  'Pacing is off in this scenario (defaultEngagementChannel is given): there is nothing that could be told another goal';

const NO_TRAFFIC: TrafficCounts = { visits: 0, pageViews: 0, events: 0, dropped: 0 };

function createStream(scenario: Scenario): StreamRecorder {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: scenario.timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return new StreamRecorder({
    startsAt: scenario.startsAt,
    rules: compileRules(scenario.rules),
    describeTime: (at) => time.format(at),
  });
}
