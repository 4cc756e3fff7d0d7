/** Value axes: round ends that stay while the data moves between them. */

/** Their halves are short too: the axis has a tick in the middle. */
const STEPS = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10];

/** The smallest round number >= `value`; 1 for nothing. */
export function roundUp(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

const TICK = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

/** A value at a tick: `0`, `0.005`, `25`, `1,500`. */
export function formatTick(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) < 0.0005) return value.toExponential(0);
  return TICK.format(value);
}

export interface ValueAxis {
  readonly min: number;
  readonly max: number;
}

/**
 * An axis with a memory: an axis that breathes can't be read. Its end grows at once and shrinks only when the data has fallen below
 * a third. It begins at half of its end while nothing has come below that, so that a steady flow fills its chart; then at 0, or
 * where there are negative values as far below 0 as it ends above. Another `key` (run, window) forgets all that.
 */
export function createValueAxis(): (key: string, values: readonly number[]) => ValueAxis {
  let lastKey = '';
  let axis: ValueAxis | undefined;
  return (key, values) => {
    if (key !== lastKey) axis = undefined;
    lastKey = key;
    axis = nextAxis(axis, values);
    return axis;
  };
}

function nextAxis(before: ValueAxis | undefined, values: readonly number[]): ValueAxis {
  const known = values.filter((value) => Number.isFinite(value));
  const lowest = Math.min(...known);
  const size = Math.max(0, ...known.map((value) => Math.abs(value)));
  const wanted = roundUp(size * 1.05);
  const isKept = before !== undefined && wanted <= before.max && size >= before.max / 3;
  const max = isKept ? before.max : wanted;
  if (lowest < 0 || (before !== undefined && before.min < 0)) return { min: -max, max };
  const isHigh = known.length > 0 && lowest > max / 2 && before?.min !== 0;
  return { min: isHigh ? max / 2 : 0, max };
}
