/** Rule packages and a category file from disk, with every fault of all of them found in one go. */
import { readFileSync } from 'node:fs';
import type { Category } from '#core/categories/category.ts';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { parseCategories } from '#protocol/category-file.ts';
import { parseRulePackage } from '#protocol/rule-package-file.ts';

export interface RuleFiles {
  /** In the order given. */
  readonly packages: readonly RulePackage[];
  readonly categories: readonly Category[];
}

/** Loads packages and categories (none where `categories` is undefined); a package's name must not come twice. */
export function loadRuleFiles(rules: readonly string[], categories: string | undefined): Result<RuleFiles, Problem> {
  const packages = rules.map((file) => ({ file, parsed: loadRulePackage(file) }));
  const loaded = categories === undefined ? succeed([]) : loadCategories(categories);
  const problems = [
    ...packages.flatMap(({ parsed }) => (parsed.ok ? [] : parsed.problems)),
    ...listTwins(packages),
    ...(loaded.ok ? [] : loaded.problems),
  ];
  if (problems.length > 0 || !loaded.ok) return fail(problems);
  return succeed({
    packages: packages.flatMap(({ parsed }) => (parsed.ok ? [parsed.value] : [])),
    categories: loaded.value,
  });
}

export function loadRulePackage(file: string): Result<RulePackage, Problem> {
  return load(file, parseRulePackage);
}

export function loadCategories(file: string): Result<readonly Category[], Problem> {
  return load(file, parseCategories);
}

function listTwins(
  packages: readonly { readonly file: string; readonly parsed: Result<RulePackage, Problem> }[],
): readonly Problem[] {
  const names = packages.map(({ parsed }) => (parsed.ok ? parsed.value.name : undefined));
  return packages.flatMap(({ file }, index) => {
    const name = names[index];
    const other = packages[names.indexOf(name)]?.file;
    if (name === undefined || names.indexOf(name) === index) return [];
    return [atFile(file, `the rule package "${name}" is there twice, first in ${other}`)];
  });
}

function load<T>(file: string, parse: (text: string, file: string) => Result<T, Problem>): Result<T, Problem> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return fail([atFile(file, describeReadFault(error))]);
  }
  return parse(text, file);
}

/** In words what keeps a file from being read; throws what is no such fault. */
export function describeReadFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file';
  if (code === 'EISDIR') return 'expected a file, found a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'the file may not be read';
  throw error;
}

function atFile(file: string, message: string): Problem {
  return { file, line: 0, column: 0, path: '', message };
}
