/** What went in: the scenario in words, where the run deviates from the guide, and the command that runs it again. */
import type { DurationDistribution } from '#core/random/duration-distribution.ts';
import type { AgentGroup, Scenario } from '#protocol/scenario.ts';
import { describeSeeds, isSeedsSummary } from '#testbed/reporters/outcome-text.ts';
import { describeCount, describeDuration, describeGivenShare, describeNumber } from './figure-text.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';

export function renderInputs({ run, input }: ReportContext): Markup {
  const { scenario } = run;
  const rows = [
    ...describeScenario(scenario),
    [isSeedsSummary(input.summary) ? 'Seeds' : 'Seed', describeSeeds(input.summary)] as const,
    ['Version', `Web Engagement Testbed ${input.version}`] as const,
  ];
  const { deviations } = input.summary;
  return html`<section class="long">
    <h2>Inputs</h2>
    <dl class="inputs">
      ${rows.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    ${
      deviations.length === 0
        ? null
        : html`<h3 style="margin-top:16px">Where this run deviates from the guide</h3>
            <ul class="notes">
              ${deviations.map((deviation) => html`<li>${deviation}</li>`)}
            </ul>`
    }
    <h3 style="margin-top:16px">Run it again</h3>
    <pre>${input.command}</pre>
  </section>`;
}

type Row = readonly [string, string];

function describeScenario(scenario: Scenario): readonly Row[] {
  const { visitors, site } = scenario;
  const registration =
    visitors.registration === null
      ? ''
      : `; a form takes ${describeDistribution(visitors.registration.fillTime)}, ${describeGivenShare(visitors.registration.abandonShare)} give it up`;
  return [
    ['Traffic', describeTraffic(scenario)],
    ['Site', `${site.name} (${site.domain}), ${site.pages.length} pages`],
    [
      'Rules',
      scenario.rules.map(({ name, version, rules }) => `${name} ${version} (${rules.length} rules)`).join('; ') ||
        'none',
    ],
    ['Categories', scenario.categories.map(({ name }) => name).join(', ') || 'none'],
    ...scenario.groups.map((group): Row => [group.name, describeGroup(group)]),
    [
      'Visitors',
      `${describeGivenShare(visitors.acceptShare)} accept and ${describeGivenShare(visitors.rejectShare)} reject an invite after ${describeDistribution(visitors.responseTime)}; ` +
        `invites time out after ${describeDuration(visitors.inviteTimeoutMs)}; patience for an agent ${describeDistribution(visitors.patience)}${registration}`,
    ],
    ['Options given', describeOptions(scenario)],
    ['Fidelity', scenario.fidelity],
    ['Nodes', `${scenario.cluster.frontends} Frontend, ${scenario.cluster.backends} Backend`],
  ];
}

function describeTraffic({ traffic }: Scenario): string {
  const rates = traffic.visits.map((step) => step.visitsPerHour);
  const visits =
    rates.length === 1
      ? `${describeCount(rates[0] ?? 0)} visits an hour`
      : `${describeCount(Math.min(...rates))} to ${describeCount(Math.max(...rates))} visits an hour in ${rates.length} steps`;
  return `${visits}, ${describeNumber(traffic.visitDepth)} page views a visit, ${describeNumber(traffic.pageEvents)} business events a page view, ${describeNumber(traffic.visitEvents)} identity events a visit`;
}

function describeGroup(group: AgentGroup): string {
  const agents = `${group.agents} agent${group.agents === 1 ? '' : 's'} with ${group.capacity} chat${group.capacity === 1 ? '' : 's'} at once`;
  const breaks =
    group.breakShare > 0
      ? `, ${describeGivenShare(group.breakShare)} of the time in breaks of ${describeDistribution(group.breakTime)}`
      : '';
  return `${agents}, a chat takes ${describeDistribution(group.handleTime)}, after-work ${describeDistribution(group.afterWork)}${breaks}${describeSlowdown(group)}${describeFollowUps(group)}${describeShifts(group)}`;
}

function describeSlowdown({ slowdown }: AgentGroup): string {
  if (slowdown === undefined || slowdown === 0) return '';
  if (typeof slowdown === 'number') return `, ${describeGivenShare(slowdown)} longer for each further chat at once`;
  return `, ${slowdown.map(describeNumber).join(', ')} times as long with ${slowdown.map((_, index) => index + 1).join(', ')} at once`;
}

function describeFollowUps({ followUps }: AgentGroup): string {
  if (followUps === undefined) return '';
  return `, follow-ups looked for every ${describeDistribution(followUps.after)} of idle time, ${describeGivenShare(followUps.approveShare)} of them approved`;
}

function describeShifts({ shifts = [] }: AgentGroup): string {
  return shifts
    .map(({ agents, from, to }) => {
      const until = to === undefined ? 'to the end' : `to ${describeDuration(to)}`;
      return `; ${agents} more from ${describeDuration(from)} ${until}`;
    })
    .join('');
}

function describeDistribution(distribution: DurationDistribution): string {
  switch (distribution.kind) {
    case 'constant':
      return describeDuration(distribution.meanMs);
    case 'exponential':
      return `${describeDuration(distribution.meanMs)} (exponential)`;
    case 'lognormal':
    case 'gamma':
      return `${describeDuration(distribution.meanMs)} (${distribution.kind}, cv ${describeNumber(distribution.cv)})`;
    case 'uniform':
      return `${describeDuration(distribution.fromMs)} to ${describeDuration(distribution.toMs)}`;
  }
}

function describeOptions({ options }: Scenario): string {
  const given = Object.entries(options).flatMap(([section, values]) =>
    Object.entries(values).map(([name, value]) => `${section}/${name} = ${String(value)}`),
  );
  return given.join(', ') || 'none, all defaults';
}
