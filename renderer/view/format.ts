/** Numbers as the screen writes them: with a unit, a sensible precision, and a width that doesn't jump while they tick. */

/** Shown where there is nothing to count yet. */
export const NO_FIGURE = '–';

/** Made once: making one at each call costs more than all else here. */
const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Between a number and its unit: no line breaks there. */
const THIN = '\u202f';

/** Three significant digits: `0.83`, `36.5`, `312`, `16,400`; tiny ones as `3.2e-5`. */
export function formatNumber(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.0095) return value.toExponential(1);
  if (size < 9.995) return value.toFixed(2);
  if (size < 99.95) return value.toFixed(1);
  return formatCount(value < 999.5 ? value : Number(value.toPrecision(4)));
}

/** Whole things: `1,234`. */
export function formatCount(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  return COUNT.format(Math.round(value));
}

/** A rate of live figures, always two to three digits: `0.83`, `0.00`, `36.5`. */
export function formatRate(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  return Math.abs(value) < 0.0095 ? '0.00' : formatNumber(value);
}

/** `0.029` -> `2.9 %`, `0.301` -> `30 %`, `1` -> `100 %`. */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return NO_FIGURE;
  const percent = share * 100;
  return `${Math.abs(percent) < 9.95 ? percent.toFixed(1) : percent.toFixed(0)}${THIN}%`;
}

/** `36.5 events/s`. */
export function withUnit(text: string, unit: string): string {
  return text === NO_FIGURE || unit === '' ? text : `${text}${THIN}${unit}`;
}

/** As people say it: `350 ms`, `4.2 s`, `1 min 30 s`, `1 h 20 min`, `2 d 3 h`. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return NO_FIGURE;
  if (ms < 1_000) return `${Math.round(ms)}${THIN}ms`;
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)}${THIN}s`;
  const seconds = Math.round(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${THIN}${unit}`)
    .join(' ');
}

/** `00:37:12`, beyond a day `1 d 02:05:00`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000);
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map(twoDigits)
    .join(':');
  return days > 0 ? `${days}${THIN}d ${clock}` : clock;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** `1x`, `max`. */
export function formatSpeed(speed: number | 'max'): string {
  return speed === 'max' ? 'max' : `${speed}x`;
}

/** What a run reaches: `1.0x`, `98x`, `2,480x`. */
export function formatReachedSpeed(speed: number): string {
  return `${speed < 9.95 ? speed.toFixed(1) : formatCount(Number(speed.toPrecision(3)))}x`;
}
