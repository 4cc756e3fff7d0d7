/** Finds categories that rules ask for and nobody defines: the slip that makes a rule never fire. */
import type { DocumentPath } from '#protocol/scenario-file-document.ts';
import { isRecord } from '#protocol/scenario-file-fields.ts';

const CATEGORY_KEYS = ['enters', 'leaves', 'category'];

/** Looks through a condition as written, whatever its template, and reports each name that is not among `known`. */
export function reportUnknownCategories(
  given: unknown,
  path: DocumentPath,
  known: readonly string[],
  report: (path: DocumentPath, message: string) => void,
): void {
  if (Array.isArray(given)) {
    given.forEach((entry, index) => reportUnknownCategories(entry, [...path, index], known, report));
    return;
  }
  if (!isRecord(given)) return;
  for (const [key, value] of Object.entries(given)) {
    // Fields of an event's data may have any name, so they are not looked at.
    if (key === 'where') continue;
    if (!CATEGORY_KEYS.includes(key)) {
      reportUnknownCategories(value, [...path, key], known, report);
      continue;
    }
    for (const name of Array.isArray(value) ? value : [value]) {
      if (typeof name !== 'string' || known.includes(name)) continue;
      const answer = known.length > 0 ? `known: ${known.join(', ')}` : 'there is none';
      report([...path, key], `unknown category "${name}", ${answer}`);
    }
  }
}
