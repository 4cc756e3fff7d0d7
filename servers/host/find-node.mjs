// Finds the Node that everything here runs on: the locked Node 24 in node_modules, else the running one if it is new enough.
// Plain JavaScript without types, since it must also run on the old Node that may start it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const OLDEST = [22, 12];

/**
 * @param {string} root the project's folder
 * @returns {string} path of a Node executable that strips types; throws with what to do where there is none
 */
export function findNode(root) {
  const file = process.platform === 'win32' ? 'node.exe' : 'bin/node';
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const locked = join(root, 'node_modules', `node-${platform}-${process.arch}`, file);
  if (existsSync(locked)) return locked;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath;
  throw new Error(
    `Node ${OLDEST.join('.')} or newer is needed and this is ${process.versions.node}; ` +
      `npm install brings one on Linux and Windows (do not omit optional dependencies)`,
  );
}
