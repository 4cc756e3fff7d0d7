/** Thresholds in words: the verdict of a run so far, and what was observed in the unit of the figure. */
import type { RunState, ThresholdState } from '#protocol/run-feed.ts';
import { formatCount, formatNumber, formatShare, withUnit } from '#renderer/view/format.ts';

export interface Verdict {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'unknown';
}

/** `4 of 4 holding`, `3 of 4 holding`, `no data yet`; when finished `4 of 4 hold`. Nothing is broken for good in the warm-up. */
export function describeVerdict(thresholds: readonly ThresholdState[], state: RunState, isWarmup = false): Verdict {
  if (thresholds.length === 0) return { text: 'no thresholds', tone: 'unknown' };
  const holding = thresholds.filter(({ pass }) => pass === true).length;
  const broken = thresholds.some(({ pass }) => pass === false);
  const over = state === 'finished';
  const verb = over ? 'hold' : 'holding';
  if (holding === 0 && !broken) return { text: over ? 'no data' : 'no data yet', tone: over ? 'bad' : 'unknown' };
  const text = `${holding} of ${thresholds.length} ${verb}`;
  if (isWarmup) return { text, tone: 'unknown' };
  if (broken || (over && holding < thresholds.length)) return { text, tone: 'bad' };
  return { text, tone: holding === thresholds.length ? 'good' : 'unknown' };
}

/** The observed value of a threshold's figure: shares in per cent, waits in seconds, counts as they are. */
export function describeObserved({ expression, observed }: ThresholdState): string {
  if (observed === null) return 'no data';
  const figure = expression.replace(/^all:\s*/, '').split(/\s*[<>=!]/, 1)[0] ?? '';
  if (/Share$|^occupancy/.test(figure)) return formatShare(observed);
  if (/^(?:wait|line)Seconds/.test(figure)) return withUnit(formatNumber(observed), 's');
  return Number.isInteger(observed) ? formatCount(observed) : formatNumber(observed);
}
