/**
 * Event patterns of rule packages: `{ enters: product }`, `{ leaves: [cart, checkout] }`,
 * `{ event: Search, category: product, where: { searchString: { contains: tent } } }`.
 */
import { z } from 'zod';
import type { EventPattern, EventTest, TestedField } from '#core/rules/rule-package.ts';
import { checkedSection, type FieldReport } from '#protocol/rule-package-file-section.ts';
import { readValueTests } from '#protocol/rule-package-file-tests.ts';
import { describeWrong, isRecord, textField } from '#protocol/scenario-file-fields.ts';

const PATTERN_KINDS = ['enters', 'leaves', 'event'] as const;

/** The fields that a pattern tests by their own keys, and how events call them. */
export const FIELD_KEYS = { url: 'url', title: 'title', language: 'languageCode', pageID: 'pageID' } as const;

/** One category or a list of them, of which the event carries at least one. */
export const categoriesSchema = z.unknown().transform((given, context): readonly string[] => {
  const names: readonly unknown[] = Array.isArray(given) ? given : [given];
  const found = names.filter((name) => typeof name === 'string' && name.trim() !== '' && !name.includes(';'));
  if (found.length > 0 && found.length === names.length) return found.map(String);
  const message = describeWrong('expected the name of a category, or a list of them', given);
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** The keys of a pattern; where something stands beside them, they are spread into its own. */
export const patternShape = {
  enters: categoriesSchema.optional(),
  leaves: categoriesSchema.optional(),
  event: textField("an event's name such as Search or PageEntered").optional(),
  category: categoriesSchema.optional(),
  url: testsField(FIELD_KEYS.url).optional(),
  title: testsField(FIELD_KEYS.title).optional(),
  language: testsField(FIELD_KEYS.language).optional(),
  pageID: testsField(FIELD_KEYS.pageID).optional(),
  where: z.unknown().transform(readWhere).optional(),
};

export type GivenPattern = z.output<z.ZodObject<typeof patternShape>>;

/** What the keys of a pattern mean together: one says what kind of event is meant. */
export function checkPattern(given: Readonly<Record<string, unknown>>, report: FieldReport): void {
  const kinds = PATTERN_KINDS.filter((kind) => given[kind] !== undefined);
  if (kinds.length !== 1) {
    report([], `expected exactly one of ${PATTERN_KINDS.join(', ')}, got ${kinds.join(', ') || 'none'}`);
  } else if (given['event'] === undefined && given['category'] !== undefined) {
    report(['category'], `category goes with event; write ${kinds.join()}: [ ... ] for several categories`);
  }
}

export function buildPattern(given: GivenPattern): EventPattern {
  return {
    eventName: given.event ?? (given.enters === undefined ? 'PageExited' : 'PageEntered'),
    categories: given.enters ?? given.leaves ?? given.category ?? [],
    tests: [given.url, given.title, given.language, given.pageID, given.where].flatMap((tests) => tests ?? []),
  };
}

export const patternSchema = checkedSection(patternShape, checkPattern, buildPattern);

/** `{ contains: tent }`, several operators that must all hold, or a bare value. */
function testsField(field: TestedField): z.ZodType<readonly EventTest[]> {
  return z
    .unknown()
    .transform((given, context): readonly EventTest[] =>
      readEventTests(field, given, (path, message) => context.addIssue({ code: 'custom', path: [...path], message })),
    );
}

export function readEventTests(field: TestedField, given: unknown, report: FieldReport): readonly EventTest[] {
  return readValueTests(given, report).map((test) => ({ field, ...test }));
}

function readWhere(given: unknown, context: z.core.$RefinementCtx): readonly EventTest[] {
  if (!isRecord(given) || Object.keys(given).length === 0) {
    const message = describeWrong('expected a map of tests by field, such as { price: { atLeast: 100 } }', given);
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  return Object.entries(given).flatMap(([name, tests]) =>
    readEventTests(`data.${name}`, tests, (path, message) =>
      context.addIssue({ code: 'custom', path: [name, ...path], message }),
    ),
  );
}
