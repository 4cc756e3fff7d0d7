/** The plain fields of scenario and site files: schemas whose messages say what was expected and what was given. */
import { z } from 'zod';

interface NumberRange {
  /** What the number is, e.g. `a rate`. */
  readonly what?: string;
  readonly min?: number;
  /** The number lies above this, which itself is not allowed. */
  readonly above?: number;
  readonly max?: number;
  readonly whole?: boolean;
}

/** A number in a range; NaN and infinities never pass. */
export function numberField(range: NumberRange): z.ZodType<number> {
  const expected = describeRange(range);
  return z.custom<number>((given) => isInRange(given, range), {
    error: (issue) => describeWrong(expected, issue.input),
  });
}

/** Text that is not empty. */
export function textField(what: string): z.ZodType<string> {
  return z.custom<string>((given) => typeof given === 'string' && given.trim() !== '', {
    error: (issue) => describeWrong(`expected ${what}`, issue.input),
  });
}

/** One of a few words. */
export function wordField<const W extends readonly string[]>(words: W): z.ZodType<W[number]> {
  return z.custom<W[number]>((given) => typeof given === 'string' && words.includes(given), {
    error: (issue) => describeWrong(`expected ${words.join(' or ')}`, issue.input),
  });
}

/**
 * A map with exactly these keys (those with a default may be left out); an unknown key is answered with the known ones.
 */
export function sectionField<S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `expected one of ${keys}`
        : describeWrong(`expected a map of ${keys}`, issue.input),
  });
}

/** A list with at least `atLeast` entries of one kind. */
export function listField<T extends z.ZodType>(entry: T, what: string, atLeast: number): z.ZodArray<T> {
  const expected = `expected a list of ${what}${atLeast > 0 ? `, at least ${atLeast}` : ''}`;
  return z
    .array(entry, { error: (issue) => describeWrong(expected, issue.input) })
    .min(atLeast, { error: () => `${expected}, got an empty one` });
}

/** An issue of a schema as faults at their own paths: each unknown key is one, answered with the known ones. */
export function listFaults(
  issue: z.core.$ZodIssue,
): { readonly path: (string | number)[]; readonly message: string }[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], message: `unknown key "${key}", ${issue.message}` }));
}

/** `missing, expected ...` or `expected ..., got ...`. */
export function describeWrong(expected: string, given: unknown): string {
  return given === undefined ? `missing, ${expected}` : `${expected}, got ${describeGiven(given)}`;
}

/** A wrong value as a message shows it: short, on one line. */
export function describeGiven(given: unknown): string {
  if (given === undefined) return 'nothing';
  const text = typeof given === 'number' ? String(given) : (JSON.stringify(given) ?? typeof given);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

export function isRecord(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function isInRange(given: unknown, range: NumberRange): boolean {
  if (typeof given !== 'number' || !Number.isFinite(given)) return false;
  if (range.whole === true && !Number.isSafeInteger(given)) return false;
  if (range.min !== undefined && given < range.min) return false;
  if (range.above !== undefined && given <= range.above) return false;
  return range.max === undefined || given <= range.max;
}

function describeRange(range: NumberRange): string {
  const noun = range.what ?? (range.whole === true ? 'a whole number' : 'a number');
  const bounds: string[] = [];
  if (range.above !== undefined) bounds.push(`above ${range.above}`);
  if (range.min !== undefined) bounds.push(`of at least ${range.min}`);
  if (range.max !== undefined) bounds.push(`of at most ${range.max}`);
  return `expected ${noun}${bounds.length > 0 ? ` ${bounds.join(' and ')}` : ''}`;
}
