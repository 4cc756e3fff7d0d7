/**
 * Arrays of exactly the length asked for: `push` would allocate 17 places at once, and there is one array for each open rule of
 * each visit. One function a kind, since V8 learns from each place of allocation what its arrays hold.
 */

export function createCounts(length: number): number[] {
  // oxlint-disable-next-line unicorn/no-new-array -- Array.from is ten times slower, and this runs for each visit
  return new Array<number>(length).fill(0);
}

export function createSlots<T>(length: number): (T | undefined)[] {
  // oxlint-disable-next-line unicorn/no-new-array -- as above
  return new Array<T | undefined>(length).fill(undefined);
}
