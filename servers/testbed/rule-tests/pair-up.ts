/** Pairs what was expected with what came, as many as can be: a loose expectation takes nothing that only a strict one would do with. */

/** What came -> what was expected of it. Both keep their order where it makes no difference (augmenting paths, Kuhn 1955). */
export function pairUp<E, S>(
  expected: readonly E[],
  seen: readonly S[],
  fits: (expected: E, seen: S) => boolean,
): ReadonlyMap<S, E> {
  const pairs = new Map<S, E>();
  const place = (one: E, tried: Set<S>): boolean => {
    for (const candidate of seen) {
      if (tried.has(candidate) || !fits(one, candidate)) continue;
      tried.add(candidate);
      const holder = pairs.get(candidate);
      if (holder !== undefined && !place(holder, tried)) continue;
      pairs.set(candidate, one);
      return true;
    }
    return false;
  };
  for (const one of expected) place(one, new Set());
  return pairs;
}
