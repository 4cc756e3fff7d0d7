/** The one check of options in a file: problems come out at their place in the text. Scenario files and engage.yaml both use it. */
import { fail, type Problem, type Result } from '../result.ts';
import type { GivenOptions } from './given-options.ts';
import { resolveOptions, type ResolveContext } from './resolve-options.ts';
import type { ResolvedOptions } from './resolved-options.ts';

/** Where things stand in a text; the source map of a parsed YAML file is one. */
export interface OptionSource {
  problemAt(path: readonly PropertyKey[], message: string): Problem;
}

export interface CheckContext extends ResolveContext {
  readonly source: OptionSource;
  /** Where the options stand in the document, e.g. `['options']`. */
  readonly path: readonly PropertyKey[];
}

/** The options in force, or every problem with file, line and column, in the order of the text. */
export function checkOptions(given: GivenOptions, context: CheckContext): Result<ResolvedOptions, Problem> {
  const resolved = resolveOptions(given, context);
  if (resolved.ok) return resolved;
  const problems = resolved.problems.map(({ section, name, message }) =>
    context.source.problemAt([...context.path, section, ...(name === null ? [] : [name])], message),
  );
  return fail(problems.sort((one, other) => one.line - other.line || one.column - other.column));
}
