/** The package that electron-builder is told to make: a configuration it accepts, closed fuses, and nothing left out that the host needs. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, matchesGlob } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { cruiseTree } from '#tests/house/rooms.ts';
import { PROJECT_ROOT } from '#tests/house/project-files.ts';

const configSchema = z.looseObject({ files: z.array(z.string()), electronFuses: z.record(z.string(), z.boolean()) });
const config = configSchema.parse(parse(readFileSync(join(PROJECT_ROOT, 'electron-builder.yml'), 'utf8')));

/** electron-builder's own check of a configuration, which it makes before it packages. */
async function validate(configuration: object): Promise<void> {
  const requireBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
  const { validateConfiguration } = requireBuilder('app-builder-lib/out/util/config/config.js');
  await validateConfiguration(configuration, { isEnabled: false, add: () => undefined });
}

describe('the configuration of the package', () => {
  test('is accepted by electron-builder', async () => {
    await expect(validate(config)).resolves.toBeUndefined();
  });

  test('would be refused with a key that electron-builder does not know', async () => {
    await expect(validate({ ...config, electronFuses: { runAsNodes: false } })).rejects.toThrow(
      /configuration\.electronFuses/,
    );
  });

  test('opens no fuse that lets another program use the testbed as its Node, or swap its code', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });
});

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dependencies: z.record(z.string(), z.string()).optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

/** Folders of node_modules that `roots` need, with all that those need, by the lock file. */
function listNeeded(roots: readonly string[]): ReadonlySet<string> {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(PROJECT_ROOT, 'package-lock.json'), 'utf8')));
  const needed = new Set<string>();
  // As Node looks: in the asking package's own folder first, then outwards.
  const find = (base: string, name: string): string | undefined => {
    const folder = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (folder in packages) return folder;
    return base === '' ? undefined : find(base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/'))), name);
  };
  const visit = (from: string, name: string): void => {
    const folder = find(from, name);
    if (folder === undefined || needed.has(folder)) return;
    needed.add(folder);
    for (const dependency of Object.keys(packages[folder]?.dependencies ?? {})) visit(folder, dependency);
  };
  for (const root of roots) visit('', root);
  return needed;
}

test('every library that the host needs, and all that those need, is in the package', () => {
  const imported = cruiseTree(PROJECT_ROOT, ['servers']).modules.flatMap(({ source }) =>
    source.startsWith('node_modules/')
      ? [
          source
            .split('/')
            .slice(1, source.startsWith('node_modules/@') ? 3 : 2)
            .join('/'),
        ]
      : [],
  );
  const needed = listNeeded(imported);
  const excluded = config.files
    .filter((pattern) => pattern.startsWith('!node_modules/'))
    .map((pattern) => pattern.slice(1));
  const leftOut = [...needed].filter((folder) => excluded.some((pattern) => matchesGlob(`${folder}/x.js`, pattern)));
  expect(needed.size).toBeGreaterThan(20);
  expect(leftOut).toEqual([]);
  // The patterns do leave out what they are meant to: the screen's libraries, bundled already.
  expect(excluded.some((pattern) => matchesGlob('node_modules/react-dom/index.js', pattern))).toBe(true);
});
