/**
 * Arrays of exactly the length asked for: `push` would allocate 17 places at once, and there is one array for each open rule of
 * each visit. One function a kind, since V8 learns from each place of allocation what its arrays hold.
 */

/** Filled with a number that is no integer, so that the array holds doubles from the start. */
export function createTimes(length: number): number[] {
  // oxlint-disable-next-line unicorn/no-new-array -- Array.from is ten times slower, and this runs for each visit
  return new Array<number>(length).fill(-0.5);
}

export function createIds(length: number): string[] {
  // oxlint-disable-next-line unicorn/no-new-array -- as above
  return new Array<string>(length).fill('');
}

export function createCounts(length: number): number[] {
  // oxlint-disable-next-line unicorn/no-new-array -- as above
  return new Array<number>(length).fill(0);
}

export function createSlots<T>(length: number): (T | undefined)[] {
  // oxlint-disable-next-line unicorn/no-new-array -- as above
  return new Array<T | undefined>(length).fill(undefined);
}
