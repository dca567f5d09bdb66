/**
 * The tax that an order says was collected beside what its list is estimated to bear: a warning when
 * the list is handed in and its order is there, and a line of the consignment. An order that says
 * zero collected nothing yet, and goods whose rates are not known cannot be told about.
 */
import { getDeclaration, headOf } from '../catalogue/index.ts'
import type { AnyDocument } from '../catalogue/message.ts'
import { headOfDocument } from '../codec/document.ts'
import { at } from '../kernel/fault.ts'
import { compare, minus, readFraction } from '../kernel/fraction.ts'
import type { Comparison } from '../rules/consignment.ts'
import type { NewDocument } from '../store/documents.ts'
import type { Db } from '../store/tables.ts'
import { findWithheld, type WithheldAsked } from '../store/withheld.ts'
import { needsIn, partPrefix } from './admission.ts'
import type { Finding } from './findings.ts'
import { estimateLists, type ListToTax } from './list-tax.ts'
import { type Estimated, taxedList } from './tax-estimate.ts'
import type { TodaysRules } from './todays-rules.ts'

const { withheld, lines } = taxedList.taxed
const PLACE = [headOf(getDeclaration(withheld.kind)).group ?? '', withheld.field] as const

export interface TakenList {
  readonly draft: Pick<NewDocument, 'kind' | 'orderNo' | 'orderLane' | 'needs'>
  readonly document: AnyDocument
}

/** In the order given. Reads nothing where no list is among them, and no rates where no order is. */
export const withheldFindings = async (
  db: Db,
  rules: TodaysRules,
  all: readonly TakenList[],
): Promise<readonly (readonly Finding[])[]> => {
  const asked = all.flatMap(({ draft }, index) => askedOf(draft, index))
  const told = (await findWithheld(db, asked, PLACE)).filter(({ value }) => !isNothing(value))
  if (told.length === 0) return all.map(() => [])
  const indexes = [...new Set(told.map(({ index }) => index))]
  const lists = indexes.flatMap((index): readonly ListToTax[] => {
    const document = all[index]?.document
    return document === undefined ? [] : [{ lane: 0, id: String(index), payload: document }]
  })
  const estimates = await estimateLists(db, lists, await rules())
  return all.map((_, index) => {
    const own = told.filter((one) => one.index === index)
    const estimated = estimates.get(String(index))
    const verdicts = own.map(({ value }) => verdictOf(value, estimated))
    return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'differs')
      ? [findingOf(estimated)]
      : []
  })
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

const verdictOf = (value: string, estimated: Estimated | undefined): Comparison['verdict'] => {
  const collected = readFraction(value)
  if (estimated?.kind !== 'estimate' || collected === undefined) return 'cannot-tell'
  const total = readFraction(estimated.estimate.total ?? '')
  if (total === undefined) return 'cannot-tell'
  const isMore = compare(collected, total) > 0
  const gap = isMore ? minus(collected, total) : minus(total, collected)
  return compare(gap, estimated.tolerance) > 0 ? 'differs' : 'equal'
}

const findingOf = (estimated: Estimated | undefined): Finding => {
  const total = estimated?.kind === 'estimate' ? (estimated.estimate.total ?? '') : ''
  return {
    ...{ rule: 'TAX_TOTAL', field: lines.group, pointer: at('', lines.group), mild: true },
    text: {
      zh: `订单代扣税款与本清单的试算税额（${total} 元）不一致`,
      en: `The tax that the order says was collected is not what this list is estimated to bear (${total} CNY)`,
    },
  }
}

/** For the consignment; undefined unless both documents are there. */
export const compareWithheld = async (
  db: Db,
  documents: ReadonlyMap<string, ListToTax>,
): Promise<Comparison | undefined> => {
  const [order, list] = [documents.get(withheld.kind), documents.get(taxedList.code)]
  if (order === undefined || list === undefined) return undefined
  const value = headOfDocument(getDeclaration(withheld.kind), order.payload)[withheld.field]
  const estimated = (await estimateLists(db, [list])).get(list.id)
  if (value === undefined || estimated === undefined) return undefined
  const total = estimated.kind === 'estimate' ? estimated.estimate.total : null
  return {
    ...{ rule: 'TAX_TOTAL', zh: '代扣税款与试算税额', en: 'Tax collected and tax estimated' },
    verdict: isNothing(value) ? 'cannot-tell' : verdictOf(value, estimated),
    places: {
      [withheld.kind]: { group: '', index: -1, field: withheld.field },
      [taxedList.code]: { group: lines.group, index: -1, field: '' },
    },
    values: {
      [withheld.kind]: value,
      ...(total === null ? {} : { [taxedList.code]: total }),
    },
  }
}
