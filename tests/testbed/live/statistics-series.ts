/** Statistics as series of /metrics: those of a run, written down by their documentation, and those that a scrape holds. */
import { present } from '#core/assert.ts';
import type { EngagementKpis, StatisticValue } from '#core/statistics/stat-server.ts';

/**
 * By name and sorted labels, as docs/statistics.md has them; shares that are not known yet are left out, and the busy
 * share, which goes by the moment of the question.
 */
export function describeStatistics(
  statistics: readonly StatisticValue[],
  { byRule, hitShare, chats, abandonment, busy, invites }: EngagementKpis,
): ReadonlyMap<string, number> {
  const series = new Map<string, number>();
  for (const { statistic, queue, filter, value } of statistics) {
    const [, channel = '', measure = ''] = /^([A-Z][a-z]+)_(.+)$/.exec(statistic) ?? [];
    const labels = { statistic, queue, channel: channel.toLowerCase(), filter };
    series.set(keyOf(present(METRICS[measure], measure), labels), value);
  }
  for (const [rule, { hotLeads, engaged, accepted, rejected, timeout, failed }] of Object.entries(byRule)) {
    for (const [name, count] of Object.entries({ hot_leads: hotLeads, engaged, accepted, rejected, timeout, failed })) {
      series.set(keyOf(`engage_${name}_total`, { rule }), count.total);
      series.set(keyOf(`engage_${name}_last_hour`, { rule }), count.lastHour);
    }
  }
  const shares = {
    engage_hit_share: hitShare,
    engage_abandonment_share: abandonment.share,
    engage_abandonment_goal_share: abandonment.goalShare,
    engage_busy_goal_share: busy.goalShare,
    engage_chats_waiting: chats.waiting,
    engage_chats_handling: chats.handling,
    engage_invites_permitted_total: invites.permitted,
    engage_invites_used_total: invites.used,
  };
  for (const [name, value] of Object.entries(shares)) if (value !== null) series.set(name, value);
  return series;
}

const METRICS: Readonly<Record<string, string>> = {
  Current_In_Queue: 'engage_current_in_queue',
  Current_Waiting_Processing_In_Queue: 'engage_current_waiting_processing_in_queue',
  Total_Entered_Queue: 'engage_entered_queue_total',
  Total_Moved_From_Queue: 'engage_moved_from_queue_total',
};

/** The series of a scrape in Prometheus' text format. */
export function readSeries(text: string): ReadonlyMap<string, number> {
  const series = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (value === undefined) continue;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', said = '']) => [key, said]);
    series.set(keyOf(name, Object.fromEntries(pairs) as Record<string, string>), Number(value));
  }
  return series;
}

function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `${name} ${pairs.toSorted().join(',')}`.trim();
}
