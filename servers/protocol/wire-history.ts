/**
 * What the History REST API of a Backend answers, `/backend/data/identities`, `/visits` and the rest (docs/history-rest.md). Lists are plain
 * arrays, newest first. Times are ms since 1970; an `endDate` of 0: it has not ended. `<x>Ids` and `<x>s` are null unless included.
 */
import { z } from 'zod';
import { eventValueSchema } from './wire-events-fields.ts';

export { HISTORY_PATH, INCLUDE_TRUNCATED, NO_SESSION, PAGING_NEXT } from './history-names.ts';

const time = z.number();
const ids = z.array(z.string()).nullable();
const scope = z.enum(['Authenticated', 'Recognized']);

export const eventResourceSchema = z.strictObject({
  eventID: z.string(),
  visitID: z.string(),
  globalVisitID: z.string(),
  pageID: z.string(),
  browserPageID: z.string(),
  eventType: z.enum(['SYSTEM', 'BUSINESS']),
  eventName: z.string(),
  category: z.string(),
  url: z.string(),
  title: z.string(),
  languageCode: z.string(),
  timestamp: time,
  serverTimestamp: time,
  identityId: z.string().nullable(),
  data: z.record(z.string(), eventValueSchema),
});
const events = z.array(eventResourceSchema).nullable();

export const pageResourceSchema = z.strictObject({
  pageId: z.string(),
  browserPageID: z.string(),
  visitId: z.string(),
  sessionId: z.string().nullable(),
  url: z.string(),
  title: z.string(),
  category: z.string(),
  startDate: time,
  endDate: time,
  eventIds: ids,
  events,
});
const pages = z.array(pageResourceSchema).nullable();

export const sessionResourceSchema = z.strictObject({
  sessionId: z.string(),
  visitId: z.string(),
  identityId: z.string(),
  startDate: time,
  endDate: time,
  eventIds: ids,
  events,
  pageIds: ids,
  pages,
});
const sessions = z.array(sessionResourceSchema).nullable();

export const visitResourceSchema = z.strictObject({
  visitId: z.string(),
  startDate: time,
  endDate: time,
  activeSessionId: z.string(),
  globalVisitID: z.string(),
  userAgentID: z.string().nullable(),
  eventIds: ids,
  events,
  pageIds: ids,
  pages,
  sessionIds: ids,
  sessions,
});

export const identityResourceSchema = z.strictObject({
  identityId: z.string(),
  name: z.string().nullable(),
  location: z.string().nullable(),
  entityInCS: z.null(),
  visitScope: scope,
  eventIds: ids,
  events,
  pageIds: ids,
  pages,
  visitIds: ids,
  visits: z.array(visitResourceSchema).nullable(),
  sessionIds: ids,
  sessions,
});

export const engagementAttemptResourceSchema = z.strictObject({
  engagementAttemptId: z.string(),
  visitId: z.string(),
  identityId: z.string().nullable(),
  pageId: z.string(),
  interactionId: z.string(),
  channel: z.enum(['proactiveChat', 'proactiveCallback']).nullable(),
  rule: z.string(),
  attemptNumber: z.number(),
  createdAt: time,
  invitedAt: time.nullable(),
  disposition: z.enum(['shown', 'acceptCall', 'reject', 'timeout', 'formAbandoned']).nullable(),
  dispositionAt: time.nullable(),
  mediaInteractionId: z.string().nullable(),
  state: z.string(),
});

export const userAgentResourceSchema = z.strictObject({
  userAgentID: z.string(),
  raw: z.string(),
  browser: z.string().nullable(),
  os: z.string().nullable(),
  device: z.enum(['desktop', 'phone', 'tablet', 'robot']).nullable(),
});

/** By entity. */
export const RESOURCE_SCHEMAS = {
  event: eventResourceSchema,
  page: pageResourceSchema,
  session: sessionResourceSchema,
  visit: visitResourceSchema,
  identity: identityResourceSchema,
  engagementattempt: engagementAttemptResourceSchema,
  useragent: userAgentResourceSchema,
} as const;

/** Counts of `complete` false are lower bounds: there was more than one request reads. */
export const insightSchema = z.strictObject({
  identityId: z.string(),
  visitScope: scope,
  complete: z.boolean(),
  firstSeen: time,
  lastSeen: time,
  /** How long ago that was, by the Backend's clock. */
  secondsSinceLastSeen: z.number(),
  visits: z.number().int(),
  visitsInLast30Days: z.number().int(),
  /** Mean from the beginning of a visit to that of the next; null: there was one visit. */
  daysBetweenVisits: z.number().nullable(),
  pages: z.number().int(),
  pagesPerVisit: z.number().nullable(),
  /** Most pages first. `as`: what the category stands for now; null: nothing but a kind of page, or it is not in force any more. */
  categories: z.array(
    z.strictObject({
      name: z.string(),
      as: z.enum(['activity', 'outcome']).nullable(),
      pages: z.number().int(),
      visits: z.number().int(),
      lastReached: time,
    }),
  ),
  engagementAttempts: z.strictObject({
    all: z.number().int(),
    invited: z.number().int(),
    /** Those that became a chat or callback. */
    engaged: z.number().int(),
    byState: z.record(z.string(), z.number().int()),
    byDisposition: z.record(z.string(), z.number().int()),
  }),
});
export type Insight = z.infer<typeof insightSchema>;

export const erasureSchema = z.strictObject({
  identityId: z.string(),
  /** Rows by table of the history; of the contact center interactions, chats, reactive visitors and contacts that are over. */
  erased: z.record(z.string(), z.number().int()),
  /** Rows of the contact center that were left, as something in their visits still runs: erase again when it has ended. */
  inProgress: z.record(z.string(), z.number().int()),
});

export const historyErrorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    problems: z.array(z.strictObject({ parameter: z.string(), message: z.string() })).optional(),
  }),
});

type Resource<S extends keyof typeof RESOURCE_SCHEMAS> = z.infer<(typeof RESOURCE_SCHEMAS)[S]>;
export type EventResource = Resource<'event'>;
export type PageResource = Resource<'page'>;
export type SessionResource = Resource<'session'>;
export type VisitResource = Resource<'visit'>;
export type IdentityResource = Resource<'identity'>;
export type EngagementAttemptResource = Resource<'engagementattempt'>;
export type UserAgentResource = Resource<'useragent'>;
