/** A course without axes, as small as a word. */
import { memo, type ReactNode } from 'react';
import classes from '#renderer/charts/charts.module.css';

interface SparklineProps {
  readonly values: readonly (number | null)[];
  readonly width: number;
  readonly height: number;
  readonly color: string;
  /** `from zero`, or between the smallest and the largest value. */
  readonly fromZero?: boolean;
}

export const Sparkline = memo(function Sparkline({
  values,
  width,
  height,
  color,
  fromZero = true,
}: SparklineProps): ReactNode {
  const known = values.filter((value): value is number => value !== null);
  const max = Math.max(...known, fromZero ? 1e-9 : Number.NEGATIVE_INFINITY);
  const min = fromZero ? 0 : Math.min(...known);
  const scale = max > min ? (height - 2) / (max - min) : 0;
  const step = width / Math.max(1, values.length - 1);
  const y = (value: number): string => (height - 1 - (value - min) * scale).toFixed(1);
  let path = '';
  let isDrawing = false;
  values.forEach((value, index) => {
    if (value !== null) path += `${isDrawing ? 'L' : 'M'}${(index * step).toFixed(1)} ${y(value)}`;
    isDrawing = value !== null;
  });
  const last = values.at(-1);
  return (
    <svg
      className={classes['spark']}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      {known.length > 1 && <path d={path} fill="none" stroke={color} strokeWidth="1.25" strokeLinejoin="round" />}
      {last !== null && last !== undefined && known.length > 1 && (
        <circle cx={width} cy={y(last)} r="1.75" fill={color} />
      )}
    </svg>
  );
});
