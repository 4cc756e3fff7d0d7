/** `engage rules test`: what visitors do and what rules should make of it, from files, run through the machine that serves visitors. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { EXIT, OperatingError } from '#protocol/operating-error.ts';
import { loadRuleTests } from '#testbed/rule-tests/load-rule-tests.ts';
import { renderRuleTestsJunit } from '#testbed/rule-tests/rule-test-junit.ts';
import { renderRuleTests } from '#testbed/rule-tests/rule-test-report.ts';
import { summarizeRuleTests } from '#testbed/rule-tests/rule-test-summary.ts';
import { runRuleTests } from '#testbed/rule-tests/run-rule-tests.ts';
import { countProblems } from './problems.ts';

const EXAMPLES = `
A test file names its packages and categories, relative to itself, and holds cases: what visitors do and when, and which
rules fire by it. What is not expected must not fire. The format, with a walk through it: docs/rule-authors.md.

Examples:
  engage rules test rules-test.yaml
  engage rules test tests/*.yaml --junit rules.xml

Exit status: 0 all cases hold, 2 a file is wrong (nothing was run), 3 a case failed, 4 the results can not be written.`;

interface RulesTestOptions {
  readonly junit?: string;
  readonly json?: true;
}

/** Adds `test` to the command `rules`. */
export function addRulesTestCommand(rules: Command): void {
  rules
    .command('test')
    .description('rules against given events: what fires, what does not, and what nearly does')
    .argument('<file...>', 'rule test files')
    .option('--junit <file>', 'write the results as JUnit XML too')
    .option('--json', 'print the results as JSON, nothing else')
    .addHelpText('after', EXAMPLES)
    .action(testRules);
}

function testRules(files: readonly string[], { junit, json }: RulesTestOptions): void {
  const loaded = loadRuleTests(files);
  if (!loaded.ok) {
    const what = `${countProblems(loaded.problems)} in rule tests and what they name: nothing was run`;
    throw new OperatingError('INVALID_INPUT', what, loaded.problems);
  }
  const startedAt = performance.now();
  const outcome = runRuleTests(loaded.value);
  const wallMs = performance.now() - startedAt;
  if (junit !== undefined) writeResults(junit, renderRuleTestsJunit(outcome, wallMs));
  process.stdout.write(
    json === true ? `${JSON.stringify(summarizeRuleTests(outcome), null, 2)}\n` : renderRuleTests(outcome, pc),
  );
  if (outcome.failed > 0) process.exitCode = EXIT.threshold;
}

function writeResults(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperatingError('UNAVAILABLE', `the results can not be written: ${why}`);
  }
}
