/** The thresholds with what was observed, and where that lies against the bound. */
import { describeEstimate, listOutcomes, type OutcomeView } from '#testbed/reporters/outcome-text.ts';
import type { Threshold } from '#protocol/scenario.ts';
import { observeFigure } from '#testbed/thresholds-figures.ts';
import { createScale, place } from './chart-scale.ts';
import { describeFigure } from './figure-text.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';

export function renderThresholds(context: ReportContext): Markup {
  const outcomes = listOutcomes(context.input.summary);
  const lead = context.hasSeeds
    ? 'A threshold holds when it holds in at least 95 % of the seeds, with all: in every one. Observed are the mean and its 95 % interval; each dot is a seed.'
    : 'Observed values against their bounds. Abandonment and busy agents count from the start of the run, all else from the end of the warm-up.';
  if (outcomes.length === 0) {
    return html`<section>
      <h2>Thresholds</h2>
      <p class="lead">
        The scenario has none, so nothing was judged. Add thresholds to its file to hold it to something.
      </p>
    </section>`;
  }
  return html`<section>
    <h2>Thresholds</h2>
    <p class="lead">${lead}</p>
    <table>
      <thead>
        <tr>
          <th>Threshold</th>
          <th class="number">Observed</th>
          <th>Against the bound</th>
          <th>Verdict</th>
        </tr>
      </thead>
      <tbody>
        ${outcomes.map((outcome, index) => renderRow(outcome, context.run.scenario.thresholds[index], context))}
      </tbody>
    </table>
  </section>`;
}

function renderRow(outcome: OutcomeView, threshold: Threshold | undefined, context: ReportContext): Markup {
  const values =
    threshold === undefined ? [] : context.input.results.map((result) => observeFigure(threshold.path, result));
  const picture = threshold === undefined ? null : renderPicture(outcome, threshold, values);
  const where = outcome.held === null ? '' : ` in ${outcome.held.in} of ${outcome.held.of}`;
  const verdict = html`<span class="${outcome.pass ? 'holds' : 'fails'}"
    >${outcome.pass ? '✓ holds' : '✗ fails'}${where}</span
  >`;
  return html`<tr>
    <td><code>${outcome.expression}</code></td>
    <td class="number">
      ${outcome.held === null ? describeFigure(outcome.value, outcome.unit) : describeEstimate(outcome.estimate, outcome.unit)}
    </td>
    <td>${picture}</td>
    <td>${verdict}</td>
  </tr>`;
}

const WIDTH = 210;
const HEIGHT = 22;

/** The allowed side shaded, the bound as a line, each seed as a dot. An exact value has no side: it is told in words alone. */
function renderPicture(outcome: OutcomeView, threshold: Threshold, values: readonly (number | null)[]): Markup | null {
  const { operator, bound } = threshold;
  const known = values.filter((value) => value !== null);
  if (operator === '==' || operator === '!=' || known.length === 0) return null;
  const reach = Math.max(bound, ...known) * 1.2;
  const end = outcome.unit === 'share' ? Math.min(1, reach) : reach;
  const x = createScale(0, end > 0 ? end : 1, 4, WIDTH - 4);
  const isBelow = operator === '<' || operator === '<=';
  const [from, to] = isBelow ? [x(0), x(bound)] : [x(bound), WIDTH - 4];
  const color = outcome.pass ? 'var(--chats)' : 'var(--failure)';
  const about = `${describeFigure(outcome.value, outcome.unit)} against ${describeFigure(bound, outcome.unit)}`;
  return html`<svg class="chart bound" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${about}">
    <rect x="4" y="9" width="${WIDTH - 8}" height="4" rx="2" style="fill:var(--shade)" />
    <rect
      x="${place(from)}"
      y="9"
      width="${place(Math.max(0, to - from))}"
      height="4"
      rx="2"
      style="fill:var(--faint)"
      opacity="0.5"
    />
    <line class="limit" style="stroke-dasharray:none" x1="${place(x(bound))}" x2="${place(x(bound))}" y1="3" y2="19" />
    ${known.map((value) => html`<circle cx="${place(x(value))}" cy="11" r="${known.length > 1 ? 3.5 : 5}" style="fill:${color}" opacity="${known.length > 1 ? 0.55 : 1}" />`)}
  </svg>`;
}
