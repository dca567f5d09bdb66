/** `yuguan serve`: the gateway until it is told to stop. Standard output is the log. */
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { SHUTDOWN_LINGER_MS } from '../kernel/link-limits.ts'
import type { Environment } from './config.ts'
import { nodeLog } from './log.ts'
import { startGateway } from './node.ts'
import { configOf } from './usage.ts'

/** The heap grows by less than V8 would let it: a quarter less memory under load, no slower. */
const HEAP_GROWTH = '--heap-growing-percent=80'

export const serve = async (args: readonly string[], env: Environment): Promise<number> => {
  setFlagsFromString(HEAP_GROWTH)
  parseArgs({ args: [...args], options: {} })
  const config = configOf(env)
  const log = nodeLog(config.logLevel)
  let fail: (error: Error) => void = () => undefined
  const failed = new Promise<Error>((resolve) => {
    fail = resolve
  })
  // Before the start, so that a signal during it is not lost.
  const signalled = firstSignal()
  const gateway = await startGateway({ config, log, onFailure: fail })
  tell(gateway.url, gateway.operator)
  if (gateway.flow.links.length === 0)
    log.warn('customs-not-connected', {
      cure: 'CUSTOMS_URL + CUSTOMS_TOKEN, AMQP_URL, FOLDER_OUT + FOLDER_IN',
    })
  const end = await Promise.race([signalled, failed])
  log.info('gateway-stopping', { reason: end instanceof Error ? end.name : end })
  if (end instanceof Error) console.error(end.message)
  await gateway.stop()
  log.info('gateway-stopped')
  const code = end instanceof Error ? 1 : 0
  // A write to a share that is gone would keep the process as long as it hangs.
  setTimeout(() => process.exit(code), SHUTDOWN_LINGER_MS).unref()
  return code
}

/** The operator's password goes to the terminal, not into the log. */
const tell = (
  url: string,
  operator: { readonly email: string; readonly password: string } | undefined,
): void => {
  console.error(`渝关 Yuguan: ${url}`)
  if (operator === undefined) return
  console.error(
    `运营者账号(密码只显示这一次)/ operator (the password is shown this once):\n` +
      `  ${operator.email}  ${operator.password}`,
  )
}

export const firstSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve(name))
  })
