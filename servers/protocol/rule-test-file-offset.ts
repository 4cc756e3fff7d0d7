/** Times of rule test files: `+0s`, `+2m30s`, counted from the start of the case. */
import { z } from 'zod';
import { parseDuration } from '#protocol/quantities.ts';
import { describeWrong } from '#protocol/scenario-file-fields.ts';

/** Ms since the start of the case; undefined where it is no such time. */
export function parseOffset(given: unknown): number | undefined {
  return typeof given === 'string' && given.startsWith('+') ? parseDuration(given.slice(1)) : undefined;
}

export const offsetSchema = z.unknown().transform((given, context): number => {
  const ms = parseOffset(given);
  if (ms !== undefined) return ms;
  const message = describeWrong('expected a time since the start of the case such as +0s, +90s or +2m30s', given);
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});
