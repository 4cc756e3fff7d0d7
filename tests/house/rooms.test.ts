/**
 * The import guard holds over the project, really looked at it, and catches each line that one could cross: a tree is written
 * for every rule, with the project's aliases, and each of its files breaks exactly one.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from './project-files.ts';
import { cruiseTree, type Cruise } from './rooms.ts';

const FOLDERS = ['main', 'renderer', 'servers', 'tests'];

describe('the import guard over the project', () => {
  const cruise = cruiseTree(PROJECT_ROOT, FOLDERS);

  test('finds no import across a line', () => {
    expect(cruise.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });

  test('looked at the modules of every room, and followed the aliases', () => {
    expect(cruise.summary.totalCruised).toBeGreaterThan(50);
    const aliased = cruise.modules.flatMap(({ dependencies }) =>
      dependencies.filter(({ dependencyTypes }) => dependencyTypes.some((type) => type.startsWith('aliased-subpath'))),
    );
    expect(aliased.length).toBeGreaterThan(20);
    expect(aliased.every(({ resolved }) => !resolved.startsWith('#'))).toBe(true);
  });
});

/** Files that are only there to be imported. */
const TARGETS = [
  'servers/core/result.ts',
  'servers/core/visits/event.ts',
  'servers/strategies/strategy.ts',
  'servers/crowd/visitors.ts',
  'servers/ports/clock.ts',
  'servers/protocol/run-feed.ts',
  'servers/node/machine-driver.ts',
  'servers/frontend/server.ts',
  'servers/backend/server.ts',
  'servers/stores/memory/store.ts',
  'servers/sim/kernel.ts',
  'servers/testbed/run-scenario.ts',
  'servers/host/host.ts',
  'main/shell.ts',
  'renderer/page.tsx',
  'tests/double.ts',
];

const PACKAGES = [
  're2js',
  'zod',
  'yaml',
  'fastify',
  'ws',
  'pino',
  'electron',
  'react',
  '@mantine/core',
  'better-sqlite3',
  'vitest',
];

