/**
 * What a finished run leaves: the figures of PRODUCT's summary, their course over time, and what a report needs beside
 * them.
 */
import type { PacingNotice } from '#protocol/pacing-notice.ts';
import type { StatisticsReport } from '#core/statistics/stat-server.ts';
import type { FaultMark } from './fault-mark.ts';
import type { Scenario } from '#protocol/scenario.ts';
import type { AgentRow, PacingPoint, SeriesPoint, WhatIfMark } from '#protocol/run-feed.ts';

export interface WaitSeconds {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
}

/** How long lines were held until a refresh showed them. */
export interface LineSeconds {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Web callbacks: counts of the window. */
export interface CallbackFigures {
  readonly asked: number;
  /** Those that were due for the first time, so that a call was promised, and those of them whose call had not begun in time. */
  readonly promised: number;
  readonly late: number;
  /** Late / promised, from the start of the run, as pacing promises. */
  readonly lateShare: number | null;
  /** Calls that were answered and not, put off, given up, done. */
  readonly connected: number;
  readonly noAnswer: number;
  readonly rescheduled: number;
  readonly unreachable: number;
  readonly completed: number;
}

/** Visitors who looked for help themselves; counts of the window, shares from the start of the run, as pacing promises. */
export interface ReactiveFigures {
  readonly asked: number;
  readonly letIn: number;
  /** Asked and not let in. */
  readonly refused: number;
  readonly started: number;
  readonly abandoned: number;
  readonly completed: number;
  /** Of the reactive chats let in, and of the invites accepted. */
  readonly abandonmentShare: number | null;
  readonly proactiveAbandonmentShare: number | null;
  /** Share of the slots' time held by each: together they are `busyShare`. */
  readonly busyShare: number | null;
  readonly proactiveBusyShare: number | null;
}

/** Figures of one run; null where there was nothing to count. Meanings: docs/glossary.md. */
export interface Figures {
  readonly visits: number;
  readonly pageViews: number;
  readonly events: number;
  /** As the guide counts them: 2 a visit, 1 a page view, 1 an event. */
  readonly requests: number;
  readonly hotLeads: number;
  readonly invites: {
    readonly allowed: number;
    readonly sent: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly timeout: number;
    readonly failed: number;
  };
  /** accepted / (invites sent that have ended). */
  readonly hitShare: number | null;
  readonly chats: { readonly started: number; readonly abandoned: number; readonly completed: number };
  /** Absent where no group makes callbacks. */
  readonly callbacks?: CallbackFigures;
  /** Offers that went to the next agent: not answered in time, rejected. Where agents can miss or reject one. */
  readonly offers?: { readonly missed: number; readonly rejected: number };
  /** Chats passed on to another agent, and given up while they waited for him. Where agents pass chats on. */
  readonly transfers?: { readonly made: number; readonly abandoned: number };
  /** Follow-ups left by rules, made attempts and ended by agents. Where agents work on follow-ups. */
  readonly followUps?: { readonly created: number; readonly approved: number; readonly dismissed: number };
  readonly abandonmentShare: number | null;
  readonly busyShare: number | null;
  /** Absent where the scenario has no reactive visitors. */
  readonly reactive?: ReactiveFigures;
  readonly waitSeconds: WaitSeconds | null;
  /** Lines shown to visitors, and refreshes of a chat that were not answered within `requestTimeout`. */
  readonly lines: { readonly shown: number; readonly refreshTimeouts: number };
  readonly lineSeconds: LineSeconds | null;
  /** By agent group: share of logged-in time without breaks in which an agent has at least one chat. */
  readonly occupancy: Readonly<Record<string, number | null>>;
  readonly queues: Readonly<Record<string, { readonly entered: number; readonly left: number }>>;
  readonly dropped: number;
  /** Firings by rule. */
  readonly rules: Readonly<Record<string, number>>;
}

/** How often a hot lead was not engaged, by reason. */
export type RefusalCounts = Readonly<Record<string, number>>;

export interface RunResult {
  readonly scenario: Scenario;
  readonly mode: 'sim' | 'live';
  readonly seed: number;
  readonly simulatedSeconds: number;
  /** Length of the window that the figures count, after the warm-up. */
  readonly windowSeconds: number;
  readonly figures: Figures;
  readonly refusals: RefusalCounts;
  /** Of the whole run, the warm-up included, as they stood at its end. */
  readonly statistics: StatisticsReport;
  /** Where the run deviates from the guide, in sentences (fidelity switch, defaults in force that differ). */
  readonly deviations: readonly string[];
  /** Those of them that are about pacing; what a what-if has brought begins with its moment. */
  readonly pacingNotices: readonly PacingNotice[];
  /** Whole run, evenly spaced, from time 0. */
  readonly series: readonly SeriesPoint[];
  readonly pacing: readonly PacingPoint[];
  readonly agents: readonly AgentRow[];
  /** Waits of all accepted chats of the window, seconds, ascending. */
  readonly waits: readonly number[];
  /** Share of invited visitors who would have accepted if every answer counted (the scenario's `acceptShare`). */
  readonly acceptShare: number;
  /** Faults of the run as they began and ended, in order. */
  readonly faults: readonly FaultMark[];
  /** What pacing was told during the run, in order. */
  readonly whatIfs: readonly WhatIfMark[];
  /** What only a live run can tell; absent in a simulated one. */
  readonly live?: LiveFindings | undefined;
}

/** How a live run went beside its figures. */
export interface LiveFindings {
  readonly store: string;
  /** Ids of events acknowledged to clients, how many of them the store gave back, and the other way round. */
  readonly acknowledged: number;
  readonly stored: number;
  /** Acknowledged and not in the store. */
  readonly lost: number;
  /** In the store and never acknowledged: their answer was lost on its way, and so is the client that asked. */
  readonly unacknowledged: number;
  /** Requests that clients sent, and those that were refused and sent again. */
  readonly requests: {
    readonly sent: number;
    readonly stored: number;
    readonly refused: number;
    readonly unsent: number;
  };
  /** Between a start's due moment and the start, ms of wall time. */
  readonly latenessMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly startsDropped: number;
  /** Lives of nodes that ended by a kill. */
  readonly kills: readonly { readonly node: string; readonly incarnation: number; readonly atMs: number }[];
}

/** Wall-clock side of a run; kept apart so that summary.json stays byte-equal. */
export interface RunTiming {
  readonly startUpMs: number;
  readonly runMs: number;
  /** Simulated seconds a wall second. */
  readonly speed: number;
}
