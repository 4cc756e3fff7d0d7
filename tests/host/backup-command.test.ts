/** `engage backup` on an installation whose store node runs: made while it serves, listed, checked, restored when it is stopped. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStoreClient, type StoreClient } from '#node/store-client.ts';
import { parseEngageConfig } from '#protocol/engage-config.ts';
import { sampleBatch, sampleEvent } from '#tests/stores/store-samples.ts';

const CLI = resolve(import.meta.dirname, '../../servers/host/cli.ts');
const SCENARIO = resolve(import.meta.dirname, '../../scenarios/live-smoke.yaml');
const SECRET = 'sixteen characters';
const SILENT = { warn: () => undefined, info: () => undefined };

let folder = '';
let file = '';
let port = 0;
let node: ChildProcess | undefined;

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(words: readonly string[]): { readonly child: ChildProcess; readonly outcome: Promise<Outcome> } {
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', ENGAGE_SECRET: SECRET };
  const child = spawn(process.execPath, [CLI, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (piece: Buffer) => (said.out += String(piece)));
  child.stderr.on('data', (piece: Buffer) => (said.err += String(piece)));
  const outcome = new Promise<Outcome>((done) => child.once('close', (code) => done({ code, ...said })));
  return { child, outcome };
}

function backup(...words: readonly string[]): Promise<Outcome> {
  return start(['backup', ...words, '--config', file]).outcome;
}

async function startNode(): Promise<void> {
  node = start(['node', 'store', '--config', file]).child;
  await new Promise<void>((done) => node?.stderr?.on('data', (piece) => / serves at /.test(String(piece)) && done()));
}

async function stopNode(): Promise<void> {
  if (node === undefined || node.exitCode !== null) return;
  const gone = once(node, 'close');
  node.kill('SIGTERM');
  await gone;
}

async function withClient<T>(work: (client: StoreClient) => Promise<T>): Promise<T> {
  const client = createStoreClient({ url: `http://127.0.0.1:${port}`, secret: SECRET, log: SILENT });
  return work(client).finally(() => client.close());
}

function put(eventID: string): Promise<boolean> {
  const batch = sampleBatch(eventID, 'v', [sampleEvent(eventID, 'v', Date.now())]);
  return withClient((client) => new Promise((done) => client.commit({ store: 'history', batch }, done)));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engage-backup-'));
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  ({ port } = probe.address() as AddressInfo);
  await new Promise((done) => probe.close(done));
  file = join(folder, 'engage.yaml');
  writeFileSync(
    file,
    `nodes: [{ name: store, role: store, port: ${port} }]
store: { backup: { folder: safe, every: never, keep: 2 } }
secret: { env: ENGAGE_SECRET }
serves: ${SCENARIO}
`,
  );
});

afterAll(async () => {
  await stopNode();
  rmSync(folder, { recursive: true, force: true });
});

test('a backup is made while the store serves, and restored into its place and into another when it is stopped', async () => {
  await startNode();
  expect(await put('e1')).toBe(true);
  const made = await backup('make', '--json');
  expect(made).toMatchObject({ code: 0, err: '' });
  const { name } = JSON.parse(made.out) as { readonly name: string };
  expect(await put('e2')).toBe(true);
  expect(await backup('check')).toMatchObject({
    code: 0,
    out: expect.stringMatching(`^${name}  0 min old, \\S+ MiB, good\n$`),
  });

  expect(await backup('restore')).toMatchObject({ code: 4, err: expect.stringContaining('stop it first') });
  await stopNode();
  const restored = await backup('restore', name);
  expect(restored).toMatchObject({ code: 0, out: expect.stringMatching(/history\.db\.before-/) });
  expect(readdirSync(join(folder, 'store')).filter((entry) => entry.includes('.before-'))).toHaveLength(2);
  const other = await backup('restore', '--into', join(folder, 'other'));
  expect(other).toMatchObject({ code: 0, out: expect.stringMatching(/into \S+other\n/) });

  await startNode();
  expect(await withClient((client) => client.eventIDs(null, 10))).toEqual(['e1']);
  await stopNode();
});

test('a name that no backup has is refused, one that is not good too, and without a node nothing is made', async () => {
  expect(await backup('restore', '../store')).toMatchObject({
    code: 2,
    err: expect.stringContaining('no backup ../store'),
  });
  const [name = ''] = readdirSync(join(folder, 'safe'));
  truncateSync(join(folder, 'safe', name, 'history.db'), 512);
  expect(await backup('restore')).toMatchObject({ code: 4, err: expect.stringContaining('is good') });
  expect(await backup('check')).toMatchObject({ code: 4, out: expect.stringContaining('has 512 bytes') });
  expect(await backup('make')).toMatchObject({ code: 4, err: expect.stringContaining('no store node answers') });
});

test('all that is wrong with a plan of backups is said at once, and backups are of SQLite files alone', () => {
  const problemsOf = (store: string): string =>
    parseEngageConfig(`store: ${store}\n`, 'engage.yaml')
      .problems.map(({ path, message }) => `${path}: ${message}`)
      .join('\n');
  const wrong = problemsOf('{ backup: { every: 5s, keep: 0, keeps: 1 } }');
  expect(wrong).toContain('store/backup/every: expected never, or a duration of at least a minute');
  expect(wrong).toContain('store/backup/keep: expected how many good backups are kept, from 1 to 1000');
  expect(wrong).toMatch(/keeps/);
  expect(problemsOf('{ kind: memory, backup: {} }')).toContain('for the files of kind sqlite');
  expect(problemsOf('{ backup: { every: never } }')).toBe('');
});
