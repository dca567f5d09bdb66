/**
 * `yuguan key create`: an API key for an enterprise, named by its id or one of its codes, or for the
 * operator. The key is printed once and kept as a hash.
 */
import { parseArgs } from 'node:util'
import { enterpriseScopes, operatorScopes, type Scope } from '../http/scopes.ts'
import { findEnterprise, findEnterpriseByCode } from '../store/accounts.ts'
import type { Environment } from './config.ts'
import { nodeLog } from './log.ts'
import { type RunningGateway, startGateway } from './node.ts'
import { configOf, listOf, UsageError } from './usage.ts'

const options = {
  enterprise: { type: 'string' },
  operator: { type: 'boolean' },
  scopes: { type: 'string' },
  name: { type: 'string', default: 'cli' },
  json: { type: 'boolean' },
} as const

export const key = async (args: readonly string[], env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (positionals[0] !== 'create') throw new UsageError('只有 create / there is only create')
  const operator = values.operator === true
  if (operator === (values.enterprise !== undefined)) {
    throw new UsageError('--enterprise CODE | --operator')
  }
  const scopes = scopesOf(values.scopes, operator)
  const gateway = await startGateway({
    config: configOf(env),
    log: nodeLog('warn', 2),
    listen: false,
    loops: false,
  })
  try {
    const wanted = { name: values.name, scopes }
    const made =
      values.enterprise === undefined
        ? await gateway.accounts.createOperatorKey(wanted)
        : await createFor(gateway, values.enterprise, wanted)
    if (made === undefined) {
      console.error(`没有此企业 / no such enterprise: ${values.enterprise ?? ''}`)
      return 1
    }
    console.log(values.json === true ? JSON.stringify({ ...made, scopes }) : made.key)
    return 0
  } finally {
    await gateway.stop()
  }
}

const scopesOf = (text: string | undefined, operator: boolean): readonly Scope[] => {
  const offered = operator ? operatorScopes : enterpriseScopes
  const asked = listOf(text)
  if (asked.length === 0) return offered
  const known = offered.filter((scope) => asked.includes(scope))
  if (known.length < asked.length) throw new UsageError(`--scopes ${offered.join(',')}`)
  return known
}

const createFor = async (
  { flow, accounts }: RunningGateway,
  named: string,
  wanted: { readonly name: string; readonly scopes: readonly Scope[] },
) => {
  const enterprise =
    (await findEnterprise(flow.db, named)) ?? (await findEnterpriseByCode(flow.db, named))
  return enterprise && accounts.createEnterpriseKey(enterprise.id, wanted)
}
