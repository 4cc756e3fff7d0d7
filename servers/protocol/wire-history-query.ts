/**
 * Query parameters of the History REST API, by name: one table that checks requests and describes them in OpenAPI. All of them are
 * texts, each at most once; a parameter that a method does not know is a fault, as are all others, told at once.
 */
import { z } from 'zod';
import { fail, succeed, type Result } from '#core/result.ts';
import { idSchema, nameSchema, textSchema, toJsonSchema, type JsonSchema } from './wire-events-fields.ts';

export const PAGE_SIZE_DEFAULT = 100;
export const PAGE_SIZE_MAX = 1_000;
/** `category=all categories`: whatever has a category. */
export const ALL_CATEGORIES = 'all categories';
/** Characters of an identity's id and of every other id of the history. */
export const HISTORY_ID_CHARS_MAX = 256;

const flag = z.enum(['true', 'false']);
const pattern = textSchema(2_048).min(1);

const PARAMETERS = {
  age: z
    .string()
    .regex(/^\d{1,10}$/, 'expected whole seconds')
    .describe('Not older than so many seconds'),
  eventName: nameSchema.describe('Events of this name'),
  eventType: z.enum(['SYSTEM', 'BUSINESS']).describe('Events of this type'),
  category: textSchema(2_048).min(1).describe(`In this category; "${ALL_CATEGORIES}": in any`),
  url: pattern.describe('This URL; * stands for any text'),
  title: pattern.describe('This title; * stands for any text'),
  globalVisitID: idSchema.describe('Of this browser'),
  browserPageID: idSchema.describe('Of the page view with this id of the browser'),
  userAgent: pattern.describe('With this user agent, by its id or text; * stands for any text'),
  location: pattern.describe('Identities of this location; * stands for any text'),
  association: z
    .enum(['Authenticated', 'Recognized'])
    .describe('Authenticated: signed in during the visit; Recognized: only known'),
  identityId: textSchema(HISTORY_ID_CHARS_MAX).min(1).describe('Sessions of this identity'),
  include_visits: flag.describe('Adds the ids of its visits'),
  include_visits_detail: flag.describe('With include_visits: the visits themselves'),
  include_sessions: flag.describe('Adds the ids of its sessions'),
  include_sessions_detail: flag.describe('With include_sessions: the sessions themselves'),
  include_pages: flag.describe('Adds the ids of its pages'),
  include_pages_detail: flag.describe('With include_pages: the pages themselves'),
  include_events: flag.describe('Adds the ids of its events'),
  include_events_detail: flag.describe('With include_events: the events themselves'),
  page_size: z
    .string()
    .regex(/^(?:[1-9]\d{0,2}|1000)$/, `expected a whole number from 1 to ${PAGE_SIZE_MAX}`)
    .describe(`At most so many, from 1 to ${PAGE_SIZE_MAX}; absent: ${PAGE_SIZE_DEFAULT}`),
  paging_next: textSchema(2_048).min(1).describe('What the header Paging-Next of the page before said'),
  format: z.enum(['json', 'csv']).describe('Before what the header Accept says'),
} as const;

export type HistoryParameter = keyof typeof PARAMETERS;
export type HistoryQuery = Readonly<Partial<Record<HistoryParameter, string>>>;

export interface QueryFault {
  readonly parameter: string;
  /** What is wrong and what was expected. */
  readonly message: string;
}

/** The query of a request, parsed by the HTTP server, for a method that knows the parameters `known`. */
export function parseHistoryQuery(
  known: readonly HistoryParameter[],
  query: unknown,
): Result<HistoryQuery, QueryFault> {
  const parsed = schemaOf(known).safeParse(query);
  // The schema lets nothing pass but known names with texts.
  if (parsed.success) return succeed(parsed.data as HistoryQuery);
  return fail(parsed.error.issues.flatMap((issue) => faultsOf(issue, known)));
}

/** As JSON Schema, for OpenAPI. */
export function describeHistoryQuery(known: readonly HistoryParameter[]): JsonSchema {
  return toJsonSchema(schemaOf(known));
}

/** By the list itself: a method's is one and the same. */
const SCHEMAS = new WeakMap<readonly HistoryParameter[], z.ZodType>();

function schemaOf(known: readonly HistoryParameter[]): z.ZodType {
  const made = SCHEMAS.get(known);
  if (made !== undefined) return made;
  const schema = z.strictObject(Object.fromEntries(known.map((name) => [name, PARAMETERS[name].optional()])));
  SCHEMAS.set(known, schema);
  return schema;
}

function faultsOf(issue: z.core.$ZodIssue, known: readonly HistoryParameter[]): readonly QueryFault[] {
  if (issue.code === 'unrecognized_keys') {
    const message = `unknown here; known: ${known.length === 0 ? 'none' : known.join(', ')}`;
    return issue.keys.map((parameter) => ({ parameter: parameter.slice(0, 100), message }));
  }
  const isRepeated = issue.code === 'invalid_type';
  return [{ parameter: issue.path.join('/'), message: isRepeated ? 'given more than once' : issue.message }];
}
