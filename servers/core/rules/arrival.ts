/** Events as matches tell them: who, when, and the how manyth. */

export interface Arrival {
  readonly id: string;
  /** The time at which it counts, ms. */
  readonly at: number;
  /** Its place in the order of arrival. */
  readonly ordinal: number;
}

/** A condition that held: the matched events, the first to arrive first. */
export type Match = readonly Arrival[];

/** By the order of arrival of their first events, then of their second, and so on; what has ended comes first. */
export function compareMatches(a: Match, b: Match): number {
  for (let i = 0; i < a.length && i < b.length; i += 1) {
    const difference = (a[i]?.ordinal ?? 0) - (b[i]?.ordinal ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The events of all, each once, in the order of arrival. */
export function uniteMatches(matches: readonly Match[]): Match {
  const inOrder = matches.flat().sort((a, b) => a.ordinal - b.ordinal);
  return inOrder.filter(({ ordinal }, place) => ordinal !== inOrder[place - 1]?.ordinal);
}
