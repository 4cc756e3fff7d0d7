/** Finds out what an id names: it is asked for as a visit, an identity, a page, an event, a session and an attempt, all at once. */
import type {
  EngagementAttemptResource,
  EventResource,
  IdentityResource,
  PageResource,
  SessionResource,
  VisitResource,
} from '#protocol/wire-history.ts';
import { HistoryRefusal, type HistoryClient } from '#renderer/history/history-client.ts';
import type { HistoryRoute, MarkRef } from '#renderer/view/history-route.ts';

export interface Finding {
  /** `visit A1` */
  readonly what: string;
  /** One line more. */
  readonly about: string;
  readonly route: HistoryRoute;
}

/** Ids of the history have no more characters. */
const ID_CHARS_MAX = 256;

export async function findById(client: HistoryClient, id: string, signal: AbortSignal): Promise<readonly Finding[]> {
  if (id === '' || id.length > ID_CHARS_MAX || id === '.' || id === '..') return [];
  const look = async <T>(list: string, tell: (record: T) => Finding): Promise<readonly Finding[]> => {
    try {
      return [tell((await client.get<T>([list, id], {}, signal)).value)];
    } catch (error) {
      if (error instanceof HistoryRefusal && error.kind === 'unknown') return [];
      throw error;
    }
  };
  const found = await Promise.all([
    look<VisitResource>('visits', ({ visitId, endDate }) => ({
      what: `Visit ${visitId}`,
      about: endDate === 0 ? 'goes on' : 'ended',
      route: { kind: 'visit', id: visitId, mark: null },
    })),
    look<IdentityResource>('identities', ({ identityId, name, location }) => ({
      what: `Identity ${identityId}`,
      about: [name, location].filter((part) => part !== null).join(', '),
      route: { kind: 'identity', id: identityId, visit: null, mark: null },
    })),
    look<PageResource>('pages', ({ pageId, title, visitId }) => ({
      what: `Page ${pageId}`,
      about: `${title}, of visit ${visitId}`,
      route: inVisit(visitId, { kind: 'page', id: pageId }),
    })),
    look<EventResource>('events', ({ eventID, eventName, visitID }) => ({
      what: `Event ${eventID}`,
      about: `${eventName}, of visit ${visitID}`,
      route: inVisit(visitID, { kind: 'event', id: eventID }),
    })),
    look<SessionResource>('sessions', ({ sessionId, identityId, visitId }) => ({
      what: `Session ${sessionId}`,
      about: `${identityId}, in visit ${visitId}`,
      route: inVisit(visitId, { kind: 'session', id: sessionId }),
    })),
    look<EngagementAttemptResource>('engagementattempts', ({ engagementAttemptId, rule, visitId }) => ({
      what: `Attempt ${engagementAttemptId}`,
      about: `${rule}, in visit ${visitId}`,
      route: inVisit(visitId, { kind: 'attempt', id: engagementAttemptId }),
    })),
  ]);
  return found.flat();
}

/** Where a record stands that is linked to by itself; null: there is no such record. */
export async function findRecord(
  client: HistoryClient,
  { kind, id }: MarkRef,
  signal: AbortSignal,
): Promise<HistoryRoute | null> {
  const found = await findById(client, id, signal);
  return found.find(({ route }) => route.kind === 'visit' && route.mark?.kind === kind)?.route ?? null;
}

function inVisit(id: string, mark: MarkRef): HistoryRoute {
  return { kind: 'visit', id, mark };
}
