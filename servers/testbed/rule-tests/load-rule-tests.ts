/** Rule test files from disk with the packages, categories and templates that they name: every fault of all of them in one go. */
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Category } from '#core/categories/category.ts';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { parseRuleTestFile, type ParsedRuleTestFile } from '#protocol/rule-test-file.ts';
import type { RuleTestCase } from '#protocol/rule-test.ts';
import {
  describeReadFault,
  loadRuleFiles,
  loadRuleTemplates,
  type RuleFiles,
} from '#testbed/replay/load-rule-files.ts';

export interface LoadedRuleTests {
  readonly file: string;
  readonly packages: readonly RulePackage[];
  readonly categories: readonly Category[];
  readonly cases: readonly RuleTestCase[];
}

/** In the order given. A file that two tests name is told of once. */
export function loadRuleTests(files: readonly string[]): Result<readonly LoadedRuleTests[], Problem> {
  const loaded = files.map(loadOne);
  const problems = loaded.flatMap((one) => (one.ok ? [] : one.problems));
  if (problems.length === 0) return succeed(loaded.flatMap((one) => (one.ok ? [one.value] : [])));
  const told = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return fail([...told.values()]);
}

function loadOne(file: string): Result<LoadedRuleTests, Problem> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return fail([{ file, line: 0, column: 0, path: '', message: describeReadFault(error) }]);
  }
  const parsed = parseRuleTestFile(text, file);
  if (!parsed.ok) return parsed;
  const { packages, categories, templates, cases } = parsed.value.value;
  const beside = (path: string): string => (isAbsolute(path) ? path : join(dirname(file), path));
  const usable = loadRuleTemplates(templates.map(beside));
  if (!usable.ok) return usable;
  const named = loadRuleFiles(packages.map(beside), categories === null ? undefined : beside(categories), usable.value);
  if (!named.ok) return named;
  const problems = listUnknown(parsed.value, named.value, categories !== null);
  return problems.length > 0 ? fail(problems) : succeed({ file, ...named.value, cases });
}

/** Rules that no package has, rules that are off and expected, and categories that no page can be in. */
function listUnknown(
  { value, problemAt }: ParsedRuleTestFile,
  { packages, categories }: RuleFiles,
  hasCategories: boolean,
): readonly Problem[] {
  const problems: Problem[] = [];
  const rules = packages.flatMap((one) => one.rules.map(({ name }) => name));
  const known = [...new Set(rules)].join(', ');
  const names = new Set(categories.map(({ name }) => name));
  value.cases.forEach((test, index) => {
    const askFor = (rule: string, path: readonly (string | number)[]): void => {
      if (rules.includes(rule)) return;
      problems.push(problemAt(['cases', index, ...path], `no package has a rule "${rule}", known: ${known}`));
    };
    const { fires, none, nearly } = test.expect;
    (test.rules ?? []).forEach((rule, place) => askFor(rule, ['rules', place]));
    fires.forEach(({ rule }, place) => askFor(rule, ['expect', 'fires', place, 'rule']));
    none.forEach((rule, place) => askFor(rule, ['expect', 'none', place]));
    nearly.forEach(({ rule }, place) => askFor(rule, ['expect', 'nearly', place, 'rule']));
    if (!hasCategories) return;
    test.given.forEach(({ event }, place) => {
      for (const name of (event?.category ?? '').split(';')) {
        if (name === '' || names.has(name)) continue;
        const message = `the category file has no "${name}", known: ${[...names].join(', ')}`;
        problems.push(problemAt(['cases', index, 'given', place], message));
      }
    });
  });
  return problems;
}
