/** A comparison as one HTML file that needs nothing else: each figure's variants with their intervals, drawn and in numbers. */
import { isClear, type Comparison, type ComparedFigure, type ComparedVariant } from '#testbed/comparison.ts';
import { describeDifference, describeVariant } from '#testbed/reporters/comparison-text.ts';
import { describeSeedList } from '#testbed/reporters/outcome-text.ts';
import type { Estimate } from '#testbed/seeds.ts';
import { createScale, place } from './chart-scale.ts';
import { describeDuration } from './figure-text.ts';
import { html, type Markup } from './markup.ts';
import { REPORT_STYLE } from './report-style.ts';

export interface ComparisonPage {
  readonly comparison: Comparison;
  /** What runs it again. */
  readonly command: string;
  readonly version: string;
}

/** The whole file. */
export function renderComparisonPage({ comparison, command, version }: ComparisonPage): string {
  const { scenario, about, vary, values, seeds, windowSeconds } = comparison;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="Web Engagement Testbed ${version}" />
        <title>${scenario}: ${vary}</title>
        <style>
          ${REPORT_STYLE}
        </style>
      </head>
      <body>
        <main>
          <header style="margin-bottom:16px">
            <div class="product"><span>Web Engagement Testbed</span><span>Comparison</span></div>
            <h1>${scenario}: ${vary}</h1>
            <p class="lead">${about}</p>
            <p class="meta">
              ${values.join(', ')} · seeds ${describeSeedList(seeds)} · simulated ·
              ${describeDuration(windowSeconds * 1000)} counted
            </p>
          </header>
          <section>
            <h2>How to read it</h2>
            <p class="lead">
              Equal seeds give each variant the same visitors, as far as the value leaves them. Lines are 95 % intervals
              of the means, dots the means. Differences are to ${values[0] ?? ''}; a bold one is clear: its interval
              leaves out zero.
            </p>
          </section>
          ${comparison.figures.map(renderFigure)} ${renderNotes(comparison)}
          <section>
            <h2>Run it again</h2>
            <pre>${command}</pre>
          </section>
        </main>
      </body>
    </html> `;
  return page.text;
}

function renderFigure({ figure, unit, variants }: ComparedFigure): Markup {
  const estimates = variants.map(({ estimate }) => estimate);
  const differences = variants.map(({ difference }) => difference);
  return html`<section>
    <h2><code>${figure}</code></h2>
    <table>
      <thead>
        <tr>
          <th>Variant</th>
          <th class="number">Mean</th>
          <th>Interval</th>
          <th class="number">Difference</th>
          <th>Interval of the difference</th>
        </tr>
      </thead>
      <tbody>
        ${variants.map(
          (variant, index) =>
            html`<tr>
              <td>${variant.value}</td>
              <td class="number">${describeVariant(variant.estimate, unit)}</td>
              <td>${renderInterval(variant.estimate, estimates, 'var(--chats)', false)}</td>
              <td class="number">${index === 0 ? '' : renderDifference(variant, unit)}</td>
              <td>${index === 0 ? null : renderInterval(variant.difference, differences, 'var(--pacing)', true)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function renderDifference({ difference }: ComparedVariant, unit: ComparedFigure['unit']): Markup {
  const text = describeDifference(difference, unit);
  return difference !== null && isClear(difference) ? html`<strong>${text}</strong>` : html`${text}`;
}

const WIDTH = 210;
const HEIGHT = 22;

/** A mean with its interval, on the scale that all variants of the figure share; `withZero`: zero is on it and marked. */
function renderInterval(
  estimate: Estimate | null,
  all: readonly (Estimate | null)[],
  color: string,
  withZero: boolean,
): Markup | null {
  if (estimate === null) return null;
  const ends = all.flatMap((one) => (one === null ? [] : [one.low ?? one.mean, one.high ?? one.mean]));
  if (withZero) ends.push(0);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const margin = most > least ? 0 : Math.max(1, Math.abs(most));
  const x = createScale(least - margin, most + margin, 8, WIDTH - 8);
  const middle = HEIGHT / 2;
  const zero = withZero
    ? html`<line class="base" x1="${place(x(0))}" x2="${place(x(0))}" y1="2" y2="${HEIGHT - 2}" />`
    : null;
  return html`<svg class="bound" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
    ${zero}
    <line
      x1="${place(x(estimate.low ?? estimate.mean))}"
      x2="${place(x(estimate.high ?? estimate.mean))}"
      y1="${middle}"
      y2="${middle}"
      style="stroke:${color};stroke-width:2"
    />
    <circle cx="${place(x(estimate.mean))}" cy="${middle}" r="3.5" style="fill:${color}" />
  </svg>`;
}

/** What a reader must know of a variant. */
function renderNotes({ deviations }: Comparison): Markup | null {
  const told = deviations.filter(({ sentences }) => sentences.length > 0);
  if (told.length === 0) return null;
  return html`<section class="long">
    <h2>Notes</h2>
    ${told.map(
      ({ value, sentences }) =>
        html`<h3>${value}</h3>
          <ul class="notes">
            ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
          </ul>`,
    )}
  </section>`;
}
