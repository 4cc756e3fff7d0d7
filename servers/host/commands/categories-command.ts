/** `engage categories test`: which categories pages carry, and which tag said so; for one page, a list of them, or a whole log. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Category, CategoryTag } from '#core/categories/category.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { describeCount, describeShare } from '#testbed/report/figure-text.ts';
import { CategoryTest, type CategoryTestResult } from '#testbed/replay/category-test.ts';
import { createCategoryExplainer, type FoundCategory, type FoundTag } from '#testbed/replay/explain-categories.ts';
import { loadCategories } from '#testbed/replay/load-rule-files.ts';
import { readLines } from '#testbed/replay/read-lines.ts';
import { createReplayProgress } from '#testbed/replay/replay-progress.ts';
import { replay } from '#testbed/replay/replay.ts';
import { addCategoriesDeployCommand } from './rules-deploy-command.ts';
import { parseOrigin } from './base-url.ts';
import { createInterrupt } from './interrupt.ts';
import { countProblems } from './problems.ts';

interface TestOptions {
  readonly url?: string;
  readonly title?: string;
  readonly language?: string;
  readonly list?: string;
  readonly log?: string;
  readonly baseUrl?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  engage categories test categories.yaml --url https://www.example.com/products/tents --title "Tents of all sizes"
  engage categories test categories.yaml --url https://www.example.com/zelte --language de-AT
  engage categories test categories.yaml --list pages.txt
  engage categories test scenarios/replay/blog-categories.yaml --log access.log.gz

A list has one page a line: its URL, after a tab its title, after another its language code, where these matter. Of a log the
page views count, as in engage replay: an access log, or recorded events, whatever categories they brought along. A category
that has a name in the page's language is told with it.

Exit status: 0 the pages were tested, 2 invalid input or usage, or no page to test.`;

export function addCategoriesCommand(program: Command): void {
  const categories = program
    .command('categories')
    .description('category files: test and deploy them')
    .addHelpText('after', EXAMPLES);
  addCategoriesDeployCommand(categories);
  categories
    .command('test')
    .description('which categories pages carry, and which tag said so')
    .argument('<file>', 'category file')
    .option('--url <url>', 'one page by its URL')
    .option('--title <text>', 'the title of that page')
    .option('--language <code>', 'the language code of that page, such as de-AT')
    .option('--list <file>', 'many pages, one a line: URL, or URL, tab and title, tab and language code')
    .option('--log <file>', 'the page views of an access log or of recorded events, plain or gzipped')
    .option('--base-url <url>', 'with --log: the site that wrote it, such as https://www.example.com')
    .option('--json', 'what was found, for machines')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: TestOptions) => {
      checkChoice(options);
      const categoriesOfFile = load(file);
      if (options.list !== undefined) {
        tellMany(await testList(categoriesOfFile, options.list), options);
      } else if (options.log !== undefined) {
        tellMany(await testLog(categoriesOfFile, options.log, options), options);
      } else {
        const { url = '', title = '', language = '' } = options;
        tellOne(createCategoryExplainer(categoriesOfFile)(url, title, language), options);
      }
    });
}

function checkChoice(options: TestOptions): void {
  const { url, title, language, list, log, baseUrl } = options;
  const isPage = url !== undefined || title !== undefined || language !== undefined;
  if ([isPage, list !== undefined, log !== undefined].filter(Boolean).length !== 1) {
    throw new OperatingError(
      'INVALID_USAGE',
      'expected exactly one of --url (with --title and --language), --list and --log',
    );
  }
  if (baseUrl !== undefined && log === undefined) {
    throw new OperatingError('INVALID_USAGE', '--base-url is for the access log of --log');
  }
}

function load(file: string): readonly Category[] {
  const loaded = loadCategories(file);
  if (loaded.ok) return loaded.value;
  const what = `${file}: ${countProblems(loaded.problems)}, nothing was tested`;
  throw new OperatingError('INVALID_INPUT', what, loaded.problems);
}

async function testList(categories: readonly Category[], list: string): Promise<CategoryTestResult> {
  const test = new CategoryTest(categories);
  for await (const { lines } of readLines(list)) {
    for (const { line, text, fault } of lines) {
      if (fault !== null) throw new OperatingError('INVALID_INPUT', `${list}:${line}: ${fault}`);
      const [url = '', title = '', language = ''] = text.split('\t');
      test.takePage(url.trim(), title.trim(), language.trim());
    }
  }
  const result = test.result();
  if (result.pageViews === 0) throw new OperatingError('INVALID_INPUT', `${list} is empty: there is no page to test`);
  return result;
}

async function testLog(
  categories: readonly Category[],
  log: string,
  options: TestOptions,
): Promise<CategoryTestResult> {
  const test = new CategoryTest(categories);
  const interrupt = createInterrupt();
  const isSilent = options.json === true || !process.stdout.isTTY;
  const progress = isSilent ? undefined : createReplayProgress(basename(log), process.stderr);
  try {
    await replay({
      file: log,
      packages: [],
      categories,
      origin: options.baseUrl === undefined ? undefined : parseOrigin(options.baseUrl),
      pages: test,
      signal: interrupt.signal,
      onProgress: (reached) => progress?.update(reached),
    });
  } finally {
    progress?.stop();
    interrupt.end();
  }
  const result = test.result();
  if (result.pageViews === 0) throw new OperatingError('INVALID_INPUT', `${log}: no page view of a person is in it`);
  return result;
}

function tellOne(found: readonly FoundCategory[], options: TestOptions): void {
  const { url = '', title = '', language = '' } = options;
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ url, title, language, categories: found }, null, 2)}\n`);
    return;
  }
  const page = [url, title === '' ? '' : `"${title}"`, language].filter((part) => part !== '').join('  ');
  const names = found.map(describeName);
  const width = Math.max(0, ...names.map(({ length }) => length));
  const lines = found.flatMap(({ tags }, place) =>
    tags.map(({ tag, foundIn }, index) => {
      const name = index === 0 ? (names[place] ?? '') : '';
      return `  ${pc.bold(name.padEnd(width))}  ${describeTag(tag)} ${pc.dim(PLACES[foundIn])}`;
    }),
  );
  process.stdout.write(`${[page, ...(lines.length === 0 ? ['  no category'] : lines)].join('\n')}\n`);
}

const PLACES: Readonly<Record<FoundTag['foundIn'], string>> = {
  url: 'in the URL',
  title: 'in the title',
  language: 'in the language',
  both: 'in URL and title',
};

/** `product`, `product (Produkt)`, `order-placed (Bestellt), an outcome`. */
function describeName({ name, displayName, as }: FoundCategory): string {
  const shown = displayName === name ? name : `${name} (${displayName})`;
  return as === null ? shown : `${shown}, an ${as}`;
}

