/** A listing of the history as it grows at the screen: newest first, further pages below, what is new above. */

export interface GrownListing<T> {
  readonly items: readonly T[];
  /** Where the next page begins; null: there is no more. */
  readonly next: string | null;
}

export const NOTHING_LISTED: GrownListing<never> = { items: [], next: null };

/**
 * The newest page again: what it holds replaces what was known of that stretch, what lies below stays. A page that does not reach what
 * was known begins anew, so that no gap is ever shown as if it were none.
 */
export function renewListing<T>(
  known: GrownListing<T>,
  page: GrownListing<T>,
  idOf: (item: T) => string,
): GrownListing<T> {
  const last = page.items.at(-1);
  if (page.next === null || last === undefined) return page;
  const lastId = idOf(last);
  const at = known.items.findIndex((item) => idOf(item) === lastId);
  if (at < 0) return page;
  const below = known.items.slice(at + 1);
  return { items: [...page.items, ...below], next: below.length === 0 ? page.next : known.next };
}

/** The next page of what is known; what is there already is not listed twice. */
export function extendListing<T>(
  known: GrownListing<T>,
  page: GrownListing<T>,
  idOf: (item: T) => string,
): GrownListing<T> {
  const ids = new Set(known.items.map(idOf));
  return { items: [...known.items, ...page.items.filter((item) => !ids.has(idOf(item)))], next: page.next };
}
