/**
 * A buyer's year as this gateway knows it: the limit, what lists have used up and what they reserve,
 * and the caller's own lists behind it. Of other enterprises' lists only the sums are told. Whoever
 * asks must hold the buyer's number, which goes in the body and is kept nowhere.
 */

import { getDeclaration } from '../catalogue/index.ts'
import type { State } from '../catalogue/message.ts'
import type { StateGroup } from '../catalogue/statuses.ts'
import { groupOf } from '../catalogue/statuses.ts'
import { chinaDay } from '../kernel/clock.ts'
import { add, type Decimal, readDecimal, subtract, ZERO } from '../kernel/decimal.ts'
import type { Text } from '../kernel/fault.ts'
import { QUOTA_DOCUMENTS_MAX } from '../kernel/quota-limits.ts'
import { findHoldAccounts } from '../store/hold-accounts.ts'
import { findOwnHolds } from '../store/quota.ts'
import { findRuleValues } from '../store/rule-values.ts'
import { buyerHash, quotaAccount, quotaKinds, yuan } from './quota.ts'
import { visibleSenders } from './sight.ts'
import type { Caller, FlowDeps } from './types.ts'

/** Amounts are CNY as decimal text. */
export interface BuyerQuota {
  readonly asOf: string
  readonly definition: Text
  readonly year: number
  /** Null where no rule is in force. */
  readonly limit: string | null
  readonly limitSource: string | null
  /** Used up by released lists, less what returns in time gave back. */
  readonly committed: string
  /** Held by lists that may yet be released. */
  readonly reserved: string
  /** Never less than zero; null without a limit. */
  readonly left: string | null
  /** The part of lists that the caller may not see. */
  readonly others: { readonly committed: string; readonly reserved: string }
  /** The caller's own, newest first. */
  readonly documents: readonly {
    readonly id: string
    readonly kind: string
    readonly number: string
    readonly orderNo: string | null
    readonly state: State
    readonly group: StateGroup
    readonly value: string
    readonly reserved: string
    readonly committed: string
    readonly restored: string
  }[]
  /** Own documents that are not shown. */
  readonly more: number
}

const definition: Text = {
  zh: '本系统口径，以海关为准：仅含经本系统申报的 9610、1210、1239 进口清单，按完税价格（货值+运费+保费）计入申报受理当年（北京时间）；放行计为已用，退单、撤销、删除及按期退货退还',
  en: 'Our own view; customs holds the truth: only import lists of modes 9610, 1210 and 1239 that went through this gateway, by dutiable value (goods, freight, insurance), in the calendar year (China time) they were taken in; used up at release, given back by rejection, cancellation, deletion and return in time',
}

export const buyerQuota = async (
  deps: FlowDeps,
  caller: Caller,
  asked: { readonly buyerIdNumber: string; readonly year?: number | undefined },
): Promise<BuyerQuota> => {
  const now = deps.clock.now()
  const today = chinaDay(now)
  const year = asked.year ?? Number(today.slice(0, 4))
  const id = quotaAccount(String(year), buyerHash(deps.sealer, asked.buyerIdNumber))
  const found = (await findHoldAccounts(deps.db, [id])).get(id)
  const [committed, reserved] = [found?.committed ?? ZERO, found?.reserved ?? ZERO]
  const rule = await limitOf(deps, year, today)
  const limit = readDecimal(rule?.value ?? '')
  const senders = await visibleSenders(deps, caller)
  const own = await findOwnHolds(deps.db, id, senders, QUOTA_DOCUMENTS_MAX)
  return {
    ...{ asOf: now.toISOString(), definition, year },
    limit: limit === undefined ? null : yuan(limit),
    limitSource: rule?.source ?? null,
    committed: yuan(committed),
    reserved: yuan(reserved),
    left: limit === undefined ? null : yuan(leftOf(limit, add(committed, reserved))),
    others: {
      committed: yuan(subtract(committed, decimal(own.committed))),
      reserved: yuan(subtract(reserved, decimal(own.reserved))),
    },
    documents: own.documents.map(({ asked: value, ...document }) => ({
      ...{ id: document.id, kind: document.kind, number: document.number },
      ...{ orderNo: document.orderNo, state: document.state },
      group: groupOf(getDeclaration(document.kind), document.state),
      value: yuan(decimal(value)),
      reserved: yuan(decimal(document.reserved)),
      committed: yuan(decimal(document.committed)),
      restored: yuan(decimal(document.restored)),
    })),
    more: own.count - own.documents.length,
  }
}

const leftOf = (limit: Decimal, used: Decimal): Decimal =>
  used > limit ? ZERO : subtract(limit, used)

const decimal = (text: string): Decimal => readDecimal(text) ?? ZERO

/** Today's rule for this year; for one that is over or to come, that of its last day. */
const limitOf = async (deps: Pick<FlowDeps, 'db'>, year: number, today: string) => {
  const on = today.startsWith(String(year)) ? today : `${year}-12-31`
  const values = await findRuleValues(deps.db, on)
  for (const kind of quotaKinds.keys()) {
    const found = values('annual-limit', kind)
    if (found !== undefined) return found
  }
  return undefined
}
