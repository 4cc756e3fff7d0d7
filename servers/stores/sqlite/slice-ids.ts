/**
 * Where the events of a slice that is still written to are, by 32 bits of their ids: in memory, as an index on random ids would cost
 * more than all else that is written. It may name rows that are gone or were never committed, so who finds one looks at the row.
 */
const PLACES_MIN = 1024;
/** Of all places, that may be taken. */
const TAKEN_SHARE = 0.7;
const PART_BITS = 10;
/** Parts by the first bits of a key. */
const ID_PARTS = 2 ** PART_BITS;

export function partOf(key: number): number {
  return key >>> (32 - PART_BITS);
}

export class SliceIds {
  #keys = new Int32Array(PLACES_MIN);
  /** 0: the place is free; rows are numbered from 1 on. */
  #seqs = new Int32Array(PLACES_MIN);
  #taken = 0;

  add(key: number, seq: number): void {
    if (this.#taken >= TAKEN_SHARE * this.#seqs.length) this.#grow();
    const place = this.#freePlace(key);
    this.#keys[place] = key;
    this.#seqs[place] = seq;
    this.#taken += 1;
  }

  has(key: number): boolean {
    const mask = this.#seqs.length - 1;
    for (let place = key & mask; this.#seqs[place] !== 0; place = (place + 1) & mask)
      if (this.#keys[place] === key) return true;
    return false;
  }

  /** Rows that may be meant. */
  seqsOf(key: number): readonly number[] {
    const found: number[] = [];
    const mask = this.#seqs.length - 1;
    for (let place = key & mask; this.#seqs[place] !== 0; place = (place + 1) & mask)
      if (this.#keys[place] === key) found.push(this.#seqs[place] ?? 0);
    return found;
  }

  /** Keys and rows in turns, part by part, gathered in steps of so many places; of what is added meanwhile some are there. */
  *inParts(stepPlaces: number): Generator<undefined, readonly (readonly number[])[]> {
    const [keys, seqs] = [this.#keys, this.#seqs];
    const parts = Array.from({ length: ID_PARTS }, (): number[] => []);
    for (let place = 0; place < seqs.length; place += 1) {
      if (place % stepPlaces === stepPlaces - 1) yield;
      const seq = seqs[place] ?? 0;
      if (seq === 0) continue;
      const key = keys[place] ?? 0;
      parts[partOf(key)]?.push(key, seq);
    }
    return parts;
  }

  #freePlace(key: number): number {
    const mask = this.#seqs.length - 1;
    let place = key & mask;
    while (this.#seqs[place] !== 0) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const [keys, seqs] = [this.#keys, this.#seqs];
    this.#keys = new Int32Array(2 * keys.length);
    this.#seqs = new Int32Array(2 * seqs.length);
    for (const [place, seq] of seqs.entries()) {
      if (seq === 0) continue;
      const key = keys[place] ?? 0;
      const free = this.#freePlace(key);
      this.#keys[free] = key;
      this.#seqs[free] = seq;
    }
  }
}
