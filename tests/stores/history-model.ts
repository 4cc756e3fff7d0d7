/**
 * The questions to a history, answered from plain arrays by the words of the port and the guide: a browser's visit is walked through
 * event by event as a person would, with no observations and no folding.
 */
import type { AttemptTelling } from '#core/engagement/attempt-tellings.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import type {
  HistoryEntity,
  HistoryListing,
  HistoryRange,
  HistoryRecords,
  HistoryScope,
  HistorySettings,
} from '#ports/history.ts';

interface Written<T> {
  readonly what: T;
  readonly at: number;
}

interface Entry {
  readonly at: number;
  readonly id: string;
  readonly record: HistoryRecords[HistoryEntity];
  readonly visitId?: string;
  readonly identity?: string | null;
}

const IDENTIFYING = ['SignIn', 'SignOut', 'UserInfo'];

export class HistoryModel {
  readonly settings: HistorySettings;
  #events: Written<VisitEvent>[] = [];
  #tellings: Written<AttemptTelling>[] = [];
  readonly #agents: Written<string>[] = [];

  constructor(settings: HistorySettings) {
    this.settings = settings;
  }

  put(event: VisitEvent): void {
    if (this.#events.some(({ what }) => what.eventID === event.eventID)) return;
    this.#events.push({ what: event, at: this.settings.clock.wallMs() });
    const raw = event.data['userAgent'];
    if (is(event, 'VisitStarted') && typeof raw === 'string' && raw !== '')
      this.#agents.push({ what: raw, at: this.settings.clock.wallMs() });
  }

  tell(telling: AttemptTelling): void {
    const known = this.#tellings.find(({ what }) => what.attemptId === telling.attemptId && what.step === telling.step);
    if (known !== undefined && known.what.at > telling.at) return;
    this.#tellings = [
      ...this.#tellings.filter((each) => each !== known),
      { what: telling, at: this.settings.clock.wallMs() },
    ];
  }

  /** Null: there is none. */
  get(entity: HistoryEntity, id: string): unknown {
    return this.#all(entity).find((entry) => entry.id === id)?.record ?? null;
  }

  list(entity: HistoryEntity, scope: HistoryScope, range: HistoryRange): HistoryListing<unknown> | 'notIndexed' {
    if ('all' in scope && this.settings.limitIndexing) return 'notIndexed';
    const inOrder = this.#in(entity, scope).toSorted((a, b) => b.at - a.at || compareBytes(b.id, a.id));
    const { after, since = -Infinity, limit } = range;
    const asked = inOrder.filter(
      ({ at, id }) =>
        at >= since && (after === undefined || at < after.at || (at === after.at && compareBytes(id, after.id) < 0)),
    );
    const last = asked[limit - 1];
    return {
      records: asked.slice(0, limit).map(({ record }) => record),
      next: last !== undefined && asked.length > limit ? { at: last.at, id: last.id } : null,
    };
  }

  erase(identity: string): void {
    const visits = this.#events.filter(({ what }) => what.identity === identity).map(({ what }) => what.visitID);
    const attempts = this.#tellings
      .filter(({ what }) => what.kind === 'moved' && (visits.includes(what.visitId) || what.identityId === identity))
      .map(({ what }) => what.attemptId);
    this.#events = this.#events.filter(({ what }) => !visits.includes(what.visitID));
    this.#tellings = this.#tellings.filter(({ what }) => !attempts.includes(what.attemptId));
  }

  events(): readonly VisitEvent[] {
    return this.#kept('event', this.#events);
  }

