/** Runs the import guard as `npm run rooms` does, on any tree, and gives what it found in a form that tests can read. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT_ROOT } from './project-files.ts';

const cruiseSchema = z.object({
  modules: z.array(
    z.object({
      source: z.string(),
      dependencies: z.array(z.object({ resolved: z.string(), dependencyTypes: z.array(z.string()) })),
    }),
  ),
  summary: z.object({
    totalCruised: z.number(),
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string(), comment: z.string() })) }),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

export type Cruise = z.infer<typeof cruiseSchema>;

/** Cruises `folders` of the tree at `root` with the project's rules; throws with the tool's words when it did not run. */
export function cruiseTree(root: string, folders: readonly string[]): Cruise {
  const tool = join(PROJECT_ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = join(PROJECT_ROOT, '.dependency-cruiser.mjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [tool, '--config', config, '--output-type', 'json', ...folders],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (!stdout.startsWith('{')) throw new Error(`the import guard did not run: ${stderr}`);
  return cruiseSchema.parse(JSON.parse(stdout));
}
