/**
 * The statistics of the contact center as /metrics tells them. Totals are those of the process since its start, as Prometheus
 * expects of counters; what is in a queue now counts what the process found in the store.
 */
import type { FunnelCount, FunnelStep } from '#core/statistics/engagement-funnel.ts';
import { PROVISIONED_STATISTICS, type QueueMeasure } from '#core/statistics/provisioned-statistics.ts';
import type { EngagementKpis, StatisticsReport } from '#core/statistics/stat-server.ts';
import type { NodeMetrics } from '#node/node-metrics.ts';

interface MetricFamily {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
}

/** By measure: the medium is the label `channel`, and the name of both in provisioning the label `statistic`. */
const QUEUE_FAMILIES: Readonly<Record<QueueMeasure, MetricFamily>> = {
  currentInQueue: { kind: 'gauge', name: 'engage_current_in_queue', help: 'Interactions in the queue now.' },
  currentWaitingProcessing: {
    kind: 'gauge',
    name: 'engage_current_waiting_processing_in_queue',
    help: 'Interactions in the queue now that ring at no desk.',
  },
  totalEntered: {
    kind: 'counter',
    name: 'engage_entered_queue_total',
    help: 'Interactions that entered the queue since the process began.',
  },
  totalMovedFrom: {
    kind: 'counter',
    name: 'engage_moved_from_queue_total',
    help: 'Interactions that left the queue since the process began.',
  },
};

const FUNNEL_FAMILIES: Readonly<Record<FunnelStep, { readonly name: string; readonly help: string }>> = {
  hotLeads: { name: 'engage_hot_leads', help: 'Hot leads' },
  engaged: { name: 'engage_engaged', help: 'Hot leads that were sent an invite' },
  accepted: { name: 'engage_accepted', help: 'Invites accepted' },
  rejected: { name: 'engage_rejected', help: 'Invites rejected' },
  timeout: { name: 'engage_timeout', help: 'Invites that timed out' },
  failed: { name: 'engage_failed', help: 'Invites that failed' },
};

export function writeStatistics({ statistics, kpis }: StatisticsReport, metrics: NodeMetrics): void {
  for (const { statistic, queue, filter, value } of statistics) {
    const provisioned = PROVISIONED_STATISTICS.find(({ name }) => name === statistic);
    if (provisioned === undefined) continue;
    const { kind, name, help } = QUEUE_FAMILIES[provisioned.measure];
    const labels = { statistic, queue, channel: provisioned.medium, filter };
    if (kind === 'gauge') metrics.gauge(name, help, labels).set(value);
    else metrics.counter(name, help, labels).value = value;
  }
  writeFunnel(kpis, metrics);
  writeShares(kpis, metrics);
}

function writeFunnel({ byRule }: EngagementKpis, metrics: NodeMetrics): void {
  for (const [rule, counts] of Object.entries(byRule)) {
    const write = (step: FunnelStep, { total, lastHour }: FunnelCount): void => {
      const { name, help } = FUNNEL_FAMILIES[step];
      metrics.counter(`${name}_total`, `${help} since the process began.`, { rule }).value = total;
      metrics.gauge(`${name}_last_hour`, `${help} within the last hour.`, { rule }).set(lastHour);
    };
    write('hotLeads', counts.hotLeads);
    write('engaged', counts.engaged);
    write('accepted', counts.accepted);
    write('rejected', counts.rejected);
    write('timeout', counts.timeout);
    write('failed', counts.failed);
  }
}

/** NaN: there is nothing to count yet, or no such goal. */
function writeShares({ hitShare, chats, abandonment, busy, invites }: EngagementKpis, metrics: NodeMetrics): void {
  const write = (name: string, help: string, value: number | null): void => {
    metrics.gauge(name, help).set(value ?? NaN);
  };
  write('engage_hit_share', 'Accepted, of the invites that have ended since the process began.', hitShare);
  write('engage_chats_waiting', 'Chats that wait for an agent to answer.', chats.waiting);
  write('engage_chats_handling', 'Chats in conversation with an agent.', chats.handling);
  write('engage_abandonment_share', 'Chats abandoned, of those asked for since the process began.', abandonment.share);
  write('engage_abandonment_goal_share', 'The abandonment that pacing allows.', abandonment.goalShare);
  write('engage_busy_share', 'Busy factor: slots held, of those logged in, since the process began.', busy.share);
  write('engage_busy_goal_share', 'The busy factor that pacing is to keep.', busy.goalShare);
  metrics.counter('engage_invites_permitted_total', 'Permits that pacing gave.').value = invites.permitted;
  metrics.counter('engage_invites_used_total', 'Permits that an invite was sent by.').value = invites.used;
}
