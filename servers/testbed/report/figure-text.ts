/** Figures as people read them, with unit and sensible precision: `2.9 %`, `4.2 s`, `36.5 events/s`, `1 h 20 min`, `3,012`. */
import type { FigureUnit } from '#testbed/thresholds-figures.ts';

const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const ONE_DECIMAL = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const THREE_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

export const NO_DATA = 'no data';

/** A figure in its unit; `no data` for null. */
export function describeFigure(value: number | null, unit: FigureUnit): string {
  if (value === null) return NO_DATA;
  if (unit === 'share') return describeShare(value);
  return unit === 'seconds' ? describeSeconds(value) : describeCount(value);
}

export function describeShare(share: number | null): string {
  return share === null ? NO_DATA : `${ONE_DECIMAL.format(share * 100)} %`;
}

/** A share as somebody gave it: `3 %`, `2.5 %`. */
export function describeGivenShare(share: number): string {
  return `${THREE_DIGITS.format(share * 100)} %`;
}

/** Waits and the like: `0 s` (below 0.05), `4.2 s`, `132 s`. */
export function describeSeconds(seconds: number | null): string {
  if (seconds === null) return NO_DATA;
  return seconds < 0.05 ? '0 s' : `${seconds < 100 ? ONE_DECIMAL.format(seconds) : COUNT.format(seconds)} s`;
}

/** Whole counts with thousands set off; means of counts keep what says something. */
export function describeCount(count: number | null): string {
  if (count === null) return NO_DATA;
  return Number.isInteger(count) || Math.abs(count) >= 100 ? COUNT.format(count) : THREE_DIGITS.format(count);
}

/** A number for axes and rates, three digits that count. */
export function describeNumber(value: number): string {
  return Math.abs(value) >= 1000 ? COUNT.format(value) : THREE_DIGITS.format(value);
}

/** Durations as people say them: `45 s`, `20 min`, `1 h 20 min`, `40 h`, `2 d 4 h`; two units at most, the smaller one rounded. */
export function describeDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  let rest = Math.round(ms / 1000);
  const largest = units.findIndex(([name, seconds]) => rest >= (name === 'd' ? 2 * seconds : seconds));
  const smallest = Math.min(largest + 1, units.length - 1);
  const grain = units[smallest]?.[1] ?? 1;
  rest = Math.round(rest / grain) * grain;
  const parts: string[] = [];
  for (const [name, seconds] of units.slice(largest, smallest + 1)) {
    const amount = Math.floor(rest / seconds);
    rest -= amount * seconds;
    if (amount > 0) parts.push(`${amount} ${name}`);
  }
  return parts.join(' ');
}

/** Virtual time of a run: `00:37:12`. */
export function describeClock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${part(Math.floor(seconds / 3600))}:${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`;
}