  #kept<T>(entity: HistoryEntity, written: readonly Written<T>[]): readonly T[] {
    const now = this.settings.clock.wallMs();
    return written.filter(({ at }) => at + this.settings.retentionMs[entity] > now).map(({ what }) => what);
  }

  /** Of a visit, what an entity's retention has left, as it happened. */
  #story(entity: HistoryEntity, visitId: string): readonly VisitEvent[] {
    return this.#kept(entity, this.#events)
      .filter(({ visitID }) => visitID === visitId)
      .toSorted((a, b) => a.at - b.at || a.timestamp - b.timestamp || compareBytes(a.eventID, b.eventID));
  }

  #visitIds(): readonly string[] {
    return [...new Set(this.#events.map(({ what }) => what.visitID))];
  }

  #in(entity: HistoryEntity, scope: HistoryScope): readonly Entry[] {
    const all = this.#all(entity);
    if ('all' in scope) return all;
    if ('page' in scope)
      return all.filter(
        ({ record }) => 'browserPageID' in record && 'eventID' in record && record.pageID === scope.page,
      );
    if ('visit' in scope && entity === 'identity') return all.filter(({ id }) => this.#whoIn(scope.visit).includes(id));
    if ('visit' in scope && entity === 'useragent') return this.#agentsIn([scope.visit]);
    if ('visit' in scope) return all.filter(({ visitId }) => visitId === scope.visit);
    if (entity === 'identity') return all.filter(({ id }) => id === scope.identity);
    const visits = this.#visitIds().filter((visitId) => this.#whoIn(visitId).includes(scope.identity));
    if (entity === 'useragent') return this.#agentsIn(visits);
    return all.filter(
      ({ visitId, identity }) =>
        visitId !== undefined && visits.includes(visitId) && (identity ?? scope.identity) === scope.identity,
    );
  }

  #all(entity: HistoryEntity): readonly Entry[] {
    switch (entity) {
      case 'event':
        return this.events().map((event) => entryOfEvent(event));
      case 'visit':
        return this.#visitIds().flatMap((visitId) => this.#visit(visitId));
      case 'page':
        return this.#visitIds().flatMap((visitId) => this.#pages(visitId));
      case 'session':
        return this.#visitIds().flatMap((visitId) => this.#sessions(visitId));
      case 'useragent':
        return agents(this.#kept('useragent', this.#agents));
      case 'identity':
        return this.#identities();
      default:
        return this.#attempts();
    }
  }

  #begins(visitId: string): VisitEvent | undefined {
    const crossed = /\.\d+$/.test(visitId);
    return this.#story('visit', visitId).find(
      (event) => is(event, 'VisitStarted') || (crossed && is(event, 'PageEntered')),
    );
  }

  #endOf(visitId: string): number {
    const [, before, count] = /^(.*)\.(\d+)$/s.exec(visitId) ?? [null, visitId, '1'];
    const next = this.#begins(`${before}.${Number(count) + 1}`);
    if (next !== undefined) return next.at;
    const last = this.#story('visit', visitId).at(-1);
    if (last === undefined) return 0;
    const pages = this.#story('page', visitId);
    const page = pages.findLast((event) => is(event, 'PageEntered'));
    const reading =
      page !== undefined && !pages.some((event) => is(event, 'PageExited') && event.pageID === page.pageID);
    const silence = this.settings.clock.domainMs() - last.at;
    return silence >= (reading ? 4 * 3_600_000 : 1_800_000) ? last.at : 0;
  }

  #visit(visitId: string): readonly Entry[] {
    const first = this.#begins(visitId);
    if (first === undefined) return [];
    const endDate = this.#endOf(visitId);
    const raw = first.data['userAgent'];
    const sessions = this.#sessions(visitId).map(({ record }) => record as HistoryRecords['session']);
    const agent = is(first, 'VisitStarted') && typeof raw === 'string' && raw !== '' ? raw : null;
    const record = {
      visitId,
      startDate: first.at,
      endDate,
      globalVisitID: first.globalVisitID,
      activeSessionId: sessions.find((session) => session.endDate === 0)?.sessionId ?? null,
      userAgentID: agent === null ? null : AGENT_IDS[agent as keyof typeof AGENT_IDS],
    };
    return [{ at: first.at, id: visitId, record, visitId }];
  }

  #sessions(visitId: string): readonly Entry[] {
    const sessions: { id: string; who: string; from: number; to: number | null }[] = [];
    for (const event of this.#story('session', visitId)) {
      const open = sessions.find(({ to }) => to === null);
      if (is(event, 'SignOut') && open !== undefined) open.to = event.at;
      if (!is(event, 'SignIn') || event.identity === undefined || open?.who === event.identity) continue;
      if (open !== undefined) open.to = event.at;
      sessions.push({ id: event.eventID, who: event.identity, from: event.at, to: null });
    }
    return sessions.map(({ id, who, from, to }) => ({
      at: from,
      id,
      visitId,
      identity: who,
      record: { sessionId: id, visitId, identityId: who, startDate: from, endDate: to ?? this.#endOf(visitId) },
    }));
  }

  #pages(visitId: string): readonly Entry[] {
    const story = this.#story('page', visitId);
    const sessions = this.#sessions(visitId).map(({ record }) => record as HistoryRecords['session']);
    const entered = story.filter((event) => is(event, 'PageEntered'));
    return entered
      .filter((event, i) => entered.findIndex(({ pageID }) => pageID === event.pageID) === i)
      .map((event) => {
        const left = story.findLast((other) => is(other, 'PageExited') && other.pageID === event.pageID);
        const during = sessions.find(
          ({ startDate, endDate }) => startDate <= event.at && (endDate === 0 || event.at < endDate),
        );
        const record = {
          pageId: pageId(visitId, event.pageID),
          browserPageID: event.pageID,
          visitId,
          sessionId: during?.sessionId ?? null,
          url: event.url,
          title: event.title,
          category: event.category,
          startDate: event.at,
          endDate: left?.at ?? this.#endOf(visitId),
        };
        return { at: event.at, id: record.pageId, visitId, identity: event.identity ?? null, record };
      });
  }

  #whoIn(visitId: string): readonly string[] {
    return this.#story('identity', visitId).flatMap((event) =>
      IDENTIFYING.some((name) => is(event, name)) && event.identity !== undefined ? [event.identity] : [],
    );
  }

  #identities(): readonly Entry[] {
    const told = this.#kept('identity', this.#events)
      .filter((event) => IDENTIFYING.some((name) => is(event, name)))
      .toSorted((a, b) => a.at - b.at || a.timestamp - b.timestamp || compareBytes(a.eventID, b.eventID));
    return [...new Set(told.flatMap(({ identity }) => (identity === undefined ? [] : [identity])))].map((id) => {
      const mine = told.filter(({ identity }) => identity === id);
      const record = {
        identityId: id,
        name: mine.map(nameOf).findLast((name) => name !== '') ?? null,
        location: mine.map(({ data }) => data['location']).findLast((place) => typeof place === 'string') ?? null,
        visitScope: mine.some((event) => event.eventName === 'SignIn')
          ? ('Authenticated' as const)
          : ('Recognized' as const),
        firstSeen: mine[0]?.at ?? NaN,
        lastSeen: mine.at(-1)?.at ?? NaN,
      };
      return { at: record.firstSeen, id, record };
    });
  }

  #agentsIn(visits: readonly string[]): readonly Entry[] {
    const started = visits
      .flatMap((visitId) => this.#story('useragent', visitId))
      .filter((event) => is(event, 'VisitStarted'));
    return agents(started.map(({ data }) => data['userAgent']).filter((raw) => typeof raw === 'string' && raw !== ''));
  }

  #attempts(): readonly Entry[] {
    const told = this.#kept('engagementattempt', this.#tellings);
    return [...new Set(told.map(({ attemptId }) => attemptId))].flatMap((id) => {
      const moved = told
        .filter((each) => each.kind === 'moved' && each.attemptId === id)
        .toSorted((a, b) => a.at - b.at || a.step - b.step) as Extract<AttemptTelling, { kind: 'moved' }>[];
      const newest = moved.at(-1);
      if (newest === undefined) return [];
      const disposition = moved.map((each) => each.disposition).findLast((each) => each !== null) ?? null;
      const media = told.find((each) => each.kind === 'ledTo' && each.attemptId === id);
      const record = {
        engagementAttemptId: id,
        visitId: newest.visitId,
        identityId: newest.identityId,
        pageId: newest.pageId,
        interactionId: id,
        channel: newest.channel,
        rule: newest.rule,
        attemptNumber: newest.attemptNumber,
        createdAt: newest.createdAt,
        invitedAt: moved.find(({ state }) => state === 'invited')?.since ?? null,
        disposition,
        dispositionAt:
          disposition === null ? null : (moved.find((each) => each.disposition === disposition)?.since ?? null),
        mediaInteractionId: media?.kind === 'ledTo' ? media.mediaInteractionId : null,
        state: newest.state,
      };
      return [{ at: newest.createdAt, id, visitId: newest.visitId, identity: newest.identityId, record }];
    });
  }
}

