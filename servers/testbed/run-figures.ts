/**
 * Figures from counters: the window after the warm-up, and from the start of the run what pacing promises from the
 * start.
 */
import type { Scenario } from '#protocol/scenario.ts';
import type { CallbackStep } from '#core/statistics/fact.ts';
import type { RunTotals } from '#protocol/run-feed.ts';
import { subtractCounts, type RunCounters } from './run-counters.ts';
import type { CallbackFigures, Figures, LineSeconds, ReactiveFigures, WaitSeconds } from './run-result.ts';
import { lateShareOf, shareOf } from './run-series.ts';

/** `start` is the end of the warm-up, `now` the moment that the figures are for. */
export interface Window {
  readonly start: RunCounters;
  readonly now: RunCounters;
  readonly firings: Readonly<Record<string, number>>;
  /** Waits of the window's chats, ms, in any order. */
  readonly waitsMs: readonly number[];
  /** How long the lines were held that were shown in it, ms, in any order. */
  readonly linesHeldMs: readonly number[];
  readonly refreshTimeouts: number;
  /** Figures that only some scenarios have. */
  readonly special: SpecialFigures;
}

/** Which of the figures that only some scenarios have this one has. */
export interface SpecialFigures {
  readonly offers: boolean;
  readonly transfers: boolean;
  readonly callbacks: boolean;
  readonly reactive: boolean;
  readonly followUps: boolean;
}

export function specialFiguresOf({ groups, visitors }: Scenario): SpecialFigures {
  return {
    offers: groups.some(({ ringTimeMs, rejectShare = 0 }) => ringTimeMs !== undefined || rejectShare > 0),
    callbacks: groups.some(({ channel }) => channel === 'voice'),
    transfers: groups.some(({ transfers }) => transfers !== undefined),
    reactive: visitors.reactive !== null,
    followUps: groups.some(({ followUps }) => followUps !== undefined),
  };
}

export function figuresOf({ start, now, firings, waitsMs, linesHeldMs, refreshTimeouts, special }: Window): Figures {
  const visits = now.visits - start.visits;
  const pageViews = now.pageViews - start.pageViews;
  const events = now.events - start.events;
  const accepted = now.accepted - start.accepted;
  const rejected = now.rejected - start.rejected;
  const timeout = now.timeout - start.timeout;
  const failed = now.failed - start.failed;
  return {
    visits,
    pageViews,
    events,
    requests: 2 * visits + pageViews + events,
    hotLeads: now.hotLeads - start.hotLeads,
    invites: {
      allowed: now.allowed - start.allowed,
      sent: now.sent - start.sent,
      accepted,
      rejected,
      timeout,
      failed,
    },
    hitShare: shareOf(accepted, accepted + rejected + timeout + failed),
    chats: {
      started: now.chatsStarted - start.chatsStarted,
      abandoned: now.abandoned - start.abandoned,
      completed: now.chatsCompleted - start.chatsCompleted,
    },
    ...(special.callbacks ? { callbacks: callbacksOf(start, now) } : {}),
    ...(special.offers
      ? {
          offers: {
            missed: now.offersMissed - start.offersMissed,
            rejected: now.offersRejected - start.offersRejected,
          },
        }
      : {}),
    ...(special.transfers
      ? {
          transfers: {
            made: now.transferred - start.transferred,
            abandoned: now.lostInTransfer - start.lostInTransfer,
          },
        }
      : {}),
    ...(special.followUps
      ? {
          followUps: {
            created: now.followUps - start.followUps,
            approved: now.followUpsApproved - start.followUpsApproved,
            dismissed: now.followUpsDismissed - start.followUpsDismissed,
          },
        }
      : {}),
    abandonmentShare: shareOf(now.abandoned, now.accepted - now.callbacks.asked + now.reactive.letIn),
    busyShare: shareOf(now.busySlotMs, now.slotMs),
    ...(special.reactive ? { reactive: reactiveFiguresOf(start, now) } : {}),
    waitSeconds: waitSecondsOf(waitsMs),
    lines: { shown: linesHeldMs.length, refreshTimeouts },
    lineSeconds: lineSecondsOf(linesHeldMs),
    occupancy: occupancyOf(start, now),
    queues: queuesOf(start, now),
    dropped: now.dropped - start.dropped,
    rules: firings,
  };
}

