/**
 * A map with one key that says what its value is, `counter: { ... }`: how rule packages write templates and actions, so
 * that new ones come as new names and an unknown one is answered with the known.
 */
import { z } from 'zod';
import { describeKnown } from '#protocol/rule-package-file-suggestion.ts';
import { describeWrong, isRecord, listFaults } from '#protocol/scenario-file-fields.ts';

/**
 * Exactly one of the keys of `schemas`; the output is what the schema of that key makes of its value. `misplaced` are names
 * that the format knows but not in this place, each with why.
 */
export function choiceField<T>(
  what: string,
  schemas: Readonly<Record<string, z.ZodType<T>>>,
  misplaced: Readonly<Record<string, string>> = {},
): z.ZodType<T> {
  const known = Object.keys(schemas);
  return z.unknown().transform((given, context): T => {
    const report = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (!isRecord(given)) {
      report([], describeWrong(`expected a map with one ${what} of ${known.join(', ')}`, given));
      return z.NEVER;
    }
    const keys = Object.keys(given);
    if (keys.length !== 1) {
      report([], `expected exactly one ${what} of ${known.join(', ')}, got ${keys.join(', ') || 'none'}`);
    }
    for (const key of keys) {
      const schema = Object.hasOwn(schemas, key) ? schemas[key] : undefined;
      if (schema === undefined) {
        const why = Object.hasOwn(misplaced, key) ? misplaced[key] : undefined;
        report([key], why ?? `unknown ${what} "${key}", ${describeKnown(key, known)}`);
        continue;
      }
      const parsed = schema.safeParse(given[key]);
      if (parsed.success && keys.length === 1) return parsed.data;
      for (const fault of parsed.success ? [] : parsed.error.issues.flatMap(listFaults)) {
        report([key, ...fault.path], fault.message);
      }
    }
    return z.NEVER;
  });
}
