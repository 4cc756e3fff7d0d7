/** A comparison for a terminal: one block a figure, one line a variant, the difference to the first one beside it. */
import type { Colors } from 'picocolors/types';
import { isClear, type Comparison, type ComparedFigure } from '#testbed/comparison.ts';
import { describeDuration } from '#testbed/report/figure-text.ts';
import { describeDifference, describeVariant } from './comparison-text.ts';
import { describeSeedList } from './outcome-text.ts';

export interface ComparisonReport {
  readonly comparison: Comparison;
  /** Files that were written. */
  readonly files: readonly string[];
  readonly colors: Colors;
}

/** The whole text, with a line end. */
export function renderComparison({ comparison, files, colors }: ComparisonReport): string {
  const { scenario, vary, values, seeds, windowSeconds, figures } = comparison;
  const counted = describeDuration(windowSeconds * 1000);
  const lines = [
    `${colors.bold(scenario)}  ${vary}  ${values.length} variants, seeds ${describeSeedList(seeds)}, ${counted} counted`,
    colors.dim(
      seeds.length > 1
        ? `means with 95 % intervals; differences to ${values[0]} seed by seed, * where chance does not explain them`
        : `one seed tells no interval: --seeds 20 does`,
    ),
    ...figures.flatMap((figure) => ['', ...renderFigure(figure, colors)]),
    '',
    ...files.map((file) => `  ${colors.dim('wrote')}   ${file}`),
  ];
  return `${lines.join('\n')}\n`;
}

function renderFigure({ figure, unit, variants }: ComparedFigure, colors: Colors): readonly string[] {
  const texts = variants.map(({ estimate }) => describeVariant(estimate, unit));
  const nameWidth = Math.max(...variants.map(({ value }) => value.length));
  const textWidth = Math.max(...texts.map((text) => text.length));
  const rows = variants.map(({ value, difference }, index) => {
    const name = value.padEnd(nameWidth);
    const text = texts[index] ?? '';
    if (index === 0) return `  ${name}  ${text}`;
    const sign = difference !== null && isClear(difference) ? ' *' : '';
    return `  ${name}  ${text.padEnd(textWidth)}  ${describeDifference(difference, unit)}${sign}`;
  });
  return [colors.bold(figure), ...rows];
}
