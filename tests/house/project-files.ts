/** The project's own source files, for the checks of this folder: what git would track, found without git. */
import { readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

export const PROJECT_ROOT = resolve(import.meta.dirname, '../..');

const SKIPPED_FOLDERS = new Set(['node_modules', 'out', 'dist', 'runs', 'coverage', 'fixtures']);
const SOURCE = /\.(ts|tsx|mjs|cjs|js)$/;

/** Source files under `folders`, as paths from `root` with forward slashes, sorted. Fixtures are inputs, not sources. */
export function listSources(folders: readonly string[], root: string = PROJECT_ROOT): readonly string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) walk(path);
      } else if (SOURCE.test(entry.name)) found.push(relative(root, path).split(sep).join('/'));
    }
  };
  for (const folder of folders) walk(join(root, folder));
  return found.toSorted();
}
