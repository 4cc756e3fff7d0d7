/** `engage rules check`: is a rule package or template file right, and what does each of its rules or templates say? */
import type { Command } from 'commander';
import pc from 'picocolors';
import { fail, type Problem, type Result } from '#core/result.ts';
import { describeGuards, describeRule } from '#core/rules/describe-rule.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { EXIT } from '#protocol/operating-error.ts';
import { describeParameter } from '#protocol/rule-template-file-parameter.ts';
import type { RuleTemplate } from '#protocol/rule-template-file.ts';
import {
  loadCategories,
  loadRulesOrTemplates,
  loadRuleTemplates,
  type RulesOrTemplates,
} from '#testbed/replay/load-rule-files.ts';
import { countProblems, describeProblems } from './problems.ts';
import { addRulesDeployCommands } from './rules-deploy-command.ts';
import { addRulesTestCommand } from './rules-test-command.ts';

const EXAMPLES = `
Examples:
  engage rules check scenarios/rules/shop.yaml
  engage rules check scenarios/templates/web-engagement.yaml
  engage rules check scenarios/rules/shop-templates.yaml --templates scenarios/templates/web-engagement.yaml
  engage rules check rules/*.yaml --categories categories.yaml --json

With --categories a rule that asks for a category that is not in the file is a fault, as is one that waits until a category
is reached that is neither activity nor outcome.

Exit status: 0 all files are valid, 2 one is not. The format and its meaning: docs/rules.md.`;

interface CheckOptions {
  readonly templates?: readonly string[];
  readonly categories?: string;
  readonly json?: true;
}

export function addRulesCommand(program: Command): void {
  const rules = program
    .command('rules')
    .description('rule packages: check, test and deploy them')
    .addHelpText('after', EXAMPLES);
  addRulesTestCommand(rules);
  addRulesDeployCommands(rules);
  rules
    .command('check')
    .description('every fault of rule packages and template files at once, or what they say as sentences')
    .argument('<file...>', 'rule packages and template files')
    .option('--templates <file...>', 'template files that the packages may use')
    .option('--categories <file>', 'category file: packages may ask for its categories only')
    .option('--json', 'what was found, for machines')
    .addHelpText('after', EXAMPLES)
    .action((files: readonly string[], options: CheckOptions) => {
      const checked = checkFiles(files, options);
      if (options.json === true) process.stdout.write(`${JSON.stringify(checked.map(describeForMachines), null, 2)}\n`);
      else checked.forEach(print);
      if (checked.some(({ parsed }) => !parsed.ok)) process.exitCode = EXIT.invalid;
    });
}

interface CheckedFile {
  readonly file: string;
  readonly parsed: Result<RulesOrTemplates, Problem>;
}

/** The files, after those of the options that are at fault. */
function checkFiles(files: readonly string[], { templates = [], categories }: CheckOptions): readonly CheckedFile[] {
  const known = loadRuleTemplates(templates);
  const defined = categories === undefined ? undefined : loadCategories(categories);
  const surroundings = {
    ...(known.ok ? { templates: known.value } : {}),
    ...(defined?.ok === true ? { categories: defined.value } : {}),
  };
  return [
    ...listRefused(known),
    ...(defined === undefined ? [] : listRefused(defined)),
    ...files.map((file) => ({ file, parsed: loadRulesOrTemplates(file, surroundings) })),
  ];
}

/** One entry a file. */
function listRefused(loaded: Result<unknown, Problem>): readonly CheckedFile[] {
  if (loaded.ok) return [];
  const files = [...new Set(loaded.problems.map((problem) => problem.file))];
  return files.map((file) => ({ file, parsed: fail(loaded.problems.filter((problem) => problem.file === file)) }));
}

function describeForMachines({ file, parsed }: CheckedFile): object {
  if (!parsed.ok) return { file, valid: false, problems: parsed.problems };
  const found =
    parsed.value.kind === 'rules' ? describePackage(parsed.value.rulePackage) : describeAll(parsed.value.templates);
  return { file, valid: true, problems: [], ...found };
}

function describeAll(templates: readonly RuleTemplate[]): object {
  return {
    templates: templates.map(({ name, about, sentence, parameters }) => ({
      name,
      about,
      sentence,
      parameters: [...parameters].map(([parameter, { kind, default: value, about: what }]) => ({
        name: parameter,
        ...kind,
        default: value ?? null,
        about: what,
      })),
    })),
  };
}

function describePackage({ name, version, about, phases, rules }: RulePackage): object {
  return {
    package: name,
    packageVersion: version,
    about,
    phases,
    rules: rules.map((rule) => ({
      name: rule.name,
      on: rule.on,
      phase: rule.phase,
      salience: rule.salience,
      sentence: describeRule(rule),
    })),
  };
}

function print({ file, parsed }: CheckedFile): void {
  if (!parsed.ok) {
    process.stderr.write(`${pc.red('✗')} ${file}  ${countProblems(parsed.problems)}\n`);
    for (const line of describeProblems(parsed.problems)) process.stderr.write(`  ${line}\n`);
    return;
  }
  if (parsed.value.kind === 'rules') printPackage(file, parsed.value.rulePackage);
  else printTemplates(file, parsed.value.templates);
}

function printTemplates(file: string, templates: readonly RuleTemplate[]): void {
  const count = `${templates.length} ${templates.length === 1 ? 'template' : 'templates'}`;
  process.stdout.write(`${pc.green('✓')} ${file}  ${pc.dim(count)}\n`);
  for (const { name, about, sentence, parameters } of templates) {
    process.stdout.write(`  ${pc.bold(name)}${about === null ? '' : `  ${pc.dim(about)}`}\n`);
    process.stdout.write(`    The visitor ${sentence}.\n`);
    const width = Math.max(0, ...[...parameters.keys()].map((parameter) => parameter.length));
    for (const [parameter, what] of parameters) {
      process.stdout.write(`      ${parameter.padEnd(width)}  ${describeParameter(what)}\n`);
    }
  }
}

function printPackage(file: string, { name, version, rules, guards, phases }: RulePackage): void {
  const count = `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`;
  process.stdout.write(`${pc.green('✓')} ${file}  ${pc.dim(`${name} ${version}, ${count}`)}\n`);
  const all = describeGuards(guards);
  if (all !== '') process.stdout.write(`  All rules together: hot leads ${all}.\n`);
  for (const rule of rules) {
    const phase = phases.length > 1 ? `phase ${rule.phase}, ` : '';
    process.stdout.write(`  ${pc.bold(rule.name)}  ${pc.dim(`${phase}salience ${rule.salience}`)}\n`);
    process.stdout.write(`    ${describeRule(rule)}\n`);
  }
}
