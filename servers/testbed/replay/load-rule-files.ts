/** Rule packages, template files and a category file from disk, with every fault of all of them found in one go. */
import { readFileSync } from 'node:fs';
import type { Category } from '#core/categories/category.ts';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { parseCategories } from '#protocol/category-file.ts';
import { parseRulePackage, type RuleSurroundings } from '#protocol/rule-package-file.ts';
import { isTemplateFile, parseRuleTemplates, type RuleTemplate } from '#protocol/rule-template-file.ts';

export interface RuleFiles {
  /** In the order given. */
  readonly packages: readonly RulePackage[];
  readonly categories: readonly Category[];
}

/**
 * Loads packages and categories (none where `categories` is undefined); a package's name must not come twice. Packages may use
 * the `templates`.
 */
export function loadRuleFiles(
  rules: readonly string[],
  categories: string | undefined,
  templates: readonly RuleTemplate[] = [],
): Result<RuleFiles, Problem> {
  const packages = rules.map((file) => ({ file, parsed: loadRulePackage(file, { templates }) }));
  const loaded = categories === undefined ? succeed([]) : loadCategories(categories);
  const problems = [
    ...packages.flatMap(({ parsed }) => (parsed.ok ? [] : parsed.problems)),
    ...listTwins(
      'rule package',
      packages.flatMap(({ file, parsed }) => (parsed.ok ? [{ file, name: parsed.value.name }] : [])),
    ),
    ...(loaded.ok ? [] : loaded.problems),
  ];
  if (problems.length > 0 || !loaded.ok) return fail(problems);
  return succeed({
    packages: packages.flatMap(({ parsed }) => (parsed.ok ? [parsed.value] : [])),
    categories: loaded.value,
  });
}

export function loadRulePackage(file: string, surroundings: RuleSurroundings = {}): Result<RulePackage, Problem> {
  return load(file, (text) => parseRulePackage(text, file, surroundings));
}

export function loadCategories(file: string): Result<readonly Category[], Problem> {
  return load(file, parseCategories);
}

/** Loads template files; the templates of all of them stand in one list, so that a name must not come twice. */
export function loadRuleTemplates(files: readonly string[]): Result<readonly RuleTemplate[], Problem> {
  const loaded = files.map((file) => ({ file, parsed: load(file, parseRuleTemplates) }));
  const named = loaded.flatMap(({ file, parsed }) =>
    parsed.ok ? parsed.value.map((template) => ({ file, name: template.name, template })) : [],
  );
  const problems = [
    ...loaded.flatMap(({ parsed }) => (parsed.ok ? [] : parsed.problems)),
    ...listTwins('template', named),
  ];
  return problems.length > 0 ? fail(problems) : succeed(named.map(({ template }) => template));
}

/** What a file of rules can be. */
export type RulesOrTemplates =
  | { readonly kind: 'rules'; readonly rulePackage: RulePackage }
  | { readonly kind: 'templates'; readonly templates: readonly RuleTemplate[] };

/** Loads a rule package or a template file, as whichever it was written. */
export function loadRulesOrTemplates(file: string, surroundings: RuleSurroundings): Result<RulesOrTemplates, Problem> {
  return load(file, (text): Result<RulesOrTemplates, Problem> => {
    if (isTemplateFile(text)) {
      const parsed = parseRuleTemplates(text, file);
      return parsed.ok ? succeed({ kind: 'templates', templates: parsed.value }) : parsed;
    }
    const parsed = parseRulePackage(text, file, surroundings);
    return parsed.ok ? succeed({ kind: 'rules', rulePackage: parsed.value }) : parsed;
  });
}

/** Names that come a second time, of packages or templates; two in one file are that file's own fault. */
function listTwins(
  what: string,
  named: readonly { readonly file: string; readonly name: string }[],
): readonly Problem[] {
  return named.flatMap(({ file, name }, index) => {
    const other = named.findIndex((one) => one.name === name);
    if (other === index) return [];
    return [atFile(file, `the ${what} "${name}" is there twice, first in ${named[other]?.file}`)];
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
