/** `engage categories test` on wildcards, languages, names for people and meanings, and on files with faults. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addCategoriesCommand } from '#host/commands/categories-command.ts';
import { describeProblem, OperatingError } from '#protocol/operating-error.ts';
import { createFolder, formatRecord, writeRecording } from '#tests/testbed/replay/recordings.ts';

const CATEGORIES = `version: 1
categories:
  - name: order-placed
    names: { de: Bestellt, fr: Commandé }
    as: outcome
    tags: [{ wildcard: "https://*.example/order/*" }]
  - name: German
    tags: [{ plain: de, in: language }]
`;
const ORDER = 'https://shop.example/order/thank-you';

afterEach(() => {
  vi.restoreAllMocks();
});

async function test(...words: readonly string[]): Promise<string> {
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    // oxlint-disable-next-line no-control-regex -- the escape begins each colour
    out.push(String(chunk).replaceAll(/\u001b\[\d+m/g, ''));
    return true;
  });
  const program = new Command('engage').exitOverride();
  addCategoriesCommand(program);
  await program.parseAsync(['categories', 'test', ...words], { from: 'user' });
  return out.join('');
}

function write(content: string | Buffer): string {
  const file = join(createFolder(), 'categories.yaml');
  writeFileSync(file, content);
  return file;
}

describe('engage categories test', () => {
  it("tells a page's categories by their names in its language, and what they mean", async () => {
    expect(await test(write(CATEGORIES), '--url', ORDER, '--title', 'Danke', '--language', 'de-AT')).toBe(
      [
        `${ORDER}  "Danke"  de-AT`,
        '  order-placed (Bestellt), an outcome  wildcard "https://*.example/order/*" in the URL',
        '  German                               plain "de" in the language',
        '',
      ].join('\n'),
    );
  });

  it('says the same to machines', async () => {
    expect(JSON.parse(await test(write(CATEGORIES), '--url', ORDER, '--language', 'fr', '--json'))).toEqual({
      url: ORDER,
      title: '',
      language: 'fr',
      categories: [
        {
          name: 'order-placed',
          displayName: 'Commandé',
          as: 'outcome',
          tags: [
            {
              tag: { kind: 'wildcard', expression: 'https://*.example/order/*', in: 'both', matchCase: false },
              foundIn: 'url',
            },
          ],
        },
      ],
    });
  });

  it('takes the language of a list from its third column, and of recorded events from their languageCode', async () => {
    const list = writeRecording([`${ORDER}\tThanks\ten-GB`, `${ORDER}\tDanke\tde`, '/\t\tde-CH']);
    const told = (await test(write(CATEGORIES), '--list', list)).split('\n').map((line) => line.trimEnd());
    expect(told).toEqual([
      '3 pages',
      '  order-placed        2   66.7 %',
      '                      2  by wildcard "https://*.example/order/*"',
      '  German              2   66.7 %',
      '                      2  by plain "de", in the language',
      '  no category         0    0.0 %',
      '',
    ]);
    const log = writeRecording([
      formatRecord({ eventID: 'e1', at: 1, url: ORDER, languageCode: 'de-DE' }),
      formatRecord({ eventID: 'e2', at: 2, url: ORDER, languageCode: 'en-DE' }),
    ]);
    expect(JSON.parse(await test(write(CATEGORIES), '--log', log, '--json'))).toMatchObject({
      pageViews: 2,
      categories: [
        { name: 'order-placed', pageViews: 2 },
        { name: 'German', pageViews: 1 },
      ],
    });
  });

  it('tests nothing where the file has faults, and tells them all, a name that is not UTF-8 among them', async () => {
    const latin1 = Buffer.from('version: 1\ncategories:\n  - { name: Z\u00e9, tags: [{ wildcard: "*" }] }\n', 'latin1');
    const error: unknown = await test(write(latin1), '--url', '/').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OperatingError);
    const told = error instanceof OperatingError ? error.problems.map(describeProblem) : [];
    expect(told.map((problem) => problem.slice(problem.indexOf('.yaml:')))).toEqual([
      '.yaml:3:7 categories/0/name: expected a name in UTF-8, got bytes or a character that can not be read',
      '.yaml:3:26 categories/0/tags/0/wildcard: expected a character beside * and ?, got "*", which says nothing about a page',
    ]);
  });
});
