/**
 * `yuguan recount`: buyers' quotas computed anew from the stored lists, beside a running gateway or
 * without one; whoever writes waits meanwhile.
 */
import { parseArgs } from 'node:util'
import { recountQuotas } from '../flow/quota-recount.ts'
import type { Environment } from './config.ts'
import { nodeLog } from './log.ts'
import { startGateway } from './node.ts'
import { configOf } from './usage.ts'

export const recount = async (args: readonly string[], env: Environment): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } })
  const gateway = await startGateway({
    config: configOf(env),
    log: nodeLog('warn', 2),
    listen: false,
    loops: false,
  })
  try {
    const { documents, holding } = await recountQuotas(gateway.flow)
    console.log(
      values.json === true
        ? JSON.stringify({ documents, holding })
        : `已按 ${documents} 份清单重算额度，其中 ${holding} 份占用额度 / quotas computed anew from ${documents} lists, ${holding} of which draw on one`,
    )
    return 0
  } finally {
    await gateway.stop()
  }
}
