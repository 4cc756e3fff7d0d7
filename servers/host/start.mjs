// `npm start`: goes on at once on the Node that npm installed, since the system's may be too old for the sources.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode } from './find-node.mjs';

const here = dirname(fileURLToPath(import.meta.url));
let node;
try {
  node = findNode(resolve(here, '../..'));
} catch (error) {
  console.error(`npm start: ${error.message}`);
  process.exit(4);
}
const child = spawn(node, [join(here, 'start-testbed.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal's Ctrl-C reaches the child by itself; here it is only not to end the parent first.
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGTERM'));
process.on('SIGTERM', () => child.kill('SIGTERM'));
// A signal to npm ends npm and the shell below it, and goes no further: that we are orphaned is all that is seen of it here.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 500).unref();
}
child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
