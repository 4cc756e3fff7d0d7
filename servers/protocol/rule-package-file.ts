/**
 * Rule package files: YAML or JSON, strict, version 1. Templates and actions are maps with one key, the template's or
 * action's name, so that the format grows by names; every fault is told with its path and line.
 *
 *   version: 1
 *   package: com.example.shop
 *   packageVersion: "1.0"
 *   rules:
 *     - name: Compares products
 *       when: { counter: { of: { enters: product }, times: 3, within: 10m } }
 *       then: [ { hotLead: { priority: 40, reason: compares products } } ]
 *       guards: { maxPerVisit: 1 }
 */
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { reportUnknownCategories, type KnownCategory } from '#protocol/rule-package-file-categories.ts';
import { createRulePackageFileSchema, type RulePackageFile } from '#protocol/rule-package-file-schema.ts';
import { describeKnown } from '#protocol/rule-package-file-suggestion.ts';
import { createWhenSchema } from '#protocol/rule-package-file-template.ts';
import type { RuleTemplate } from '#protocol/rule-template-file.ts';
import { checkDocument, type DocumentPath } from '#protocol/scenario-file-document.ts';
import { isRecord } from '#protocol/scenario-file-fields.ts';

/** What the package's surroundings are known to hold. */
export interface RuleSurroundings {
  /** Those that events can carry: a rule that asks for another one is a problem too. Absent: any name will do. */
  readonly categories?: readonly KnownCategory[];
  /** Those of the template files, by names that come once. */
  readonly templates?: readonly RuleTemplate[];
}

/** Parses a rule package; `file` is only named in problems. */
export function parseRulePackage(
  text: string,
  file: string,
  { categories, templates = [] }: RuleSurroundings = {},
): Result<RulePackage, Problem> {
  const ofTemplates = new Map<string, Problem>();
  const reportTemplate = (problem: Problem): void => void ofTemplates.set(JSON.stringify(problem), problem);
  const when = createWhenSchema({ templates, categories, reportTemplate });
  const document = checkDocument(text, file, createRulePackageFileSchema(when));
  if (document.raw !== undefined) checkAcrossKeys(document.raw, categories, document.report);
  const { value, problems } = document;
  return value === undefined || problems.length + ofTemplates.size > 0
    ? fail([...problems.toSorted(comparePlaces), ...ofTemplates.values()])
    : succeed(buildPackage(value));
}

function comparePlaces(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}

function buildPackage(file: RulePackageFile): RulePackage {
  return {
    name: file.package,
    version: file.packageVersion,
    about: file.about ?? null,
    phases: file.phases,
    guards: file.guards,
    rules: file.rules.map((rule) => ({
      name: rule.name,
      about: rule.about ?? null,
      on: rule.on,
      phase: rule.phase ?? file.phases[0] ?? 'standard',
      salience: rule.salience,
      correlate: rule.correlate,
      when: rule.when.condition,
      provided: rule.while ?? null,
      valid: rule.valid,
      hours: rule.hours ?? null,
      actions: rule.then,
      guards: rule.guards,
      sentence: rule.when.sentence,
    })),
  };
}

type Report = (path: DocumentPath, message: string) => void;

/** Twin names, unknown phases and actions too many, found on what was written: faults elsewhere hide none of them. */
function checkAcrossKeys(raw: unknown, categories: readonly KnownCategory[] | undefined, report: Report): void {
  if (!isRecord(raw)) return;
  const phases = Array.isArray(raw['phases']) ? raw['phases'] : ['standard'];
  reportTwins(phases, (index) => ['phases', index], 'phase', report);
  const rules: unknown[] = Array.isArray(raw['rules']) ? raw['rules'] : [];
  const names = rules.map((rule) => (isRecord(rule) ? rule['name'] : undefined));
  reportTwins(names, (index) => ['rules', index, 'name'], 'rule', report);
  rules.forEach((rule, index) => {
    if (!isRecord(rule)) return;
    const { phase, then: actions } = rule;
    for (const key of categories === undefined ? [] : ['when', 'while']) {
      reportUnknownCategories(rule[key], ['rules', index, key], categories ?? [], report);
    }
    if (Array.isArray(actions) && actions.length > 1) {
      report(['rules', index, 'then'], `expected exactly one action, got ${actions.length}`);
    }
    if (typeof phase !== 'string' || phases.includes(phase)) return;
    report(['rules', index, 'phase'], `unknown phase "${phase}", ${describeKnown(phase, phases.map(String))}`);
  });
}

function reportTwins(
  names: readonly unknown[],
  pathOf: (index: number) => DocumentPath,
  what: string,
  report: Report,
): void {
  names.forEach((name, index) => {
    if (typeof name !== 'string' || names.indexOf(name) === index) return;
    report(pathOf(index), `the ${what} "${name}" is there twice`);
  });
}
