/**
 * A YAML document held against a schema with its faults collected, not thrown: what was read stays at hand for checks
 * across keys, so that one reading names everything. Values set on the command line are put in before the schema sees
 * the document, and their faults carry the command line's words instead of a line of the file.
 */
import { z } from 'zod';
import type { Problem } from '#core/result.ts';
import { parseYaml, type SourceMap } from '#protocol/parse-yaml.ts';
import { isRecord, listFaults } from '#protocol/scenario-file-fields.ts';

export type DocumentPath = readonly (string | number)[];

/** A value that the command line puts into a document, e.g. from `--set traffic/pageEvents=3`. */
export interface Override {
  /** As typed; stands for the file in problems. */
  readonly label: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

export interface CheckedDocument<T> {
  /** What the schema made of it; undefined where it found a fault. */
  readonly value: T | undefined;
  /** The document as written, overrides included; undefined where it is not YAML. */
  readonly raw: unknown;
  /** Grows as `report` is called. */
  readonly problems: Problem[];
  /** Adds a problem at a path, in the file or at the override that put the value there. */
  readonly report: (path: DocumentPath, message: string) => void;
  /** The same, without adding it. */
  readonly problemAt: (path: DocumentPath, message: string) => Problem;
}

/** Reads `text` (named `file` in problems), puts the overrides in and holds it against `schema`. */
export function checkDocument<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
  overrides: readonly Override[] = [],
): CheckedDocument<z.output<S>> {
  const read = parseYaml(text, file, z.unknown());
  if (!read.ok) {
    const none = { file, line: 1, column: 1, path: '' };
    const problems = [...read.problems];
    const problemAt = (path: DocumentPath, message: string) => ({ ...none, path: path.join('/'), message });
    return { value: undefined, raw: undefined, problems, problemAt, report: () => undefined };
  }
  const problems: Problem[] = [];
  const problemAt = createLocator(read.value.source, overrides);
  const report = (path: DocumentPath, message: string): void => void problems.push(problemAt(path, message));
  let raw: unknown = read.value.value;
  for (const override of overrides) {
    const put = putValue(raw, override.path, override.value);
    if (put.ok) raw = put.document;
    else problems.push(atOverride(override, override.path, put.message));
  }
  const parsed = schema.safeParse(raw);
  for (const fault of parsed.success ? [] : parsed.error.issues.flatMap(listFaults)) report(fault.path, fault.message);
  return { value: parsed.success ? parsed.data : undefined, raw, problems, problemAt, report };
}

/** The last override at or above a path owns what stands there. */
function createLocator(source: SourceMap, overrides: readonly Override[]) {
  return (path: DocumentPath, message: string): Problem => {
    const owner = overrides.findLast((override) => override.path.every((key, index) => key === String(path[index])));
    return owner === undefined ? source.problemAt(path, message) : atOverride(owner, path, message);
  };
}

function atOverride(override: Override, path: DocumentPath, message: string): Problem {
  return { file: override.label, line: 0, column: 0, path: path.join('/'), message };
}

type Put = { readonly ok: true; readonly document: unknown } | { readonly ok: false; readonly message: string };

/**
 * A copy of `document` with `value` at `path`; maps that are not there are made, lists are only changed where they have
 * an entry.
 */
function putValue(document: unknown, path: readonly string[], value: unknown): Put {
  const [key, ...rest] = path;
  if (key === undefined) return { ok: true, document: value };
  if (Array.isArray(document)) {
    const index = /^\d+$/.test(key) ? Number(key) : -1;
    if (index < 0 || index >= document.length) {
      return {
        ok: false,
        message: `"${key}" is no entry of a list of ${document.length}, expected 0 to ${document.length - 1}`,
      };
    }
    const put = putValue(document[index], rest, value);
    return put.ok ? { ok: true, document: document.with(index, put.document) } : put;
  }
  const parent = document ?? {};
  if (!isRecord(parent)) return { ok: false, message: `"${key}" stands below a plain value, which has no keys` };
  const put = putValue(Object.hasOwn(parent, key) ? parent[key] : undefined, rest, value);
  return put.ok ? { ok: true, document: { ...parent, [key]: put.document } } : put;
}
