/** The gateway as `yuguan serve` on Node. */
import { startNode } from './gateways.ts'
import { runtimeSuite } from './suite.ts'

runtimeSuite('on Node', startNode)
