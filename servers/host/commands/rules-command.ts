/** `engage rules check`: is a rule package right, and what does each of its rules say? */
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Problem, Result } from '#core/result.ts';
import { describeGuards, describeRule } from '#core/rules/describe-rule.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { EXIT } from '#protocol/operating-error.ts';
import { loadRulePackage } from '#testbed/replay/load-rule-files.ts';
import { countProblems, describeProblems } from './problems.ts';
import { addRulesTestCommand } from './rules-test-command.ts';

const EXAMPLES = `
Examples:
  engage rules check scenarios/rules/shop.yaml
  engage rules check rules/*.yaml --json

Exit status: 0 all packages are valid, 2 one is not. The format and its meaning: docs/rules.md.`;

export function addRulesCommand(program: Command): void {
  const rules = program
    .command('rules')
    .description('rule packages: check and test them')
    .addHelpText('after', EXAMPLES);
  addRulesTestCommand(rules);
  rules
    .command('check')
    .description('every fault of rule packages at once, or each of their rules as a sentence')
    .argument('<package...>', 'rule package files')
    .option('--json', 'what was found, for machines')
    .addHelpText('after', EXAMPLES)
    .action((files: readonly string[], options: { readonly json?: true }) => {
      const checked = files.map((file) => ({ file, parsed: loadRulePackage(file) }));
      if (options.json === true) process.stdout.write(`${JSON.stringify(checked.map(describeForMachines), null, 2)}\n`);
      else checked.forEach(print);
      if (checked.some(({ parsed }) => !parsed.ok)) process.exitCode = EXIT.invalid;
    });
}

interface CheckedPackage {
  readonly file: string;
  readonly parsed: Result<RulePackage, Problem>;
}

function describeForMachines({ file, parsed }: CheckedPackage): object {
  if (!parsed.ok) return { file, valid: false, problems: parsed.problems };
  const { name, version, about, phases, rules } = parsed.value;
  return {
    file,
    valid: true,
    problems: [],
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

function print({ file, parsed }: CheckedPackage): void {
  if (!parsed.ok) {
    process.stderr.write(`${pc.red('✗')} ${file}  ${countProblems(parsed.problems)}\n`);
    for (const line of describeProblems(parsed.problems)) process.stderr.write(`  ${line}\n`);
    return;
  }
  const { name, version, rules, guards, phases } = parsed.value;
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
