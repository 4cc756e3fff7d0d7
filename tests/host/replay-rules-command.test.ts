/** `engage rules check` and `engage categories test`: sentences, faults, and which tag said so. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compileCategories } from '#core/categories/category-matcher.ts';
import { addCategoriesCommand } from '#host/commands/categories-command.ts';
import { addRulesCommand } from '#host/commands/rules-command.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { createCategoryExplainer } from '#testbed/replay/explain-categories.ts';
import { loadCategories } from '#testbed/replay/load-rule-files.ts';
import { createFolder, formatLogLine, formatRecord, NOON, writeRecording } from '#tests/testbed/replay/recordings.ts';

const RULES = `version: 1
package: com.example
packageVersion: "1.0"
phases: [first, second]
guards: { maxPerVisit: 1 }
rules:
  - name: Compares products
    phase: second
    salience: 3
    when: { counter: { of: { enters: product }, times: 3, within: 10m } }
    then: [{ hotLead: { priority: 60 } }]
  - name: Leaves the checkout
    on: false
    when: { singleton: { leaves: checkout } }
    then: [{ hotLead: { priority: 70, reason: gave up } }]
`;
const CATEGORIES = `version: 1
categories:
  - name: product
    tags:
      - { plain: /products/, in: url }
      - { regex: '^Tents? for \\d+', in: title, matchCase: true }
  - name: anything on tents
    tags: [{ plain: TENT, in: both }]
  - name: cart
    tags: [{ regex: '/cart$', in: url }]
`;

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

interface Told {
  readonly out: string;
  readonly error: string;
  readonly exitCode: unknown;
}

async function run(words: readonly string[]): Promise<Told> {
  const out: string[] = [];
  const error: string[] = [];
  const keep = (kept: string[]) => (chunk: unknown) => {
    // Colours are for terminals.
    // oxlint-disable-next-line no-control-regex -- the escape begins each of them
    kept.push(String(chunk).replaceAll(/\u001b\[\d+m/g, ''));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep(out));
  vi.spyOn(process.stderr, 'write').mockImplementation(keep(error));
  const program = new Command('engage').exitOverride().configureOutput({ writeErr: () => undefined });
  addRulesCommand(program);
  addCategoriesCommand(program);
  for (const command of program.commands) command.exitOverride().commands.forEach((inner) => inner.exitOverride());
  await program.parseAsync(words, { from: 'user' });
  return { out: out.join(''), error: error.join(''), exitCode: process.exitCode };
}

async function messageOf(words: readonly string[]): Promise<string> {
  const error: unknown = await run(words).catch((thrown: unknown) => thrown);
  if (!(error instanceof OperatingError)) throw new Error(`expected an operating error, got ${String(error)}`);
  return `${error.code} ${error.message}`;
}

function write(content: string): string {
  const file = join(createFolder(), 'file.yaml');
  writeFileSync(file, content);
  return file;
}

describe('engage rules check', () => {
  it('tells each rule of a package as a sentence', async () => {
    const file = write(RULES);
    const { out, exitCode } = await run(['rules', 'check', file]);
    expect(exitCode).toBeUndefined();
    expect(out).toBe(
      [
        `✓ ${file}  com.example 1.0, 2 rules`,
        '  All rules together: hot leads at most once a visit.',
        '  Compares products  phase second, salience 3',
        '    When the visitor enters a page of category "product" 3 times within 10 min, make a hot lead of priority 60.',
        '  Leaves the checkout  phase first, salience 0',
        '    Off: when the visitor leaves a page of category "checkout", make a hot lead of priority 70 ("gave up").',
        '',
      ].join('\n'),
    );
  });

  it('names every fault with its place, checks the other packages all the same, and exits with 2', async () => {
    const wrong = write(RULES.replace('times: 3', 'times: 1').replace('phase: second', 'phase: third'));
    const right = write(RULES);
    const { out, error, exitCode } = await run(['rules', 'check', wrong, '/nowhere/rules.yaml', right]);
    expect(exitCode).toBe(2);
    expect(error.split('\n')).toEqual([
      `✗ ${wrong}  2 problems`,
      `  ${wrong}:8:5 rules/0/phase: unknown phase "third", known: first, second`,
      expect.stringMatching(/:10:\d+ rules\/0\/when\/counter\/times: expected /),
      '✗ /nowhere/rules.yaml  1 problem',
      '  /nowhere/rules.yaml: no such file',
      '',
    ]);
    expect(out).toContain(`✓ ${right}`);
  });

  it('tells machines the same', async () => {
    const file = write(RULES);
    const { out, exitCode } = await run(['rules', 'check', file, '/nowhere/rules.yaml', '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(out)).toMatchObject([
      { file, valid: true, package: 'com.example', rules: [{ name: 'Compares products', on: true }, { on: false }] },
      { valid: false, problems: [{ file: '/nowhere/rules.yaml', message: 'no such file' }] },
    ]);
  });
});

describe('engage categories test', () => {
  it('tells the categories of a page, and which tag found what where', async () => {
    const words = ['categories', 'test', write(CATEGORIES), '--url', 'https://shop.example/products/tent-4'];
    expect((await run([...words, '--title', 'Tents for 4'])).out).toBe(
      [
        'https://shop.example/products/tent-4  "Tents for 4"',
        '  product            plain "/products/" in the URL',
        '                     regex "^Tents? for \\d+", case as written in the title',
        '  anything on tents  plain "TENT" in URL and title',
        '',
      ].join('\n'),
    );
    const json: unknown = JSON.parse((await run([...words, '--title', 'tents for 4', '--json'])).out);
    expect(json).toMatchObject({
      url: 'https://shop.example/products/tent-4',
      categories: [
        { name: 'product', tags: [{ tag: { kind: 'plain', expression: '/products/' }, foundIn: 'url' }] },
        { name: 'anything on tents', tags: [{ foundIn: 'both' }] },
      ],
    });
  });

  it('says when a page carries none', async () => {
    const { out } = await run(['categories', 'test', write(CATEGORIES), '--url', '/about']);
    expect(out).toBe('/about\n  no category\n');
  });

  it('counts the pages of a list, and names those without a category', async () => {
    const list = writeRecording(['/products/a', '/products/b\tTents for 2', '', '/about', '/about', '/x/cart']);
    const { out } = await run(['categories', 'test', write(CATEGORIES), '--list', list]);
    expect(out.split('\n').map((line) => line.trimEnd())).toEqual([
      '5 pages',
      '  product                  2   40.0 %',
      '                           2  by plain "/products/"',
      '                           1  by regex "^Tents? for \\d+", case as written',
      '  anything on tents        1   20.0 %',
      '                           1  by plain "TENT"',
      '  cart                     1   20.0 %',
      '                           1  by regex "/cart$"',
      '  no category              2   40.0 %',
      '                           2  /about',
      '',
    ]);
  });

  it('counts the page views of a log, robots and files left out, whatever categories its events brought', async () => {
    const file = write(CATEGORIES);
    const page = (at: number, target: string) => formatLogLine({ at, request: `GET ${target} HTTP/1.1` });
    const log = writeRecording([
      page(NOON + 1_000, '/cart'),
      page(NOON, '/products/a'),
      page(NOON, '/logo.png'),
      formatLogLine({ userAgent: 'Somebot/1.0' }),
    ]);
    const ofLog: unknown = JSON.parse((await run(['categories', 'test', file, '--log', log, '--json'])).out);
    expect(ofLog).toMatchObject({
      pageViews: 2,
      categories: [{ pageViews: 1 }, { pageViews: 0 }, { pageViews: 1 }],
      pageViewsWithoutCategory: 0,
    });
    const events = writeRecording([
      formatRecord({ eventID: 'e1', at: 1, category: 'own', url: 'https://shop.example/cart' }),
      formatRecord({ eventID: 'e2', at: 2, eventName: 'PageExited', url: 'https://shop.example/cart' }),
    ]);
    const ofEvents: unknown = JSON.parse((await run(['categories', 'test', file, '--log', events, '--json'])).out);
    expect(ofEvents).toMatchObject({ pageViews: 1, categories: [{}, {}, { name: 'cart', pageViews: 1 }] });
  });

  it('names the same categories as the matcher of the engine, for every page', () => {
    const parsed = loadCategories('scenarios/replay/blog-categories.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const matcher = compileCategories(parsed.value);
    const explain = createCategoryExplainer(parsed.value);
    const pages = [
      '/',
      '/?page=2',
      '/blog',
      '/blog/tags/x',
      '/blog/geekery/xdotool.html',
      '/projects/',
      '/about',
      '/files/LogStash/',
    ];
    const named = pages.map((url) =>
      explain(url, 'Kibana', '')
        .map(({ name }) => name)
        .toSorted()
        .join(';'),
    );
    expect(named).toEqual(pages.map((url) => matcher.categoriesOf(url, 'Kibana', '')));
    expect(new Set(named).size).toBeGreaterThan(4);
  });

  it('refuses what it can not test', async () => {
    const file = write(CATEGORIES);
    const list = writeRecording(['/a']);
    const choice = 'INVALID_USAGE expected exactly one of --url (with --title and --language), --list and --log';
    expect(await messageOf(['categories', 'test', file])).toBe(choice);
    expect(await messageOf(['categories', 'test', file, '--url', '/a', '--list', list])).toBe(choice);
    expect(await messageOf(['categories', 'test', file, '--url', '/a', '--base-url', 'https://a.example'])).toBe(
      'INVALID_USAGE --base-url is for the access log of --log',
    );
    expect(await messageOf(['categories', 'test', file, '--list', writeRecording('\n')])).toMatch(
      /is empty: there is no page to test$/,
    );
    expect(await messageOf(['categories', 'test', file, '--log', '/nowhere/x'])).toBe(
      'FILE_NOT_FOUND there is no file /nowhere/x',
    );
    const robots = writeRecording([formatLogLine({ userAgent: '' })]);
    expect(await messageOf(['categories', 'test', file, '--log', robots])).toMatch(
      /no page view of a person is in it$/,
    );
    expect(
      await messageOf(['categories', 'test', write(CATEGORIES.replace("'/cart$'", "'('")), '--url', '/a']),
    ).toMatch(/^INVALID_INPUT .*: 1 problem, nothing was tested$/);
  });
});
