/**
 * The drills of `npm run test:drills`. First those that only compute, two at a time; then those with real nodes, one at a
 * time: a live run needs the machine.
 */
import { defineConfig } from 'vitest/config';

const COMPUTED = ['tests/core/**/*.drill.test.ts', 'tests/testbed/*.drill.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['tests/house/announce-seed.ts'],
    setupFiles: ['tests/house/seed-properties.ts'],
    pool: 'forks',
    testTimeout: 900_000,
    hookTimeout: 120_000,
    /** A poll waits for another process, on machines that may be busy: as long as a locator does, not a second. */
    expect: { poll: { timeout: 30_000 } },
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      { extends: true, test: { name: 'computed', include: COMPUTED, maxWorkers: 2, sequence: { groupOrder: 1 } } },
      {
        extends: true,
        test: {
          name: 'real nodes',
          include: ['tests/**/*.drill.test.ts'],
          exclude: [...COMPUTED, 'node_modules/**'],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
