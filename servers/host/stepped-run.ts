/** What the host needs of a run that it advances by hand, in virtual time; `testbed/sim-run.ts` makes one. */
import type { DecisionReply } from '#protocol/control-api.ts';
import type { PacingNotice } from '#protocol/pacing-notice.ts';
import type {
  AgentRow,
  Expectation,
  PacingChange,
  PacingInForce,
  PacingPoint,
  RunTotals,
  SeriesPoint,
  StreamItem,
  ThresholdState,
  WhatIfMark,
} from '#protocol/run-feed.ts';

export interface SteppedRun {
  readonly virtualMs: number;
  readonly totalMs: number;
  readonly finished: boolean;
  readonly expectation: Expectation;
  /** Returns the virtual ms that was reached: less than asked where `shouldYield` said so. */
  advanceTo(virtualMs: number, shouldYield?: () => boolean): number;
  /** To the next decision of rules or pacing, or the end. */
  stepToDecision(): number;
  readonly pacing: PacingInForce | null;
  readonly whatIfs: readonly WhatIfMark[];
  readonly pacingNotices: readonly PacingNotice[];
  /** Tells pacing something; OperatingError CONFLICT where it is off. */
  command(change: PacingChange): void;
  totals(): RunTotals;
  thresholdStates(): readonly ThresholdState[];
  /** Buckets finished since the last call. */
  takeSeries(): readonly SeriesPoint[];
  takePacing(): readonly PacingPoint[];
  /** The exact decision of an agent group in the bucket that holds `atMs`; undefined: none is known. */
  explainDecisionAt(group: string, atMs: number): DecisionReply | undefined;
  agents(): readonly AgentRow[];
  takeStream(limit: number): { readonly items: readonly StreamItem[]; readonly skipped: number };
}
