/** How a run's thresholds stand at a moment. */
import type { ThresholdState } from '#protocol/run-feed.ts';
import type { Threshold } from '#protocol/scenario.ts';
import { holds } from '#testbed/thresholds.ts';
import { observeFigure, type Measured } from '#testbed/thresholds-figures.ts';

export function stateOfThresholds(thresholds: readonly Threshold[], measured: Measured): ThresholdState[] {
  return thresholds.map((threshold) => {
    const observed = observeFigure(threshold.path, measured);
    return {
      expression: threshold.expression,
      observed,
      pass: observed === null ? null : holds(threshold, observed),
    };
  });
}
