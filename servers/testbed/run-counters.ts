/** All that a run has counted at one moment, as plain numbers: windows and series are differences of two of these. */
import type { CallbackStep } from '#core/statistics/fact.ts';
import type { EngagementTotals, ReactiveCounts } from '#core/statistics/engagement-totals.ts';

/** What is counted where visitors and their events come in; `dropped`: requests that were given up. */
export interface TrafficCounts {
  readonly visits: number;
  readonly pageViews: number;
  readonly events: number;
  readonly dropped: number;
}

export interface RunCounters {
  readonly atMs: number;
  readonly visits: number;
  readonly pageViews: number;
  readonly events: number;
  readonly hotLeads: number;
  readonly followUps: number;
  readonly followUpsApproved: number;
  readonly followUpsDismissed: number;
  readonly refused: number;
  readonly allowed: number;
  readonly sent: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly timeout: number;
  readonly failed: number;
  readonly chatsStarted: number;
  readonly chatsCompleted: number;
  readonly abandoned: number;
  readonly callbacks: Readonly<Record<CallbackStep, number>>;
  /** Callbacks that a call was promised for. */
  readonly promised: number;
  readonly offersMissed: number;
  readonly offersRejected: number;
  readonly transferred: number;
  readonly lostInTransfer: number;
  readonly dropped: number;
  /** Slot-ms of all groups. */
  readonly busySlotMs: number;
  readonly slotMs: number;
  /** Visitors who looked for help themselves. */
  readonly reactive: Readonly<ReactiveCounts>;
  /** Slot-ms held by their chats. */
  readonly reactiveSlotMs: number;
  readonly groups: Readonly<Record<string, { readonly occupiedMs: number; readonly presentMs: number }>>;
  readonly queues: Readonly<Record<string, { readonly entered: number; readonly left: number }>>;
  /** Hot leads not engaged, by reason. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** `at`: the moment as the machines have it; `atMs`: since the start of the run. */
export function countRun(traffic: TrafficCounts, totals: EngagementTotals, at: number, atMs: number): RunCounters {
  let busySlotMs = 0;
  let slotMs = 0;
  let reactiveSlotMs = 0;
  const groups: Record<string, { occupiedMs: number; presentMs: number }> = {};
  for (const [name, group] of totals.groups) {
    busySlotMs += group.busySlots.until(at);
    slotMs += group.slots.until(at);
    reactiveSlotMs += group.reactiveSlots.until(at);
    groups[name] = { occupiedMs: group.occupiedAgents.until(at), presentMs: group.presentAgents.until(at) };
  }
  return {
    atMs,
    visits: traffic.visits,
    pageViews: traffic.pageViews,
    events: traffic.events,
    hotLeads: totals.hotLeads,
    followUps: totals.followUps,
    followUpsApproved: totals.followUpsApproved,
    followUpsDismissed: totals.followUpsDismissed,
    refused: totals.refused,
    allowed: totals.allowed,
    sent: totals.sent,
    accepted: totals.accepted,
    rejected: totals.rejected,
    timeout: totals.timeout,
    failed: totals.inviteFailed,
    chatsStarted: totals.chatsStarted,
    chatsCompleted: totals.chatsCompleted,
    abandoned: totals.chatsAbandoned,
    callbacks: { ...totals.callbacks },
    promised: totals.callbacksPromised,
    offersMissed: totals.offersMissed,
    offersRejected: totals.offersRejected,
    transferred: totals.chatsTransferred,
    lostInTransfer: totals.chatsLostInTransfer,
    dropped: traffic.dropped,
    busySlotMs,
    slotMs,
    reactive: { ...totals.reactive },
    reactiveSlotMs,
    groups,
    queues: Object.fromEntries([...totals.queues].map(([name, queue]) => [name, { ...queue }])),
    refusals: Object.fromEntries(totals.refusals),
  };
}

/** Entries of `later` less those of `earlier`, by name. */
export function subtractCounts(
  later: Readonly<Record<string, number>>,
  earlier: Readonly<Record<string, number>>,
): Record<string, number> {
  const difference: Record<string, number> = {};
  for (const [name, count] of Object.entries(later)) difference[name] = count - (earlier[name] ?? 0);
  return difference;
}
