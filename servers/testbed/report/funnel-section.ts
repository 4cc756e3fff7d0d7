/** From hot lead to finished chat: how many come through each step, and why the others did not. */
import type { RunResult } from '#testbed/run-result.ts';
import { countRefused } from '#testbed/thresholds-figures.ts';
import { place } from './chart-scale.ts';
import { describeCount, describeGivenShare, describeShare } from './figure-text.ts';
import { html, type Markup } from './markup.ts';
import { describeRefusal } from './refusal-text.ts';
import type { ReportContext } from './report-context.ts';
import type { ChartColor } from './chart-layers.ts';

interface Step {
  readonly name: string;
  readonly color: ChartColor;
  readonly count: number;
}

export function renderFunnel(context: ReportContext): Markup {
  const mean = (pick: (result: RunResult) => number): number => context.estimate(pick)?.mean ?? 0;
  const steps: readonly Step[] = [
    { name: 'Hot leads', color: 'rules', count: mean(({ figures }) => figures.hotLeads) },
    { name: 'Invited', color: 'pacing', count: mean(({ figures }) => figures.invites.sent) },
    { name: 'Accepted', color: 'pacing', count: mean(({ figures }) => figures.invites.accepted) },
    { name: 'Served', color: 'chats', count: mean(({ figures }) => figures.chats.started) },
  ];
  const hit = context.estimate(({ figures }) => figures.hitShare);
  const [first] = steps;
  return html`<section>
    <h2>From hot lead to chat</h2>
    <p class="lead">
      ${describeGivenShare(context.run.acceptShare)} of the visitors would accept if every answer counted;
      ${hit === null ? 'no invite ended' : `${describeShare(hit.mean)} of the invites that ended were accepted in time`},
      since an answer after the invite's time-out is a time-out.
    </p>
    <div class="pair">
      <figure>${renderSteps(steps, first?.count ?? 0)}</figure>
      <table>
        <caption>
          What became of the others${context.hasSeeds ? ', means over the seeds' : ''}
        </caption>
        <tbody>
          ${renderLosses(context)}
        </tbody>
      </table>
    </div>
  </section>`;
}

const WIDTH = 460;
const ROW = 44;

function renderSteps(steps: readonly Step[], most: number): Markup {
  const about = steps.map((step) => `${step.name} ${describeCount(step.count)}`).join(', ');
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${steps.length * ROW}" role="img" aria-label="Funnel: ${about}">
    ${steps.map((step, index) => {
      const before = index === 0 ? undefined : steps[index - 1]?.count;
      const share = before === undefined || before === 0 ? '' : describeShare(step.count / before);
      const width = most === 0 ? 0 : (step.count / most) * WIDTH;
      const y = index * ROW;
      return html`<text class="pane" x="0" y="${y + 13}">${step.name}</text
        ><text x="${WIDTH}" y="${y + 13}" text-anchor="end"
          >${describeCount(step.count)}<tspan class="share" dx="8" style="fill:var(--muted)"
            >${share === '' ? '' : `${share} of the step before`}</tspan
          ></text
        ><rect x="0" y="${y + 19}" width="${WIDTH}" height="14" rx="2" style="fill:var(--shade)" /><rect
          x="0"
          y="${y + 19}"
          width="${place(Math.max(width, step.count > 0 ? 1 : 0))}"
          height="14"
          rx="2"
          style="fill:var(--${step.color})"
        />`;
    })}
  </svg>`;
}

function renderLosses(context: ReportContext): Markup {
  const { results } = context.input;
  const mean = (pick: (result: RunResult) => number): number => context.estimate(pick)?.mean ?? 0;
  const reasons = [...new Set(results.flatMap(({ refusals }) => Object.keys(refusals)))]
    .map((reason) => ({ what: describeRefusal(reason).long, count: mean(({ refusals }) => refusals[reason] ?? 0) }))
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count);
  const refused = mean(({ refusals }) => countRefused(refusals));
  const [only] = reasons;
  const whole = { none: 'Every hot lead was invited', one: only?.what ?? '', many: 'Together, of these:' };
  const rows = [
    {
      name: 'Not invited',
      count: refused,
      what: whole[reasons.length === 0 ? 'none' : reasons.length === 1 ? 'one' : 'many'],
    },
    ...(reasons.length > 1 ? reasons.map(({ what, count }) => ({ name: '', count, what })) : []),
    { name: 'Rejected', count: mean(({ figures }) => figures.invites.rejected), what: 'The visitor declined' },
    {
      name: 'Timed out',
      count: mean(({ figures }) => figures.invites.timeout),
      what: 'No answer while the invite was shown',
    },
    {
      name: 'Failed',
      count: mean(({ figures }) => figures.invites.failed),
      what: 'Never shown, expired, or the visitor left',
    },
    {
      name: 'Abandoned',
      count: mean(({ figures }) => figures.chats.abandoned),
      what: 'Accepted, and gone before an agent was free',
    },
  ];
  return html`${rows.map(
    ({ name, count, what }) =>
      html`<tr>
        <td>${name}</td>
        <td class="number">${describeCount(count)}</td>
        <td class="words">${what}</td>
      </tr>`,
  )}`;
}
