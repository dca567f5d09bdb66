/** The gateway on workerd, as `wrangler dev --local` runs it. */
import { existsSync } from 'node:fs'
import { startWorker, wrangler } from './gateways.ts'
import { runtimeSuite } from './suite.ts'

const hindrance = existsSync(wrangler) ? undefined : 'wrangler is not installed'
runtimeSuite('on Workers', startWorker, hindrance)
