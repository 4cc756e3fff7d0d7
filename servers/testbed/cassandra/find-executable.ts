/** Programs that the system brings, looked for on PATH without starting one. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Every `command` on PATH that may be run, in the order in which a shell would try them. */
export function findOnPath(command: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, command)).filter(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there and not executable are the same answer: not usable.
    return false;
  }
}
