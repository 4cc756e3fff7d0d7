/** The tests of `npm test`: quick, alone in their process, two at a time. What takes minutes is a drill (vitest.drills.config.ts). */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/**/*.drill.test.ts', 'node_modules/**'],
    globalSetup: ['tests/house/announce-seed.ts'],
    setupFiles: ['tests/house/seed-properties.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    allowOnly: false,
    passWithNoTests: false,
  },
});
