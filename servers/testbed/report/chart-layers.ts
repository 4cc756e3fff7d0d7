/** What a chart over time is made of: lines, areas, bands, bars and limits, drawn as SVG paths and as swatches beside their names. */
import { place } from '#testbed/report/chart-scale.ts';
import { html, type Markup } from '#testbed/report/markup.ts';

/** Colours by what is shown, as everywhere in the product: see `report-style.ts`. */
export type ChartColor = 'traffic' | 'rules' | 'pacing' | 'chats' | 'failure' | 'ink' | 'muted';

export interface Point {
  readonly atMs: number;
  readonly value: number;
}

interface LayerBase {
  readonly name: string;
  readonly color: ChartColor;
}

export type Layer =
  | (LayerBase & { readonly kind: 'line'; readonly points: readonly Point[]; readonly isDashed?: boolean })
  | (LayerBase & { readonly kind: 'area'; readonly points: readonly Point[] })
  | (LayerBase & {
      readonly kind: 'band';
      readonly points: readonly { readonly atMs: number; readonly low: number; readonly high: number }[];
    })
  | (LayerBase & { readonly kind: 'bars'; readonly bars: readonly Bar[]; readonly isHatched?: boolean })
  /** A goal or capacity: a line in the text colour. */
  | (LayerBase & { readonly kind: 'limit'; readonly value: number });

export interface Bar {
  readonly fromMs: number;
  readonly toMs: number;
  readonly value: number;
  /** Where it stands on, for stacks; 0. */
  readonly base?: number;
}

/** From a value, or a time, to its place. */
export type Scale = (value: number) => number;

/** `extent` is where a limit's line begins and ends. */
export function renderLayer(layer: Layer, x: Scale, y: Scale, extent: readonly [number, number]): Markup {
  const color = `var(--${layer.color})`;
  switch (layer.kind) {
    case 'line': {
      const path = joinPath(layer.points.map((point) => [x(point.atMs), y(point.value)]));
      return html`<path class="line${layer.isDashed === true ? ' dashed' : ''}" style="stroke:${color}" d="${path}" />`;
    }
    case 'area': {
      const line = layer.points.map((point): Place => [x(point.atMs), y(point.value)]);
      const [first, last] = [line[0], line.at(-1)];
      if (first === undefined || last === undefined) return html``;
      const outline = joinPath([[first[0], y(0)], ...line, [last[0], y(0)]]);
      return html`<path class="fill" style="fill:${color}" d="${outline}Z" /><path
          class="line"
          style="stroke:${color}"
          d="${joinPath(line)}"
        />`;
    }
    case 'band': {
      const outline = [
        ...layer.points.map((point): Place => [x(point.atMs), y(point.high)]),
        ...layer.points.toReversed().map((point): Place => [x(point.atMs), y(Math.max(0, point.low))]),
      ];
      return outline.length === 0
        ? html``
        : html`<path class="band" style="fill:${color}" d="${joinPath(outline)}Z" />`;
    }
    case 'bars':
      return html`<path
        class="bars"
        style="fill:${layer.isHatched === true ? `url(#hatch-${layer.color})` : color}"
        d="${layer.bars.map((bar) => drawBar(bar, x, y)).join('')}"
      />`;
    case 'limit': {
      const at = place(y(layer.value));
      return html`<line class="limit" x1="${extent[0]}" x2="${extent[1]}" y1="${at}" y2="${at}" />`;
    }
  }
}

type Place = readonly [number, number];

function joinPath(places: readonly Place[]): string {
  return places.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${place(x)} ${place(y)}`).join('');
}

function drawBar(bar: Bar, x: Scale, y: Scale): string {
  if (bar.value === 0) return '';
  const [left, right] = [x(bar.fromMs), x(bar.toMs)];
  const air = right - left > 4 ? 0.6 : 0;
  const base = bar.base ?? 0;
  const [bottom, top] = [y(base), y(base + bar.value)];
  return `M${place(left + air)} ${place(bottom)}V${place(top)}H${place(right - air)}V${place(bottom)}Z`;
}

/** The smallest and largest value of a layer, 0 among them. */
export function listExtremes(layer: Layer): readonly number[] {
  switch (layer.kind) {
    case 'line':
    case 'area':
      return extremes(layer.points.map((point) => point.value));
    case 'band':
      return extremes(layer.points.flatMap((point) => [point.low, point.high]));
    case 'bars':
      return extremes(layer.bars.map((bar) => bar.value + (bar.base ?? 0)));
    case 'limit':
      return [layer.value];
  }
}

function extremes(values: readonly number[]): readonly number[] {
  let [low, high] = [0, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

export const SWATCH_WIDTH = 18;

/** What a layer looks like, for beside its name. */
export function renderSwatch(layer: Layer, x: number, y: number): Markup {
  const color = `var(--${layer.color})`;
  const box = (className: string, fill: string) =>
    html`<rect
      class="${className}"
      x="${place(x)}"
      y="${y}"
      width="${SWATCH_WIDTH}"
      height="10"
      rx="2"
      style="fill:${fill}"
    />`;
  const stroke = (className: string, style: string, at: number) =>
    html`<path class="${className}" style="${style}" d="M${place(x)} ${at}h${SWATCH_WIDTH}" />`;
  switch (layer.kind) {
    case 'band':
      return box('band', color);
    case 'bars':
      return box('bars', layer.isHatched === true ? `url(#hatch-${layer.color})` : color);
    case 'area':
      return html`${box('fill', color)}${stroke('line', `stroke:${color}`, y + 1)}`;
    case 'line':
      return stroke(layer.isDashed === true ? 'line dashed' : 'line', `stroke:${color}`, y + 5);
    case 'limit':
      return stroke('limit', '', y + 5);
  }
}
