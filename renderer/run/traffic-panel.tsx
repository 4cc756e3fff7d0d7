/** Traffic with its Poisson band: visits and events a second, each against what pure chance allows. */
import { memo, type ReactNode } from 'react';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { TimeChart, type ChartSeries } from '#renderer/charts/time-chart.tsx';
import { useCursorMs } from '#renderer/charts/time-cursor.ts';
import { KeyFigure, Panel } from '#renderer/shared/panel.tsx';
import { pointAt } from '#renderer/view/chart-points.ts';
import { formatRate, withUnit } from '#renderer/view/format.ts';
import type { WindowName } from '#renderer/view/time-window.ts';
import type { Band, TrafficRow } from '#renderer/view/traffic-rows.ts';
import { createValueAxis, formatTick } from '#renderer/view/value-axis.ts';
import { momentOf, trafficAt } from '#renderer/run/run-moment.ts';
import classes from '#renderer/run/run.module.css';

const EVENTS: readonly ChartSeries<TrafficRow>[] = [
  { name: 'chance', kind: 'band', color: 'var(--band)', value: ({ eventsBand }) => edges(eventsBand) },
  {
    name: 'expected',
    kind: 'line',
    color: 'var(--dim)',
    dashed: true,
    value: ({ eventsBand }) => eventsBand?.mean ?? null,
  },
  { name: 'events', kind: 'line', color: 'var(--visitors)', value: ({ events }) => events },
];
const VISITS: readonly ChartSeries<TrafficRow>[] = [
  { name: 'chance', kind: 'band', color: 'var(--band)', value: ({ visitsBand }) => edges(visitsBand) },
  { name: 'expected', kind: 'line', color: 'var(--dim)', dashed: true, value: ({ visitsBand }) => visitsBand.mean },
  { name: 'visits', kind: 'line', color: 'var(--visitors)', value: ({ visits }) => visits },
];

const eventsAxis = createValueAxis();
const visitsAxis = createValueAxis();

interface TrafficProps {
  readonly window: WindowName;
}

export const TrafficPanel = memo(function TrafficPanel({ window }: TrafficProps): ReactNode {
  return (
    <Panel name="traffic" title="Traffic" readout={<TrafficReadout window={window} />}>
      <div className={classes['stack']}>
        <EventsChart window={window} />
        <VisitsChart window={window} />
      </div>
    </Panel>
  );
});

const EventsChart = memo(function EventsChart({ window }: TrafficProps): ReactNode {
  const { status, series } = useRunView('traffic');
  if (status === null) return null;
  const moment = momentOf(status, series, window);
  const rows = trafficAt(moment);
  const values = rows.flatMap(({ events, eventsBand }) => [events, eventsBand?.low ?? 0, eventsBand?.high ?? events]);
  const { min, max } = eventsAxis(`${status.runId} ${window}`, values);
  const last = rows.at(-1);
  return (
    <TimeChart
      label="Events per second over time, with the band that chance allows"
      valueText={describeNow('events', last?.events, last?.eventsBand)}
      rows={rows}
      span={moment.span}
      stepMs={moment.bucketMs}
      ticks={moment.ticks}
      formatTime={moment.formatTime}
      formatValue={formatTick}
      min={min}
      max={max}
      series={EVENTS}
      showTimes={false}
      namesMarks
    />
  );
});

const VisitsChart = memo(function VisitsChart({ window }: TrafficProps): ReactNode {
  const { status, series } = useRunView('visits');
  if (status === null) return null;
  const moment = momentOf(status, series, window);
  const rows = trafficAt(moment);
  const { max } = visitsAxis(
    `${status.runId} ${window}`,
    rows.flatMap(({ visits, visitsBand }) => [visits, visitsBand.high, 0]),
  );
  const last = rows.at(-1);
  return (
    <TimeChart
      label="Visits per second over time, with their Poisson band"
      valueText={describeNow('visits', last?.visits, last?.visitsBand)}
      rows={rows}
      span={moment.span}
      stepMs={moment.bucketMs}
      ticks={moment.ticks}
      formatTime={moment.formatTime}
      formatValue={formatTick}
      min={0}
      max={max}
      series={VISITS}
      showTimes
    />
  );
});

function edges(band: Band | null): readonly [number, number] | null {
  return band === null ? null : [band.low, band.high];
}

function TrafficReadout({ window }: TrafficProps): ReactNode {
  const { status, series } = useRunView('tiles');
  const at = useCursorMs();
  if (status === null) return null;
  const row = pointAt(trafficAt(momentOf(status, series, window)), at);
  return (
    <>
      <KeyFigure
        mark={{ color: 'var(--visitors)', shape: 'line' }}
        name="events"
        value={withUnit(formatRate(row?.events ?? null), '/s')}
      />
      <KeyFigure
        mark={{ color: 'var(--visitors)', shape: 'band' }}
        name="by chance"
        value={describeBand(row?.eventsBand)}
      />
      <KeyFigure
        mark={{ color: 'var(--visitors)', shape: 'line' }}
        name="visits"
        value={withUnit(formatRate(row?.visits ?? null), '/s')}
      />
      <KeyFigure
        mark={{ color: 'var(--visitors)', shape: 'band' }}
        name="by chance"
        value={describeBand(row?.visitsBand)}
      />
    </>
  );
}

function describeBand(band: Band | null | undefined): string {
  return band ? `${formatRate(band.low)} to ${formatRate(band.high)}` : '–';
}

function describeNow(what: string, value: number | undefined, band: Band | null | undefined): string {
  return value === undefined
    ? 'no data yet'
    : `${formatRate(value)} ${what} per second, by chance ${describeBand(band)}`;
}
