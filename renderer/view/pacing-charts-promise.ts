/** Charts of what pacing promises: abandonment and busy time from the start, with their intervals, against the goal. */
import type { PacingPoint } from '#protocol/run-feed.ts';
import { formatShare, NO_FIGURE } from '#renderer/view/format.ts';
import {
  beside,
  goalLine,
  besideOf,
  most,
  of,
  shown,
  TEAL,
  type ChartKey,
  type ChartsContext,
  type PacingChart,
} from '#renderer/view/pacing-chart.ts';

export function abandonmentChart(context: ChartsContext): PacingChart {
  const { goal, isVoice } = context;
  const isGoal = goal.target === 'ABANDONMENT_RATE';
  const share = of((point) => point.abandonmentShare);
  const other = beside(
    context,
    besideOf((point) => point.abandonmentShare),
    formatShare,
  );
  const line = goalLine(context, 'ABANDONMENT_RATE');
  const promised = context.goals.map((one) => (one.goal.target === 'ABANDONMENT_RATE' ? one.goal.share : 0));
  const least = Math.max(0.02, 2 * most(promised));
  return {
    name: 'abandonment',
    title: isVoice ? 'Late' : 'Abandoned',
    unit: isGoal ? `goal ≤ ${formatShare(goal.share)}` : isVoice ? 'of promised' : 'of accepted',
    kind: 'share',
    goal: line.goal,
    // The first chats leave everything open: an interval up to 80 % would flatten all that follows.
    top: (rows) => {
      const last = rows.findLast((row) => row.point !== null)?.point ?? null;
      const shares = rows.flatMap((row) => [share(row), row.beside?.point?.abandonmentShare ?? null]);
      return Math.max(least, 1.2 * (last?.abandonmentRange?.[1] ?? 0), Math.min(most(shares), 12 * least));
    },
    least,
    series: [
      {
        name: 'interval',
        kind: 'band',
        color: 'color-mix(in srgb, var(--failure) 18%, transparent)',
        value: (row) => row.point?.abandonmentRange ?? null,
      },
      ...other.series,
      ...line.series,
      { name: isVoice ? 'late' : 'abandoned', kind: 'line', color: 'var(--failure)', value: share },
    ],
    keys: [
      {
        name: 'so far',
        mark: { color: 'var(--failure)', shape: 'line' },
        value: shown(share, formatShare),
      },
      rangeKey((point) => point.abandonmentRange, 'var(--failure)'),
      ...other.keys,
    ],
  };
}

export function busyChart(context: ChartsContext): PacingChart {
  const { goal } = context;
  const isGoal = goal.target === 'BUSY_FACTOR';
  const line = goalLine(context, 'BUSY_FACTOR');
  const share = of((point) => point.busyShare);
  const other = beside(
    context,
    besideOf((point) => point.busyShare),
    formatShare,
  );
  return {
    name: 'busy',
    title: 'Busy',
    unit: isGoal ? `goal ≥ ${formatShare(goal.share)}` : 'of slot time',
    kind: 'share',
    goal: line.goal,
    top: () => 1,
    least: 1,
    series: [
      {
        name: 'interval',
        kind: 'band',
        color: 'color-mix(in srgb, var(--chats) 18%, transparent)',
        value: (row) => row.point?.busyRange ?? null,
      },
      ...other.series,
      ...line.series,
      { name: 'busy', kind: 'line', color: TEAL, value: share },
    ],
    keys: [
      {
        name: 'so far',
        mark: { color: TEAL, shape: 'line' },
        value: shown(share, formatShare),
      },
      rangeKey((point) => point.busyRange, TEAL),
      ...other.keys,
    ],
  };
}

function rangeKey(range: (point: PacingPoint) => readonly [number, number] | null, color: string): ChartKey {
  return {
    name: 'interval',
    mark: { color, shape: 'band' },
    value: ({ point }) => {
      const ends = point === null ? null : range(point);
      return ends === null ? NO_FIGURE : formatRange(ends);
    },
  };
}

/** `1.2–4.0 %`. */
export function formatRange([low, high]: readonly [number, number]): string {
  return `${formatShare(low).replace(/\s*%$/u, '')}–${formatShare(high)}`;
}
