#!/usr/bin/env node
// The command `engage`: starts the command line on the Node that npm installed, since the system's may be too old.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode } from './find-node.mjs';

const here = dirname(fileURLToPath(import.meta.url));
let node;
try {
  node = findNode(resolve(here, '../..'));
} catch (error) {
  console.error(`engage: ${error.message}`);
  process.exit(4);
}
if (node === process.execPath) {
  await import('./cli.ts');
} else {
  const child = spawn(node, [join(here, 'cli.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
  // In a terminal Ctrl-C reaches the child by itself.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
}
