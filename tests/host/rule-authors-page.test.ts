/**
 * docs/rule-authors.md is followed to the letter: its files are written, its commands run by the real command line in an empty
 * folder, and what it shows must be what they print. Blocks say what they are: a file's name after `yaml`, `sh` for commands,
 * `text` for the output of those above. The deployment goes to real nodes, on ports of their own.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
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
const SETUP = textOf('setup');
const INSTALLATION = textOf('installation');
const START = textOf('start');
const DEPLOY = textOf('deploy');
/** Blocks that are not steps of their own. */
const APART = ['setup', 'installation', 'start', 'deploy'];
/** Each run of commands with the files above it, and the output that is shown below it. */
const STEPS = listSteps();
const home = mkdtempSync(join(tmpdir(), 'rule-authors-'));
/** Where the page's first block leads to. */
const folder = join(home, 'my-rules');
/** A command waits for a machine that does other things too. */
const TIMEOUT_MS = 240_000;
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = new Promise((done) => child.once('close', done));
    child.kill('SIGTERM');
    await gone;
  }
  rmSync(home, { recursive: true, force: true });
});

function textOf(wanted: string): string {
  return BLOCKS.find(({ about }) => about === wanted)?.text ?? '';
}

interface Step {
  readonly title: string;
  readonly files: readonly Block[];
  readonly text: string;
  readonly status: number;
  /** Undefined: the page shows none of it. */
  readonly shown: string | undefined;
}

function listSteps(): readonly Step[] {
  let files: Block[] = [];
  return BLOCKS.flatMap((block, index) => {
    if (block.kind === 'yaml') files.push(block);
    if (block.kind !== 'sh' || APART.includes(block.about)) return [];
    const written = files;
    files = [];
    const next = BLOCKS[index + 1];
    return {
      title: block.text.split('\n')[0] ?? '',
      files: written,
      text: block.text,
      status: block.about === 'exits with 3' ? 3 : 0,
      shown: next?.kind === 'text' ? next.text : undefined,
    };
  });
}

/** In a shell of its own, after the page's first block. */
function runShell(script: string): { readonly status: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', `${SETUP}\n${script}`], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, HOME: home, NO_COLOR: '1' },
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

/** A page without the blocks that this is about would pass by doing nothing. */
test('the page has files, commands and outputs', () => {
  const kinds = BLOCKS.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'yaml').length).toBeGreaterThanOrEqual(4);
  expect(kinds.filter((kind) => kind === 'sh').length).toBeGreaterThanOrEqual(7);
  expect(kinds.filter((kind) => kind === 'text').length).toBeGreaterThanOrEqual(4);
  expect(kinds.filter((kind) => !['yaml', 'sh', 'text'].includes(kind))).toEqual([]);
  expect([INSTALLATION, START, DEPLOY].filter((text) => text === '')).toEqual([]);
});

describe('followed from top to bottom', { timeout: TIMEOUT_MS }, () => {
  test('the first block leads to an empty folder', () => {
    expect(runShell('pwd && ls -A')).toEqual({ status: 0, out: `${folder}\n`, err: '' });
  });

  test.each(STEPS)('$title', ({ files, text, status, shown }) => {
    for (const file of files) writeFileSync(join(folder, file.about), file.text);
    const ran = runShell(text);
    expect({ status: ran.status, out: ran.out }).toEqual({ status, out: shown ?? ran.out });
  });

  test('it leaves the results that it names', () => {
    for (const file of ['junit.xml', 'events.ndjson', 'replayed/hotleads.ndjson']) {
      expect(existsSync(join(folder, file)), file).toBe(true);
    }
    const leads = readFileSync(join(folder, 'replayed/hotleads.ndjson'), 'utf8');
    expect(leads).toContain('"rule":"Compares products"');
    expect(leads).toContain('"rule":"Forgets the cart"');
  });

  test('its rules come into force on the installation that it starts', async () => {
    await startInstallation();
    const { status, out, err } = runShell(DEPLOY);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/frontend-1 {2}version 2[^]*com\.example\.first[^]*every Frontend has it/);
  });
});

/** As the page does it in its second terminal, but on ports that are free; resolves when all nodes serve. */
async function startInstallation(): Promise<void> {
  const ports = await Promise.all(Array.from({ length: 5 }, freePort));
  let place = 0;
  const installation = INSTALLATION.replaceAll(/port: \d+/g, () => `port: ${ports[place++]}`);
  expect(runShell(installation).status).toBe(0);
  const child = spawn(
    'bash',
    ['-e', '-c', `${SETUP}\n${START.replace(/^engage node/m, 'exec node "$TESTBED/servers/host/cli.ts" node')}`],
    {
      cwd: PROJECT_ROOT,
      env: { ...process.env, HOME: home, PATH: `${join(PROJECT_ROOT, 'node_modules/.bin')}:${process.env['PATH']}` },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  children.push(child);
  let told = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (piece: Buffer) => {
      told += piece.toString();
      if (told.includes('all 5 nodes serve')) resolve();
    });
    child.once('close', () => reject(new Error(`the nodes did not start: ${told}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
