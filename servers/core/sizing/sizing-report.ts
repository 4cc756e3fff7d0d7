/**
 * The sizing of a deployment: load, peak, nodes and disk from the rates of visits and page views, each figure with its formula
 * and source, every assumption named. Pure and JSON-serialisable, so that the command line prints and the screen shows one and
 * the same report.
 */
import { succeed, type Problem, type Result } from '../result.ts';
import { listAssumptions, listNotes, type Assumption } from './sizing-assumptions.ts';
import { listFigures } from './sizing-figures.ts';
import type { Figure } from './figure.ts';
import { computeSizing, type SizingNumbers } from './sizing-numbers.ts';
import { parseSizingInputs, type SizingInputs } from './sizing-inputs.ts';

export interface SizingReport extends SizingNumbers {
  readonly inputs: SizingInputs;
  readonly assumptions: readonly Assumption[];
  /** What to know about the figures, in sentences. */
  readonly notes: readonly string[];
  /** One for every number above: its formula, the same with values, and where the formula comes from. */
  readonly figures: readonly Figure[];
}

/**
 * Sizes a deployment from `GivenSizingInputs` (rates per hour or per day; the rest has defaults), or names everything that is
 * wrong with what was given; `place` stands before each problem.
 */
export function sizeDeployment(given: unknown, place?: string): Result<SizingReport, Problem> {
  const checked = parseSizingInputs(given, place);
  if (!checked.ok) return checked;
  const { inputs, given: names } = checked.value;
  const numbers = computeSizing(inputs, names.has('nodes') ? inputs.nodes : null);
  return succeed({
    ...numbers,
    inputs,
    assumptions: listAssumptions(inputs, names),
    notes: listNotes(inputs, numbers),
    figures: listFigures(inputs, numbers),
  });
}
