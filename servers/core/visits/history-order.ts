/** The order in which histories are listed: newest first by (time, id), ids by code points, so that every store can keep to it. */

/** The place of a record in a listing: nothing that arrives meanwhile moves it. */
export interface HistoryPlace {
  readonly at: number;
  readonly id: string;
}

/** Newest first, by (time, id); the time is that of the record's beginning. */
export interface HistoryRange {
  /** Not older than; absent: whatever is kept. */
  readonly since?: number;
  /** Records after this place; absent: from the newest. */
  readonly after?: HistoryPlace;
  /** At least 1. */
  readonly limit: number;
}

export interface HistoryListing<T> {
  readonly records: readonly T[];
  /** Null: that was all. */
  readonly next: HistoryPlace | null;
}

/** A record where it stands in a listing. */
export interface Placed<T> extends HistoryPlace {
  readonly record: T;
}

/** Negative: `a` comes before `b` in a listing. */
export function comparePlaces(a: HistoryPlace, b: HistoryPlace): number {
  return b.at - a.at || compareCodePoints(b.id, a.id);
}

export function isInRange(place: HistoryPlace, range: HistoryRange): boolean {
  if (range.since !== undefined && place.at < range.since) return false;
  return range.after === undefined || comparePlaces(range.after, place) < 0;
}

/** The page that a range asks for, of records that are all there, in whatever order. */
export function listingOf<T>(placed: readonly Placed<T>[], range: HistoryRange): HistoryListing<T> {
  return cutListing(placed.filter((each) => isInRange(each, range)).sort(comparePlaces), range.limit);
}

/** The first `limit` of what is in order; one more tells that there is more. */
export function cutListing<T>(ordered: readonly Placed<T>[], limit: number): HistoryListing<T> {
  const page = ordered.slice(0, limit);
  const last = page.at(-1);
  const next = ordered.length > limit && last !== undefined ? { at: last.at, id: last.id } : null;
  return { records: page.map(({ record }) => record), next };
}

/** Why there is no listing, for people: every store says it alike. */
export function describeNotIndexed(entity: string): string {
  return `wmdb.limitIndexing is true: no index lists ${entity} records of all visitors; ask inside a visit or an identity`;
}

/** The order of code points, which is that of UTF-8 bytes; that of UTF-16 units differs beyond the basic plane. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const difference = rankOf(a.charCodeAt(i)) - rankOf(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Surrogates stand for what comes after all that has one unit. */
function rankOf(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
