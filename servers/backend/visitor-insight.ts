/**
 * Visitor insight (guide, "Get to Know your Web Visitors"): whether, how recently and how often somebody has come, what he has
 * looked at, which activities and outcomes he has reached, and what came of attempts to engage him. Pure; newest first.
 */
import type { CategoryMeaning } from '#core/categories/category.ts';
import type { EngagementAttemptRecord, IdentityRecord, PageRecord, VisitRecord } from '#core/visits/history-records.ts';
import type { Insight } from '#protocol/wire-history.ts';
import { categoriesOf } from './history-filters.ts';

export interface KnownOfVisitor {
  readonly identity: IdentityRecord;
  readonly visits: readonly VisitRecord[];
  readonly pages: readonly PageRecord[];
  readonly attempts: readonly EngagementAttemptRecord[];
  /** Whether the lists are whole. */
  readonly complete: boolean;
}

const DAY_MS = 86_400_000;

/** @param meanings what categories stand for, by name */
export function computeInsight(
  { identity, visits, pages, attempts, complete }: KnownOfVisitor,
  meanings: ReadonlyMap<string, CategoryMeaning>,
  now: number,
): Insight {
  const starts = visits.map(({ startDate }) => startDate);
  const spanMs = Math.max(...starts) - Math.min(...starts);
  return {
    identityId: identity.identityId,
    visitScope: identity.visitScope,
    complete,
    firstSeen: identity.firstSeen,
    lastSeen: identity.lastSeen,
    secondsSinceLastSeen: Math.max(0, now - identity.lastSeen) / 1_000,
    visits: visits.length,
    visitsInLast30Days: starts.filter((start) => start > now - 30 * DAY_MS).length,
    daysBetweenVisits: visits.length < 2 ? null : spanMs / (visits.length - 1) / DAY_MS,
    pages: pages.length,
    pagesPerVisit: visits.length === 0 ? null : pages.length / visits.length,
    categories: countCategories(pages, meanings),
    engagementAttempts: countAttempts(attempts),
  };
}

type CategoryInsight = Insight['categories'][number];

function countCategories(
  pages: readonly PageRecord[],
  meanings: ReadonlyMap<string, CategoryMeaning>,
): CategoryInsight[] {
  const reached = new Map<string, { pages: number; visits: Set<string>; lastReached: number }>();
  for (const { category, visitId, startDate } of pages) {
    for (const name of new Set(categoriesOf(category))) {
      const known = reached.get(name) ?? { pages: 0, visits: new Set<string>(), lastReached: startDate };
      known.pages += 1;
      known.visits.add(visitId);
      known.lastReached = Math.max(known.lastReached, startDate);
      reached.set(name, known);
    }
  }
  return [...reached]
    .map(([name, { pages: count, visits, lastReached }]) => ({
      name,
      as: meanings.get(name) ?? null,
      pages: count,
      visits: visits.size,
      lastReached,
    }))
    .toSorted((a, b) => b.pages - a.pages || (a.name < b.name ? -1 : 1));
}

function countAttempts(attempts: readonly EngagementAttemptRecord[]): Insight['engagementAttempts'] {
  const states = attempts.map(({ state }) => state);
  const dispositions = attempts.flatMap(({ disposition }) => (disposition === null ? [] : [disposition]));
  return {
    all: attempts.length,
    invited: attempts.filter(({ invitedAt }) => invitedAt !== null).length,
    engaged: attempts.filter(({ mediaInteractionId }) => mediaInteractionId !== null).length,
    byState: countEach(states),
    byDisposition: countEach(dispositions),
  };
}

function countEach(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}
