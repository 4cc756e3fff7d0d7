/**
 * Strict YAML: text -> value of a schema, or every problem with its path, line and column. Unknown keys, duplicate keys
 * and wrong types are all found in one go; nothing is repaired.
 */
import { isMap, isNode, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import { DEPTH_MAX, findTooDeep } from '#protocol/yaml-depth.ts';

type Path = readonly PropertyKey[];

/** Where in a parsed document things stand, for problems that are found after the schema was satisfied. */
export interface SourceMap {
  /** A problem at `path` (keys and indexes from the root), or at its nearest parent that stands in the text. */
  problemAt(path: Path, message: string): Problem;
}

export interface ParsedYaml<T> {
  readonly value: T;
  readonly source: SourceMap;
}

/** Parses `text` by `schema`; `file` is only named in problems. */
export function parseYaml<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
): Result<ParsedYaml<z.output<S>>, Problem> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: '1.2', logLevel: 'error' });
  const source = createSourceMap(document, lines, file);
  if (document.errors.length > 0) {
    return fail(
      document.errors.map((error) => {
        const place = lines.linePos(error.pos[0]);
        const message = (error.message.split('\n')[0] ?? error.message).replace(/ at line \d+, column \d+:?$/, '');
        return { file, line: place.line, column: place.col, path: '', message };
      }),
    );
  }
  let given: unknown;
  try {
    given = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // How the library refuses an alias without its anchor, and aliases that multiply without measure.
    if (!(error instanceof ReferenceError)) throw error;
    const place = lines.linePos(Math.max(0, text.indexOf('*')));
    return fail([{ file, line: place.line, column: place.col, path: '', message: error.message }]);
  }
  const tooDeep = findTooDeep(given);
  if (tooDeep !== undefined) {
    return fail([
      source.problemAt(tooDeep, `expected at most ${DEPTH_MAX} levels of maps and lists inside one another`),
    ]);
  }
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return succeed({ value: parsed.data, source });
  return fail(parsed.error.issues.flatMap((issue) => describeIssue(issue, source)));
}

function describeIssue(issue: z.core.$ZodIssue, source: SourceMap): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => source.problemAt([...issue.path, key], `unknown key "${key}"`));
  }
  return [source.problemAt(issue.path, issue.message)];
}

function createSourceMap(document: Document.Parsed, lines: LineCounter, file: string): SourceMap {
  return {
    problemAt(path, message) {
      for (let length = path.length; length >= 0; length -= 1) {
        const offset = offsetOf(document, path.slice(0, length));
        if (offset === undefined) continue;
        const place = lines.linePos(offset);
        return { file, line: place.line, column: place.col, path: path.map(String).join('/'), message };
      }
      return { file, line: 1, column: 1, path: path.map(String).join('/'), message };
    },
  };
}

/** The offset of a value's key (of the value itself in a list), or undefined where nothing stands at `path`. */
function offsetOf(document: Document.Parsed, path: Path): number | undefined {
  if (path.length === 0) return document.contents?.range?.[0] ?? 0;
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1).map(String), true);
  const last = path[path.length - 1];
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isNode(item.key) && String(item.key) === String(last));
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  if (isSeq(parent)) {
    const item = parent.items[Number(last)];
    return isNode(item) ? item.range?.[0] : undefined;
  }
  return undefined;
}
