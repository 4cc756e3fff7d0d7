// After npm install: says at once, in one sentence, if no fitting Node came with it.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode } from './find-node.mjs';

try {
  findNode(resolve(dirname(fileURLToPath(import.meta.url)), '../..'));
} catch (error) {
  console.error(`web-engagement-testbed: ${error.message}`);
  process.exitCode = 1;
}
