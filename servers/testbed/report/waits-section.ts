/** How long accepted chats waited for an agent: percentiles in a table, and a histogram where there is something to see. */
import { describeEstimate } from '#testbed/reporters/outcome-text.ts';
import type { WaitSeconds } from '#testbed/run-result.ts';
import { createScale, listTicks, place, roundUp } from './chart-scale.ts';
import { describeNumber, describeSeconds, describeShare } from './figure-text.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';

/** Shorter than this a wait is none that anyone feels. */
const AT_ONCE_SECONDS = 1;
const BARS_MAX = 24;
/** Fewer waits than these make no histogram. */
const BARS_WORTH = 5;
const WIDTH = 620;
const HEIGHT = 170;
const LEFT = 46;
const TOP = 38;

export function renderWaits(context: ReportContext): Markup {
  const { waits } = context.run;
  if (waits.length === 0) {
    return html`<section>
      <h2>Waits</h2>
      <p class="lead">No chat was accepted in the window: there is no wait to show.</p>
    </section>`;
  }
  const atOnce = waits.filter((wait) => wait < AT_ONCE_SECONDS).length;
  const longest = waits.at(-1) ?? 0;
  const lead = `${describeShare(atOnce / waits.length)} of ${waits.length} accepted chats had an agent within ${AT_ONCE_SECONDS} s; the longest wait was ${describeSeconds(longest)}. Abandoned chats count with the time they waited.`;
  return html`<section>
    <h2>Waits</h2>
    <p class="lead">${lead}</p>
    ${
      waits.length - atOnce < BARS_WORTH
        ? renderPercentiles(context)
        : html`<div class="pair uneven">
            <figure>${renderHistogram(context)}</figure>
            ${renderPercentiles(context)}
          </div>`
    }
  </section>`;
}

const KEYS: readonly { readonly key: keyof WaitSeconds; readonly name: string }[] = [
  { key: 'mean', name: 'mean' },
  { key: 'p50', name: 'half waited at most' },
  { key: 'p90', name: '90 % at most' },
  { key: 'p95', name: '95 % at most' },
  { key: 'p99', name: '99 % at most' },
];

function renderPercentiles({ estimate, hasSeeds }: ReportContext): Markup {
  const rows = KEYS.map(({ key, name }) => {
    const value = estimate(({ figures }) => figures.waitSeconds?.[key] ?? null);
    return html`<tr>
      <td>${name}</td>
      <td class="number">${describeEstimate(value, 'seconds')}</td>
    </tr>`;
  });
  return html`<table>
    <caption>
      Waits of accepted chats${hasSeeds ? ', over all seeds' : ''}
    </caption>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** Chats that were served at once would dwarf the rest: they are told in words, and the bars are those that waited. */
function renderHistogram({ run }: ReportContext): Markup {
  const waits = run.waits.filter((wait) => wait >= AT_ONCE_SECONDS);
  const longest = waits.at(-1) ?? 0;
  const width = chooseWidth(longest);
  const counts = Array.from({ length: Math.floor(longest / width) + 1 }, () => 0);
  for (const wait of waits) {
    const index = Math.floor(wait / width);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const end = counts.length * width;
  const most = roundUp(Math.max(...counts));
  const x = createScale(0, end, LEFT, WIDTH - 10);
  const y = createScale(0, most, TOP + HEIGHT, TOP);
  const about = `Histogram of the ${waits.length} waits of at least ${AT_ONCE_SECONDS} s, in bars of ${describeNumber(width)} s.`;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${TOP + HEIGHT + 38}" role="img" aria-label="${about}">
    <text class="pane" x="${LEFT}" y="14">Chats that waited ${AT_ONCE_SECONDS} s or more</text>
    ${listTicks(0, most, 4)
      .filter(Number.isInteger)
      .map(
        (tick) =>
          html`<line
              class="${tick === 0 ? 'base' : 'grid'}"
              x1="${LEFT}"
              x2="${WIDTH - 10}"
              y1="${place(y(tick))}"
              y2="${place(y(tick))}"
            /><text class="tick" text-anchor="end" x="${LEFT - 6}" y="${place(y(tick) + 4)}"
              >${describeNumber(tick)}</text
            >`,
      )}
    ${counts.map((count, index) => html`<rect x="${place(x(index * width) + 0.6)}" y="${place(y(count))}" width="${place(x(width) - x(0) - 1.2)}" height="${place(y(0) - y(count))}" style="fill:var(--chats)"><title>${describeNumber(index * width)} to ${describeNumber((index + 1) * width)} s: ${count}</title></rect>`)}
    ${listTicks(0, end, 8).map((tick) => html`<text class="tick" text-anchor="middle" x="${place(x(tick))}" y="${TOP + HEIGHT + 16}">${describeNumber(tick)}</text>`)}
    <text class="tick" text-anchor="end" x="${WIDTH - 10}" y="${TOP + HEIGHT + 33}">seconds waited</text>
    ${renderMarks(run.figures.waitSeconds, x)}
  </svg>`;
}

function chooseWidth(longest: number): number {
  return (
    [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600].find((width) => longest / width <= BARS_MAX) ?? longest / BARS_MAX
  );
}

/** Percentiles as lines, those that would stand on one another left out. */
function renderMarks(waits: WaitSeconds | null, x: (seconds: number) => number): Markup | null {
  if (waits === null) return null;
  let previous = Number.NEGATIVE_INFINITY;
  return html`${(['p50', 'p90', 'p95', 'p99'] as const).map((key) => {
    const at = x(waits[key]);
    if (waits[key] < AT_ONCE_SECONDS || at - previous < 30) return null;
    previous = at;
    return html`<line class="limit" x1="${place(at)}" x2="${place(at)}" y1="${TOP}" y2="${TOP + HEIGHT}" /><text
        class="tick"
        text-anchor="middle"
        x="${place(at)}"
        y="${TOP - 4}"
        >${key}</text
      >`;
  })}`;
}
