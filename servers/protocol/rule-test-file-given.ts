/**
 * What happens in a rule test, one step a line: `{ at: +0s, enters: product }`, `{ at: +5s, event: Search, data: { ... } }`,
 * `{ at: +9s, leaves: true }`, `{ at: +1m, signsIn: anna }`, or nothing until then, `{ at: +6m }`.
 */
import { z } from 'zod';
import type { EventData, EventValue, SYSTEM_EVENT_NAMES } from '#core/visits/event.ts';
import { offsetSchema } from '#protocol/rule-test-file-offset.ts';
import type { GivenEvent } from '#protocol/rule-test.ts';
import { describeWrong, isRecord, sectionField, textField } from '#protocol/scenario-file-fields.ts';

const KINDS = ['enters', 'leaves', 'event', 'signsIn', 'signsOut'] as const;

/** Before the ids of steps without one are known. */
export type WrittenEvent = Omit<GivenEvent, 'id'> & { readonly id: string | null };

/** A page as a step names it: by the categories that it carries, or as what it is. */
interface WrittenPage {
  readonly category: string | null;
  readonly url: string | null;
  readonly title: string | null;
}

const THE_PAGE: WrittenPage = { category: null, url: null, title: null };

const pageSection = sectionField({ url: z.string().optional(), title: z.string().optional() });

const pageSchema = z.unknown().transform((given, context): WrittenPage => {
  if (isRecord(given)) {
    const page = pageSection.safeParse(given);
    if (page.success) return { category: null, url: page.data.url ?? null, title: page.data.title ?? null };
  }
  const category = joinCategories(given);
  if (category !== undefined) return { ...THE_PAGE, category };
  const expected = 'expected a category, a list of them, or a page { url: /cart, title: Cart }';
  context.addIssue({ code: 'custom', message: describeWrong(expected, given) });
  return z.NEVER;
});

const leftPageSchema = z.union([z.literal(true).transform(() => THE_PAGE), pageSchema]);

const categorySchema = z.unknown().transform((given, context): string => {
  const category = joinCategories(given);
  if (category !== undefined) return category;
  context.addIssue({ code: 'custom', message: describeWrong('expected a category, or a list of them', given) });
  return z.NEVER;
});

function joinCategories(given: unknown): string | undefined {
  const names: readonly unknown[] = Array.isArray(given) ? given : [given];
  const isName = (name: unknown): name is string =>
    typeof name === 'string' && name.trim() !== '' && !name.includes(';');
  return names.length > 0 && names.every(isName) ? names.join(';') : undefined;
}

export const valuesSchema = z.unknown().transform((given, context): EventData => {
  if (isRecord(given) && Object.values(given).every(isValue)) return given as EventData;
  const message = describeWrong('expected a map of fields that are text, a number, true, false or null', given);
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function isValue(given: unknown): given is EventValue {
  return given === null || ['string', 'number', 'boolean'].includes(typeof given);
}

export const givenStepSchema = sectionField({
  at: offsetSchema,
  enters: pageSchema.optional(),
  leaves: leftPageSchema.optional(),
  event: textField("an event's name such as Search or VisitStarted").optional(),
  signsIn: textField('who signs in').optional(),
  signsOut: z.literal(true, { error: (issue) => describeWrong('expected true', issue.input) }).optional(),
  id: textField('an id for the event').optional(),
  visit: textField('a name for the visit').optional(),
  browser: textField('a name for the browser').optional(),
  page: textField('a name for the page').optional(),
  category: categorySchema.optional(),
  url: z.string({ error: (issue) => describeWrong('expected a URL', issue.input) }).optional(),
  title: z.string({ error: (issue) => describeWrong('expected a title', issue.input) }).optional(),
  language: textField('a language code such as en-GB').optional(),
  identity: textField('who the visitor is').optional(),
  data: valuesSchema.optional(),
}).transform((given, context): { readonly atMs: number; readonly event: WrittenEvent | null } => {
  const kinds = KINDS.filter((kind) => given[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined && Object.keys(given).length === 1) return { atMs: given.at, event: null };
  if (kind === undefined || kinds.length > 1) {
    const message = `expected one of ${KINDS.join(', ')}, or at alone where nothing happens; got ${kinds.join(', ') || 'none'}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  const page = given.enters ?? given.leaves ?? THE_PAGE;
  const event: WrittenEvent = {
    id: given.id ?? null,
    visit: given.visit ?? 'visit',
    eventName: EVENT_NAMES[kind] ?? given.event ?? '',
    browser: given.browser ?? null,
    page: given.page ?? null,
    category: given.category ?? page.category,
    url: given.url ?? page.url,
    title: given.title ?? page.title,
    language: given.language ?? null,
    identity: given.signsIn ?? given.identity ?? null,
    data: given.data ?? {},
  };
  return { atMs: given.at, event };
});

const EVENT_NAMES: Readonly<Partial<Record<(typeof KINDS)[number], (typeof SYSTEM_EVENT_NAMES)[number]>>> = {
  enters: 'PageEntered',
  leaves: 'PageExited',
  signsIn: 'SignIn',
  signsOut: 'SignOut',
};