/** [rule, file that breaks it, what the file imports, `type` if by import type] */
const BREACHES: readonly (readonly [rule: string, from: string, to: string, kind?: 'type'])[] = [
  ['core-imports-only-its-own', 'servers/core/a1.ts', '#sim/kernel.ts'],
  ['core-imports-only-its-own', 'servers/core/a2.ts', '#protocol/run-feed.ts', 'type'],
  ['core-imports-only-its-own', 'servers/core/a3.ts', 'node:fs'],
  ['core-imports-only-its-own', 'servers/core/a4.ts', 'zod'],
  ['core-imports-only-its-own', 'servers/core/a6.ts', '#node/machine-driver.ts', 'type'],
  ['core-imports-only-its-own', 'servers/core/a5.ts', '../host/host.ts'],
  ['strategies-imports-only-its-own', 'servers/strategies/a1.ts', 'ws'],
  ['strategies-takes-types-only', 'servers/strategies/a2.ts', '#core/visits/event.ts'],
  ['crowd-imports-only-its-own', 'servers/crowd/a1.ts', '#sim/kernel.ts'],
  ['crowd-takes-types-only', 'servers/crowd/a2.ts', '#protocol/run-feed.ts'],
  ['ports-imports-only-its-own', 'servers/ports/a1.ts', 'node:stream', 'type'],
  ['ports-takes-types-only', 'servers/ports/a2.ts', '#core/visits/event.ts'],
  ['protocol-imports-only-its-own', 'servers/protocol/a1.ts', 'node:fs'],
  ['protocol-imports-only-its-own', 'servers/protocol/a2.ts', 'fastify', 'type'],
  ['protocol-takes-types-only', 'servers/protocol/a3.ts', '#core/visits/event.ts'],
  ['node-imports-only-its-own', 'servers/node/a1.ts', '../frontend/server.ts'],
  ['node-imports-only-its-own', 'servers/node/a2.ts', '../stores/memory/store.ts'],
  ['node-imports-only-its-own', 'servers/node/a3.ts', '#sim/kernel.ts', 'type'],
  ['frontend-imports-only-its-own', 'servers/frontend/a1.ts', '#sim/kernel.ts'],
  ['frontend-imports-only-its-own', 'servers/frontend/a2.ts', '../backend/server.ts'],
  ['backend-imports-only-its-own', 'servers/backend/a1.ts', '../stores/memory/store.ts'],
  ['contact-center-imports-only-its-own', 'servers/contact-center/a1.ts', '#testbed/run-scenario.ts'],
  ['balancer-imports-only-its-own', 'servers/balancer/a1.ts', '../frontend/server.ts'],
  ['browser-imports-only-its-own', 'servers/browser/a1.ts', '#core/visits/event.ts', 'type'],
  ['browser-imports-only-its-own', 'servers/browser/a2.ts', 'zod'],
  ['browser-takes-types-only', 'servers/browser/a3.ts', '#protocol/run-feed.ts'],
  ['store-memory-imports-only-its-own', 'servers/stores/memory/a1.ts', 'better-sqlite3'],
  ['store-sqlite-imports-only-its-own', 'servers/stores/sqlite/a1.ts', '../memory/store.ts'],
  ['store-cassandra-takes-types-only', 'servers/stores/cassandra/a1.ts', '#core/visits/event.ts'],
  ['sim-imports-only-its-own', 'servers/sim/a1.ts', 'node:fs'],
  ['sim-imports-only-its-own', 'servers/sim/a2.ts', '#testbed/run-scenario.ts', 'type'],
  ['testbed-imports-only-its-own', 'servers/testbed/a1.ts', '#host/host.ts'],
  ['testbed-imports-only-its-own', 'servers/testbed/a2.ts', 'react'],
  ['host-imports-only-its-own', 'servers/host/a1.ts', '#main/shell.ts'],
  ['host-imports-only-its-own', 'servers/host/a2.ts', '@mantine/core'],
  ['main-imports-only-its-own', 'main/a1.ts', '#host/host.ts'],
  ['main-imports-only-its-own', 'main/a2.ts', '#core/visits/event.ts', 'type'],
  ['main-takes-types-only', 'main/a3.ts', '#protocol/run-feed.ts'],
  ['renderer-imports-only-its-own', 'renderer/a1.tsx', 'node:path'],
  ['renderer-imports-only-its-own', 'renderer/a2.tsx', '#core/visits/event.ts', 'type'],
  ['renderer-imports-only-its-own', 'renderer/a3.tsx', '#main/shell.ts'],
  ['electron-in-the-shell-alone', 'tests/sim/a1.test.ts', 'electron'],
  ['electron-in-the-shell-alone', 'servers/host/a3.ts', 'electron'],
  ['no-unresolved', 'servers/sim/a3.ts', '#core/nowhere.ts'],
  ['no-unresolved', 'servers/host/a4.ts', 'not-installed'],
  ['no-tests-in-the-product', 'servers/host/a5.ts', '#tests/double.ts'],
  ['no-dev-dependency-in-the-product', 'servers/testbed/a3.ts', 'vitest'],
  ['every-server-room-has-a-rule', 'servers/garage/a1.ts', '#core/result.ts'],
];

