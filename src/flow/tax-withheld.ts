/**
 * The tax that an order says was collected beside what its list is estimated to bear: a warning when
 * the list is handed in and its order is there, and a line of the consignment. An order that says
 * zero collected nothing yet, and goods whose rates are not known cannot be told about.
 */
import { getDeclaration } from '../catalogue/index.ts'
import type { AnyDocument } from '../catalogue/message.ts'
import { at, type Fault } from '../kernel/fault.ts'
import { compare, type Fraction, minus, readFraction } from '../kernel/fraction.ts'
import { grouped } from '../kernel/grouped.ts'
import type { Comparison } from '../rules/consignment.ts'
import { sumOf } from '../rules/tax.ts'
import type { NewDocument } from '../store/documents.ts'
import type { Db } from '../store/tables.ts'
import { findWithheld, type WithheldAsked } from '../store/withheld.ts'
import { needsIn, partPrefix } from './admission.ts'
import { type Finding, settleFindings } from './findings.ts'
import { type ListToTax, type ReckonedList, rateCodes, reckonLists } from './list-tax.ts'
import { money, taxedList, withheldOf } from './tax-estimate.ts'
import type { TodaysRules } from './todays-rules.ts'

const { withheld, lines } = taxedList.taxed

export interface TakenList {
  /** In its batch. */
  readonly index: number
  readonly draft: Pick<NewDocument, 'kind' | 'senderId' | 'orderNo' | 'orderLane' | 'needs'>
  readonly document: AnyDocument
}

/**
 * By index of the batch, for lists that nothing refuses. Reads nothing where no list is among them, and
 * no rates where no order is.
 */
export const withheldWarnings = async (
  db: Db,
  rules: TodaysRules,
  all: readonly TakenList[],
): Promise<ReadonlyMap<number, readonly Fault[]>> => {
  const asked = all.flatMap(({ draft }, place) => askedOf(draft, place))
  const concerned = asked.flatMap(({ index }) => all[index] ?? [])
  const codes = rateCodes(concerned.map(({ document }) => ({ payload: document })))
  const { told: companions, rates } = await findWithheld(db, asked, codes)
  const told = grouped(companions, ({ index }) => index)
  if (told.size === 0) return new Map()
  const lists = [...told.keys()].flatMap((index): readonly ListToTax[] => {
    const document = all[index]?.document
    return document === undefined ? [] : [{ lane: 0, id: String(index), payload: document }]
  })
  const reckoned = await reckonLists(db, lists, { ...(await rules()), rates })
  const found = [...told].flatMap(([place, own]) => {
    const [list, total] = [all[place], totalOf(reckoned.get(String(place)))]
    if (list === undefined || total === undefined) return []
    if (!own.every(({ value }) => verdictOf(value, total) === 'differs')) return []
    const { kind, senderId } = list.draft
    return [{ index: list.index, kind, senderId, findings: [findingOf(total.value)] }]
  })
  const faults = await settleFindings(rules, found)
  return new Map(found.map(({ index }, i) => [index, faults[i] ?? []]))
}

const askedOf = (
  { kind, orderNo, orderLane, needs }: TakenList['draft'],
  index: number,
): readonly WithheldAsked[] => {
  if (kind !== taxedList.code || orderNo === null || orderLane === null || needs === null) return []
  const offer = needsIn(needs).find((need) => need.startsWith(partPrefix(withheld.part)))
  return offer === undefined ? [] : [{ index, lane: orderLane, orderNo, offer }]
}

const isNothing = (value: string): boolean => readFraction(value)?.above === 0n

/** CNY. */
interface Total {
  readonly value: Fraction
  readonly tolerance: Fraction
}

/** Undefined where nothing could be reckoned, or the goods are not admitted. */
const totalOf = (list: ReckonedList | undefined): Total | undefined => {
  if (list?.taxes.kind !== 'taxed' || list.taxes.taxed === undefined) return undefined
  return { value: sumOf(list.taxes.taxed.total), tolerance: list.taxes.tolerance }
}

const verdictOf = (text: string, total: Total | undefined): Comparison['verdict'] => {
  const collected = readFraction(text)
  if (total === undefined || collected === undefined) return 'cannot-tell'
  const { value, tolerance } = total
  const isMore = compare(collected, value) > 0
  const gap = isMore ? minus(collected, value) : minus(value, collected)
  return compare(gap, tolerance) > 0 ? 'differs' : 'equal'
}

const findingOf = (total: Fraction): Finding => ({
  ...{ rule: 'TAX_TOTAL', field: lines.group, pointer: at('', lines.group), mild: true },
  text: {
    zh: `订单代扣税款与本清单的试算税额（${money(total)} 元）不一致`,
    en: `The tax that the order says was collected is not what this list is estimated to bear (${money(total)} CNY)`,
  },
})

/** For the consignment; undefined unless both documents are there. */
export const compareWithheld = async (
  db: Db,
  documents: ReadonlyMap<string, ListToTax>,
): Promise<Comparison | undefined> => {
  const [order, list] = [documents.get(withheld.kind), documents.get(taxedList.code)]
  if (order === undefined || list === undefined) return undefined
  const value = withheldOf(getDeclaration(withheld.kind), order.payload)
  const reckoned = (await reckonLists(db, [list])).get(list.id)
  if (value === null || reckoned === undefined) return undefined
  const total = totalOf(reckoned)
  return {
    ...{ rule: 'TAX_TOTAL', zh: '代扣税款与试算税额', en: 'Tax collected and tax estimated' },
    verdict: isNothing(value) ? 'cannot-tell' : verdictOf(value, total),
    places: {
      [withheld.kind]: { group: '', index: -1, field: withheld.field },
      [taxedList.code]: { group: lines.group, index: -1, field: '' },
    },
    values: {
      [withheld.kind]: value,
      ...(total === undefined ? {} : { [taxedList.code]: money(total.value) }),
    },
  }
}
