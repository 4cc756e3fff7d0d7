/**
 * The pending events of the kernel in order of time: a monotone radix queue (a timing wheel with absolute digits). It
 * needs no comparisons between events, and events of one time come out in the order in which they went in.
 */

/** Times lie below this: 2^50 microseconds are 35.7 years. */
export const TIME_US_LIMIT = 2 ** 50;

const DIGIT_BITS = 10;
const DIGITS = 1 << DIGIT_BITS;
const LEVELS = 5;
const WORDS_PER_LEVEL = DIGITS / 32;
const SPAN_1 = 2 ** 20;
const SPAN_2 = 2 ** 30;
const SPAN_3 = 2 ** 40;
const NOTHING = -1;
/** `take` found nothing due; distinct from any slot. */
export const NONE_DUE = -1;
const BUCKET_OPENED = -2;

/**
 * Slots (small integers that the kernel hands out) by time. A time is five digits of 1024; the queue remembers a
 * reference time, and an event waits in the bucket (level, digit) where level is the highest digit in which its time
 * differs from the reference (level 0 when none above the lowest does). The earliest event therefore lies in the first
 * bucket of the lowest level in use; taking from a level above 0 first moves the reference to that bucket's beginning
 * and deals its events out to the levels below.
 *
 * Invariants:
 * 1. reference <= time of every slot in the queue, and the caller never inserts below the last time taken, so never
 * below the reference.
 * 2. A level-0 bucket holds one time only. Two slots of equal time always share a bucket, whenever they came: their
 * digits differ from the
 *    reference at the same level until the reference moves, and when it moves, buckets other than the opened one keep
 * their meaning.
 * 3. Buckets are first-in-first-out lists and are dealt out in list order; with 2, ties leave in order of insertion.
 * 4. The reference moves only to the beginning of a bucket that is opened, and `take(until)` opens only buckets that
 * begin at or
 *    before `until`; so after it times from `until` on may be inserted.
 * 5. Levels below the opened one are empty when it is opened, so moving the reference misplaces nothing.
 *
 * Each event is dealt out at most four times, in practice about once; a bucket with a single event hands it out
 * directly.
 */
export class EventQueue {
  /** Time by slot, us. */
  private atUs: Float64Array;
  /** The following slot in its bucket's ring, by slot; a bucket keeps its last slot, whose follower is its first. */
  private next: Int32Array;
  private readonly last = new Int32Array(LEVELS * DIGITS).fill(NOTHING);
  /** Which buckets are in use, one bit each, and which of those words are not 0, one word a level. */
  private readonly usedWords = new Int32Array(LEVELS * WORDS_PER_LEVEL);
  private readonly usedLevels = new Int32Array(LEVELS);
  /**
   * Beginning of the reference's window on each level; the window of level n ends at its beginning plus 2^(10 (n + 1)).
   */
  private start0 = 0;
  private start1 = 0;
  private start2 = 0;
  private start3 = 0;

  constructor(capacity: number) {
    this.atUs = new Float64Array(capacity);
    this.next = new Int32Array(capacity);
  }

  /** Makes room for slots up to `capacity` - 1. */
  grow(capacity: number): void {
    const atUs = new Float64Array(capacity);
    atUs.set(this.atUs);
    this.atUs = atUs;
    const next = new Int32Array(capacity);
    next.set(this.next);
    this.next = next;
  }

  /** Time of a slot, us: valid while it is in the queue and until it is inserted anew. */
  timeOf(slot: number): number {
    return this.atUs[slot] ?? 0;
  }

  /** Adds a slot at an integer time, not below the last one taken nor below the last `until`, below TIME_US_LIMIT. */
  insert(slot: number, atUs: number): void {
    this.atUs[slot] = atUs;
    this.place(slot, atUs);
  }

  /** Removes and returns the earliest slot when its time is at most `untilUs`, else NONE_DUE. */
  take(untilUs: number): number {
    for (;;) {
      const words = this.usedLevels[0] ?? 0;
      if (words === 0) {
        const slot = this.openFirstBucket(untilUs);
        if (slot === BUCKET_OPENED) continue;
        return slot;
      }
      const word = 31 - Math.clz32(words & -words);
      const bits = this.usedWords[word] ?? 0;
      const digit = (word << 5) + 31 - Math.clz32(bits & -bits);
      if (this.start0 + digit > untilUs) return NONE_DUE;
      const last = this.last[digit] ?? 0;
      const first = this.next[last] ?? 0;
      if (first === last) this.releaseBucket(0, digit);
      else this.next[last] = this.next[first] ?? 0;
      return first;
    }
  }

