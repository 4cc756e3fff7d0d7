/** The drills of `npm run test:drills`: long runs over many seeds and days of traffic, under the same rules as the quick tests. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.drill.test.ts'],
    globalSetup: ['tests/house/announce-seed.ts'],
    setupFiles: ['tests/house/seed-properties.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 900_000,
    hookTimeout: 120_000,
    allowOnly: false,
    passWithNoTests: true,
  },
});
