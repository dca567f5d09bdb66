/**
 * Prints the closing line of a suite: `NAME: N passed, N failed`. The name comes from SUITE, so
 * that the same tests say on which database they ran.
 */
import type { Reporter, TestModule } from 'vitest/node'

export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) counts[test.result().state] += 1
      // A file that could not even be loaded has no tests and must not look green.
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed'))
        counts.failed += 1
    }
    if (errors.length > 0 && counts.failed === 0) counts.failed += errors.length
    const skipped = counts.skipped + counts.pending
    const tail = skipped > 0 ? `, ${skipped} skipped` : ''
    const name = process.env.SUITE ?? (process.env.TEST_DATABASE_URL ? 'postgresql' : 'embedded')
    process.stdout.write(`${name}: ${counts.passed} passed, ${counts.failed} failed${tail}\n`)
  }
}
