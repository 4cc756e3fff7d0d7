/**
 * What the History REST API has to answer, by the plainest reading of domain notes 8.1 and 8.2: filters over one list of events, in the
 * order in which they happened. No visit is over and none has crossed to another domain; every page view has an id of its own.
 */
import { expect } from 'vitest';
import type { VisitEvent } from '#core/visits/event.ts';

type Resource = Readonly<Record<string, unknown>>;
type Query = Readonly<Record<string, string>>;
type Owner = { readonly visit: string } | { readonly identity: string } | 'everybody';

const ZERO_UUID = '00000000-0000-1000-8000-000000000000';
const IDENTITY_EVENTS = ['SignIn', 'SignOut', 'UserInfo'];

interface Login {
  readonly id: string;
  readonly visit: string;
  readonly who: string;
  readonly from: number;
  to: number;
}

export class HistoryOracle {
  readonly #log: readonly VisitEvent[];
  readonly #now: number;

  constructor(log: readonly VisitEvent[], now: number) {
    this.#log = log;
    this.#now = now;
  }

  /** All that a listing holds, newest first. */
  list(what: string, owner: Owner, query: Query): readonly Resource[] {
    const oldest = query['age'] === undefined ? -Infinity : this.#now - 1_000 * Number(query['age']);
    switch (what) {
      case 'events':
        return newestFirst(
          this.#events(owner).filter((event) => event.at >= oldest && this.#isAskedEvent(event, query)),
          (event) => [event.at, event.eventID],
        ).map(eventOf);
      case 'pages':
        return newestFirst(
          this.#entries(owner).filter((event) => event.at >= oldest && isAskedPage(event, query)),
          (event) => [event.at, pageId(event)],
        ).map((event) => this.#page(event, query));
      case 'visits':
        return newestFirst(
          this.#starts(owner).filter((event) => event.at >= oldest && this.#isAskedVisit(event, query)),
          (event) => [event.at, event.visitID],
        ).map((event) => this.#visit(event, query));
      case 'sessions':
        return newestFirst(
          this.#logins(owner).filter(
            ({ from, who }) => from >= oldest && (query['identityId'] === undefined || query['identityId'] === who),
          ),
          ({ from, id }) => [from, id],
        ).map((login) => this.#session(login, query));
      case 'identities':
        return newestFirst(this.#people(owner, query), (who) => [this.#told(who)[0]?.at ?? 0, who]).map((who) =>
          this.#identity(who, owner, query),
        );
      default:
        throw new Error(`no oracle of ${what}`);
    }
  }

  #told(who: string): readonly VisitEvent[] {
    return this.#log.filter((event) => IDENTITY_EVENTS.includes(event.eventName) && event.identity === who);
  }

  #visitsOf(who: string): ReadonlySet<string> {
    return new Set(this.#told(who).map(({ visitID }) => visitID));
  }

  #events(owner: Owner): readonly VisitEvent[] {
    if (owner === 'everybody') return this.#log;
    if ('visit' in owner) return this.#log.filter((event) => event.visitID === owner.visit);
    const visits = this.#visitsOf(owner.identity);
    return this.#log.filter(
      (event) => visits.has(event.visitID) && [undefined, owner.identity].includes(event.identity),
    );
  }

  #entries(owner: Owner): readonly VisitEvent[] {
    return this.#events(owner).filter(({ eventName }) => eventName === 'PageEntered');
  }

  #starts(owner: Owner): readonly VisitEvent[] {
    const starts = this.#log.filter(({ eventName }) => eventName === 'VisitStarted');
    if (owner === 'everybody') return starts;
    if ('visit' in owner) return starts.filter(({ visitID }) => visitID === owner.visit);
    const visits = this.#visitsOf(owner.identity);
    return starts.filter(({ visitID }) => visits.has(visitID));
  }

  #logins(owner: Owner): readonly Login[] {
    const logins: Login[] = [];
    const open = new Map<string, Login>();
    for (const { eventName, eventID, visitID, identity, at } of this.#log) {
      const current = open.get(visitID);
      const isSame = current !== undefined && current.who === identity;
      if (eventName !== 'SignOut' && (eventName !== 'SignIn' || isSame)) continue;
      if (current !== undefined) current.to = at;
      open.delete(visitID);
      if (eventName === 'SignOut' || identity === undefined) continue;
      const login = { id: eventID, visit: visitID, who: identity, from: at, to: 0 };
      logins.push(login);
      open.set(visitID, login);
    }
    if (owner === 'everybody') return logins;
    return logins.filter(({ visit, who }) => ('visit' in owner ? visit === owner.visit : who === owner.identity));
  }

  #people(owner: Owner, query: Query): readonly string[] {
    const telling = this.#events(owner).filter(({ eventName }) => IDENTITY_EVENTS.includes(eventName));
    const people = [...new Set(telling.flatMap(({ identity }) => identity ?? []))];
    return people.filter((who) => {
      const { location, association, userAgent } = query;
      const isThere = location === undefined || like(location, this.#lastTold(who, 'location') ?? '\0');
      const isSo = association === undefined || association === this.#scope(who, owner);
      const starts = this.#starts({ identity: who });
      return isThere && isSo && (userAgent === undefined || starts.some((start) => hasAgent(start, userAgent)));
    });
  }

  #scope(who: string, owner: Owner): string {
    const inVisit = owner !== 'everybody' && 'visit' in owner ? owner.visit : undefined;
    return this.#told(who).some(
      ({ eventName, visitID }) => eventName === 'SignIn' && (inVisit === undefined || visitID === inVisit),
    )
      ? 'Authenticated'
      : 'Recognized';
  }

  #lastTold(who: string, key: string): string | null {
    const values = this.#told(who).flatMap(({ data }) => (typeof data[key] === 'string' ? [data[key]] : []));
    return values.at(-1) ?? null;
  }

  #isAskedEvent(event: VisitEvent, query: Query): boolean {
    const { eventName, eventType, globalVisitID } = query;
    return (
      [undefined, event.eventName].includes(eventName) &&
      [undefined, event.eventType as string].includes(eventType) &&
      [undefined, event.globalVisitID].includes(globalVisitID) &&
      isAskedPage(event, query)
    );
  }

  #isAskedVisit(start: VisitEvent, { globalVisitID, userAgent }: Query): boolean {
    return (
      [undefined, start.globalVisitID].includes(globalVisitID) &&
      (userAgent === undefined || hasAgent(start, userAgent))
    );
  }

  #page(event: VisitEvent, query: Query): Resource {
    const left = this.#log.find(
      ({ eventName, visitID, pageID }) =>
        eventName === 'PageExited' && visitID === event.visitID && pageID === event.pageID,
    );
    const login = this.#logins({ visit: event.visitID }).find(
      ({ from, to }) => from <= event.at && (to === 0 || event.at < to),
    );
    const own = this.#log.filter(({ visitID, pageID }) => visitID === event.visitID && pageID === event.pageID);
    return {
      pageId: pageId(event),
      browserPageID: event.pageID,
      visitId: event.visitID,
      sessionId: login?.id ?? null,
      url: event.url,
      title: event.title,
      category: event.category,
      startDate: event.at,
      endDate: left?.at ?? 0,
      ...include('event', 'eventIds', newestFirst(own, (one) => [one.at, one.eventID]).map(eventOf), 'eventID', query),
    };
  }

  #session({ id, visit, who, from, to }: Login, query: Query): Resource {
    const within = this.list('events', { visit }, {}).filter(
      ({ serverTimestamp, identityId }) =>
        Number(serverTimestamp) >= from &&
        (to === 0 || Number(serverTimestamp) <= to) &&
        (identityId === null || identityId === who),
    );
    const pages = this.list('pages', { visit }, {}).filter(({ sessionId }) => sessionId === id);
    return {
      sessionId: id,
      visitId: visit,
      identityId: who,
      startDate: from,
      endDate: to,
      ...include('event', 'eventIds', within, 'eventID', query),
      ...include('page', 'pageIds', pages, 'pageId', query),
    };
  }

  #visit(start: VisitEvent, query: Query): Resource {
    const owner = { visit: start.visitID };
    const open = this.#logins(owner).find(({ to }) => to === 0);
    return {
      visitId: start.visitID,
      startDate: start.at,
      endDate: 0,
      activeSessionId: open?.id ?? ZERO_UUID,
      globalVisitID: start.globalVisitID,
      userAgentID: expect.anything(),
      ...this.#lists(owner, query),
    };
  }

  #identity(who: string, owner: Owner, query: Query): Resource {
    const identity = { identity: who };
    return {
      identityId: who,
      name: null,
      location: this.#lastTold(who, 'location'),
      entityInCS: null,
      visitScope: this.#scope(who, owner),
      ...this.#lists(identity, query),
      ...include('visit', 'visitIds', this.list('visits', identity, {}), 'visitId', query),
    };
  }

  #lists(owner: Owner, query: Query): Resource {
    return {
      ...include('event', 'eventIds', this.list('events', owner, {}), 'eventID', query),
      ...include('page', 'pageIds', this.list('pages', owner, {}), 'pageId', query),
      ...include('session', 'sessionIds', this.list('sessions', owner, {}), 'sessionId', query),
    };
  }
}