/** Known answers of the hash, for the user agents of the samples. */
export const AGENT_IDS = {
  'Mozilla/5.0': 'e9d6a1deead2b4a2b6aebbd2d1',
  'curl/8': 'f6b293b022313a63ac6d22aa6f',
} as const;

function agents(raws: readonly unknown[]): readonly Entry[] {
  return [...new Set(raws)].map((raw) => {
    const record = { userAgentID: AGENT_IDS[raw as keyof typeof AGENT_IDS], raw: String(raw) };
    return { at: 0, id: record.userAgentID, record };
  });
}

function entryOfEvent(event: VisitEvent): Entry {
  const { eventID, visitID, globalVisitID, pageID, eventType, eventName, category, url, title, languageCode } = event;
  const record = {
    eventID,
    visitID,
    globalVisitID,
    eventType,
    eventName,
    category,
    url,
    title,
    languageCode,
    pageID: pageID === '' ? '' : pageId(visitID, pageID),
    browserPageID: pageID,
    timestamp: event.timestamp,
    serverTimestamp: event.at,
    identityId: event.identity ?? null,
    data: event.data,
  };
  return { at: event.at, id: eventID, visitId: visitID, identity: record.identityId, record };
}

function nameOf({ data }: VisitEvent): string {
  const whole = [data['name']].filter((part) => typeof part === 'string' && part !== '');
  const parts = [data['firstName'], data['lastName']].filter((part) => typeof part === 'string' && part !== '');
  return whole.length > 0 ? whole.join('') : parts.join(' ');
}

function pageId(visitId: string, browserPageID: string): string {
  return [visitId, browserPageID].map(encodeURIComponent).join(':');
}

function is(event: VisitEvent, name: string): boolean {
  return event.eventType === 'SYSTEM' && event.eventName === name;
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
