/** What a chart of pacing is, and what all of them are made of. */
import type { PacingPoint, RunStatus } from '#protocol/run-feed.ts';
import type { ChartSeries } from '#renderer/charts/time-chart.tsx';
import { formatNumber, NO_FIGURE } from '#renderer/view/format.ts';
import type { PacingRow } from '#renderer/view/pacing-rows.ts';

export type PacingChartName =
  'allowed' | 'sent' | 'slots' | 'waiting' | 'risk' | 'idle' | 'ledger' | 'abandonment' | 'busy' | 'reactive' | 'price';

export interface ChartKey {
  readonly name: string;
  readonly mark: { readonly color: string; readonly shape: 'line' | 'dashed' | 'bar' | 'band' } | null;
  readonly value: (row: PacingRow) => string;
}

export interface PacingChart {
  readonly name: PacingChartName;
  readonly title: string;
  readonly unit: string;
  readonly series: readonly ChartSeries<PacingRow>[];
  readonly keys: readonly ChartKey[];
  /** `share`: 0 to 1 in per cent; `risk`: 0.0001 to 1 by powers of ten, so that it can be held against its limit wherever that is. */
  readonly kind: 'number' | 'share' | 'risk';
  readonly goal: number | null;
  /** Higher values are drawn along the top: how far beyond says nothing. null: the axis reaches all. */
  readonly top: (rows: readonly PacingRow[]) => number | null;
  /** The axis reaches at least so far up. */
  readonly least: number;
}

type Goal = RunStatus['goal'];

export interface ChartsContext {
  /** In force now. */
  readonly goal: Goal;
  /** Goals from when on, oldest first: more than one where pacing was told another in mid-run. */
  readonly goals: readonly GoalFrom[];
  readonly isDual: boolean;
  /** A plain rule stands in the algorithm's place: no risk is weighed, no ledger kept. */
  readonly isPlain: boolean;
  /** A group that makes callbacks, of which late ones are what is abandoned of chats. */
  readonly isVoice: boolean;
  readonly slotIsAgent: boolean;
  /** Beside which run the counterpart's lines are drawn; null: there is none. */
  readonly besideName: string | null;
}

export interface GoalFrom {
  readonly fromMs: number;
  readonly goal: Goal;
}

/** The goals of a run from its start on, those told in mid-run included. */
export function goalsOf({ goal, whatIfs }: Pick<RunStatus, 'goal' | 'whatIfs'>): readonly GoalFrom[] {
  const first = whatIfs[0]?.before;
  const start = first === undefined ? goal : { target: first.target, share: first.goalShare };
  return [
    { fromMs: 0, goal: start },
    ...whatIfs.map(({ atMs, after }) => ({ fromMs: atMs, goal: { target: after.target, share: after.goalShare } })),
  ];
}

/**
 * The goal of a target as charts show it: a line through the whole run, or steps where it was another at times.
 */
export function goalLine(
  { goal, goals }: ChartsContext,
  target: Goal['target'],
): { readonly goal: number | null; readonly series: readonly ChartSeries<PacingRow>[] } {
  const isSteady = goals.every((one) => one.goal.target === goal.target && one.goal.share === goal.share);
  if (isSteady) return { goal: goal.target === target ? goal.share : null, series: [] };
  if (!goals.some((one) => one.goal.target === target)) return { goal: null, series: [] };
  const value = ({ atMs }: PacingRow): number | null => {
    const then = goals.findLast(({ fromMs }) => fromMs <= atMs)?.goal;
    return then?.target === target ? then.share : null;
  };
  return { goal: null, series: [{ name: 'goal', kind: 'step', color: INK, dashed: true, value }] };
}

export const AMBER = 'var(--pacing-fill)';
export const TEAL = 'var(--chats)';
export const DIM = 'var(--dim)';
export const INK = 'var(--text)';

/** Reads a row's decision. */
export const of = (read: (point: PacingPoint) => number | null) => (row: PacingRow) =>
  row.point === null ? null : read(row.point);
export const besideOf = (read: (point: PacingPoint) => number | null) => (row: PacingRow) => {
  const point = row.beside?.point ?? null;
  return point === null ? null : read(point);
};
export const shown =
  (read: (row: PacingRow) => number | null, format: (value: number | null) => string) =>
  (row: PacingRow): string =>
    format(read(row));

export const RISK_AXIS = { min: 0.0001, max: 1 } as const;

export const PLAIN_CHART = { kind: 'number', goal: null, top: () => null, least: 0 } as const;

/** The counterpart's line and key; none where there is no counterpart. */
export function beside(
  { besideName }: ChartsContext,
  value: (row: PacingRow) => number | null,
  format: (value: number | null) => string,
): { readonly series: readonly ChartSeries<PacingRow>[]; readonly keys: readonly ChartKey[] } {
  if (besideName === null) return { series: [], keys: [] };
  return {
    series: [{ name: besideName, kind: 'line', color: DIM, dashed: true, value }],
    keys: [{ name: besideName, mark: { color: DIM, shape: 'dashed' }, value: shown(value, format) }],
  };
}

export function most(values: readonly (number | null)[]): number {
  return Math.max(0, ...values.map((value) => (value !== null && Number.isFinite(value) ? value : 0)));
}

/** Risks: four decimals, less than that as a power. */
export function smallNumber(value: number | null): string {
  if (value === null) return NO_FIGURE;
  return value === 0 || value >= 0.0005 ? value.toFixed(value < 0.0995 ? 4 : 3) : formatNumber(value);
}
