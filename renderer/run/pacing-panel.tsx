/**
 * Pacing on one time axis: invites sent against leads refused, risk of the next against its limit, the ledger, and the promise
 * against its goal. A click (or Enter) asks why at that moment.
 */
import { memo, useState, type ReactNode } from 'react';
import { NativeSelect } from '@mantine/core';
import type { PacingPoint, RunStatus, SeriesPoint } from '#protocol/run-feed.ts';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { useCursorMs } from '#renderer/charts/time-cursor.ts';
import { KeyFigure, Panel } from '#renderer/shared/panel.tsx';
import { pointAt } from '#renderer/view/chart-points.ts';
import { formatCount, formatRate, formatShare } from '#renderer/view/format.ts';
import { describeRefusals } from '#renderer/view/funnel-stages.ts';
import { describeSilence } from '#renderer/view/pacing-words.ts';
import type { WindowName } from '#renderer/view/time-window.ts';
import type { WhySubject } from '#renderer/view/why-subject.ts';
import { InvitesAndPromise, perMinute, RiskAndLedger } from '#renderer/run/pacing-charts.tsx';
import { momentOf, pacingAt } from '#renderer/run/run-moment.ts';
import classes from '#renderer/run/run.module.css';

interface PacingPanelProps {
  readonly window: WindowName;
  readonly onWhy: (subject: WhySubject) => void;
}

const NO_REFUSALS = {};

export const PacingPanel = memo(function PacingPanel({ window, onWhy }: PacingPanelProps): ReactNode {
  const { status, series, pacing, totals } = useRunView('rules');
  const [chosen, setChosen] = useState<string | null>(null);
  if (status === null) return null;
  const groups = [...new Set(pacing.slice(-20).map((point) => point.group))];
  const group = chosen !== null && groups.includes(chosen) ? chosen : (groups[0] ?? '');
  const moment = momentOf(status, series, window);
  const points = pacingAt(moment, pacing, group);
  return (
    <Panel
      name="pacing"
      title="Pacing"
      readout={<PacingReadout points={points} counts={moment.points} status={status} />}
      controls={
        groups.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label="Agent group"
            data={groups}
            value={group}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )
      }
    >
      <div className={classes['pacing']}>
        <InvitesAndPromise window={window} group={group} onWhy={onWhy} />
        <RiskAndLedger window={window} group={group} onWhy={onWhy} />
      </div>
      <PacingSentence points={points} silence={describeSilence(status)} refusals={totals?.refusals ?? NO_REFUSALS} />
    </Panel>
  );
});

interface ReadoutProps {
  readonly points: readonly PacingPoint[];
  readonly counts: readonly SeriesPoint[];
  readonly status: RunStatus;
}

function PacingReadout({ points, counts, status }: ReadoutProps): ReactNode {
  const at = useCursorMs();
  const point = pointAt(points, at);
  const count = pointAt(counts, at);
  const isAbandonment = status.goal.target === 'ABANDONMENT_RATE';
  const share = isAbandonment ? point?.abandonmentShare : point?.busyShare;
  return (
    <>
      <KeyFigure
        mark={{ color: 'var(--pacing-fill)', shape: 'bar' }}
        name="sent"
        value={count ? `${formatRate(perMinute(count.sent, count))}/min` : '–'}
      />
      <KeyFigure
        mark={{ color: 'var(--dim)', shape: 'line' }}
        name="refused"
        value={count ? `${formatRate(perMinute(count.refused, count))}/min` : '–'}
      />
      <KeyFigure name="allowed now" value={point ? String(point.allowed) : '–'} />
      <KeyFigure
        mark={{ color: isAbandonment ? 'var(--failure)' : 'var(--chats)', shape: 'line' }}
        name={isAbandonment ? (point?.channel === 'webcallback' ? 'late' : 'abandoned') : 'busy'}
        value={`${formatShare(share ?? null)} ${isAbandonment ? '≤' : '≥'} ${formatShare(status.goal.share)}`}
      />
    </>
  );
}

interface SentenceProps {
  readonly points: readonly PacingPoint[];
  readonly silence: string;
  readonly refusals: Readonly<Record<string, number>>;
}

function PacingSentence({ points, silence, refusals }: SentenceProps): ReactNode {
  const point = pointAt(points, useCursorMs());
  const reasons = describeRefusals(refusals);
  return (
    <div className={classes['sentence']}>
      <span className={classes['sentenceText']} title={point?.sentence}>
        {point?.sentence ?? silence}
      </span>
      {reasons.length > 0 && (
        <span className={classes['refusals']}>
          refused: {reasons.map(({ name, count }) => `${name} ${formatCount(count)}`).join(' · ')}
        </span>
      )}
    </div>
  );
}
