/**
 * Watches a run: keeps what figures, charts and the stream need of each fact, and nothing of the millions of plain
 * events. What is counted here outlives every node.
 */
import type { SimFault } from '#sim/sim-faults.ts';
import type { JournalEntry } from '#sim/sim-journal.ts';
import type { SimulationObserver } from '#sim/simulation.ts';
import type { PacingDecision } from '#core/pacing/pacer.ts';
import { describePacingChange } from '#core/pacing/pacing-command.ts';
import type { EngagementTotals } from '#core/statistics/engagement-totals.ts';
import type { Fact } from '#core/statistics/fact.ts';
import { StatServer } from '#core/statistics/stat-server.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { describeRecord } from '#node/journal.ts';
import { journalHeadOf, lifeOf } from '#node/open-journal.ts';
import { readStatistics } from '#node/read-settings.ts';
import type { WhatIfMark } from '#protocol/run-feed.ts';
import type { Scenario } from '#protocol/scenario.ts';
import { AgentLog } from './agent-log.ts';
import type { FaultMark } from './fault-mark.ts';
import type { StreamRecorder } from './stream-recorder.ts';

/** Takes the lines of one life of a node, `backend-1~1`, without their ends: first the head, then the records. */
export type JournalWriter = (life: string, line: string) => void;

/** Takes every event of a run, in the order in which they are stored; first those of the visits that were under way. */
export type EventWriter = (event: VisitEvent) => void;

export interface RecorderChoice {
  readonly stream: StreamRecorder | undefined;
  readonly journal: JournalWriter | undefined;
  readonly events?: EventWriter | undefined;
}

export class RunRecorder implements SimulationObserver {
  readonly statistics: StatServer;
  readonly agents = new AgentLog();
  readonly faults: FaultMark[] = [];
  readonly whatIfs: WhatIfMark[] = [];
  /** Firings by rule since the start. */
  readonly firings = new Map<string, number>();
  /** Waits of the chats that were asked for in the window and got an agent or gave up, ms. */
  readonly waitsMs: number[] = [];
  /** How long lines were held that were shown in the window, ms. */
  readonly linesHeldMs: number[] = [];
  /** Chats of which no refresh came in time, in the window. */
  refreshTimeouts = 0;
  /** The last decision of each group's refresh. */
  readonly pacing = new Map<string, PacingDecision>();
  /** Decisions of rules and pacing so far. */
  decisions = 0;
  readonly event: ((event: VisitEvent) => void) | undefined;
  readonly past: EventWriter | undefined;
  readonly journal: ((entry: JournalEntry) => void) | undefined;
  readonly #startsAt: number;
  readonly #windowAt: number;
  readonly #stream: StreamRecorder | undefined;

  constructor(scenario: Scenario, { stream, journal, events }: RecorderChoice) {
    const { startsAt, warmupMs } = scenario;
    this.statistics = new StatServer(readStatistics(scenario));
    this.#startsAt = startsAt;
    this.#windowAt = startsAt + warmupMs;
    this.#stream = stream;
    this.event = observeEvents(stream, events);
    this.past = events;
    this.journal = journal === undefined ? undefined : describeJournals(scenario, journal);
  }

  get totals(): EngagementTotals {
    return this.statistics.totals;
  }

  fact(fact: Fact): void {
    this.#stream?.fact(fact);
    this.statistics.observe(fact);
    switch (fact.kind) {
      case 'hotLead': {
        const { rule } = fact.lead.firing;
        this.firings.set(rule, (this.firings.get(rule) ?? 0) + 1);
        this.decisions += 1;
        return;
      }
      case 'interactionMoved':
        if (fact.decision !== null) this.decisions += 1;
        return;
      case 'chat':
        if (fact.again || (fact.state !== 'started' && fact.state !== 'abandoned')) return;
        if (fact.at - fact.waitMs >= this.#windowAt) this.waitsMs.push(fact.waitMs);
        return;
      case 'agent':
        this.agents.observe(fact, fact.at - this.#startsAt);
        return;
      case 'pacing':
        this.pacing.set(fact.decision.group, fact.decision);
        return;
      case 'pacingCommand':
        this.#whatIf(fact);
        return;
      case 'lineShown':
        if (fact.at >= this.#windowAt) this.linesHeldMs.push(fact.heldMs);
        return;
      case 'refreshTimedOut':
        if (fact.at >= this.#windowAt) this.refreshTimeouts += fact.chats;
        return;
      case 'inviteShown':
      case 'interactionStopped':
      case 'slots':
      case 'reactive':
      case 'strategy':
    }
  }

  /** One that was killed before it had stored the command notes it a second time when it hears it again. */
  #whatIf({ at, commandId, by, before, after }: Extract<Fact, { kind: 'pacingCommand' }>): void {
    if (this.whatIfs.some((known) => known.commandId === commandId)) return;
    const sentence = describePacingChange(before, after);
    this.whatIfs.push({ commandId, atMs: at - this.#startsAt, by, before, after, sentence });
  }

  fault(atMs: number, { kind, node }: SimFault, phase: FaultMark['phase']): void {
    const mark = { atMs, kind, node, phase };
    this.faults.push(mark);
    this.#stream?.fault(mark);
  }
}

/** Journals as live nodes write them. */
function describeJournals(scenario: Scenario, write: JournalWriter): (entry: JournalEntry) => void {
  const counts = new Map<string, number>();
  return (entry) => {
    const life = lifeOf(entry.node, entry.incarnation);
    const written = counts.get(life) ?? 0;
    if (written === 0) write(life, JSON.stringify({ ...journalHeadOf(entry, scenario), mode: 'sim' }));
    counts.set(life, written + 1);
    write(life, describeRecord(written + 1, entry));
  };
}

/** For whoever wants events; undefined: nobody does. */
function observeEvents(stream: StreamRecorder | undefined, events: EventWriter | undefined): EventWriter | undefined {
  if (stream === undefined) return events;
  return (event) => {
    stream.event(event);
    events?.(event);
  };
}
