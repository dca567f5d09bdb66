import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/browser/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores: more workers only make the database suites wait for each other.
    maxWorkers: 2,
    reporters: ['default', './test/support/tally.ts'],
  },
})