/** Every call that nobody answered counts, the last ones of the unreachable too. The share is of the whole run, as pacing promises. */
function callbacksOf(start: RunCounters, now: RunCounters): CallbackFigures {
  const since = (step: CallbackStep): number => now.callbacks[step] - start.callbacks[step];
  return {
    asked: since('asked'),
    promised: now.promised - start.promised,
    late: since('late'),
    lateShare: lateShareOf(now),
    connected: since('connected'),
    noAnswer: since('noAnswer') + since('unreachable'),
    rescheduled: since('rescheduled'),
    unreachable: since('unreachable'),
    completed: since('completed'),
  };
}

export function totalsOf(window: Window): RunTotals {
  const { start, now } = window;
  const figures = figuresOf({ ...window, waitsMs: [], linesHeldMs: [] });
  return {
    visits: figures.visits,
    pageViews: figures.pageViews,
    events: figures.events,
    hotLeads: figures.hotLeads,
    refused: now.refused - start.refused,
    refusals: subtractCounts(now.refusals, start.refusals),
    qualified: figures.hotLeads,
    engaged: figures.invites.sent,
    sent: figures.invites.sent,
    accepted: figures.invites.accepted,
    rejected: figures.invites.rejected,
    timeout: figures.invites.timeout,
    failed: figures.invites.failed,
    callbacksAsked: figures.callbacks?.asked ?? 0,
    chatsStarted: figures.chats.started,
    chatsCompleted: figures.chats.completed,
    abandoned: figures.chats.abandoned,
    dropped: figures.dropped,
    abandonmentShare: figures.abandonmentShare,
    busyShare: figures.busyShare,
    hitShare: figures.hitShare,
    reactive: figures.reactive ?? null,
  };
}

function reactiveFiguresOf(start: RunCounters, now: RunCounters): ReactiveFigures {
  const since = (what: keyof RunCounters['reactive']): number => now.reactive[what] - start.reactive[what];
  return {
    asked: since('asked'),
    letIn: since('letIn'),
    refused: since('asked') - since('letIn'),
    started: since('started'),
    abandoned: since('abandoned'),
    completed: since('completed'),
    abandonmentShare: shareOf(now.reactive.abandoned, now.reactive.letIn),
    proactiveAbandonmentShare: shareOf(now.abandoned - now.reactive.abandoned, now.accepted - now.callbacks.asked),
    busyShare: shareOf(now.reactiveSlotMs, now.slotMs),
    proactiveBusyShare: shareOf(now.busySlotMs - now.reactiveSlotMs, now.slotMs),
  };
}

/** Mean and percentiles by the nearest rank; null without a wait. */
export function waitSecondsOf(waitsMs: readonly number[]): WaitSeconds | null {
  if (waitsMs.length === 0) return null;
  const sorted = Float64Array.from(waitsMs).sort();
  const sum = sorted.reduce((total, wait) => total + wait, 0);
  return {
    mean: sum / sorted.length / 1_000,
    p50: rankSeconds(sorted, 0.5),
    p90: rankSeconds(sorted, 0.9),
    p95: rankSeconds(sorted, 0.95),
    p99: rankSeconds(sorted, 0.99),
  };
}

function lineSecondsOf(linesHeldMs: readonly number[]): LineSeconds | null {
  if (linesHeldMs.length === 0) return null;
  const sorted = Float64Array.from(linesHeldMs).sort();
  return { p50: rankSeconds(sorted, 0.5), p95: rankSeconds(sorted, 0.95), max: rankSeconds(sorted, 1) };
}

/** Of rising ms: what this share of them is at most. */
function rankSeconds(sorted: Float64Array, share: number): number {
  return (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0) / 1_000;
}

function occupancyOf(start: RunCounters, now: RunCounters): Record<string, number | null> {
  const occupancy: Record<string, number | null> = {};
  for (const [name, group] of Object.entries(now.groups)) {
    const before = start.groups[name] ?? { occupiedMs: 0, presentMs: 0 };
    occupancy[name] = shareOf(group.occupiedMs - before.occupiedMs, group.presentMs - before.presentMs);
  }
  return occupancy;
}

function queuesOf(start: RunCounters, now: RunCounters): Figures['queues'] {
  const queues: Record<string, { entered: number; left: number }> = {};
  for (const name of Object.keys(now.queues).sort()) {
    const queue = now.queues[name] ?? { entered: 0, left: 0 };
    const before = start.queues[name] ?? { entered: 0, left: 0 };
    queues[name] = { entered: queue.entered - before.entered, left: queue.left - before.left };
  }
  return queues;
}