/** `plain "/products/"`, `regex "tents? for \d+", case as written`. */
function describeTag({ kind, expression, matchCase }: CategoryTag): string {
  return `${kind} "${expression}"${matchCase ? ', case as written' : ''}`;
}

function tellMany(result: CategoryTestResult, options: TestOptions): void {
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  const { categories, pageViews, pageViewsWithoutCategory, pagesWithoutCategory } = result;
  const what = options.list === undefined ? 'page views' : 'pages';
  const width = Math.max(...categories.map(({ name }) => name.length), 'no category'.length);
  const row = (name: string, count: number): string =>
    `  ${name.padEnd(width)}  ${describeCount(count).padStart(7)}  ${describeShare(count / pageViews).padStart(7)}`;
  const lines = [
    `${describeCount(pageViews)} ${what}`,
    ...categories.flatMap(({ name, pageViews: count, tags }) => [
      row(name, count),
      ...tags.map(({ tag, pageViews: ofTag }) =>
        pc.dim(
          `  ${''.padEnd(width)}  ${describeCount(ofTag).padStart(7)}  by ${describeTag(tag)}${tag.in === 'language' ? ', in the language' : ''}`,
        ),
      ),
    ]),
    row('no category', pageViewsWithoutCategory),
    ...pagesWithoutCategory.map(({ page, pageViews: count }) =>
      pc.dim(`  ${''.padEnd(width)}  ${describeCount(count).padStart(7)}  ${page}`),
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