/** What the table allows and the guard must leave alone. */
const PERMITTED: readonly (readonly [from: string, to: string, kind?: 'type'])[] = [
  ['servers/core/b1.ts', 're2js'],
  ['servers/core/b2.ts', '#core/visits/event.ts'],
  ['servers/strategies/b1.ts', '#core/visits/event.ts', 'type'],
  ['servers/crowd/b1.ts', '#core/visits/event.ts'],
  ['servers/crowd/b2.ts', '#protocol/run-feed.ts', 'type'],
  ['servers/ports/b1.ts', '#core/visits/event.ts', 'type'],
  ['servers/protocol/b1.ts', 'zod'],
  ['servers/protocol/b2.ts', '#core/result.ts'],
  ['servers/frontend/b1.ts', 'fastify'],
  ['servers/frontend/b2.ts', 'node:http'],
  ['servers/frontend/b3.ts', '#node/machine-driver.ts'],
  ['servers/node/b1.ts', '#core/visits/event.ts'],
  ['servers/node/b2.ts', 'pino'],
  ['servers/testbed/b3.ts', '#node/machine-driver.ts'],
  ['servers/browser/b1.ts', '#protocol/run-feed.ts', 'type'],
  ['servers/stores/sqlite/b1.ts', 'better-sqlite3'],
  ['servers/sim/b1.ts', '#crowd/visitors.ts'],
  ['servers/testbed/b1.ts', '#sim/kernel.ts'],
  ['servers/testbed/b2.ts', 'node:fs'],
  ['servers/host/b1.ts', '#testbed/run-scenario.ts'],
  ['main/b1.ts', 'electron'],
  ['main/b2.ts', '#protocol/run-feed.ts', 'type'],
  ['renderer/b1.tsx', '@mantine/core'],
  ['renderer/b2.tsx', '#protocol/run-feed.ts'],
  ['tests/shell/b1.test.ts', 'electron'],
];

describe('the import guard over a tree that breaks every rule', () => {
  const root = mkdtempSync(join(tmpdir(), 'rooms-'));
  let cruise: Cruise;

  beforeAll(() => {
    writeTree(root);
    cruise = cruiseTree(root, FOLDERS);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const rulesBrokenBy = (file: string | undefined): readonly string[] =>
    cruise.summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);

  test.each(BREACHES)('%s: %s may not import %s', (rule, from) => {
    expect(rulesBrokenBy(from)).toContain(rule);
  });

  test.each(PERMITTED)('%s may import %s', (from) => {
    expect(cruise.modules.find(({ source }) => source === from)?.dependencies).toHaveLength(1);
    expect(rulesBrokenBy(from)).toEqual([]);
  });

  test('no-cycles: two files that need each other', () => {
    expect(rulesBrokenBy('servers/core/cycle-1.ts')).toEqual(['no-cycles']);
  });

  test('every rule is broken by some file of the tree', () => {
    const broken = new Set(cruise.summary.violations.map(({ rule }) => rule.name));
    // Each store's and server's rules are made by one function: one of a kind is enough.
    const alike = /^(store-(sqlite|memory|cassandra)|frontend|backend|contact-center|balancer)-/;
    const rules = cruise.summary.ruleSetUsed.forbidden.map(({ name }) => name);
    expect(rules.filter((rule) => !broken.has(rule) && !alike.test(rule))).toEqual([]);
  });
});

function writeTree(root: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const { imports } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'));
  const dependencies = Object.fromEntries(PACKAGES.filter((name) => name !== 'vitest').map((name) => [name, '1.0.0']));
  write(
    'package.json',
    JSON.stringify({ type: 'module', imports, dependencies, devDependencies: { vitest: '1.0.0' } }),
  );
  for (const name of PACKAGES) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', exports: './index.js' }));
    write(`node_modules/${name}/index.js`, 'module.exports = {};');
  }
  for (const path of TARGETS) write(path, 'export interface Thing { readonly a: number }\nexport const thing = 1;\n');
  for (const [from, to, kind] of [...BREACHES.map(([, ...breach]) => breach), ...PERMITTED]) {
    const text =
      kind === 'type'
        ? `import type { Thing } from '${to}';\nexport type A = Thing;\n`
        : `import { thing } from '${to}';\nexport const a = thing;\n`;
    write(from, text);
  }
  write('servers/core/cycle-1.ts', "import { b } from '#core/cycle-2.ts';\nexport const a = 1 + b;\n");
  write('servers/core/cycle-2.ts', "import { a } from './cycle-1.ts';\nexport const b = 1 + a;\n");
}
