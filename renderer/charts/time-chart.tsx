/**
 * A chart over virtual time: at most six series, no easing, fixed margins, so that all charts of a screen share one time axis and
 * one cursor. A band is drawn as an area behind, a goal as a dashed line in the text colour.
 */
import { memo, type ReactNode } from 'react';
import { useElementSize } from '@mantine/hooks';
import { Area, Bar, CartesianGrid, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from 'recharts';
import type { TimeSpan } from '#renderer/view/time-window.ts';
import { CursorSurface } from '#renderer/charts/cursor-surface.tsx';
import { TimeMarks } from '#renderer/charts/time-marks.tsx';
import type { ZoomActions } from '#renderer/charts/zoom-actions.ts';
import classes from '#renderer/charts/charts.module.css';

export interface ChartRow {
  readonly atMs: number;
}

export interface ChartSeries<Row> {
  readonly name: string;
  readonly kind: 'line' | 'step' | 'bars' | 'area' | 'band';
  /** A CSS colour: one of the tokens of theme.css. */
  readonly color: string;
  /** [low, high] for a band. */
  readonly value: (row: Row) => number | readonly [number, number] | null;
  readonly dashed?: boolean;
}

export interface TimeChartProps<Row extends ChartRow> {
  readonly label: string;
  readonly valueText?: string;
  readonly rows: readonly Row[];
  readonly span: TimeSpan;
  readonly stepMs: number;
  readonly ticks: readonly number[];
  readonly formatTime: (atMs: number) => string;
  readonly formatValue: (value: number) => string;
  readonly min: number;
  readonly max: number;
  /** For values that matter over powers of ten: `min` is above 0 then, and what is below runs along the bottom. */
  readonly isLogarithmic?: boolean;
  readonly series: readonly ChartSeries<Row>[];
  readonly goal?: number | null;
  /** False where a chart below shows the same axis. */
  readonly showTimes: boolean;
  readonly onPick?: (atMs: number) => void;
  readonly zoom?: ZoomActions;
  /** Names what the marks of the screen stand for; once a screen is enough. */
  readonly namesMarks?: boolean;
}

/** Fixed, so that plots line up: room for the value axis, and for the last value at the right edge. */
export const PLOT_LEFT = 42;
export const PLOT_RIGHT = 18;
const TIMES_HEIGHT = 20;
const NO_TIMES_HEIGHT = 6;
/** Width of a tick's label with the air around it. */
const TICK_ROOM = 48;
const MARGIN = { top: 6, right: PLOT_RIGHT, bottom: 0, left: 0 };

function TimeChartView<Row extends ChartRow>(props: TimeChartProps<Row>): ReactNode {
  const { label, valueText, span, stepMs, showTimes, onPick, zoom, namesMarks = false } = props;
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  return (
    <CursorSurface
      label={label}
      valueText={valueText}
      span={span}
      left={PLOT_LEFT}
      right={PLOT_RIGHT}
      stepMs={stepMs}
      onPick={onPick}
      zoom={zoom}
    >
      <div ref={ref} className={classes['plot']} aria-hidden="true">
        {width > 0 && height > 0 && <Plot {...props} width={width} height={height} />}
      </div>
      <TimeMarks
        span={span}
        left={PLOT_LEFT}
        right={PLOT_RIGHT}
        bottom={showTimes ? TIMES_HEIGHT : NO_TIMES_HEIGHT}
        isNamed={namesMarks}
      />
    </CursorSurface>
  );
}

export const TimeChart = memo(TimeChartView) as typeof TimeChartView;

function Plot<Row extends ChartRow>(
  props: TimeChartProps<Row> & { readonly width: number; readonly height: number },
): ReactNode {
  const { rows, span, ticks, min, max, series, goal, showTimes, formatTime, formatValue, width, height } = props;
  const isLog = props.isLogarithmic === true;
  const shownTicks = thinTicks(ticks, width - PLOT_LEFT - PLOT_RIGHT);
  return (
    <ComposedChart
      width={width}
      height={height}
      data={rows as Row[]}
      margin={MARGIN}
      accessibilityLayer={false}
      barGap={0}
      barCategoryGap={0}
    >
      <CartesianGrid stroke="var(--grid)" vertical horizontal verticalPoints={placesOf(shownTicks, span, width)} />
      <XAxis
        dataKey="atMs"
        type="number"
        domain={[span.fromMs, span.toMs]}
        allowDataOverflow
        ticks={[...shownTicks]}
        interval={0}
        height={showTimes ? TIMES_HEIGHT : NO_TIMES_HEIGHT}
        tick={showTimes ? { className: classes['tick'] ?? '' } : false}
        tickFormatter={formatTime}
        tickLine={false}
        tickMargin={4}
        axisLine={{ stroke: 'var(--line)' }}
      />
      <YAxis
        width={PLOT_LEFT}
        domain={[min, max]}
        scale={isLog ? 'log' : 'auto'}
        allowDataOverflow
        ticks={[min, isLog ? Math.sqrt(min * max) : (min + max) / 2, max]}
        interval={0}
        tick={{ className: classes['tick'] ?? '' }}
        tickFormatter={formatValue}
        tickLine={false}
        axisLine={false}
        tickMargin={4}
      />
      {series.map((one) => drawSeries(one, rows, width, span))}
      {goal !== undefined && goal !== null && (
        <ReferenceLine
          y={goal}
          className={classes['goal'] ?? ''}
          stroke="var(--text)"
          strokeDasharray="5 3"
          ifOverflow="hidden"
        />
      )}
    </ComposedChart>
  );
}

function drawSeries<Row extends ChartRow>(
  { name, kind, color, value, dashed }: ChartSeries<Row>,
  rows: readonly Row[],
  width: number,
  span: TimeSpan,
): ReactNode {
  const common = {
    name,
    dataKey: value as (row: Row) => number,
    isAnimationActive: false,
    legendType: 'none',
  } as const;
  switch (kind) {
    case 'band':
      return <Area key={name} {...common} type="linear" stroke="none" fill={color} fillOpacity={1} activeDot={false} />;
    case 'area':
      return (
        <Area
          key={name}
          {...common}
          type="linear"
          stroke={color}
          strokeWidth={1.5}
          fill={color}
          fillOpacity={0.16}
          activeDot={false}
        />
      );
    case 'bars':
      return <Bar key={name} {...common} fill={color} barSize={barWidth(rows, width, span)} />;
    case 'step':
    case 'line':
      return (
        <Line
          key={name}
          {...common}
          type={kind === 'step' ? 'stepBefore' : 'linear'}
          stroke={color}
          strokeWidth={1.5}
          {...(dashed === true ? { strokeDasharray: '4 3' } : {})}
          dot={false}
          activeDot={false}
          connectNulls={false}
        />
      );
    default:
      return null;
  }
}

/** Every k-th tick, so that labels have room; by their place in time, so that the same ones stay while the window scrolls. */
function thinTicks(ticks: readonly number[], width: number): readonly number[] {
  const [first, second] = ticks;
  const every = Math.ceil((ticks.length * TICK_ROOM) / Math.max(1, width));
  if (first === undefined || second === undefined || every <= 1) return ticks;
  return ticks.filter((tick) => Math.round(tick / (second - first)) % every === 0);
}

/** Where times stand, px: also in charts that leave their names to the one below. */
function placesOf(ticks: readonly number[], span: TimeSpan, width: number): number[] {
  const wide = width - PLOT_LEFT - PLOT_RIGHT;
  return ticks.map((tick) => PLOT_LEFT + ((tick - span.fromMs) / (span.toMs - span.fromMs)) * wide);
}

/** A bar a bucket, a hair apart. */
function barWidth(rows: readonly ChartRow[], width: number, span: TimeSpan): number {
  const first = rows[0]?.atMs;
  const second = rows[1]?.atMs;
  const bucketMs = first !== undefined && second !== undefined ? second - first : (span.toMs - span.fromMs) / 60;
  const wide = (bucketMs / (span.toMs - span.fromMs)) * (width - PLOT_LEFT - PLOT_RIGHT);
  return Math.max(1, wide - 1);
}
