/**
 * Real components that tests need and npm does not bring (Chromium, later nginx, Apache httpd and Cassandra): found on PATH, else the
 * suite skips aloud with the one command that installs them. In CI, which installs them all, a missing one is a failure instead.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export type RealComponent =
  { readonly path: string; readonly missing: null } | { readonly path: null; readonly missing: string };

/**
 * @param commands names under which it may stand on PATH, best first
 * @returns its path, or the sentence to skip with; throws that sentence where CI is set
 */
export function findComponent(
  commands: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): RealComponent {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const command of commands) {
    const path = folders.map((folder) => join(folder, command)).find(isExecutable);
    if (path !== undefined) return { path, missing: null };
  }
  const missing = `${commands[0] ?? 'the component'} is not installed: npm run components`;
  if (env['CI']) throw new Error(missing);
  return { path: null, missing };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there and not executable are the same answer: not usable.
    return false;
  }
}
