/**
 * Registering an enterprise: its codes are checked, its account and its row are made together, and
 * its first user when one is named. Customs code: 10 characters (GACC, 海关注册编码). Credit code:
 * GB 32100; some codes of the first years fail its check digit, so beside a customs code a wrong
 * one is a warning only.
 */
import type { Role } from '../catalogue/message.ts'
import type { FlowDeps } from '../flow/types.ts'
import { hasCustomsCodeForm, isCreditCode } from '../kernel/check-digits.ts'
import { type Fault, refuses } from '../kernel/fault.ts'
import {
  type EnterpriseRow,
  findEnterprise,
  findUserWithRole,
  insertEnterprise,
} from '../store/accounts.ts'
import type { Accounts } from './accounts.ts'
import { OPERATOR_ROLE } from './auth.ts'

export interface WantedEnterprise {
  readonly name: string
  readonly customsCode?: string | undefined
  readonly creditCode?: string | undefined
  readonly roles: readonly Role[]
  /** Account at the exchange; nothing can be sent without one. */
  readonly dxpId?: string | undefined
  /** Whether its lists wait for order, payment and waybill; yes unless told. */
  readonly waitsForCompanions?: boolean | undefined
  readonly owner?: { readonly name: string; readonly email: string } | undefined
}

export type EnterpriseMade =
  | {
      readonly kind: 'made'
      readonly enterprise: EnterpriseRow
      /** Warnings. */
      readonly faults: readonly Fault[]
      readonly owner: { readonly email: string; readonly password: string } | null
    }
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[] }
  | { readonly kind: 'enterprise-exists' }
  | { readonly kind: 'user-exists' }

/** Throws when there is no operator yet. */
export const createEnterprise = async (
  deps: Pick<FlowDeps, 'db' | 'ids' | 'clock'>,
  accounts: Accounts,
  wanted: WantedEnterprise,
): Promise<EnterpriseMade> => {
  const faults = checkEnterprise(wanted)
  if (refuses(faults)) return { kind: 'invalid', faults }
  const operator = await findUserWithRole(deps.db, OPERATOR_ROLE)
  if (operator === undefined) throw new Error('there is no operator to own the enterprise')
  const user = wanted.owner && (await accounts.createUser(wanted.owner.name, wanted.owner.email))
  if (user?.kind === 'exists') return { kind: 'user-exists' }
  const id = deps.ids.next()
  const inserted = await insertEnterprise(
    deps.db,
    {
      id,
      memberId: deps.ids.next(),
      ownerUserId: user?.userId ?? operator,
      name: wanted.name,
      customsCode: wanted.customsCode ?? null,
      creditCode: wanted.creditCode ?? null,
      roles: wanted.roles,
      dxpId: wanted.dxpId ?? null,
      waitsForCompanions: wanted.waitsForCompanions ?? true,
    },
    deps.clock.now(),
  )
  if (!inserted) return { kind: 'enterprise-exists' }
  const enterprise = await findEnterprise(deps.db, id)
  if (enterprise === undefined) throw new Error(`enterprise ${id} vanished`)
  const owner = wanted.owner && user ? { email: wanted.owner.email, password: user.password } : null
  return { kind: 'made', enterprise, faults, owner }
}

export const checkEnterprise = (wanted: WantedEnterprise): readonly Fault[] => {
  const faults: Fault[] = []
  const { customsCode, creditCode } = wanted
  if (customsCode === undefined && creditCode === undefined) faults.push(enterpriseFaults.noCode)
  if (customsCode !== undefined && !hasCustomsCodeForm(customsCode)) {
    faults.push(enterpriseFaults.customsCode)
  }
  if (creditCode !== undefined && !isCreditCode(creditCode)) {
    const severity = customsCode !== undefined && creditCode.length === 18 ? 'warning' : 'error'
    faults.push({ ...enterpriseFaults.creditCode, severity })
  }
  return faults
}

const enterpriseFaults = {
  noCode: {
    code: 'ENTERPRISE-codes-MISSING',
    pointer: '',
    severity: 'error',
    text: {
      zh: '缺少海关注册编码和统一社会信用代码',
      en: 'There is neither a customs code nor a credit code',
    },
    cure: { zh: '至少填写其中之一', en: 'Give at least one of them' },
  },
  customsCode: {
    code: 'ENTERPRISE-customsCode-FORM',
    pointer: '/customsCode',
    severity: 'error',
    text: {
      zh: '海关注册编码应为 10 位:前 4 位数字,后 6 位数字或大写字母',
      en: 'A customs code has 10 characters: 4 digits, then 6 digits or capital letters',
    },
    cure: { zh: '按海关注册登记证书填写', en: 'Copy it from the customs registration' },
  },
  creditCode: {
    code: 'ENTERPRISE-creditCode-CHECK_DIGIT',
    pointer: '/creditCode',
    severity: 'error',
    text: {
      zh: '统一社会信用代码的格式或校验位不对(GB 32100)',
      en: 'Form or check digit of the credit code is wrong (GB 32100)',
    },
    cure: { zh: '按营业执照核对 18 位代码', en: 'Compare all 18 characters with the licence' },
  },
} as const satisfies Readonly<Record<string, Fault>>
