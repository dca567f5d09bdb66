import { defineConfig } from 'vitest/config'

// Needs a browser and the built program, so `npm test` leaves it out: `npm run test:browser`.
export default defineConfig({
  test: {
    reporters: ['default', './test/support/tally.ts'],
    include: ['test/browser/**/*.browser.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
