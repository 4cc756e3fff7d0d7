/**
 * Blocks of 32-bit words, handed out of slabs of equal blocks, so that what thousands of visits remember stands in a few large
 * arrays: nothing for the garbage collector to walk through, and nothing left over when a block grows into another one.
 *
 * Invariant: the pool knows the slabs that have room and no others. A full slab is held by those alone who hold its blocks,
 * so that blocks which were never given back go with their holders. An empty slab goes at once, but for the last one that has
 * room: else one block that comes and goes would make a slab each time.
 */

/** Words of a slab, about: large enough that the array itself weighs nothing, small enough to be empty again some time. */
const SLAB_WORDS = 8_192;
/** No block begins at 0, which therefore can say "none"; even, so that doubles are aligned. */
const FIRST_BLOCK = 2;

export class WordPool {
  /** Words of the blocks that were handed out and not given back. */
  takenWords = 0;
  /** By the size of their blocks. */
  readonly #roomy = new Map<number, Set<Slab>>();

  /** A slab with room for one more block of `size` words, which is even. */
  slabFor(size: number): Slab {
    let slabs = this.#roomy.get(size);
    if (slabs === undefined) this.#roomy.set(size, (slabs = new Set()));
    for (const slab of slabs) return slab;
    const slab = new Slab(size, this, slabs);
    slabs.add(slab);
    return slab;
  }
}

export class Slab {
  readonly ints: Int32Array;
  /** The same words, two by two. */
  readonly doubles: Float64Array;
  readonly #size: number;
  readonly #blocks: number;
  readonly #pool: WordPool;
  readonly #roomy: Set<Slab>;
  /** First of the blocks that were given back, each holding the next one's place in its first word; 0: none. */
  #free = 0;
  /** Blocks that were handed out at least once. */
  #begun = 0;
  #taken = 0;

  constructor(size: number, pool: WordPool, roomy: Set<Slab>) {
    this.#size = size;
    this.#pool = pool;
    this.#blocks = Math.max(1, Math.floor(SLAB_WORDS / size));
    this.#roomy = roomy;
    this.ints = new Int32Array(FIRST_BLOCK + this.#blocks * size);
    this.doubles = new Float64Array(this.ints.buffer);
  }

  /** The place of the first word of a block, which is even and not 0; the words are what they happen to be. */
  take(): number {
    this.#taken += 1;
    this.#pool.takenWords += this.#size;
    if (this.#taken === this.#blocks) this.#roomy.delete(this);
    const given = this.#free;
    if (given === 0) return FIRST_BLOCK + this.#begun++ * this.#size;
    this.#free = this.ints[given] ?? 0;
    return given;
  }

  give(block: number): void {
    this.ints[block] = this.#free;
    this.#free = block;
    this.#taken -= 1;
    this.#pool.takenWords -= this.#size;
    this.#roomy.add(this);
    if (this.#taken === 0 && this.#roomy.size > 1) this.#roomy.delete(this);
  }
}

/** What is in no block. */
export const NO_SLAB: Slab = new Slab(SLAB_WORDS, new WordPool(), new Set());
