import { defineConfig } from 'vitest/config'

/** What opens no database says the same on any of them: it runs in the first suite only. */
const WITHOUT_DATABASE = [
  'kernel',
  'catalogue',
  'codec',
  'conformance',
  'signing',
  'rules',
  'reports',
  'sim',
  'tidy',
]

const isSecond = (process.env.TEST_DATABASE_URL ?? '') !== ''
if (isSecond)
  process.stdout.write(`Not run again, they open no database: ${WITHOUT_DATABASE.join(', ')}\n`)

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: [
      'test/browser/**',
      ...(isSecond ? WITHOUT_DATABASE.map((room) => `test/${room}/**`) : []),
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // No test replaces a module, so that files share what they import: that is two fifths of the time.
    isolate: false,
    // Two cores: more workers only make the database suites wait for each other.
    maxWorkers: 2,
    reporters: ['default', './test/support/tally.ts'],
  },
})
