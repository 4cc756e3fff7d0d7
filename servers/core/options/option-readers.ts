/**
 * Which code reads an option, by path; an option that is not listed is checked but read by no code yet, and every command and
 * report says so. A test compares this list with the code, so that it can't grow stale.
 */
import type { ENDPOINT_FAMILY, OptionPath } from './option-table.ts';

export type OptionReaders = Readonly<Record<string, readonly string[]>>;

export const OPTION_READERS: Partial<Readonly<Record<OptionPath | typeof ENDPOINT_FAMILY, readonly string[]>>> = {};

/** The files that read an option; none: no code does yet. */
export function readersOf(path: string, readers: OptionReaders = OPTION_READERS): readonly string[] {
  return Object.hasOwn(readers, path) ? (readers[path] ?? []) : [];
}
