import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
    exclude: ['tests/**/*.drill.test.ts', 'node_modules/**'],
    testTimeout: 60_000,
    maxWorkers: 2,
    pool: 'forks',
  },
});
