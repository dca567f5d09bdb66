/**
 * Whose document it is. The catalogue names the roles that may hand a kind in and the fields with
 * their codes; the document belongs to the first of them that the caller is, or holds a mandate of.
 */
import type { Declaration, FieldRecord, Role } from '../catalogue/message.ts'
import { roleNames } from '../catalogue/roles.ts'
import { addDays } from '../kernel/clock.ts'
import { at, type Fault, type Text } from '../kernel/fault.ts'
import { MANDATE_NOTICE_DAYS } from '../kernel/mandate-limits.ts'
import { covers, coversKind, type Placed, type Principal } from '../store/access.ts'
import type { ClosedMandate } from '../store/mandates.ts'

export type Ownership =
  | {
      readonly kind: 'owned'
      readonly principal: Principal
      /** The field with its code. */
      readonly field: string
    }
  | { readonly kind: 'refused'; readonly fault: Fault }

/** `byDxp: false`: it is not sent over the exchange, so neither account nor key is asked for. */
export type Owned = Pick<Declaration, 'code' | 'owners'> & { readonly byDxp?: boolean }

export interface OwnerContext {
  readonly principals: readonly Principal[]
  /** Mandates that do not hold today, where a refusal has to be explained. */
  readonly closed?: readonly ClosedMandate[]
  /** Of the document; null where it lies in none, or none is decided. */
  readonly zone: string | null
  /** Of its head. */
  readonly pointer: string
}

export const ownerOf = (entry: Owned, head: FieldRecord, context: OwnerContext): Ownership => {
  let nearest: Refusal | undefined
  for (const { field, role } of entry.owners) {
    const code = head[field] ?? ''
    const known = context.principals.filter(({ codes }) => codes.includes(code))
    const place = { kind: entry.code, zone: context.zone }
    const principal = known.find((one) => covers(one, place))
    const why =
      principal === undefined
        ? whyNot(known, context, place, code)
        : lackOf(principal, role, entry.byDxp !== false)
    if (why === undefined) {
      if (principal !== undefined) return { kind: 'owned', principal, field }
    } else if (nearest === undefined || CLOSENESS[why.what] > CLOSENESS[nearest.what])
      nearest = { ...why, field, role }
  }
  if (nearest === undefined) throw new Error(`${entry.code} names no owner`)
  return { kind: 'refused', fault: faultOf(entry, nearest, context.pointer) }
}

/** Nobody's mandate at all: what another mandate, held at another time, might explain. */
export const isForeign = ({ code }: Fault): boolean => code.endsWith('-FOREIGN_ENTERPRISE')

/** A warning on what comes in under a mandate that ends within days. */
export const lapsingWarnings = (
  entry: Pick<Declaration, 'code'>,
  { principal, field }: Extract<Ownership, { kind: 'owned' }>,
  today: string,
  pointer: string,
): readonly Fault[] => {
  const { lastDay } = principal
  if (lastDay === null || lastDay > addDays(today, MANDATE_NOTICE_DAYS)) return []
  return [
    {
      code: `${entry.code}-${field}-MANDATE_LAPSING`,
      pointer: at(pointer, field),
      severity: 'warning',
      text: {
        zh: `${field} 所指企业的委托于 ${lastDay} 到期，此后不再受理`,
        en: `The mandate of the enterprise in ${field} ends on ${lastDay}; nothing is taken under it after that day`,
      },
      cure: {
        zh: '请该企业在到期前出具新的委托',
        en: 'Have that enterprise give a new mandate before that day',
      },
    },
  ]
}

interface Why {
  readonly what: keyof typeof texts
  /** What the mandate says: its kinds, its zones, or its day. */
  readonly said?: string
}

interface Refusal extends Why {
  readonly field: string
  readonly role: Role
}

/** How near the caller came, of the refusals by several fields the nearest is told. */
const CLOSENESS: Readonly<Record<keyof typeof texts, number>> = {
  FOREIGN_ENTERPRISE: 0,
  MANDATE_LAPSED: 1,
  MANDATE_COMING: 2,
  MANDATE_KIND: 3,
  MANDATE_ZONE: 4,
  ROLE_MISSING: 5,
  NO_DXP_ACCOUNT: 6,
  NO_SIGNING_KEY: 7,
}

