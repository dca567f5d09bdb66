/**
 * The synthetic cast of demonstrations, benches and tests: one platform, two merchants, a payment
 * firm, a carrier, two declarants, the operator of a supervised site, and one warehouse enterprise
 * in every zone. Names say that they
 * are made up; codes have the right form and check digits and a serial that nobody was given.
 */
import type { Role } from '../catalogue/message.ts'
import type { Zone } from '../catalogue/zone.ts'
import { creditCodeCheckDigit, organisationCodeCheckDigit } from '../kernel/check-digits.ts'

export interface SyntheticEnterprise {
  readonly name: string
  /** 10 characters; the code that stands in the documents. */
  readonly customsCode: string
  /** 18 characters, GB 32100. */
  readonly creditCode: string
  readonly roles: readonly Role[]
  /** 16 characters. */
  readonly dxpId: string
  /** Code of the zone a warehouse enterprise lies in. */
  readonly zone?: string
}

export interface Cast {
  readonly platform: SyntheticEnterprise
  readonly merchants: readonly [SyntheticEnterprise, ...SyntheticEnterprise[]]
  readonly payer: SyntheticEnterprise
  readonly carrier: SyntheticEnterprise
  readonly declarants: readonly [SyntheticEnterprise, ...SyntheticEnterprise[]]
  /** Operator of the supervised site, 监管场所经营人. */
  readonly site: SyntheticEnterprise
  /** By zone code. */
  readonly warehouses: ReadonlyMap<string, SyntheticEnterprise>
  /** Everyone above, each once. */
  readonly all: readonly SyntheticEnterprise[]
}

/** The same zones always give the same cast. */
export const syntheticEnterprises = (zones: readonly Zone[]): Cast => {
  const platform = enterprise(1, '渝关合成电商平台有限公司', ['platform'])
  const merchants = [
    enterprise(11, '渝关合成跨境商贸有限公司甲', ['merchant']),
    enterprise(12, '渝关合成跨境商贸有限公司乙', ['merchant']),
  ] as const
  const payer = enterprise(21, '渝关合成支付有限公司', ['payer'])
  const carrier = enterprise(31, '渝关合成物流有限公司', ['carrier'])
  const declarants = [
    enterprise(41, '渝关合成报关有限公司甲', ['declarant', 'guarantor']),
    enterprise(42, '渝关合成报关有限公司乙', ['declarant', 'guarantor']),
  ] as const
  const site = enterprise(51, '渝关合成监管场所有限公司', ['site'])
  const warehouses = zones.map((zone, i) =>
    enterprise(FIRST_WAREHOUSE + i, `${zone.zh}合成仓储有限公司`, ['warehouse'], zone),
  )
  return {
    ...{ platform, merchants, payer, carrier, declarants, site },
    warehouses: new Map(zones.map((zone, i) => [zone.code, warehouses[i] ?? platform])),
    all: [platform, ...merchants, payer, carrier, ...declarants, site, ...warehouses],
  }
}

const FIRST_WAREHOUSE = 101
/** Division 5001 (districts of Chongqing); kind of area 9 other, 6 bonded zone, W logistics centre. */
const DIVISION = '5001'
const PRIVATE_FIRM = '6'

const enterprise = (
  serial: number,
  name: string,
  roles: readonly Role[],
  zone?: Zone,
): SyntheticEnterprise => {
  const area = zone === undefined ? '9' : zone.type === 'CBZ' ? '6' : 'W'
  const number = String(serial).padStart(3, '0')
  return {
    name,
    customsCode: `${DIVISION}${area}${PRIVATE_FIRM}S${number}`,
    creditCode: creditCode(`MA0YN${number}`),
    roles,
    dxpId: `DXPENT9900000${number}`,
    ...(zone === undefined ? {} : { zone: zone.code }),
  }
}

/** 9 registered by the industry and commerce authority, 1 enterprise, 500100 Chongqing. */
const creditCode = (organisation: string): string => {
  const first17 = `91500100${organisation}${organisationCodeCheckDigit(organisation) ?? ''}`
  const check = creditCodeCheckDigit(first17)
  if (check === undefined) throw new Error(`no credit code can hold ${organisation}`)
  return first17 + check
}