  /** Time of the earliest slot, us; Infinity when there is none. Changes nothing; looks through one bucket. */
  earliestUs(): number {
    for (let level = 0; level < LEVELS; level++) {
      const digit = this.firstDigit(level);
      if (digit === NOTHING) continue;
      const last = this.last[level * DIGITS + digit] ?? 0;
      let earliest = this.atUs[last] ?? 0;
      for (let slot = this.next[last] ?? 0; slot !== last; slot = this.next[slot] ?? 0) {
        earliest = Math.min(earliest, this.atUs[slot] ?? 0);
      }
      return earliest;
    }
    return Infinity;
  }

  private place(slot: number, atUs: number): void {
    let bucket: number;
    if (atUs < this.start0 + DIGITS) bucket = (atUs - this.start0) | 0;
    else if (atUs < this.start1 + SPAN_1) bucket = DIGITS + ((atUs - this.start1) >> 10);
    else if (atUs < this.start2 + SPAN_2) bucket = 2 * DIGITS + ((atUs - this.start2) >> 20);
    else if (atUs < this.start3 + SPAN_3) bucket = 3 * DIGITS + Math.floor((atUs - this.start3) / SPAN_2);
    else bucket = 4 * DIGITS + Math.floor(atUs / SPAN_3);

    const last = this.last[bucket] ?? NOTHING;
    if (last === NOTHING) {
      this.next[slot] = slot;
      const word = bucket >> 5;
      this.usedWords[word] = (this.usedWords[word] ?? 0) | (1 << (bucket & 31));
      const level = bucket >> DIGIT_BITS;
      this.usedLevels[level] = (this.usedLevels[level] ?? 0) | (1 << (word & 31));
    } else {
      this.next[slot] = this.next[last] ?? 0;
      this.next[last] = slot;
    }
    this.last[bucket] = slot;
  }

  /** The first bucket above level 0: its only slot (taken), BUCKET_OPENED after dealing its slots out, or NONE_DUE. */
  private openFirstBucket(untilUs: number): number {
    for (let level = 1; level < LEVELS; level++) {
      const digit = this.firstDigit(level);
      if (digit === NOTHING) continue;
      const last = this.last[level * DIGITS + digit] ?? 0;
      const first = this.next[last] ?? 0;
      const isSingle = first === last;
      if ((isSingle ? (this.atUs[last] ?? 0) : this.beginningOf(level, digit)) > untilUs) return NONE_DUE;
      this.releaseBucket(level, digit);
      this.moveReference(level, this.beginningOf(level, digit));
      if (isSingle) return last;
      this.dealOut(first, last);
      return BUCKET_OPENED;
    }
    return NONE_DUE;
  }

  private dealOut(first: number, last: number): void {
    let slot = first;
    for (;;) {
      const following = this.next[slot] ?? 0;
      this.place(slot, this.atUs[slot] ?? 0);
      if (slot === last) return;
      slot = following;
    }
  }

  private firstDigit(level: number): number {
    const words = this.usedLevels[level] ?? 0;
    if (words === 0) return NOTHING;
    const word = 31 - Math.clz32(words & -words);
    const bits = this.usedWords[level * WORDS_PER_LEVEL + word] ?? 0;
    return (word << 5) + 31 - Math.clz32(bits & -bits);
  }

  private releaseBucket(level: number, digit: number): void {
    this.last[level * DIGITS + digit] = NOTHING;
    const word = level * WORDS_PER_LEVEL + (digit >> 5);
    const bits = (this.usedWords[word] ?? 0) & ~(1 << (digit & 31));
    this.usedWords[word] = bits;
    if (bits === 0) this.usedLevels[level] = (this.usedLevels[level] ?? 0) & ~(1 << (digit >> 5));
  }

  private beginningOf(level: number, digit: number): number {
    if (level === 1) return this.start1 + digit * DIGITS;
    if (level === 2) return this.start2 + digit * SPAN_1;
    if (level === 3) return this.start3 + digit * SPAN_2;
    return digit * SPAN_3;
  }

  private moveReference(level: number, toUs: number): void {
    this.start0 = toUs;
    if (level >= 2) this.start1 = toUs;
    if (level >= 3) this.start2 = toUs;
    if (level >= 4) this.start3 = toUs;
  }
}
