/**
 * Finds categories that rules ask for and nobody defines: the slip that makes a rule never fire. What is reached must besides
 * be something that a page can stand for: an activity or an outcome.
 */
import { describeKnown } from '#protocol/rule-package-file-suggestion.ts';
import type { DocumentPath } from '#protocol/scenario-file-document.ts';
import { isRecord } from '#protocol/scenario-file-fields.ts';

/** A category that events can carry; `as`: what entering such a page says of the visitor, absent: nothing beyond itself. */
export interface KnownCategory {
  readonly name: string;
  readonly as?: 'activity' | 'outcome';
}

const CATEGORY_KEYS = ['enters', 'leaves', 'category', 'reached'];

/** Looks through a condition or state test as written, whatever its template, and reports each name that will not do. */
export function reportUnknownCategories(
  given: unknown,
  path: DocumentPath,
  known: readonly KnownCategory[],
  report: (path: DocumentPath, message: string) => void,
): void {
  if (Array.isArray(given)) {
    given.forEach((entry, index) => reportUnknownCategories(entry, [...path, index], known, report));
    return;
  }
  if (!isRecord(given)) return;
  for (const [key, value] of Object.entries(given)) {
    // Fields of an event's data and parameters of a template may have any name, so they are not looked at.
    if (key === 'where' || key === 'template') continue;
    if (!CATEGORY_KEYS.includes(key)) {
      reportUnknownCategories(value, [...path, key], known, report);
      continue;
    }
    for (const name of Array.isArray(value) ? value : [value]) {
      const message = typeof name === 'string' ? describeCategoryFault(name, key, known) : undefined;
      if (message !== undefined) report([...path, key], message);
    }
  }
}

function describeCategoryFault(name: string, key: string, known: readonly KnownCategory[]): string | undefined {
  const category = known.find((one) => one.name === name);
  const names = known.map((one) => one.name);
  if (category === undefined) {
    return `unknown category "${name}", ${names.length > 0 ? describeKnown(name, names) : 'there is none'}`;
  }
  if (key !== 'reached' || category.as !== undefined) return undefined;
  const reachable = known.filter((one) => one.as !== undefined).map((one) => one.name);
  const answer = reachable.length > 0 ? `these are: ${reachable.join(', ')}` : 'there is none';
  return `expected a category tagged as activity or outcome, got "${name}"; ${answer}`;
}
