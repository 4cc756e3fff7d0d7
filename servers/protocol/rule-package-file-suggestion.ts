/** Answers a name that nobody knows: with the known ones, and with the one that was probably meant. */

/** Longer names are not compared: a slip of the pen keeps most of a short one. */
const COMPARED_LENGTH_MAX = 60;

/** `known: singleton, counter; did you mean "counter"?` */
export function describeKnown(given: string, known: readonly string[]): string {
  const likely = findLikely(given, known);
  return `known: ${known.join(', ')}${likely === undefined ? '' : `; did you mean "${likely}"?`}`;
}

/** The known name nearest to `given` by single letters changed, put in or left out, if at most a third of it is so. */
function findLikely(given: string, known: readonly string[]): string | undefined {
  if (given.length > COMPARED_LENGTH_MAX) return undefined;
  const near = known
    .filter((name) => name.length <= COMPARED_LENGTH_MAX)
    .map((name) => ({ name, slips: countSlips(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, slips }) => slips <= Math.floor(Math.max(given.length, name.length) / 3))
    .toSorted((a, b) => a.slips - b.slips);
  return near[0]?.name;
}

/** Levenshtein's distance, row by row. */
function countSlips(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j += 1) {
      const changed = (row[j] ?? 0) + (one[i] === other[j] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
