/**
 * `yuguan enterprise create`: registers an enterprise and, when asked, makes its signing key. For
 * the machine the gateway runs on; from elsewhere the same is done by `POST /api/v1/enterprises`.
 */
import { parseArgs } from 'node:util'
import { createEnterprise, type WantedEnterprise } from '../http/enterprises.ts'
import { roleNames } from '../http/schemas.ts'
import { insertSigningKey } from '../store/signers.ts'
import type { Environment } from './config.ts'
import { nodeLog } from './log.ts'
import { type RunningGateway, startGateway } from './node.ts'
import { configOf, listOf, UsageError } from './usage.ts'

const options = {
  name: { type: 'string' },
  'customs-code': { type: 'string' },
  'credit-code': { type: 'string' },
  roles: { type: 'string' },
  'dxp-id': { type: 'string' },
  'owner-name': { type: 'string' },
  'owner-email': { type: 'string' },
  'signing-key': { type: 'string' },
  json: { type: 'boolean' },
} as const

export const enterprise = async (args: readonly string[], env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (positionals[0] !== 'create') throw new UsageError('只有 create / there is only create')
  const algorithm = values['signing-key']
  if (algorithm !== undefined && algorithm !== 'sm2-sm3' && algorithm !== 'rsa-sha1') {
    throw new UsageError('--signing-key: sm2-sm3 | rsa-sha1')
  }
  const wanted = wantedOf(values)
  const gateway = await startGateway({
    config: configOf(env),
    log: nodeLog('warn', 2),
    listen: false,
    loops: false,
  })
  try {
    return await create(gateway, wanted, algorithm, values.json === true)
  } finally {
    await gateway.stop()
  }
}

const wantedOf = (
  values: Readonly<Record<string, string | boolean | undefined>>,
): WantedEnterprise => {
  const text = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const name = text('name')
  const roles = listOf(text('roles'))
  const known = roleNames.filter((role) => roles.includes(role))
  if (name === undefined) throw new UsageError('--name …')
  if (known.length === 0 || known.length < roles.length) {
    throw new UsageError(`--roles ${roleNames.join(',')}`)
  }
  const email = text('owner-email')
  return {
    name,
    roles: known,
    customsCode: text('customs-code'),
    creditCode: text('credit-code'),
    dxpId: text('dxp-id'),
    owner: email === undefined ? undefined : { email, name: text('owner-name') ?? email },
  }
}

const create = async (
  { flow, accounts, signingKeys }: RunningGateway,
  wanted: WantedEnterprise,
  algorithm: 'sm2-sm3' | 'rsa-sha1' | undefined,
  json: boolean,
): Promise<number> => {
  const made = await createEnterprise(flow, accounts, wanted)
  if (made.kind !== 'made') {
    const faults = made.kind === 'invalid' ? made.faults : []
    if (json) console.log(JSON.stringify({ problem: made.kind, faults }))
    else
      console.error([made.kind, ...faults.map(({ text }) => `${text.zh} / ${text.en}`)].join('\n'))
    return 1
  }
  const now = flow.clock.now()
  const key = algorithm && signingKeys.create(algorithm, made.enterprise.name, now)
  if (key !== undefined) await insertSigningKey(flow.db, flow.sealer, made.enterprise.id, key, now)
  const told = { id: made.enterprise.id, owner: made.owner, keyName: key?.keyName ?? null }
  if (json) console.log(JSON.stringify({ ...told, faults: made.faults }))
  else {
    console.log(`${wanted.name}: ${told.id}`)
    for (const { text } of made.faults) console.log(`! ${text.zh} / ${text.en}`)
    if (made.owner !== null) console.log(`${made.owner.email}  ${made.owner.password}`)
    if (key !== undefined) console.log(`签名证书 / certificate ${key.keyName}`)
  }
  return 0
}
