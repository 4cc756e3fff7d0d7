/** The formula behind every number of a sizing report, in words, with its values, and where it comes from. */
import { listDiskFigures } from './disk-figures.ts';
import type { Figure } from './figure.ts';
import { listLoadFigures } from './load-figures.ts';
import { listNodeFigures } from './node-figures.ts';
import { listPeakFigures } from './peak-figures.ts';
import type { SizingInputs } from './sizing-inputs.ts';
import type { SizingNumbers } from './sizing-numbers.ts';

/** One figure for each number, in the order in which they are read. */
export function listFigures(inputs: SizingInputs, numbers: SizingNumbers): readonly Figure[] {
  return [
    ...listLoadFigures(inputs, numbers),
    ...listPeakFigures(numbers),
    ...listNodeFigures(inputs, numbers),
    ...listDiskFigures(inputs, numbers),
  ];
}
