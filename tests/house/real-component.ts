/**
 * Real components that tests need and npm does not bring (Chromium, Java and Maven for Cassandra, later nginx and Apache httpd): found on PATH, else the
 * suite skips aloud with the one command that installs them. In CI, which installs them all, a missing one is a failure instead.
 */
import { findOnPath } from '#testbed/cassandra/find-executable.ts';

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
  for (const command of commands) {
    const [path] = findOnPath(command, env);
    if (path !== undefined) return { path, missing: null };
  }
  const missing = `${commands[0] ?? 'the component'} is not installed: npm run components`;
  if (env['CI']) throw new Error(missing);
  return { path: null, missing };
}
