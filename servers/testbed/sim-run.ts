/**
 * One simulated run of a scenario, advanced by hand: figures, course, agents and stream at any moment. Deterministic by
 * scenario and seed, however it is advanced.
 */
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import { describeOptionNote } from '#core/options/resolved-options.ts';
import { compileRules } from '#core/rules/compile-rules.ts';
import type {
  AgentRow,
  Expectation,
  PacingPoint,
  RunTotals,
  SeriesPoint,
  StreamItem,
  ThresholdState,
} from '#protocol/run-feed.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { StoreProfile } from '#sim/latency.ts';
import type { Simulation } from '#sim/simulation.ts';
import { expectedTraffic } from './expectation.ts';
import { optionsOf, readSettings } from './read-settings.ts';
import { countRun, subtractCounts, type RunCounters } from './run-counters.ts';
import { figuresOf, totalsOf, type Window } from './run-figures.ts';
import { RunRecorder, type JournalWriter } from './run-recorder.ts';
import type { RunResult } from './run-result.ts';
import { bucketMsOf, pacingPoint, seriesPoint } from './run-series.ts';
import { createNodes, createSimulation, type SimulatedNodes } from './sim-nodes.ts';
import { StreamRecorder } from './stream-recorder.ts';
import { stateOfThresholds } from './threshold-states.ts';

export interface SimRunChoice {
  readonly seed: number;
  readonly store?: StoreProfile;
  /** Keep the stream of events for a screen; off by default, as it costs time. */
  readonly stream?: boolean;
  readonly journal?: JournalWriter;
}

export function createSimRun(scenario: Scenario, choice: SimRunChoice): SimRun {
  return new SimRun(scenario, choice);
}

export class SimRun {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly totalMs: number;
  readonly expectation: Expectation;
  readonly #options: ResolvedOptions;
  readonly #nodes: SimulatedNodes;
  readonly #recorder: RunRecorder;
  readonly #stream: StreamRecorder | undefined;
  readonly #simulation: Simulation;
  readonly #bucketMs: number;
  readonly #series: SeriesPoint[] = [];
  readonly #pacing: PacingPoint[] = [];
  #seriesTaken = 0;
  #pacingTaken = 0;
  #bucketStart: RunCounters;
  #bucketFirings: Record<string, number> = {};
  #windowStart: RunCounters;
  #windowFirings: Record<string, number> = {};
  #virtualMs = 0;

