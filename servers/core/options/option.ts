/** What the table says about an option. The path names it: `section/name`, or `application.section/name` where several have the section. */
import type { RawValue, ValueKind } from './value-kind.ts';

/** Who has the option. `cassandra`: environment.local.properties of an application's build. `rules-authoring`: the rules tool. */
export type Application = 'backend' | 'frontend' | 'workspace' | 'chat-server' | 'rules-authoring' | 'cassandra';

/** What the original does with a wrong value: puts `value` in its place, or the guide does not say. */
export type InvalidHandling =
  { readonly original: 'replaces'; readonly value: RawValue; readonly says: string } | { readonly original: 'unknown' };

export interface OptionFacts<T> {
  readonly kind: ValueKind<T>;
  /** As the guide prints it; null where it prints none. */
  readonly guideDefault: string | null;
  /** Ours, a valid value as it would be written in a file. */
  readonly default: RawValue;
  /** Why ours is another than the guide's; absent where they mean the same. */
  readonly defaultDiffers?: string;
  /** What holds when the option is absent, one sentence without a full stop. */
  readonly ifAbsent: string;
  /** What the original takes when the option is absent, where that is not our default. */
  readonly absentInOriginal?: RawValue;
  readonly ifInvalid: InvalidHandling;
  readonly takesEffect: 'immediately' | 'after restart';
  /** The guide does not say when a change takes effect: `takesEffect` is ours. */
  readonly takesEffectIsOurs?: true;
  /** What it is for, one sentence without a full stop. */
  readonly about: string;
  /** Where the guide has it. */
  readonly guide: string;
}

/** An option of the table with its place spelled out. */
export interface Option extends OptionFacts<unknown> {
  readonly path: string;
  readonly application: Application;
  /** Without the application. */
  readonly section: string;
  readonly name: string;
}

export const UNKNOWN_IF_INVALID: InvalidHandling = { original: 'unknown' };

/** Absent, the default holds. */
export const DEFAULT_IF_ABSENT = 'the default holds';

/** What the original did with a wrong value, to end a refusal with. */
export function describeInvalidHandling(handling: InvalidHandling): string {
  return handling.original === 'replaces'
    ? `the original silently takes ${handling.says}`
    : 'the guide does not say what the original does with a wrong value';
}
