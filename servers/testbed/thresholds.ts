/**
 * Thresholds of a scenario: one line of text each, read once, held against the figures of a run or of many seeds.
 *
 *   threshold = [ "all:" ] figure operator bound
 *   figure    = part { "." part }
 *   part      = letter { letter | digit | "_" | "-" }  |  '"' anything '"'  |  "'" anything "'"
 *   operator  = "<" | "<=" | ">" | ">=" | "==" | "!="
 *   bound     = number | number "%" | duration
 *
 * A bound is in the figure's own unit: a share takes `3%` or `0.03`, seconds take `30` or a duration such as `1m30s`, a count a
 * number. Names with blanks or dots are quoted: occupancy."Web Engagement Chat" >= 50%.
 */
import type { Threshold } from '#protocol/scenario.ts';
import { parseDuration, parseShare } from '#protocol/quantities.ts';
import { findFigure, unitOfFigure, type FigureNames, type FigureUnit } from '#testbed/thresholds-figures.ts';

const PART = /[A-Za-z][\w-]*|"[^"]*"|'[^']*'/.source;
const THRESHOLD = new RegExp(
  `^\\s*(all:)?\\s*((?:${PART})(?:\\.(?:${PART}))*)\\s*(<=|>=|==|!=|<|>)\\s*(\\S+(?:\\s*%)?)\\s*$`,
);
const GRAMMAR =
  'expected a threshold such as "abandonmentShare <= 3%", "waitSeconds.p95 < 30" or "all: dropped == 0" (names with blanks in quotes)';

export type ThresholdText =
  { readonly ok: true; readonly value: Threshold } | { readonly ok: false; readonly message: string };

/** Reads one threshold; the message of a refusal lists the figures that are known. */
export function parseThreshold(text: string, names: FigureNames): ThresholdText {
  const match = THRESHOLD.exec(text);
  if (match === null) return { ok: false, message: `${GRAMMAR}, got "${text}"` };
  const [, all, figure = '', operator = '', given = ''] = match;
  const path = splitFigure(figure);
  const found = findFigure(path, names);
  if (!found.ok) return found;
  const bound = parseBound(given, found.unit);
  if (bound === undefined) {
    return {
      ok: false,
      message: `expected ${BOUND_EXPECTED[found.unit]} after "${figure} ${operator}", got "${given}"`,
    };
  }
  const value = { expression: text.trim(), everySeed: all !== undefined, figure, path, operator, bound };
  return isThreshold(value) ? { ok: true, value } : { ok: false, message: GRAMMAR };
}

function splitFigure(figure: string): readonly string[] {
  return [...figure.matchAll(new RegExp(PART, 'g'))].map(([part]) => part.replace(/^(["'])(.*)\1$/, '$2'));
}

/** What the figure of a threshold that was read before is measured in. */
export function unitOfExpression(expression: string): FigureUnit {
  return unitOfFigure(splitFigure(THRESHOLD.exec(expression)?.[2] ?? ''));
}

const BOUND_EXPECTED: Readonly<Record<FigureUnit, string>> = {
  share: 'a share such as 3% or 0.03',
  seconds: 'seconds such as 30, or a duration such as 1m30s',
  count: 'a number',
};

function parseBound(text: string, unit: FigureUnit): number | undefined {
  if (unit === 'share') return parseShare(text);
  const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (number !== undefined || unit === 'count') return number;
  const ms = parseDuration(text);
  return ms === undefined ? undefined : ms / 1000;
}

const OPERATORS: Readonly<Record<Threshold['operator'], (observed: number, bound: number) => boolean>> = {
  '<': (observed, bound) => observed < bound,
  '<=': (observed, bound) => observed <= bound,
  '>': (observed, bound) => observed > bound,
  '>=': (observed, bound) => observed >= bound,
  '==': (observed, bound) => observed === bound,
  '!=': (observed, bound) => observed !== bound,
};

function isThreshold(given: Omit<Threshold, 'operator'> & { readonly operator: string }): given is Threshold {
  return Object.hasOwn(OPERATORS, given.operator);
}

/** Whether an observed value is on the right side; with no data nothing holds. */
export function holds(threshold: Pick<Threshold, 'operator' | 'bound'>, observed: number | null): boolean {
  return observed !== null && OPERATORS[threshold.operator](observed, threshold.bound);
}

/** With many seeds a threshold holds when it does in at least this share of them; with `all:` in every one. */
export const SEEDS_HELD_SHARE_MIN = 0.95;

export function holdsOverSeeds(threshold: Threshold, observed: readonly (number | null)[]): boolean {
  const held = observed.filter((value) => holds(threshold, value)).length;
  const needed = threshold.everySeed ? observed.length : Math.ceil(observed.length * SEEDS_HELD_SHARE_MIN - 1e-9);
  return observed.length > 0 && held >= needed;
}
