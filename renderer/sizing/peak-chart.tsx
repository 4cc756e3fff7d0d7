/** How many visits start in a second, and how often; what lies above the guide's peak is marked by pattern and colour. */
import { memo, useMemo, type ReactNode } from 'react';
import { useElementSize } from '@mantine/hooks';
import { Bar, BarChart, Rectangle, ReferenceLine, XAxis, YAxis, type BarShapeProps } from 'recharts';
import { formatNumber } from '#renderer/view/format.ts';
import { poissonBars } from '#renderer/view/poisson-bars.ts';
import chartClasses from '#renderer/charts/charts.module.css';
import classes from '#renderer/sizing/sizing.module.css';

interface PeakChartProps {
  readonly mean: number;
  readonly peak: number;
}

const HEIGHT = 210;

export const PeakChart = memo(function PeakChart({ mean, peak }: PeakChartProps): ReactNode {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const bars = useMemo(() => poissonBars(mean, peak), [mean, peak]);
  const label = `How many visits start in a second: ${formatNumber(mean)} on average, the guide's peak is ${formatNumber(peak)}`;
  return (
    <figure className={classes['peakChart']}>
      <div ref={ref} role="img" aria-label={label}>
        {width > 0 && (
          <BarChart
            width={width}
            height={HEIGHT}
            data={[...bars]}
            margin={{ top: 18, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer={false}
            barCategoryGap={1}
          >
            <defs>
              <pattern id="above-peak" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect width="5" height="5" fill="var(--panel)" />
                <rect width="2.5" height="5" fill="var(--failure)" />
              </pattern>
            </defs>
            <XAxis
              type="number"
              dataKey="visits"
              domain={[(bars[0]?.visits ?? 0) - 0.6, (bars.at(-1)?.visits ?? 1) + 0.6]}
              tickLine={false}
              axisLine={{ stroke: 'var(--line)' }}
              tick={{ className: chartClasses['tick'] ?? '' }}
              ticks={ticksOf(bars.map(({ visits }) => visits))}
              interval={0}
              height={20}
            />
            <YAxis
              width={42}
              tickLine={false}
              axisLine={false}
              tick={{ className: chartClasses['tick'] ?? '' }}
              tickFormatter={(share: number) => `${Number((100 * share).toPrecision(2))} %`}
              tickCount={4}
            />
            <Bar
              dataKey="share"
              isAnimationActive={false}
              shape={drawBar}
              barSize={Math.max(1, Math.min(34, (width - 50) / bars.length - 2))}
            />
            <ReferenceLine
              x={peak}
              stroke="var(--text)"
              strokeDasharray="5 3"
              label={{
                value: `guide's peak ${formatNumber(peak)}`,
                position: 'top',
                fontSize: 11,
                fill: 'var(--text)',
              }}
            />
          </BarChart>
        )}
      </div>
      <figcaption>visits that start in one second, and in how many of all seconds</figcaption>
    </figure>
  );
});

/** What lies above the peak is rare: drawn at least 2 px tall, so that it is seen at all. */
function drawBar(props: BarShapeProps): ReactNode {
  const { x, y, width, height, payload } = props;
  const isAbove = (payload as { readonly isAbovePeak?: boolean } | undefined)?.isAbovePeak === true;
  const tall = isAbove ? Math.max(height, 3) : height;
  return (
    <Rectangle
      x={x}
      y={y + height - tall}
      width={width}
      height={tall}
      fill={isAbove ? 'url(#above-peak)' : 'var(--visitors)'}
    />
  );
}

function ticksOf(counts: readonly number[]): number[] {
  const step = Math.max(1, Math.ceil(counts.length / 12));
  return counts.filter((count) => count % step === 0);
}
