/**
 * Where chance comes from: a stream of numbers that is handed in. One seed a run; a named stream for each use, so that a
 * new draw in one place moves nothing elsewhere.
 */
export interface RandomStream {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
}

/** Creates independent streams: equal (seed, name, ordinal) give equal streams, any difference an unrelated one. */
export interface RandomSource {
  stream(name: string, ordinal?: number): RandomStream;
}
