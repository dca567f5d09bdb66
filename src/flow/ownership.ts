/**
 * Whose document it is. The catalogue names the roles that may hand a kind in and the fields with
 * their codes; the document belongs to the first of them that the caller is, or holds a mandate of.
 */
import type { Declaration, FieldRecord } from '../catalogue/message.ts'
import { roleNames } from '../catalogue/roles.ts'
import { at, type Fault, type Text } from '../kernel/fault.ts'
import type { Principal } from '../store/access.ts'

export type Ownership =
  | { readonly kind: 'owned'; readonly principal: Principal }
  | { readonly kind: 'refused'; readonly fault: Fault }

/** `byDxp: false`: it is not sent over the exchange, so neither account nor key is asked for. */
export type Owned = Pick<Declaration, 'code' | 'owners'> & { readonly byDxp?: boolean }

export const ownerOf = (
  entry: Owned,
  head: FieldRecord,
  principals: readonly Principal[],
  headPointer: string,
): Ownership => {
  let nearest: Fault | undefined
  for (const owner of entry.owners) {
    const code = head[owner.field] ?? ''
    const refused = (what: keyof typeof texts): Fault => {
      const { text, cure } = texts[what](roleNames[owner.role], owner.field)
      return {
        code: `${entry.code}-${owner.field}-${what}`,
        pointer: at(headPointer, owner.field),
        severity: 'error',
        text,
        cure,
      }
    }
    const known = principals.find(
      (principal) =>
        principal.codes.includes(code) &&
        (principal.kinds === null || principal.kinds.includes(entry.code)),
    )
    if (known === undefined) {
      nearest ??= refused('FOREIGN_ENTERPRISE')
      continue
    }
    if (!known.roles.includes(owner.role)) nearest = refused('ROLE_MISSING')
    else if (entry.byDxp === false) return { kind: 'owned', principal: known }
    else if (!known.hasAccount) nearest = refused('NO_DXP_ACCOUNT')
    else if (!known.hasKey) nearest = refused('NO_SIGNING_KEY')
    else return { kind: 'owned', principal: known }
  }
  if (nearest === undefined) throw new Error(`${entry.code} names no owner`)
  return { kind: 'refused', fault: nearest }
}

type Told = (role: Text, field: string) => { readonly text: Text; readonly cure: Text }

const texts = {
  FOREIGN_ENTERPRISE: (role, field) => ({
    text: {
      zh: `${field} 不是贵企业的代码，也没有该企业的有效委托`,
      en: `${field} is not your enterprise's code, and no mandate of that enterprise is in force`,
    },
    cure: {
      zh: `改为本企业的${role.zh}代码，或请该企业先出具覆盖本单证类型的委托`,
      en: `Use your own code as ${role.en}, or have that enterprise give you a mandate for this kind`,
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
