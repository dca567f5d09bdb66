/**
 * Registers the synthetic enterprises of the demonstration: roles, DXP ids, signing keys (SM2) and
 * API keys for those who hand in, zone rules for warehouses and offices, and a target of this year. What
 * an earlier demonstration left in the same database is used again; API keys are always new,
 * because a key can be told only once.
 */
import { seededTarget } from '../../catalogue/scoreboard.ts'
import { zones } from '../../catalogue/zones/index.ts'
import { createEnterprise } from '../../http/enterprises.ts'
import { enterpriseScopes } from '../../http/scopes.ts'
import {
  type Cast,
  officeOf,
  type SyntheticEnterprise,
  syntheticEnterprises,
} from '../../sim/consignments.ts'
import { findEnterpriseByCode } from '../../store/accounts.ts'
import { addZoneRules } from '../../store/reference.ts'
import { hasSigningKey, insertSigningKey } from '../../store/signers.ts'
import { addTarget } from '../../store/year-targets.ts'
import type { Gateway } from '../gateway.ts'
import { directZones } from './plan.ts'

export interface DemoEnterprises {
  readonly cast: Cast
  /** API keys of those who hand in, by customs code. */
  readonly keys: ReadonlyMap<string, string>
}

/** A day before anything is signed, so that every key is in force whenever a clock starts. */
const KEY_LEAD_MS = 86_400_000
const RULES_FROM = '2019-01-01'

export const registerEnterprises = async (
  gateway: Gateway,
  start: Date,
): Promise<DemoEnterprises> => {
  const cast = syntheticEnterprises(zones)
  const ids = new Map<string, string>()
  for (const enterprise of cast.all) {
    ids.set(enterprise.customsCode, await register(gateway, enterprise))
  }
  const keys = new Map<string, string>()
  for (const enterprise of handingIn(cast)) {
    const id = ids.get(enterprise.customsCode) ?? ''
    await ensureSigningKey(gateway, id, enterprise.name, new Date(start.getTime() - KEY_LEAD_MS))
    const wanted = { name: 'demo', scopes: enterpriseScopes }
    const { key } = await gateway.accounts.createEnterpriseKey(id, wanted)
    keys.set(enterprise.customsCode, key)
  }
  await addZoneRules(gateway.flow.db, [
    ...[...cast.warehouses].map(([zone, { customsCode }]) => ({
      ...{ kind: 'warehouse' as const, code: customsCode, zone, ...RULE },
      source: '演示用合成企业 / synthetic enterprise of the demonstration',
    })),
    ...directZones.map((zone) => ({
      ...{ kind: 'office' as const, code: officeOf(zone), zone: zone.code, ...RULE },
      source:
        '演示假定：该关区单证均属此区域 / assumed for the demonstration: all its lists are of this zone',
    })),
  ])
  return { cast, keys }
}

const RULE = { valid_from: RULES_FROM, valid_to: null, confidence: 'I' } as const

/** Those who hand documents in: all but the warehouses. */
const handingIn = ({ platform, merchants, payer, carrier, declarants, site }: Cast) => [
  ...[platform, ...merchants, payer, carrier, ...declarants, site],
]

/** The city's figure for 2022 stands in for a year that has none; its source says so. */
export const ensureTarget = (gateway: Gateway, year: number): Promise<void> =>
  addTarget(gateway.flow.db, {
    ...seededTarget,
    ...{ year: String(year), validFrom: `${year}-01-01`, confidence: 'I', note: '' },
    source: '演示：沿用渝府发〔2019〕17号的2022年目标 / demonstration: the target of 2022 again',
  })

/**
 * Everybody here is made up: no figure has to be put together with others so that it tells nothing of
 * one. Rules that somebody wrote for the year stay.
 */
export const showSmallFigures = async (gateway: Gateway, year: number): Promise<void> => {
  await gateway.flow.db
    .insertInto('rule_value')
    .values(
      ['merchant', 'institution'].map((kind) => ({
        ...{ name: 'open-enterprises-min', kind, value: '0', valid_from: `${year}-01-01` },
        ...{ valid_to: null, confidence: 'I', note: '' },
        source: '演示：企业均为合成 / demonstration: enterprises are made up',
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Id of one that is registered. */
export const idOf = async (gateway: Gateway, { customsCode, name }: SyntheticEnterprise) => {
  const known = await findEnterpriseByCode(gateway.flow.db, customsCode)
  if (known === undefined) throw new Error(`${name} is not registered`)
  return known.id
}

/** Its id; the one it has when it is registered already. */
const register = async (gateway: Gateway, enterprise: SyntheticEnterprise): Promise<string> => {
  const { db } = gateway.flow
  const known = await findEnterpriseByCode(db, enterprise.customsCode)
  if (known !== undefined) return known.id
  const made = await createEnterprise(gateway.flow, gateway.accounts, {
    name: enterprise.name,
    customsCode: enterprise.customsCode,
    creditCode: enterprise.creditCode,
    roles: enterprise.roles,
    dxpId: enterprise.dxpId,
  })
  if (made.kind !== 'made') throw new Error(`${enterprise.name}: ${made.kind}`)
  return made.enterprise.id
}

const ensureSigningKey = async (
  gateway: Gateway,
  enterpriseId: string,
  subject: string,
  from: Date,
): Promise<void> => {
  const { db, sealer } = gateway.flow
  if (await hasSigningKey(db, enterpriseId, from)) return
  const key = gateway.signingKeys.create('sm2-sm3', subject, from)
  await insertSigningKey(db, sealer, enterpriseId, key, from)
}
