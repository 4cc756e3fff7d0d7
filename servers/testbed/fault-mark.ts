/** A moment of a fault, as runs note it for stream, charts and report. */
import type { FaultKind } from '#protocol/scenario.ts';

/** A fault that has begun or ended, ms since the start of the run. */
export interface FaultMark {
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly node: string;
  readonly phase: 'begins' | 'ends';
}
