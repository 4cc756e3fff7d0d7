/** 1,000 files gone wrong go through `engage rules check`: none crashes it, and what it refuses it explains. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { addRulesCommand } from '#host/commands/rules-command.ts';
import { parseRulePackage } from '#protocol/rule-package-file.ts';
import { parseRuleTemplates, type RuleTemplate } from '#protocol/rule-template-file.ts';
import { runCli } from '#tests/host/cli-run.ts';
import { CATEGORIES, mutated, PACKAGE, TEMPLATES } from '#tests/protocol/rule-file-mutations.ts';

const problemSchema = z.object({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  path: z.string(),
  message: z.string(),
});
const checkedSchema = z.array(z.object({ file: z.string(), valid: z.boolean(), problems: z.array(problemSchema) }));

let folder: string;
let files: readonly { readonly file: string; readonly text: string }[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mutated-'));
  files = fc.sample(mutated, 1_000).map((text, index) => {
    const file = join(folder, `${index}.yaml`);
    writeFileSync(file, text);
    return { file, text };
  });
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What `engage rules check` says of files, for machines; as JSON and in words, since both could stumble. */
function check(words: readonly string[]): z.output<typeof checkedSchema> {
  let out = '';
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    out += String(chunk);
    return true;
  });
  const run = (more: readonly string[]): void => {
    const program = new Command('engage').exitOverride();
    addRulesCommand(program);
    program.parse(['rules', 'check', ...words, ...more], { from: 'user' });
  };
  run([]);
  out = '';
  run(['--json']);
  return checkedSchema.parse(JSON.parse(out));
}

/** A refusal says what was expected, or names what is unknown, there twice or out of place; YAML's own faults are YAML's. */
const EXPLAINS = /expected|unknown|there twice|goes with event|can only be|may not use/;

describe('1,000 mutated packages and template files', () => {
  it('never crash engage rules check, and each refusal names path, line and what was expected', () => {
    const SIZE = 50;
    let [refused, valid, ofSchema] = [0, 0, 0];
    for (let start = 0; start < files.length; start += SIZE) {
      const chunk = files.slice(start, start + SIZE);
      const told = check([...chunk.map(({ file }) => file), '--templates', TEMPLATES, '--categories', CATEGORIES]);
      expect(told.map(({ file }) => file)).toEqual(chunk.map(({ file }) => file));
      told.forEach(({ file, valid: isValid, problems }, index) => {
        expect(problems.length > 0, file).toBe(!isValid);
        if (isValid) valid += 1;
        else refused += 1;
        const text = chunk[index]?.text ?? '';
        for (const problem of problems) {
          expect([file, TEMPLATES], problem.message).toContain(problem.file);
          const last = problem.file === file ? text.split('\n').length : Number.POSITIVE_INFINITY;
          expect(problem.line >= 1 && problem.line <= last, `line ${problem.line} of ${last}`).toBe(true);
          expect(problem.column).toBeGreaterThanOrEqual(1);
          expect(problem.message).not.toBe('');
          if (problem.path === '') continue;
          expect(problem.message, `${problem.path} in\n${text}`).toMatch(EXPLAINS);
          ofSchema += 1;
        }
      });
    }
    // The changes reach what they are meant to reach: most files are wrong, most faults are ours to tell, some files stay right.
    expect(refused).toBeGreaterThan(500);
    expect(valid).toBeGreaterThan(20);
    expect(ofSchema).toBeGreaterThan(500);
  });

  it('are answered by the real command line the same way: status 2, the fault with its place, no stack', async () => {
    const wrong = files.find(
      ({ text }) => !parseRulePackage(text, 'r.yaml').ok && !parseRuleTemplates(text, 't.yaml').ok,
    );
    const deep = join(folder, 'deep.yaml');
    writeFileSync(deep, `version: 1\nrules: ${'['.repeat(5_000)}`);
    const circular = join(folder, 'circular.yaml');
    writeFileSync(circular, 'version: 1\nrules: &a [*a]\n');
    const named = [wrong?.file ?? '', deep, circular];
    const { code, out, err } = await runCli('rules', 'check', ...named);
    expect(code).toBe(2);
    expect(out).toBe('');
    for (const file of named) expect(err).toContain(`✗ ${file}`);
    expect(err).toContain(`${circular}:2:`);
    expect(err).toContain('expected at most 100 levels of maps and lists inside one another');
    expect(err).not.toMatch(/\n\s+at .*:\d+:\d+/);
  }, 60_000);
});

describe("the product's own files", () => {
  const templates = (): readonly RuleTemplate[] => {
    const parsed = parseRuleTemplates(readFileSync(TEMPLATES, 'utf8'), TEMPLATES);
    return parsed.ok ? parsed.value : [];
  };

  it('are right, categories included, and use every template', () => {
    const told = check([PACKAGE, TEMPLATES, '--templates', TEMPLATES, '--categories', CATEGORIES]);
    expect(told.map(({ problems }) => problems)).toEqual([[], []]);
    const text = readFileSync(PACKAGE, 'utf8');
    for (const { name } of templates()) expect(text).toContain(`template: { name: ${name}, with:`);
  });

  test.each([
    ['JSON', (value: unknown) => JSON.stringify(value)],
    ['YAML in block style', (value: unknown) => stringify(value)],
  ])('mean the same as %s', (_, write) => {
    const text = readFileSync(PACKAGE, 'utf8');
    const other = write(parse(text));
    const parsed = parseRulePackage(text, 'a', { templates: templates() });
    expect(parsed.ok).toBe(true);
    expect(parseRulePackage(other, 'a', { templates: templates() })).toEqual(parsed);

    const plain = (given: readonly RuleTemplate[]) => given.map(({ problemAt: _place, ...template }) => template);
    const again = parseRuleTemplates(write(parse(readFileSync(TEMPLATES, 'utf8'))), 't');
    expect(again.ok && plain(again.value)).toEqual(plain(templates()));
  });
});
