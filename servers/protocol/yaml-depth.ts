/**
 * How deep a document nests. What reads documents walks them by recursion, so that one that nests without end, or that holds
 * itself by an alias, is refused before anything walks it.
 */

/** Levels of maps and lists inside one another; files of ours need ten. */
export const DEPTH_MAX = 100;

/** The path of a first value that nests too deep, cut to what is worth showing; undefined: there is none. */
export function findTooDeep(document: unknown): readonly PropertyKey[] | undefined {
  /** The deepest level at which a map or list was looked through: by aliases it may stand in several places. */
  const seenAt = new Map<object, number>();
  const find = (value: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (path.length >= DEPTH_MAX) return path;
    if ((seenAt.get(value) ?? -1) >= path.length) return undefined;
    seenAt.set(value, path.length);
    const entries: readonly (readonly [PropertyKey, unknown])[] = Array.isArray(value)
      ? value.map((entry, index) => [index, entry])
      : Object.entries(value);
    for (const [key, inner] of entries) {
      const found = find(inner, [...path, key]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return find(document, [])?.slice(0, 5);
}
