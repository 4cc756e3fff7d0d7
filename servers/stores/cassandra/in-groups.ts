/** Rows by what they are written or read together with. */

/** Rows of one partition that are written together. */
const TOGETHER_MAX = 100;

export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

export function inSlices<T>(items: readonly T[]): readonly (readonly T[])[] {
  const slices: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += TOGETHER_MAX) slices.push(items.slice(at, at + TOGETHER_MAX));
  return slices;
}
