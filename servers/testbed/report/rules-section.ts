/** Rules: how often each fired, over time and in all; one small chart a rule on one scale, so that they can be compared. */
import { describeEstimate } from '#testbed/reporters/outcome-text.ts';
import { roundUp } from './chart-scale.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';
import { describeBinLength, sumOf, type Bin } from './series-bins.ts';
import { renderTimeChart } from './time-chart.ts';

const CHARTS_MAX = 12;

export function renderRules(context: ReportContext): Markup {
  const { run, estimate, input } = context;
  const names = Object.keys(run.figures.rules).toSorted(
    (one, other) => (run.figures.rules[other] ?? 0) - (run.figures.rules[one] ?? 0) || (one < other ? -1 : 1),
  );
  if (names.length === 0) {
    return html`<section>
      <h2>Rules</h2>
      <p class="lead">No rule is on: nobody can become a hot lead.</p>
    </section>`;
  }
  const abouts = new Map(run.scenario.rules.flatMap(({ rules }) => rules.map((rule) => [rule.name, rule.about ?? ''])));
  const total = estimate(({ figures }) => Object.values(figures.rules).reduce((sum, count) => sum + count, 0));
  const rows = names.map((name) => {
    const fired = estimate(({ figures }) => figures.rules[name] ?? 0);
    return html`<tr>
      <td>${name}</td>
      <td class="words">${abouts.get(name) ?? ''}</td>
      <td class="number">${describeEstimate(fired, 'count')}</td>
    </tr>`;
  });
  return html`<section class="long">
    <h2>Rules</h2>
    <p class="lead">Firings of the window by rule, most frequent first.</p>
    <table>
      <thead>
        <tr>
          <th>Rule</th>
          <th>What it sees</th>
          <th class="number">Fired</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
        <tr>
          <td>All</td>
          <td></td>
          <td class="number">${describeEstimate(total, 'count')}</td>
        </tr>
      </tbody>
    </table>
    ${renderCharts(names.slice(0, CHARTS_MAX), context)}
    ${names.length > CHARTS_MAX ? html`<p class="meta">Charts of the ${CHARTS_MAX} most frequent${input.results.length > 1 ? `, seed ${run.seed}` : ''}.</p>` : null}
  </section>`;
}

function renderCharts(names: readonly string[], { bins, frame }: ReportContext): Markup {
  const coarse = joinBins(bins, 4);
  const series = names.map((name) => ({
    name,
    bars: coarse.map((bin) => ({
      fromMs: bin.fromMs,
      toMs: bin.toMs,
      value: sumOf(bin, (point) => point.firings[name] ?? 0),
    })),
  }));
  const max = roundUp(Math.max(1, ...series.flatMap(({ bars }) => bars.map((bar) => bar.value))));
  const length = describeBinLength(coarse);
  return html`<div class="small-multiples">
      ${series.map(
        ({ name, bars }) =>
          html`<figure>
            ${renderTimeChart({
              frame,
              about: `Firings of ${name} per ${length} over time.`,
              width: 470,
              panes: [{ title: name, height: 46, max, layers: [{ kind: 'bars', name, color: 'rules', bars }] }],
            })}
          </figure>`,
      )}
    </div>
    <p class="meta">Firings per ${length}, all on one scale.</p>`;
}

function joinBins(bins: readonly Bin[], by: number): readonly Bin[] {
  const joined: Bin[] = [];
  for (let index = 0; index < bins.length; index += by) {
    const part = bins.slice(index, index + by);
    const [first, last] = [part[0], part.at(-1)];
    if (first === undefined || last === undefined) continue;
    joined.push({ fromMs: first.fromMs, toMs: last.toMs, points: part.flatMap((bin) => bin.points) });
  }
  return joined;
}
