/**
 * Where the events of each visit are in a slice that is still written to: in memory, as an index of the file would be written to all
 * over at every transaction, once for each visit that is under way. Rows of a visit are chained, each to the one before. It may name
 * rows that are gone or were never committed, so who finds one looks at the row.
 */

/** Where a row of a visit is; `ms` since the beginning of the slice. */
export interface VisitPlace {
  readonly ms: number;
  readonly seq: number;
}

/** Newest first, of moments and rows in turns. */
export function placesOf(pairs: ArrayLike<number>): readonly VisitPlace[] {
  const places: VisitPlace[] = [];
  for (let at = 0; at < pairs.length; at += 2) places.push({ ms: pairs[at] ?? 0, seq: pairs[at + 1] ?? 0 });
  return places.sort((a, b) => b.ms - a.ms || b.seq - a.seq);
}

export class SliceVisits {
  /** The row that was added last, by visit. */
  readonly #last = new Map<number, number>();
  /** By row: the one of the same visit that was added before it, 0 where it is the first. */
  readonly #before = new NumbersBySeq();
  readonly #ms = new NumbersBySeq();

  /** Rows are numbered from 1 on, and none is added twice. */
  add(visit: number, { ms, seq }: VisitPlace): void {
    this.#before.set(seq, this.#last.get(visit) ?? 0);
    this.#ms.set(seq, ms);
    this.#last.set(visit, seq);
  }

  /** Newest first. */
  of(visit: number): readonly VisitPlace[] {
    return placesOf(this.pairsOf(visit));
  }

  /** Moments and rows, in turns and in no order. */
  pairsOf(visit: number): readonly number[] {
    const pairs: number[] = [];
    for (let seq = this.#last.get(visit) ?? 0; seq !== 0; seq = this.#before.get(seq))
      pairs.push(this.#ms.get(seq), seq);
    return pairs;
  }

  /** In the order of their numbers. */
  visits(): readonly number[] {
    return [...this.#last.keys()].sort((a, b) => a - b);
  }
}

const CHUNK_BITS = 14;
const CHUNK_MASK = 2 ** CHUNK_BITS - 1;

/** Whole numbers of 32 bits by row, in chunks: nothing is copied and little is unused, however many there will be. */
class NumbersBySeq {
  readonly #chunks: Int32Array[] = [];

  get(seq: number): number {
    return this.#chunks[seq >>> CHUNK_BITS]?.[seq & CHUNK_MASK] ?? 0;
  }

  set(seq: number, value: number): void {
    const chunk = (this.#chunks[seq >>> CHUNK_BITS] ??= new Int32Array(CHUNK_MASK + 1));
    chunk[seq & CHUNK_MASK] = value;
  }
}