  constructor(scenario: Scenario, choice: SimRunChoice) {
    this.scenario = scenario;
    this.seed = choice.seed;
    this.totalMs = scenario.warmupMs + scenario.durationMs;
    this.expectation = expectedTraffic(scenario);
    this.#options = optionsOf(scenario);
    this.#bucketMs = bucketMsOf(this.totalMs);
    this.#stream = choice.stream === true ? createStream(scenario) : undefined;
    this.#recorder = new RunRecorder({
      startsAt: scenario.startsAt,
      warmupMs: scenario.warmupMs,
      stream: this.#stream,
      journal: choice.journal,
    });
    this.#nodes = createNodes(scenario, readSettings(this.#options, scenario.visitors.inviteTimeoutMs));
    this.#simulation = createSimulation(scenario, this.#nodes, {
      seed: choice.seed,
      store: choice.store ?? 'sqlite',
      observer: this.#recorder,
    });
    this.#simulation.start();
    this.#bucketStart = this.#count();
    this.#windowStart = this.#bucketStart;
  }

  get virtualMs(): number {
    return this.#virtualMs;
  }

  get finished(): boolean {
    return this.#virtualMs >= this.totalMs;
  }

  get kernelEvents(): number {
    return this.#simulation.kernelEvents;
  }

  /**
   * Advances to `virtualMs` (or the end) in steps of at most a bucket; stops early where `shouldYield`, asked after
   * each step, says so. Returns what was reached.
   */
  advanceTo(virtualMs: number, shouldYield?: () => boolean): number {
    const target = Math.min(virtualMs, this.totalMs);
    while (this.#virtualMs < target) {
      this.#simulateTo(Math.min(target, this.#nextBoundary()));
      if (shouldYield?.() === true) break;
    }
    return this.#virtualMs;
  }

  /** To the next decision of rules or pacing, or the end; the clock then stands at the full millisecond after it. */
  stepToDecision(): number {
    const decisions = this.#recorder.decisions;
    while (this.#recorder.decisions === decisions && !this.finished) {
      const boundaryUs = this.#nextBoundary() * 1_000;
      if (this.#simulation.nextUs > boundaryUs) {
        this.#simulateTo(boundaryUs / 1_000);
        continue;
      }
      this.#simulation.step();
      if (this.#recorder.decisions !== decisions) this.#simulateTo(Math.ceil(this.#simulation.nowUs / 1_000));
    }
    return this.#virtualMs;
  }

  totals(): RunTotals {
    return totalsOf(this.#window());
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
    return this.#recorder.agents.rows(this.#nodes.contactCenter.chats.agents, this.#virtualMs);
  }

  takeStream(limit: number): { readonly items: readonly StreamItem[]; readonly skipped: number } {
    return this.#stream?.take(limit) ?? { items: [], skipped: 0 };
  }

  result(): RunResult {
    const window = this.#window();
    return {
      scenario: this.scenario,
      mode: 'sim',
      seed: this.seed,
      simulatedSeconds: this.#virtualMs / 1_000,
      windowSeconds: (this.#virtualMs - window.start.atMs) / 1_000,
      figures: figuresOf(window),
      refusals: subtractCounts(window.now.refusals, window.start.refusals),
      deviations: deviationsOf(this.#options),
      series: this.#series,
      pacing: this.#pacing,
      agents: this.agents(),
      waits: Array.from(Float64Array.from(this.#recorder.waitsMs).sort(), (wait) => wait / 1_000),
      acceptShare: this.scenario.visitors.acceptShare,
    };
  }

  #simulateTo(virtualMs: number): void {
    this.#simulation.runUntil(virtualMs * 1_000);
    this.#virtualMs = virtualMs;
    if (virtualMs >= this.#nextBucketEnd()) this.#closeBucket();
    if (virtualMs === this.scenario.warmupMs) {
      this.#windowStart = this.#count();
      this.#windowFirings = this.#firings();
    }
  }

  /** The next moment at which something must be noted: the end of a bucket, of the warm-up, of the run. */
  #nextBoundary(): number {
    const { warmupMs } = this.scenario;
    const bucketEnd = this.#nextBucketEnd();
    return this.#virtualMs < warmupMs ? Math.min(bucketEnd, warmupMs) : bucketEnd;
  }

  #nextBucketEnd(): number {
    return Math.min(this.totalMs, this.#bucketStart.atMs + this.#bucketMs);
  }

  #closeBucket(): void {
    const now = this.#count();
    const firings = this.#firings();
    const { chats } = this.#nodes.contactCenter;
    let slots = 0;
    for (const group of chats.groups.values()) slots += group.slots.level;
    const sent = now.sent - this.#bucketStart.sent;
    for (const decision of this.#recorder.pacing.values()) this.#pacing.push(pacingPoint(decision, now, sent));
    this.#recorder.pacing.clear();
    this.#series.push(
      seriesPoint(this.#bucketStart, now, this.#bucketFirings, {
        visitsInProgress: this.#simulation.visitorsOnSite,
        waiting: chats.waitingChats,
        slots,
        firings,
      }),
    );
    this.#bucketStart = now;
    this.#bucketFirings = firings;
  }

  #window(): Window {
    return {
      // Until the warm-up ends: from the start, so that a screen shows something.
      start: this.#windowStart,
      now: this.#count(),
      firings: subtractCounts(this.#firings(), this.#windowFirings),
      waitsMs: this.#recorder.waitsMs,
    };
  }

  #count(): RunCounters {
    return countRun(this.#simulation, this.#nodes, this.#virtualMs);
  }

  /** Firings of every rule of the scenario, also those that never fired. */
  #firings(): Record<string, number> {
    const firings: Record<string, number> = {};
    for (const rulePackage of this.scenario.rules) {
      for (const rule of rulePackage.rules)
        if (rule.on) firings[rule.name] = this.#recorder.firings.get(rule.name) ?? 0;
    }
    return firings;
  }
}

/** What a reader of figures must know of the options: pacing that is off comes first. */
function deviationsOf(options: ResolvedOptions): readonly string[] {
  const channel = options.get('service:wmsg/wmsg.connector.defaultEngagementChannel');
  const off = `PACING IS OFF: defaultEngagementChannel is ${channel}, so every usable hot lead is invited, whatever the goal`;
  return [...(channel === null ? [] : [off]), ...options.notes.map(describeOptionNote)];
}

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
