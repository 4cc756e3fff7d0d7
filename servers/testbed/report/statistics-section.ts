/** Statistics: what the stat server would show at the run's end, by provisioning's names, and the funnel of each rule. */
import type { EngagementKpis, FunnelCounts, StatisticValue } from '#core/statistics/stat-server.ts';
import { NO_FILTER } from '#core/statistics/queue-statistics.ts';
import { describeCount, describeGivenShare, describeShare } from './figure-text.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';

export function renderStatistics({ run, hasSeeds }: ReportContext): Markup {
  const { statistics, kpis } = run.statistics;
  return html`<section class="long">
    <h2>Statistics</h2>
    <p class="lead">
      As the stat server has them at the end: totals of the whole run, its warm-up
      included${hasSeeds ? `, of seed ${run.seed}` : ''}. ${describeKpis(kpis)}
    </p>
    ${renderFunnels(kpis)} ${renderQueues(statistics)}
  </section>`;
}

function describeKpis({ hitShare, chats, abandonment, busy, invites }: EngagementKpis): string {
  const against = (goalShare: number | null): string =>
    goalShare === null ? '' : ` (goal ${describeGivenShare(goalShare)})`;
  return [
    `Hit ratio ${describeShare(hitShare)}`,
    `abandoned ${describeShare(abandonment.share)}${against(abandonment.goalShare)}`,
    `busy factor ${describeShare(busy.share)}${against(busy.goalShare)}`,
    `${describeCount(invites.used)} of ${describeCount(invites.permitted)} permitted invites used`,
    `${describeCount(chats.waiting)} chats waiting and ${describeCount(chats.handling)} with agents.`,
  ].join(', ');
}

/** Total, and within the last hour. */
function renderFunnels({ funnel, byRule }: EngagementKpis): Markup {
  const row = (name: string, counts: FunnelCounts): Markup => {
    const { hotLeads, engaged, accepted, rejected, timeout, failed } = counts;
    const cells = [hotLeads, engaged, accepted, rejected, timeout, failed];
    return html`<tr>
      <td>${name}</td>
      ${cells.map(({ total, lastHour }) => html`<td class="number">${describeCount(total)} (${describeCount(lastHour)})</td>`)}
    </tr>`;
  };
  return html`<table>
    <caption>
      By rule: in all, and within the last hour
    </caption>
    <thead>
      <tr>
        <th>Rule</th>
        ${['Hot leads', 'Engaged', 'Accepted', 'Rejected', 'Timed out', 'Failed'].map(
          (name) => html`<th class="number">${name}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${Object.entries(byRule).map(([rule, counts]) => row(rule, counts))} ${row('All', funnel)}
    </tbody>
  </table>`;
}

function renderQueues(statistics: readonly StatisticValue[]): Markup {
  if (statistics.length === 0) return html`<p class="meta">Nothing has entered a queue.</p>`;
  return html`<details>
    <summary>By queue and filter</summary>
    <table>
      <thead>
        <tr>
          <th>Statistic</th>
          <th>Queue</th>
          <th>Filter</th>
          <th class="number">Value</th>
        </tr>
      </thead>
      <tbody>
        ${statistics.map(
          ({ statistic, queue, filter, value }) =>
            html`<tr>
              <td>${statistic}</td>
              <td>${queue}</td>
              <td>${filter === NO_FILTER ? '' : filter}</td>
              <td class="number">${describeCount(value)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}
