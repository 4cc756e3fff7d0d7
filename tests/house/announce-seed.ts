/** Says first which seed the random tests of this run use, and how to run with it again; another one is asked for by TEST_SEED. */
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    readonly testSeed: number;
  }
}

const DEFAULT_SEED = 812;

export default function announceSeed(project: TestProject): void {
  const asked = Number(process.env['TEST_SEED'] ?? DEFAULT_SEED);
  if (!Number.isSafeInteger(asked)) throw new Error(`TEST_SEED: expected an integer, got ${process.env['TEST_SEED']}`);
  project.provide('testSeed', asked);
  console.log(`seed of the random tests: ${asked} (again: TEST_SEED=${asked} npm test)`);
}
