/** What the host and the worker of a run's counterpart say to each other. */
import type { CounterpartFigure, PacedBy } from '#protocol/run-feed-counterpart.ts';
import type { PacingPoint, RunTotals, SeriesPoint, SizingTraffic } from '#protocol/run-feed.ts';

export type ToCounterpart =
  | {
      readonly type: 'begin';
      readonly scenariosFolder: string;
      readonly scenario: string;
      readonly seed: number;
      readonly traffic: SizingTraffic | null;
      readonly pacedBy: PacedBy;
    }
  /** The run has come so far, and this is what it has counted by then. */
  | { readonly type: 'reach'; readonly virtualMs: number; readonly totals: RunTotals };

export type FromCounterpart =
  | {
      readonly type: 'reached';
      readonly virtualMs: number;
      /** New buckets. */
      readonly series: readonly SeriesPoint[];
      readonly pacing: readonly PacingPoint[];
      /** At `virtualMs`, where the run has been at that very moment; else null. */
      readonly figures: readonly CounterpartFigure[] | null;
    }
  /** It can't begin: every fault of its files, a line each. */
  | { readonly type: 'refused'; readonly why: string };
