/**
 * Charts over the time of a run: panes one below the other on one time axis, drawn as SVG without a script. The warm-up is
 * shaded, captions stand as numbered marks, and pointing at a moment tells the values of all panes.
 */
import {
  listExtremes,
  renderLayer,
  renderSwatch,
  SWATCH_WIDTH,
  type Layer,
  type Scale,
} from '#testbed/report/chart-layers.ts';
import { createScale, listTicks, place, roundUp } from '#testbed/report/chart-scale.ts';
import { describeNumber } from '#testbed/report/figure-text.ts';
import { html, type Markup } from '#testbed/report/markup.ts';
import { listTimeTicks, type TimeFrame } from '#testbed/report/time-frame.ts';

export interface Pane {
  readonly title: string;
  readonly height: number;
  readonly layers: readonly Layer[];
  readonly describe?: (value: number) => string;
  /** End of the value axis; else what the layers reach. */
  readonly max?: number;
}

/** What pointing at a stretch of time tells. */
export interface Tip {
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
}

export interface TimeChart {
  readonly frame: TimeFrame;
  /** For who does not see it: what is shown, and what it comes to. */
  readonly about: string;
  readonly panes: readonly Pane[];
  readonly tips?: readonly Tip[];
  /** Numbered marks for the captions. */
  readonly hasCaptions?: boolean;
  readonly width?: number;
}

export const CHART_WIDTH = 960;
const LEFT = 46;
const RIGHT = 10;
const TITLE = 22;
const GAP = 10;
const AXIS = 24;
const CAPTIONS = 20;

export function renderTimeChart(chart: TimeChart): Markup {
  const width = chart.width ?? CHART_WIDTH;
  const x = createScale(0, chart.frame.totalMs, LEFT, width - RIGHT);
  const top = chart.hasCaptions === true && chart.frame.captions.length > 0 ? CAPTIONS : 0;
  let y = top;
  const panes = chart.panes.map((pane) => {
    const from = y + TITLE;
    y = from + pane.height + GAP;
    return { pane, from, to: from + pane.height };
  });
  const bottom = y - GAP;
  const extents = panes.map(({ from, to }): Extent => [from, to]);
  return html`<svg class="chart" viewBox="0 0 ${width} ${bottom + AXIS}" role="img" aria-label="${chart.about}">
    ${renderTimeAxis(chart.frame, x, extents, width)}
    ${panes.map(({ pane, from, to }) => renderPane(pane, x, from, to, width))}
    ${top > 0 ? renderCaptionMarks(chart.frame, x, extents) : null}
    ${(chart.tips ?? []).map((tip) => renderTip(tip, x, top, bottom))}
  </svg>`;
}

/** Top and bottom of a pane. */
type Extent = readonly [number, number];

function renderTimeAxis(frame: TimeFrame, x: Scale, panes: readonly Extent[], width: number): Markup {
  const bottom = panes.at(-1)?.[1] ?? 0;
  const ticks = listTimeTicks(frame, width < 600 ? 5 : 10);
  const warmupEnd = x(frame.warmupMs);
  return html`${panes.map(([from, to], index) =>
    frame.warmupMs > 0
      ? html`<rect class="warmup" x="${LEFT}" y="${from}" width="${place(warmupEnd - LEFT)}" height="${to - from}" />${
            index === 0 && warmupEnd - LEFT > 60 && to - from > 60
              ? html`<text class="tick" x="${LEFT + 6}" y="${from + 13}">warm-up</text>`
              : null
          }`
      : null,
  )}${ticks.map(
    ({ atMs, label }) =>
      html`${panes.map(([from, to]) => html`<line class="grid" x1="${place(x(atMs))}" x2="${place(x(atMs))}" y1="${from}" y2="${to}" />`)}<text
          class="tick"
          text-anchor="middle"
          x="${place(Math.min(width - RIGHT - 12, Math.max(LEFT, x(atMs))))}"
          y="${bottom + 16}"
          >${label}</text
        >`,
  )}`;
}

function renderPane(pane: Pane, x: Scale, from: number, to: number, width: number): Markup {
  const [low, high] = findRange(pane);
  const y = createScale(low, high, to, from);
  const describe = pane.describe ?? describeNumber;
  const ticks = listTicks(low, high, pane.height < 70 ? 2 : 4);
  return html`<text class="pane" x="${LEFT}" y="${from - 8}">${pane.title}</text
    >${renderLegend(pane, from - 8, width)}${ticks.map(
      (tick) =>
        html`<line
            class="${tick === 0 ? 'base' : 'grid'}"
            x1="${LEFT}"
            x2="${width - RIGHT}"
            y1="${place(y(tick))}"
            y2="${place(y(tick))}"
          /><text class="tick" text-anchor="end" x="${LEFT - 6}" y="${place(y(tick) + 4)}">${describe(tick)}</text>`,
    )}${pane.layers.map((layer) => renderLayer(layer, x, y, [LEFT, width - RIGHT]))}`;
}

function findRange(pane: Pane): readonly [number, number] {
  const values = pane.layers.flatMap(listExtremes);
  const high = pane.max ?? roundUp(Math.max(0, ...values));
  const lowest = Math.min(0, ...values);
  return [lowest < 0 ? -roundUp(-lowest) : 0, high];
}

/** Wide enough for a letter of any usual face at the size of legends. */
const LETTER = 6.9;

/** What the layers are called, from the right end of the title's row; a layer that is called as its pane needs no name. */
function renderLegend(pane: Pane, y: number, width: number): Markup {
  const named = pane.layers.filter((layer) => layer.name !== pane.title);
  let right = width - RIGHT;
  const items = named.toReversed().map((layer) => {
    const start = right - layer.name.length * LETTER;
    right = start - SWATCH_WIDTH - 18;
    return html`${renderSwatch(layer, start - SWATCH_WIDTH - 5, y - 9)}<text class="tick" x="${place(start)}" y="${y}"
        >${layer.name}</text
      >`;
  });
  return html`${items}`;
}

function renderCaptionMarks(frame: TimeFrame, x: Scale, panes: readonly Extent[]): Markup {
  return html`${frame.captions.map(({ atMs, text }, index) => {
    const at = place(x(atMs));
    return html`<g
      ><title>${text}</title
      >${panes.map(([from, to]) => html`<line class="caption" x1="${at}" x2="${at}" y1="${from}" y2="${to}" />`)}<circle
        class="mark"
        cx="${at}"
        cy="9"
        r="8"
      /><text class="mark" x="${at}" y="13" text-anchor="middle">${index + 1}</text></g
    >`;
  })}`;
}

function renderTip(tip: Tip, x: Scale, top: number, bottom: number): Markup {
  const [left, right] = [x(tip.fromMs), x(tip.toMs)];
  return html`<rect
    class="tip"
    x="${place(left)}"
    y="${top}"
    width="${place(right - left)}"
    height="${place(bottom - top)}"
    ><title>${tip.text}</title></rect
  >`;
}
