/**
 * What a granted return gives back of its buyer's year. Worked out afresh from the list and all of
 * its returns whenever customs speaks of one of them, so the order of replies makes no difference. A
 * return that was late gives back nothing; the list's tax stands then, too.
 */
import { declarations, findAct } from '../catalogue/index.ts'
import type { Declaration } from '../catalogue/message.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { chinaDay, dayOfStamp } from '../kernel/clock.ts'
import { ZERO } from '../kernel/decimal.ts'
import { laneOfId } from '../kernel/ids.ts'
import { laneOf } from '../kernel/lane.ts'
import { dutiableValue, restoredValue } from '../rules/quota.ts'
import type { ActFacts } from '../store/acts.ts'
import { logSettled } from '../store/bonded-movements.ts'
import type { Written } from '../store/evidence.ts'
import { type Restored, restoreHolds, settleHolds } from '../store/holds.ts'
import { findVersions } from '../store/related.ts'
import {
  findGranted,
  findHolding,
  findNamed,
  type GrantedDocument,
  type HoldingList,
  lockStates,
} from '../store/returned.ts'
import { findRuleValues, type RuleValues } from '../store/rule-values.ts'
import type { Trx } from '../store/transaction.ts'
import { targetsOf } from './admission.ts'
import { type ReturnedLists, restoreStock } from './bonded-returns.ts'
import { settleCounts } from './counted-returns.ts'
import { actFactsOf, holdFacts } from './kinds.ts'
import { quotaKinds } from './quota.ts'

/**
 * Kinds of lists that count or hold something and may be returned, each with what asks for a return and,
 * where they hold something, the facts of that.
 */
const returnable = declarations.flatMap((list) => {
  const back = findAct(list.code, 'return')
  const facts = quotaKinds.has(list.code)
    ? holdFacts.find(({ kind }) => kind === list.code)
    : undefined
  const isConcerned = facts !== undefined || list.trade !== undefined
  const acts = back && actFactsOf(back)
  return back === undefined || acts === undefined || !isConcerned
    ? []
    : [{ list, back, acts, facts }]
})

/**
 * Brings totals, quotas and bonded books in line with what customs just said of lists and of their
 * returns. Without a moment no book is logged and no total touched: what is counted anew is no news.
 */
export const settleReturns = async (
  trx: Trx,
  { answered, returned }: Pick<Written, 'answered' | 'returned'>,
  now: Date | null,
): Promise<void> => {
  for (const { list, back, acts, facts } of returnable) {
    const spoken = answered.filter(({ kind }) => kind === back.code)
    const named = await listsNamed(trx, back, acts, spoken)
    const ids = [...new Set([...returned, ...named])].sort()
    if (ids.length === 0) continue
    const keys = ids.map((id) => ({ lane: laneOfId(id), id }))
    await lockStates(trx, keys)
    const granted = await findGranted(trx, acts, keys)
    if (now !== null) await settleCounts(trx, { list, back, keys, granted }, now)
    if (facts === undefined) continue
    const lists = { list, back, facts, keys, granted }
    await restoreQuota(trx, lists)
    await restoreStock(trx, lists)
    const { moves } = await settleHolds(
      trx,
      [{ ...facts, returned: undefined }],
      keys.map((key) => ({ ...key, kind: list.code })),
    )
    if (now !== null) await logSettled(trx, moves, now)
  }
}

const listsNamed = async (
  trx: Trx,
  back: Declaration,
  acts: ActFacts,
  spoken: readonly { readonly lane: number; readonly id: string; readonly version: number }[],
): Promise<readonly string[]> => {
  if (spoken.length === 0) return []
  const versions = await findVersions(
    trx,
    spoken.map(({ lane, id, version }) => ({ lane, documentId: id, version })),
  )
  const numbers = versions
    .flatMap(({ payload }) => targetsOf(back, payload, headOfDocument(back, payload)))
    .map((number) => ({ lane: laneOf(number), number }))
  return (await findNamed(trx, acts, numbers)).map(({ id }) => id)
}

const restoreQuota = async (
  trx: Trx,
  { list, back, facts, keys, granted }: ReturnedLists,
): Promise<void> => {
  const lists = await findHolding(trx, facts, 'quota', keys)
  const days = new Map<string, RuleValues>()
  const rows: Restored[] = []
  for (const one of lists) {
    const on = one.releasedAt === null ? undefined : dayOfStamp(one.releasedAt)
    if (on !== undefined && !days.has(on)) days.set(on, await findRuleValues(trx, on))
    const values = on === undefined ? undefined : days.get(on)
    const returns = granted.filter(({ listId }) => listId === one.id)
    const { lane, id, accountId } = one
    const amount =
      on === undefined || values === undefined
        ? ZERO
        : amountOf({ list, back, one, on, values, returns })
    rows.push({ lane, documentId: id, accountId, amount })
  }
  await restoreHolds(trx, rows)
}

const amountOf = ({
  list,
  back,
  one,
  on,
  values,
  returns,
}: Pick<ReturnedLists, 'list' | 'back'> & {
  readonly one: HoldingList
  readonly on: string
  readonly values: RuleValues
  readonly returns: readonly GrantedDocument[]
}) => {
  const { quota } = list
  const lines = back.acts?.making?.lines
  const [apply, arrive] = (['return-apply-days', 'return-arrive-days'] as const).map((name) =>
    Number(values(name, list.code)?.value),
  )
  // Without a rule in force nothing says what is in time.
  if (quota === undefined || lines === undefined || !apply || !arrive) return ZERO
  const goods = linesOf(list, one.payload, quota.lines.group)
  const value = dutiableValue(quota, headOfDocument(list, one.payload), goods)
  return restoredValue(
    quota,
    { value, goods, releasedOn: on },
    returns.map(({ takenAt, grantedAt, payload }) => ({
      appliedOn: chinaDay(takenAt),
      grantedOn: dayOfStamp(grantedAt),
      lines: linesOf(back, payload, lines.group),
    })),
    { apply, arrive },
    { number: lines.number, quantity: lines.quantity },
  )
}
