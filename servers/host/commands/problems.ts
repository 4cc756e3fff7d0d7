/** How commands tell what went wrong with an input: each problem on its own line, in the order of its file. */
import type { Problem } from '#core/result.ts';
import { describeProblem } from '#protocol/operating-error.ts';

/** Lines as compilers write them, by file in the order given, inside a file by place. */
export function describeProblems(problems: readonly Problem[]): readonly string[] {
  const files = [...new Set(problems.map((problem) => problem.file))];
  return problems
    .toSorted(
      (one, other) =>
        files.indexOf(one.file) - files.indexOf(other.file) || one.line - other.line || one.column - other.column,
    )
    .map(describeProblem);
}

/** `1 problem`, `3 problems`. */
export function countProblems(problems: readonly Problem[]): string {
  return `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
}
