/**
 * `yuguan migrate`: schema, reference data and the operator's account, without running the gateway.
 * A Worker needs it once before its first deploy, and after an update.
 */
import { parseArgs } from 'node:util'
import type { Environment } from './config.ts'
import { nodeLog } from './log.ts'
import { startGateway } from './node.ts'
import { configOf } from './usage.ts'

export const migrateDatabase = async (
  args: readonly string[],
  env: Environment,
): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } })
  const gateway = await startGateway({
    config: configOf(env),
    log: nodeLog('warn', 2),
    listen: false,
    loops: false,
  })
  const { migrations, operator } = gateway
  await gateway.stop()
  if (values.json === true) {
    console.log(JSON.stringify({ migrations, operator: operator ?? null }))
    return 0
  }
  console.log(
    migrations.length === 0
      ? '数据库已是最新 / The database is up to date.'
      : `已应用 / Applied: ${migrations.join(', ')}`,
  )
  if (operator !== undefined) {
    console.log(
      `运营者(密码只显示这一次)/ operator (shown this once): ${operator.email}  ${operator.password}`,
    )
  }
  return 0
}
