/** The four charts of pacing, two and two: each pair is redrawn in a frame of its own. */
import { memo, useCallback, useMemo, type ReactNode } from 'react';
import type { PacingPoint, SeriesPoint } from '#protocol/run-feed.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { TimeChart, type ChartSeries } from '#renderer/charts/time-chart.tsx';
import { pointAt } from '#renderer/view/chart-points.ts';
import type { WindowName } from '#renderer/view/time-window.ts';
import { createValueAxis, formatTick } from '#renderer/view/value-axis.ts';
import { pacingSubject, type WhySubject } from '#renderer/view/why-subject.ts';
import { momentOf, pacingAt } from '#renderer/run/run-moment.ts';
import classes from '#renderer/run/run.module.css';

const INVITES: readonly ChartSeries<SeriesPoint>[] = [
  { name: 'sent', kind: 'bars', color: 'var(--pacing-fill)', value: (point) => perMinute(point.sent, point) },
  { name: 'refused', kind: 'step', color: 'var(--dim)', value: (point) => perMinute(point.refused, point) },
];
const RISK: readonly ChartSeries<PacingPoint>[] = [
  { name: 'risk', kind: 'line', color: 'var(--pacing-fill)', value: ({ risk }) => risk },
  { name: 'limit', kind: 'step', color: 'var(--text)', dashed: true, value: ({ limit }) => limit },
];
const LEDGER: readonly ChartSeries<PacingPoint>[] = [
  { name: 'ledger', kind: 'area', color: 'var(--pacing-fill)', value: ({ ledger }) => ledger },
];
const ABANDONED: readonly ChartSeries<PacingPoint>[] = [
  { name: 'abandoned', kind: 'line', color: 'var(--failure)', value: ({ abandonmentShare }) => abandonmentShare },
];
const BUSY: readonly ChartSeries<PacingPoint>[] = [
  { name: 'busy', kind: 'line', color: 'var(--chats)', value: ({ busyShare }) => busyShare },
];

const invitesAxis = createValueAxis();
const shareAxis = createValueAxis();
const riskAxis = createValueAxis();
const ledgerAxis = createValueAxis();

interface PairProps {
  readonly window: WindowName;
  readonly group: string;
  readonly onWhy: (subject: WhySubject) => void;
}

export const InvitesAndPromise = memo(function InvitesAndPromise({ window, group, onWhy }: PairProps): ReactNode {
  const { status, series, pacing } = useRunView('pacing');
  const onPick = usePick(onWhy, window, group);
  if (status === null) return null;
  const moment = momentOf(status, series, window);
  const points = pacingAt(moment, pacing, group);
  const invites = invitesAxis(
    status.runId,
    moment.points.flatMap((point) => [0, perMinute(point.sent, point), perMinute(point.refused, point)]),
  ).max;
  const share = shareAxis(status.runId, [
    0,
    2 * status.goal.share,
    ...points.map((point) => point.abandonmentShare ?? 0),
  ]).max;
  const isAbandonment = status.goal.target === 'ABANDONMENT_RATE';
  const { span, ticks, formatTime, bucketMs } = moment;
  const shared = { span, ticks, formatTime, stepMs: bucketMs, min: 0, onPick };
  return (
    <div className={classes['stack']}>
      <Small title="invites sent, and leads refused" unit="per minute">
        <TimeChart
          {...shared}
          label="Invites sent and hot leads refused per minute"
          rows={moment.points}
          series={INVITES}
          max={invites}
          formatValue={formatTick}
          showTimes={false}
        />
      </Small>
      <Small
        title={isAbandonment ? 'abandoned since the start, and the goal' : 'busy since the start, and the goal'}
        unit={isAbandonment ? 'of accepted chats' : 'of slots'}
      >
        <TimeChart
          {...shared}
          label="The promise of pacing against its goal"
          rows={points}
          series={isAbandonment ? ABANDONED : BUSY}
          max={isAbandonment ? share : 1}
          formatValue={formatPercent}
          goal={status.goal.share}
          showTimes
        />
      </Small>
    </div>
  );
});

export const RiskAndLedger = memo(function RiskAndLedger({ window, group, onWhy }: PairProps): ReactNode {
  const { status, series, pacing } = useRunView('risk');
  const onPick = usePick(onWhy, window, group);
  const moment = status === null ? null : momentOf(status, series, window);
  const points = moment === null ? NO_POINTS : pacingAt(moment, pacing, group);
  const runId = status?.runId ?? '';
  /** Where risk is far above its limit, how far says nothing: it runs along the top of the chart. */
  const riskShown = Math.min(most(points.map((point) => point.risk)), 4 * most(points.map((point) => point.limit)));
  const risk = riskAxis(runId, [0, riskShown]).max;
  const ledger = ledgerAxis(runId, [0, ...points.map((point) => point.ledger)]);
  const clipped = useMemo(
    () => points.map((point) => (point.risk > risk ? { ...point, risk } : point)),
    [points, risk],
  );
  if (moment === null) return null;
  const { span, ticks, formatTime, bucketMs } = moment;
  const shared = { span, ticks, formatTime, stepMs: bucketMs, formatValue: formatTick, onPick };
  return (
    <div className={classes['stack']}>
      <Small title="risk of the next invite, and its limit" unit="abandonments">
        <TimeChart
          {...shared}
          label="Risk of the next invite against its limit"
          rows={clipped}
          series={RISK}
          min={0}
          max={risk}
          showTimes={false}
        />
      </Small>
      <Small title="ledger: credit that may still be spent" unit="chats">
        <TimeChart
          {...shared}
          label="Ledger of pacing, in chats"
          rows={points}
          series={LEDGER}
          min={ledger.min}
          max={ledger.max}
          goal={0}
          showTimes
        />
      </Small>
    </div>
  );
});

const NO_POINTS: readonly PacingPoint[] = [];

/** Explains pacing at a moment; the same function from redraw to redraw. */
function usePick(onWhy: (subject: WhySubject) => void, window: WindowName, group: string): (atMs: number) => void {
  const { store } = useRunLine();
  return useCallback(
    (atMs) => {
      const { status, series, pacing } = store.view();
      if (status === null) return;
      const point = pointAt(pacingAt(momentOf(status, series, window), pacing, group), atMs);
      if (point) onWhy(pacingSubject(point));
    },
    [store, onWhy, window, group],
  );
}

interface SmallProps {
  readonly title: string;
  readonly unit: string;
  readonly children: ReactNode;
}

function Small({ title, unit, children }: SmallProps): ReactNode {
  return (
    <div className={classes['small']}>
      <div className={classes['smallTitle']}>
        <span>{title}</span>
        <span>{unit}</span>
      </div>
      <div className={classes['smallChart']}>{children}</div>
    </div>
  );
}

export function perMinute(count: number, point: SeriesPoint): number {
  return count / (point.bucketMs / 60_000);
}

function most(values: readonly number[]): number {
  return Math.max(0, ...values.filter((value) => Number.isFinite(value)));
}

function formatPercent(value: number): string {
  return `${Number((value * 100).toPrecision(2))} %`;
}