function eventOf(event: VisitEvent): Resource {
  const { at, pageID, identity, rulesVersion: _, ...same } = event;
  return {
    ...same,
    pageID: pageID === '' ? '' : pageId(event),
    browserPageID: pageID,
    serverTimestamp: at,
    identityId: identity ?? null,
  };
}

function pageId({ visitID, pageID }: VisitEvent): string {
  return `${visitID}:${pageID}`;
}

function hasAgent({ data }: VisitEvent, asked: string): boolean {
  return typeof data['userAgent'] === 'string' && like(asked, data['userAgent']);
}

function isAskedPage(event: VisitEvent, { url, title, category, browserPageID }: Query): boolean {
  const names = event.category.split(';').filter(Boolean);
  return (
    (url === undefined || like(url, event.url)) &&
    (title === undefined || like(title, event.title)) &&
    [undefined, event.pageID].includes(browserPageID) &&
    (category === undefined || (category === 'all categories' ? names.length > 0 : names.includes(category)))
  );
}

/** By a regular expression, which the API does not use. */
function like(pattern: string, text: string): boolean {
  const expression = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  return new RegExp(`^${expression}$`, 's').test(text);
}

function include(name: string, idsKey: string, all: readonly Resource[], id: string, query: Query): Resource {
  const wanted = query[`include_${name}s`] === 'true';
  const detail = wanted && query[`include_${name}s_detail`] === 'true';
  return {
    [idsKey]: wanted && !detail ? all.map((one) => one[id]) : null,
    [`${name}s`]: detail ? all : null,
  };
}

function newestFirst<T>(items: readonly T[], place: (item: T) => readonly [number, string]): readonly T[] {
  return items.toSorted((a, b) => {
    const [atA, idA] = place(a);
    const [atB, idB] = place(b);
    return atB - atA || (idA < idB ? 1 : -1);
  });
}