/** Why no mandate in force covers it. */
const whyNot = (
  known: readonly Principal[],
  { closed = [] }: OwnerContext,
  { kind }: Placed,
  code: string,
): Why => {
  const forKind = known.filter((one) => coversKind(one, kind))
  if (forKind.length > 0) {
    const zones = forKind.flatMap((one) => one.zones ?? [])
    return { what: 'MANDATE_ZONE', said: [...new Set(zones)].join(' ') }
  }
  if (known.length > 0) {
    const kinds = known.flatMap((one) => one.kinds ?? [])
    return { what: 'MANDATE_KIND', said: [...new Set(kinds)].join(' ') }
  }
  const others = closed.filter((one) => one.codes.includes(code) && coversKind(one, kind))
  const coming = others.filter(({ state }) => state === 'coming').map((one) => one.validFrom)
  const [first] = coming.toSorted()
  if (first !== undefined) return { what: 'MANDATE_COMING', said: first }
  // The latest is first.
  const [lapsed] = others
  if (lapsed === undefined) return { what: 'FOREIGN_ENTERPRISE' }
  return { what: 'MANDATE_LAPSED', said: lapsed.lastDay ?? '' }
}

const lackOf = (
  { roles, hasAccount, hasKey }: Principal,
  role: Role,
  byDxp: boolean,
): Why | undefined => {
  if (!roles.includes(role)) return { what: 'ROLE_MISSING' }
  if (!byDxp) return undefined
  if (!hasAccount) return { what: 'NO_DXP_ACCOUNT' }
  return hasKey ? undefined : { what: 'NO_SIGNING_KEY' }
}

const faultOf = (
  entry: Owned,
  { what, said = '', field, role }: Refusal,
  pointer: string,
): Fault => ({
  code: `${entry.code}-${field}-${what}`,
  pointer: at(pointer, field),
  severity: 'error',
  ...texts[what](roleNames[role], field, said),
})

type Told = (
  role: Text,
  field: string,
  said: string,
) => { readonly text: Text; readonly cure: Text }

const texts = {
  FOREIGN_ENTERPRISE: (role, field) => ({
    text: {
      zh: `${field} 不是贵企业的代码，也没有该企业的委托`,
      en: `${field} is not your enterprise's code, and you hold no mandate of that enterprise`,
    },
    cure: {
      zh: `改为本企业的${role.zh}代码，或请该企业先出具覆盖本单证类型的委托`,
      en: `Use your own code as ${role.en}, or have that enterprise give you a mandate for this kind`,
    },
  }),
  MANDATE_LAPSED: (_role, field, said) => ({
    text: {
      zh: `${field} 所指企业的委托已于 ${said} 到期`,
      en: `The mandate of the enterprise in ${field} ended on ${said}`,
    },
    cure: { zh: '请该企业出具新的委托', en: 'Have that enterprise give you a new mandate' },
  }),
  MANDATE_COMING: (_role, field, said) => ({
    text: {
      zh: `${field} 所指企业的委托自 ${said} 起才生效`,
      en: `The mandate of the enterprise in ${field} begins on ${said} only`,
    },
    cure: {
      zh: '待生效后再提交，或请该企业出具即时生效的委托',
      en: 'Hand it in from that day on, or have that enterprise give a mandate from today',
    },
  }),
  MANDATE_KIND: (_role, field, said) => ({
    text: {
      zh: `${field} 所指企业的委托不含本单证类型，只含 ${said}`,
      en: `The mandate of the enterprise in ${field} is not for this kind, only for ${said}`,
    },
    cure: {
      zh: '请该企业为本单证类型另行出具委托',
      en: 'Have that enterprise give you a mandate for this kind as well',
    },
  }),
  MANDATE_ZONE: (_role, field, said) => ({
    text: {
      zh: `${field} 所指企业的委托只限监管区域 ${said}，本单证不属其中`,
      en: `The mandate of the enterprise in ${field} is for zone ${said} only, and this document lies in none of them`,
    },
    cure: {
      zh: '核对区内企业、场所与关区代码，或请该企业为该区域出具委托',
      en: 'Check the codes of warehouse, site and office, or have that enterprise give a mandate for the zone',
    },
  }),
  ROLE_MISSING: (role, field) => ({
    text: {
      zh: `${field} 所指企业没有登记“${role.zh}”角色`,
      en: `The enterprise in ${field} is not registered as ${role.en}`,
    },
    cure: {
      zh: '请运营方为该企业登记此角色',
      en: 'Ask the operator to register this role for the enterprise',
    },
  }),
  NO_DXP_ACCOUNT: (_role, field) => ({
    text: {
      zh: `${field} 所指企业没有登记 DXP 传输编号，报文无法发送`,
      en: `The enterprise in ${field} has no DXP account, so nothing could be sent`,
    },
    cure: { zh: '请先登记 DXP 传输编号', en: 'Register its DXP id first' },
  }),
  NO_SIGNING_KEY: (_role, field) => ({
    text: {
      zh: `${field} 所指企业没有有效的签名密钥，报文无法加签`,
      en: `The enterprise in ${field} has no signing key in force, so nothing could be signed`,
    },
    cure: { zh: '请先登记有效的签名密钥', en: 'Register a signing key that is in force' },
  }),
} as const satisfies Readonly<Record<string, Told>>
