/** Compared figures in words, alike on a terminal and on the page. */
import { describeCount, describeSeconds, NO_DATA } from '#testbed/report/figure-text.ts';
import type { Estimate } from '#testbed/seeds.ts';
import type { FigureUnit } from '#testbed/thresholds-figures.ts';
import { describeEstimate } from './outcome-text.ts';

const POINTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** `2.1 % (1.8 % to 2.4 %)`. */
export function describeVariant(estimate: Estimate | null, unit: FigureUnit): string {
  return describeEstimate(estimate, unit);
}

/** `-5.31 points (-5.92 to -4.70)`; shares differ by points of a per cent. */
export function describeDifference(difference: Estimate | null, unit: FigureUnit): string {
  if (difference === null) return NO_DATA;
  const { mean, low, high } = difference;
  const ends = low === null || high === null ? '' : ` (${describeSigned(low, unit)} to ${describeSigned(high, unit)})`;
  return `${describeSigned(mean, unit)}${unit === 'share' ? ' points' : ''}${ends}`;
}

function describeSigned(value: number, unit: FigureUnit): string {
  const size = Math.abs(value);
  const text = unit === 'share' ? POINTS.format(100 * size) : describeSize(size, unit);
  const isNothing = !/[1-9]/.test(text);
  return isNothing ? text : `${value < 0 ? '−' : '+'}${text}`;
}

function describeSize(size: number, unit: FigureUnit): string {
  return unit === 'seconds' ? describeSeconds(size) : describeCount(size);
}
