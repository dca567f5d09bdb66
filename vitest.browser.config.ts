import { defineConfig } from 'vitest/config'

// Needs a browser and the built program, so `npm test` leaves it out: `npm run test:browser`.
export default defineConfig({
  test: {
    reporters: ['default', './test/support/tally.ts'],
    include: ['test/browser/**/*.browser.ts'],
    globalSetup: ['test/browser/one-demo.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    isolate: false,
    // Two cores: a gateway waits for its browser half of the time.
    maxWorkers: 2,
  },
})
