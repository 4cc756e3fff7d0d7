// Runs a tool of this project (vitest, depcruise, a script) on the Node 24 that npm installed into node_modules,
// whatever the system's Node is; says clearly what is missing where none fits.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode } from './find-node.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** @param {string} tool a package's command, or a path to a script @returns {string} the script to run */
function scriptOf(tool) {
  if (/\.[cm]?[jt]s$/.test(tool)) return resolve(tool);
  const packageName = { depcruise: 'dependency-cruiser' }[tool] ?? tool;
  const folder = join(root, 'node_modules', packageName);
  if (!existsSync(folder)) throw new Error(`${packageName} is not installed: run npm install first`);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[tool]);
}

const [tool, ...args] = process.argv.slice(2);
if (!tool) throw new Error('usage: run-on-node24.mjs TOOL [ARG ...]');
const child = spawn(findNode(root), [scriptOf(tool), ...args], { stdio: 'inherit' });
// In a terminal Ctrl-C reaches the child by itself.
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
