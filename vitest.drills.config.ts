import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.drill.test.ts'],
    testTimeout: 900_000,
    maxWorkers: 2,
    pool: 'forks',
  },
});
