/** The drills of `npm run test:drills`: long runs over many seeds, days of traffic and nodes killed under load, one at a time: a live run needs the machine. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.drill.test.ts'],
    globalSetup: ['tests/house/announce-seed.ts'],
    setupFiles: ['tests/house/seed-properties.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 900_000,
    hookTimeout: 120_000,
    allowOnly: false,
    passWithNoTests: true,
  },
});
