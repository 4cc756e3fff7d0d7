/**
 * docs/rule-authors.md is followed to the letter: its files are written, its commands run by the real command line in an empty
 * folder, and what it shows must be what they print. Blocks say what they are: a file's name after `yaml`, `sh` for commands,
 * `text` for the output of those above.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from './cli-run.ts';

const PAGE = readFileSync(join(PROJECT_ROOT, 'docs/rule-authors.md'), 'utf8');

interface Block {
  readonly kind: string;
  /** After the kind. */
  readonly about: string;
  readonly text: string;
}

const BLOCKS: readonly Block[] = [...PAGE.matchAll(/^```(\w+) ?([^\n]*)\n(.*?)^```$/gms)].map(
  ([, kind = '', about = '', text = '']) => ({ kind, about, text }),
);
const SETUP = BLOCKS.find(({ about }) => about === 'setup')?.text ?? '';
const home = mkdtempSync(join(tmpdir(), 'rule-authors-'));
/** Where the page's first block leads to. */
const folder = join(home, 'my-rules');
/** A command waits for a machine that does other things too. */
const TIMEOUT_MS = 240_000;

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** In a shell of its own, after the page's first block. */
function runShell(script: string): { readonly status: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', `${SETUP}\n${script}`], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, HOME: home, NO_COLOR: '1' },
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

/** A page without the blocks that it is about would pass by doing nothing. */
test('the page has files, commands and outputs', () => {
  const kinds = BLOCKS.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'yaml').length).toBeGreaterThanOrEqual(4);
  expect(kinds.filter((kind) => kind === 'sh').length).toBeGreaterThanOrEqual(7);
  expect(kinds.filter((kind) => kind === 'text').length).toBeGreaterThanOrEqual(4);
  expect(kinds.filter((kind) => !['yaml', 'sh', 'text'].includes(kind))).toEqual([]);
});

describe('followed from top to bottom in an empty folder', () => {
  let printed = '';
  test('the first block leads to an empty folder', () => {
    expect(runShell('pwd && ls -A')).toEqual({ status: 0, out: `${folder}\n`, err: '' });
  });
  for (const [index, { kind, about, text }] of BLOCKS.entries()) {
    const title = text.split('\n')[0] ?? '';
    if (kind === 'yaml') test(`file ${about} is written`, () => writeFileSync(join(folder, about), text));
    if (kind === 'text') test(`output ${index} is what was printed`, () => expect(printed).toBe(text));
    if (kind !== 'sh' || about === 'setup' || about === 'deploy') continue;
    test(`\`${title}\` ${about}`, { timeout: TIMEOUT_MS }, () => {
      const { status, out, err } = runShell(text);
      expect({ status, err }).toEqual({ status: about === 'exits with 3' ? 3 : 0, err: '' });
      printed = out;
    });
  }

  test('leaves the results that the page names', () => {
    for (const file of ['junit.xml', 'events.ndjson', 'replayed/hotleads.ndjson']) {
      expect(existsSync(join(folder, file)), file).toBe(true);
    }
    const leads = readFileSync(join(folder, 'replayed/hotleads.ndjson'), 'utf8');
    expect(leads).toContain('"rule":"Compares products"');
    expect(leads).toContain('"rule":"Forgets the cart"');
  });
});
