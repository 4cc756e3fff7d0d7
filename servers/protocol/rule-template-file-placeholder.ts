/** Placeholders of rule templates: where they stand in a condition as written, and what stands there with values put in. */
import { isRecord } from '#protocol/scenario-file-fields.ts';

type Path = readonly (string | number)[];

export const PARAMETER_NAME = /^[A-Za-z][A-Za-z0-9]{0,39}$/;
const PLACEHOLDER = /^\{([A-Za-z][A-Za-z0-9]{0,39})\}$/;
const PLACEHOLDER_IN_TEXT = /\{([A-Za-z][A-Za-z0-9]{0,39})\}/g;

/** The parameter of a value or key that is exactly `"{parameter}"`. */
function placeholderOf(written: unknown): string | undefined {
  return typeof written === 'string' ? PLACEHOLDER.exec(written)?.[1] : undefined;
}

/** Every placeholder with its place, from outside to inside. */
export function listPlaceholders(written: unknown, path: Path = []): readonly { name: string; path: Path }[] {
  const name = placeholderOf(written);
  if (name !== undefined) return [{ name, path }];
  if (Array.isArray(written)) return written.flatMap((entry, index) => listPlaceholders(entry, [...path, index]));
  if (!isRecord(written)) return [];
  return Object.entries(written).flatMap(([key, value]) => {
    const ofKey = placeholderOf(key);
    return [
      ...(ofKey === undefined ? [] : [{ name: ofKey, path: [...path, key] }]),
      ...listPlaceholders(value, [...path, key]),
    ];
  });
}

/** A copy with the placeholders of `values` replaced; the others stay. What a value holds is not looked at again. */
export function putValues(written: unknown, values: ReadonlyMap<string, unknown>): unknown {
  const name = placeholderOf(written);
  if (name !== undefined && values.has(name)) return values.get(name);
  if (Array.isArray(written)) return written.map((entry) => putValues(entry, values));
  if (!isRecord(written)) return written;
  return Object.fromEntries(
    Object.entries(written).map(([key, value]) => [keyWith(key, values), putValues(value, values)]),
  );
}

/** A key is replaced by a text or number; by anything else it would be none. */
function keyWith(key: string, values: ReadonlyMap<string, unknown>): string {
  const name = placeholderOf(key);
  const value = name === undefined ? undefined : values.get(name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : key;
}

/** The parameter whose value stands at or above `path`, a path into what `putValues` made of `written` with `values`. */
export function findParameterAt(
  written: unknown,
  path: Path,
  values: ReadonlyMap<string, unknown>,
): string | undefined {
  let place = written;
  for (const key of path) {
    if (Array.isArray(place)) place = place[Number(key)];
    else if (isRecord(place)) place = Object.entries(place).find(([own]) => keyWith(own, values) === String(key))?.[1];
    else break;
  }
  return placeholderOf(place);
}

/** The parameters that a sentence names. */
export function listNamed(sentence: string): readonly string[] {
  return [...sentence.matchAll(PLACEHOLDER_IN_TEXT)].flatMap(([, name]) => name ?? []);
}

/** The sentence with each `{parameter}` as `describe` puts it. */
export function fillSentence(sentence: string, describe: (name: string) => string): string {
  return sentence.replaceAll(PLACEHOLDER_IN_TEXT, (_, name: string) => describe(name));
}
