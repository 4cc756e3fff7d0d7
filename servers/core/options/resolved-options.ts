/** The options in force, as one immutable value with typed reading, and what there is to say about them. */
import { assert } from '../assert.ts';
import { closestName } from './closest-name.ts';
import type { Fidelity } from './given-options.ts';
import type { OptionPath, OptionValue } from './option-table.ts';
import type { Option } from './option.ts';
import type { RawValue } from './value-kind.ts';

/** Where a value comes from: the table; a file; or what the original would have taken (`fidelity: faithful`). */
export type OptionOrigin =
  | { readonly from: 'default' }
  /** `section` and `name` as they were written. */
  | { readonly from: 'given'; readonly section: string; readonly name: string }
  | { readonly from: 'original' };

export interface OptionEntry {
  /** Of the table; of the end point itself (`endpoints:1/webme`) for a member of that family. */
  readonly path: string;
  readonly option: Option;
  readonly value: unknown;
  /** The value as it would be written in a file; its twin `value` is what `raw` reads as. */
  readonly raw: RawValue;
  readonly origin: OptionOrigin;
}

/**
 * `deviation`: the default in force is deliberately not the original's. `faithful`: a wrong or absent value was treated as the
 * original treats it. `spelling`: another spelling of the guide was taken for the value. `unread`: given, checked, read by no
 * code yet. `warning`: valid, and probably not what was meant.
 */
export type OptionNoteKind = 'deviation' | 'faithful' | 'warning' | 'spelling' | 'unread';

export interface OptionNote {
  readonly kind: OptionNoteKind;
  readonly path: string;
  /** One sentence without a full stop. */
  readonly message: string;
}

/** `service:wes/...copyUserData: it is absent ...`. */
export function describeOptionNote(note: OptionNote): string {
  return `${note.path}: ${note.message}`;
}

/** Every option with its value. Never changes: a change of configuration makes a new one (see change-options.ts). */
export class ResolvedOptions {
  readonly fidelity: Fidelity;
  readonly notes: readonly OptionNote[];
  readonly #entries: ReadonlyMap<string, OptionEntry>;

  constructor(fidelity: Fidelity, entries: readonly OptionEntry[], notes: readonly OptionNote[]) {
    this.fidelity = fidelity;
    this.notes = notes;
    this.#entries = new Map(entries.map((entry) => [entry.path, entry]));
  }

  /** The value in force, in the guide's own unit (seconds, percent), as `OptionValue` says. */
  get<P extends OptionPath>(path: P): OptionValue<P> {
    // The entry's value was read by the kind that stands in the table at this very path.
    return this.entry(path).value as OptionValue<P>;
  }

  /** The queue behind a Chat Server end point `<tenant>:<name>`; undefined where there is none. */
  chatEndpoint(key: string): string | undefined {
    const value = this.#entries.get(endpointPath(key))?.value;
    return typeof value === 'string' ? value : undefined;
  }

  /** The entry at a path of the table or of an end point; crashes where nothing can stand. */
  entry(path: string): OptionEntry {
    const found = this.#entries.get(path);
    if (found !== undefined) return found;
    assert(false, `no option ${path}: did you mean ${closestName(path, [...this.#entries.keys()]) ?? 'another'}?`);
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  /** All of them, in the order of the table. */
  entries(): readonly OptionEntry[] {
    return [...this.#entries.values()];
  }
}

/** `1:webme` -> `endpoints:1/webme`. */
export function endpointPath(key: string): string {
  const colon = key.indexOf(':');
  return `endpoints:${key.slice(0, colon)}/${key.slice(colon + 1)}`;
}
