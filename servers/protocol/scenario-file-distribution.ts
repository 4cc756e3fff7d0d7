/**
 * Durations that vary, as scenario and site files write them: a kind with its parameters, or a bare duration, which is
 * constant.
 *
 *   90s | { constant: 5s } | { exponential: { mean: 90s } } | { lognormal: { mean: 6m, cv: 0.8 } }
 *   | { gamma: { mean: 6m, cv: 0.8 } } | { uniform: { from: 2s, to: 8s } }
 */
import { z } from 'zod';
import type { DurationDistribution } from '#core/random/duration-distribution.ts';
import { DURATION_EXPECTED, parseDuration } from '#protocol/quantities.ts';
import { describeGiven, describeWrong, isRecord } from '#protocol/scenario-file-fields.ts';

const EXPECTED =
  'expected a duration such as 30s, or one of { constant: 5s }, { exponential: { mean: 90s } }, ' +
  '{ lognormal: { mean: 6m, cv: 0.8 } }, { gamma: { mean: 6m, cv: 0.8 } }, { uniform: { from: 2s, to: 8s } }';

const KEYS_OF_KIND = {
  constant: undefined,
  exponential: ['mean'],
  lognormal: ['mean', 'cv'],
  gamma: ['mean', 'cv'],
  uniform: ['from', 'to'],
} as const;
type Kind = keyof typeof KEYS_OF_KIND;

/** Reports one fault, at a path below the distribution itself. */
type Report = (path: readonly string[], message: string) => void;

/** Schema of a distribution; means and bounds come out in ms. */
export const distributionSchema = z.unknown().transform((given, context): DurationDistribution => {
  const report: Report = (path, message) => context.addIssue({ code: 'custom', message, path: [...path] });
  return parseDistribution(given, report) ?? z.NEVER;
});

function parseDistribution(given: unknown, report: Report): DurationDistribution | undefined {
  if (typeof given === 'string') {
    const meanMs = parseDuration(given);
    if (meanMs !== undefined) return { kind: 'constant', meanMs };
  }
  const entries = isRecord(given) ? Object.entries(given) : [];
  const [kind, parameters] = entries[0] ?? [];
  if (entries.length !== 1 || kind === undefined || !isKind(kind)) {
    report([], describeWrong(EXPECTED, given));
    return undefined;
  }
  if (kind === 'constant') {
    const meanMs = readDuration(parameters, [kind], report);
    return meanMs === undefined ? undefined : { kind, meanMs };
  }
  return parseParameters(kind, parameters, report);
}

function parseParameters(
  kind: Exclude<Kind, 'constant'>,
  given: unknown,
  report: Report,
): DurationDistribution | undefined {
  const known: readonly string[] = KEYS_OF_KIND[kind];
  if (!isRecord(given)) {
    report([kind], `expected a map of ${known.join(' and ')}, got ${describeGiven(given)}`);
    return undefined;
  }
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) report([kind, key], `unknown key "${key}", expected ${known.join(' and ')}`);
  }
  if (kind === 'uniform') {
    const fromMs = readDuration(given['from'], [kind, 'from'], report);
    const toMs = readDuration(given['to'], [kind, 'to'], report);
    if (fromMs === undefined || toMs === undefined) return undefined;
    if (toMs < fromMs) report([kind, 'to'], 'expected a duration not shorter than "from"');
    return { kind, fromMs, toMs };
  }
  const meanMs = readMean(given['mean'], [kind, 'mean'], report);
  if (kind === 'exponential') return meanMs === undefined ? undefined : { kind, meanMs };
  const cv = readCv(given['cv'], [kind, 'cv'], report);
  return meanMs === undefined || cv === undefined ? undefined : { kind, meanMs, cv };
}

function readDuration(given: unknown, path: readonly string[], report: Report): number | undefined {
  const ms = typeof given === 'string' ? parseDuration(given) : undefined;
  if (ms === undefined) report(path, describeWrong(DURATION_EXPECTED, given));
  return ms;
}

function readMean(given: unknown, path: readonly string[], report: Report): number | undefined {
  const ms = readDuration(given, path, report);
  if (ms === 0) report(path, 'expected a mean above 0');
  return ms;
}

function readCv(given: unknown, path: readonly string[], report: Report): number | undefined {
  if (typeof given === 'number' && given > 0 && given <= 10) return given;
  report(path, describeWrong('expected the coefficient of variation, a number above 0 and at most 10', given));
  return undefined;
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(KEYS_OF_KIND, text);
}
