/** One chart of pacing on the axis that all share, with its name and what is read off it at the cursor beside it. */
import { memo, useMemo, useState, type ReactNode } from 'react';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { TimeChart, type ChartSeries } from '#renderer/charts/time-chart.tsx';
import { useCursorMs } from '#renderer/charts/time-cursor.ts';
import type { ZoomActions } from '#renderer/charts/zoom-actions.ts';
import { RISK_AXIS, type PacingChart } from '#renderer/view/pacing-chart.ts';
import { decisionPointAt, rowAt, type PacingRow } from '#renderer/view/pacing-rows.ts';
import type { SpanChoice } from '#renderer/view/span-choice.ts';
import { createValueAxis, formatTick } from '#renderer/view/value-axis.ts';
import { pacingFrameOf } from '#renderer/pacing/pacing-frame.ts';
import marks from '#renderer/shared/shared.module.css';
import classes from '#renderer/pacing/pacing.module.css';

interface PacingStripProps {
  readonly chart: PacingChart;
  readonly choice: SpanChoice;
  readonly group: string;
  /** The lowest one carries the times, the highest one the names of marks. */
  readonly showTimes: boolean;
  readonly namesMarks: boolean;
  readonly zoom: ZoomActions;
  readonly onPick: (atMs: number) => void;
}

export const PacingStrip = memo(function PacingStrip(props: PacingStripProps): ReactNode {
  const { chart, choice, group, showTimes, namesMarks, zoom, onPick } = props;
  const frame = pacingFrameOf(useRunView(`pacing.${chart.name}`), choice, group);
  const [axis] = useState(createValueAxis);
  const top = frame === null ? null : chart.top(frame.rows);
  const ends = axis(
    `${frame?.status.runId} ${chart.kind}`,
    frame === null ? [] : [0, chart.least, ...valuesOf(chart, frame.rows, top)],
  );
  const isRisk = chart.kind === 'risk';
  const min = isRisk ? RISK_AXIS.min : ends.min;
  const max = isRisk ? RISK_AXIS.max : chart.kind === 'share' ? Math.min(1, ends.max) : ends.max;
  const isClipped = isRisk || top !== null;
  const series = useMemo(
    () => (isClipped ? chart.series.map((one) => clip(one, isRisk ? min : -Infinity, max)) : chart.series),
    [chart, isClipped, isRisk, min, max],
  );
  if (frame === null) return null;
  const { rows, span, ticks, formatTime, bucketMs } = frame;
  return (
    <section
      className={classes['strip']}
      aria-label={chart.title}
      style={{ flexBasis: HEAD_PX + KEY_PX * Math.max(3, chart.keys.length) + (showTimes ? KEY_PX : 0) }}
    >
      <header className={classes['stripHead']}>
        <h2>{chart.title}</h2>
        <span className={classes['unit']}>{chart.unit}</span>
        <Reading chart={chart} rows={rows} group={group} />
      </header>
      <div className={classes['plot']}>
        <TimeChart
          label={`${chart.title}, ${chart.unit}`}
          rows={rows}
          span={span}
          stepMs={bucketMs}
          ticks={ticks}
          formatTime={formatTime}
          formatValue={chart.kind === 'share' ? formatPercent : formatTick}
          min={min}
          max={max}
          isLogarithmic={isRisk}
          series={series}
          goal={chart.goal}
          showTimes={showTimes}
          namesMarks={namesMarks}
          onPick={onPick}
          zoom={zoom}
        />
      </div>
    </section>
  );
});

/** What stands beside a chart must have room there. */
const HEAD_PX = 26;
const KEY_PX = 16;

interface ReadingProps {
  readonly chart: PacingChart;
  readonly rows: readonly PacingRow[];
  readonly group: string;
}

/** Values at the cursor, or the newest: counts of the bucket, but the decision of that very moment, as the panel beside has it. */
function Reading({ chart, rows, group }: ReadingProps): ReactNode {
  const { store } = useRunLine();
  const at = useCursorMs();
  const bucket = rowAt(rows, at);
  const point = decisionPointAt(store.view().pacing, group, at) ?? null;
  const row = bucket === undefined ? undefined : { ...bucket, point };
  return (
    <dl className={classes['reading']}>
      {chart.keys.map(({ name, mark, value }) => (
        <div key={name}>
          <dt>
            {mark !== null && (
              <span
                className={marks['mark']}
                data-shape={mark.shape}
                style={{ color: mark.color }}
                aria-hidden="true"
              />
            )}
            {name}
          </dt>
          <dd>{row === undefined ? '–' : value(row)}</dd>
        </div>
      ))}
    </dl>
  );
}

function valuesOf(chart: PacingChart, rows: readonly PacingRow[], top: number | null): readonly number[] {
  const values: number[] = [];
  for (const { value } of chart.series) {
    for (const row of rows) {
      const read = value(row);
      for (const one of typeof read === 'number' ? [read] : (read ?? []))
        values.push(top === null ? one : Math.min(top, one));
    }
  }
  return values;
}

/** What is beyond the chart runs along its edge. */
function clip(series: ChartSeries<PacingRow>, min: number, max: number): ChartSeries<PacingRow> {
  const within = (value: number): number => Math.min(max, Math.max(min, value));
  return {
    ...series,
    value: (row) => {
      const read = series.value(row);
      if (read === null) return null;
      return typeof read === 'number' ? within(read) : [within(read[0]), within(read[1])];
    },
  };
}

function formatPercent(value: number): string {
  return `${Number((value * 100).toPrecision(3))} %`;
}
