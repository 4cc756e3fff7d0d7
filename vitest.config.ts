/**
 * The tests of `npm test`: quick, alone in their process, two at a time; then those of the screen, one at a time: each has a browser, a host
 * and its nodes, which share two cores as it is. What takes minutes is a drill (vitest.drills.config.ts).
 */
import { defineConfig } from 'vitest/config';

const BROWSER = ['tests/browser/**/*.test.ts'];
const NOT_HERE = ['tests/**/*.drill.test.ts', 'node_modules/**'];

export default defineConfig({
  test: {
    globalSetup: ['tests/house/announce-seed.ts'],
    setupFiles: ['tests/house/seed-properties.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    /** A poll waits for another process, on machines that may be busy: as long as a locator does, not a second. */
    expect: { poll: { timeout: 30_000 } },
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'headless',
          include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
          exclude: [...BROWSER, ...NOT_HERE],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'screen', include: BROWSER, exclude: NOT_HERE, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
