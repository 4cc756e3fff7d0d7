/**
 * Folds what is kept of a visit, or of an identity, into records: the same functions for every store, so that they can't differ.
 * A record whose founding observation is no longer kept is gone, whatever else is.
 *
 * A visit is over when it crosses to another domain, or is silent for as long as visit.ts has it. Its pages and its session end
 * with it, where they have not been left before.
 */
import { compareCodePoints } from '#core/visits/history-order.ts';
import type {
  Identified,
  Observation,
  PageEntered,
  PageLeft,
  Signed,
  UserAgentTold,
  VisitBegun,
} from '#core/visits/history-observations.ts';
import type {
  IdentityRecord,
  PageRecord,
  SessionRecord,
  UserAgentRecord,
  VisitRecord,
} from '#core/visits/history-records.ts';
import { OPEN_PAGE_SILENCE_MS, VISIT_SILENCE_MS } from '#core/visits/visit.ts';

export interface FoldedVisit {
  /** Null: its beginning is not kept. */
  readonly visit: VisitRecord | null;
  /** In order of their beginning. */
  readonly pages: readonly FoldedPage[];
  readonly sessions: readonly SessionRecord[];
  readonly userAgents: readonly UserAgentRecord[];
  /** Who has said who he is, in order. */
  readonly identified: readonly Identified[];
}

export interface FoldedPage {
  readonly record: PageRecord;
  /** Who the visitor was known as when he entered it. */
  readonly identityId: string | null;
}

export interface FoldMoment {
  /** Domain time, on which the silence of a visit is measured. */
  readonly now: number;
  /** When the visit that it crossed into began; null: it did not. */
  readonly crossedAt: number | null;
}

/** `observations`: all that is kept of one visit, in any order; again is no harm. */
export function foldVisit(observations: readonly Observation[], moment: FoldMoment): FoldedVisit {
  const told = sortOut(observations);
  const endDate = endOf(told, moment);
  const sessions = sessionsOf(told.signed, endDate);
  const open = sessions.at(-1);
  const begun = told.begun[0];
  return {
    visit:
      begun === undefined
        ? null
        : {
            visitId: begun.visitId,
            startDate: begun.at,
            endDate,
            globalVisitID: begun.globalVisitID,
            activeSessionId: open?.endDate === 0 ? open.sessionId : null,
            userAgentID: begun.userAgentID,
          },
    pages: pagesOf(told, sessions, endDate),
    sessions,
    userAgents: userAgentsOf(told.userAgents),
    identified: told.identified.filter(({ eventID }, i, all) => eventID !== all[i - 1]?.eventID),
  };
}

/** `identified`: all that is kept of one identity, in any order; null: nothing is. */
export function foldIdentity(identified: readonly Identified[]): IdentityRecord | null {
  const inOrder = [...identified].sort(compareTold);
  const first = inOrder[0];
  const last = inOrder.at(-1);
  if (first === undefined || last === undefined) return null;
  return {
    identityId: first.identityId,
    name: inOrder.findLast(({ name }) => name !== null)?.name ?? null,
    location: inOrder.findLast(({ location }) => location !== null)?.location ?? null,
    visitScope: inOrder.some(({ association }) => association === 'Authenticated') ? 'Authenticated' : 'Recognized',
    firstSeen: first.at,
    lastSeen: last.at,
  };
}

/** The id of the visit that a visit goes on as when it crosses to another domain. */
export function crossedVisitId(visitId: string): string {
  const crossing = /^(.*)\.([0-9]+)$/s.exec(visitId);
  if (crossing === null) return `${visitId}.2`;
  return `${crossing[1] ?? ''}.${Number(crossing[2]) + 1}`;
}

/** Of each kind in order. */
interface SortedOut {
  readonly lastAt: number;
  readonly begun: readonly VisitBegun[];
  readonly userAgents: readonly UserAgentTold[];
  readonly entered: readonly PageEntered[];
  readonly left: readonly PageLeft[];
  readonly signed: readonly Signed[];
  readonly identified: readonly Identified[];
}

function sortOut(observations: readonly Observation[]): SortedOut {
  const inOrder = [...observations].sort(compareTold);
  let lastAt = -Infinity;
  for (const { kind, at } of observations) if (kind === 'touched' && at > lastAt) lastAt = at;
  return {
    lastAt,
    begun: inOrder.filter((each) => each.kind === 'begun'),
    userAgents: inOrder.filter((each) => each.kind === 'userAgent'),
    entered: inOrder.filter((each) => each.kind === 'entered'),
    left: inOrder.filter((each) => each.kind === 'left'),
    signed: inOrder.filter((each) => each.kind === 'signed'),
    identified: inOrder.filter((each) => each.kind === 'identified'),
  };
}

function compareTold(a: Observation, b: Observation): number {
  return a.at - b.at || a.timestamp - b.timestamp || compareCodePoints(a.eventID, b.eventID);
}

/** 0: the visit is not over. */
function endOf({ lastAt, entered, left }: SortedOut, { now, crossedAt }: FoldMoment): number {
  if (crossedAt !== null) return crossedAt;
  if (lastAt === -Infinity) return 0;
  const page = entered.at(-1);
  const onPage = page !== undefined && !left.some(({ pageId }) => pageId === page.pageId);
  return now - lastAt >= (onPage ? OPEN_PAGE_SILENCE_MS : VISIT_SILENCE_MS) ? lastAt : 0;
}

function sessionsOf(signed: readonly Signed[], visitEnd: number): readonly SessionRecord[] {
  const sessions: SessionRecord[] = [];
  let open: Signed | undefined;
  const close = (endDate: number): void => {
    if (open === undefined || open.identityId === null) return;
    const { eventID: sessionId, visitId, identityId, at: startDate } = open;
    sessions.push({ sessionId, visitId, identityId, startDate, endDate });
    open = undefined;
  };
  for (const each of signed) {
    if (each.identityId !== null && each.identityId === open?.identityId) continue;
    close(each.at);
    if (each.identityId !== null) open = each;
  }
  close(visitEnd);
  return sessions;
}

function pagesOf(told: SortedOut, sessions: readonly SessionRecord[], visitEnd: number): readonly FoldedPage[] {
  const leftAt = new Map<string, number>();
  for (const { pageId, at } of told.left) leftAt.set(pageId, at);
  const pages = new Map<string, FoldedPage>();
  for (const { pageId, browserPageID, visitId, url, title, category, at: startDate, identityId } of told.entered) {
    if (pages.has(pageId)) continue;
    const sessionId = sessionAt(sessions, startDate)?.sessionId ?? null;
    const endDate = leftAt.get(pageId) ?? visitEnd;
    const record = { pageId, browserPageID, visitId, sessionId, url, title, category, startDate, endDate };
    pages.set(pageId, { record, identityId });
  }
  return [...pages.values()];
}

function sessionAt(sessions: readonly SessionRecord[], at: number): SessionRecord | undefined {
  return sessions.find(({ startDate, endDate }) => startDate <= at && (endDate === 0 || at < endDate));
}

function userAgentsOf(told: readonly UserAgentTold[]): readonly UserAgentRecord[] {
  const records = told.map(({ userAgentID, raw }) => ({ userAgentID, raw }));
  return [...new Map(records.map((record) => [record.userAgentID, record])).values()];
}
