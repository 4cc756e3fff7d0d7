/**
 * The counterpart of a run: the same scenario, seed and visitors in the simulator, paced by a plain rule or as the scenario says,
 * beside the run and as far as it. What a screen is told of it.
 */
import type { PacedBy } from '#core/pacing/plain-rule.ts';
import type { PacingPoint, SeriesPoint } from '#protocol/run-feed-series.ts';

export type { PacedBy } from '#core/pacing/plain-rule.ts';

/** One figure of both, at the same moment; null where there was nothing to count. */
export interface CounterpartFigure {
  readonly name: 'abandonmentShare' | 'busyShare' | 'sent' | 'accepted' | 'abandoned' | 'refused';
  readonly unit: 'share' | 'count';
  readonly own: number | null;
  readonly counterpart: number | null;
  /** The run's less the counterpart's. */
  readonly difference: number | null;
}

export interface CounterpartState {
  /** Of the run that it stands beside. */
  readonly runId: string;
  readonly pacedBy: PacedBy;
  /** `level`: it has come as far as the run; `failed`: it is out. */
  readonly state: 'loading' | 'running' | 'level' | 'failed';
  /** Why it failed, in words. */
  readonly failure: string | null;
  /** How far it has come and is to come, virtual ms. */
  readonly virtualMs: number;
  readonly targetMs: number;
  /** The last moment at which both were; null: there was none yet. */
  readonly figuresAtMs: number | null;
  readonly figures: readonly CounterpartFigure[];
}

/** What is known of it so far, bounded however long the run is (at most 1,500 buckets). */
export interface Counterpart {
  readonly state: CounterpartState;
  readonly series: readonly SeriesPoint[];
  readonly pacing: readonly PacingPoint[];
}
