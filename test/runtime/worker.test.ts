/** The gateway on workerd, as `wrangler dev --local` runs it. */
import { existsSync } from 'node:fs'
import { describe, it } from 'vitest'
import { startWorker, wrangler } from './gateways.ts'
import { runtimeSuite } from './suite.ts'

if (existsSync(wrangler)) {
  runtimeSuite('on Workers', startWorker)
} else {
  console.log('wrangler is not installed: the Workers suite is skipped')
  describe.skip('on Workers', () => {
    it('needs wrangler', () => undefined)
  })
}
