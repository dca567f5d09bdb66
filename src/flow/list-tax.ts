/**
 * Taxes of a stored list: what we estimate, by the limits and rates of its day, and how that compares
 * with what customs bills. What the buyer used of his year before is not known here and counts as
 * nothing. A notice is compared when it is filed; nothing of it is asked at intake.
 */
import { notices } from '../catalogue/index.ts'
import type { AnyDocument, Bill } from '../catalogue/message.ts'
import type { TaxRate } from '../catalogue/tax-rates.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { dayOfStamp } from '../kernel/clock.ts'
import { at, type Fault } from '../kernel/fault.ts'
import {
  compare,
  type Fraction,
  minus,
  NOTHING,
  plus,
  readFraction,
  WHOLE,
} from '../kernel/fraction.ts'
import { grouped } from '../kernel/grouped.ts'
import { isId } from '../kernel/ids.ts'
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import type { Quantity, Taxes } from '../rules/tax.ts'
import { codesAbove, type ReadRate, readRates } from '../rules/tax-rates.ts'
import type { DayRules } from '../store/day-rules.ts'
import type { FoundDocument } from '../store/listing.ts'
import { findRuleValues } from '../store/rule-values.ts'
import type { Db } from '../store/tables.ts'
import { findTaxRates } from '../store/tax-rates.ts'
import {
  type BillTelling,
  type CountedBill,
  countBillsAstray,
  findBilledLists,
  findBillTellings,
  findVariance,
  type LockedList,
  listVariances,
  lockVariances,
  type NewVariance,
  recountBills,
  type StoredVariance,
  type TaxedDocument,
  type TaxVerdict,
  writeVariances,
} from '../store/tax-variances.ts'
import type { Trx } from '../store/transaction.ts'
import { visibleSenders } from './sight.ts'
import {
  amountsOf,
  type Estimated,
  estimateOf,
  type Goods,
  money,
  type Reckoned,
  reckonGoods,
  type TaxAmounts,
  type TaxEstimate,
  taxedList,
  taxLimits,
} from './tax-estimate.ts'
import type { Caller, FlowDeps } from './types.ts'

/** A list with its content. */
export interface ListToTax extends TaxedDocument {
  readonly payload: AnyDocument
}

/** By id; lists of other modes of trade have no estimate at all. */
export const estimateLists = async (
  db: Db,
  lists: readonly ListToTax[],
): Promise<ReadonlyMap<string, Estimated>> => {
  const reckoned = await reckonLists(db, lists)
  return new Map([...reckoned].map(([id, { goods, taxes }]) => [id, estimateOf(goods, taxes)]))
}

export interface ReckonedList {
  readonly goods: Goods
  readonly taxes: Reckoned
}

/** The same as figures. Limits of other days than `known`, and rates that are not handed in, are read. */
export const reckonLists = async (
  db: Db,
  lists: readonly ListToTax[],
  known?: Pick<DayRules, 'day' | 'values'> & { readonly rates: readonly TaxRate[] },
): Promise<ReadonlyMap<string, ReckonedList>> => {
  const goods = lists.flatMap((list) => {
    const found = goodsOf(list.payload)
    return found === undefined ? [] : [{ id: list.id, goods: found }]
  })
  const found = known?.rates ?? (await findTaxRates(db, rateCodes(lists)))
  const rates = grouped(readRates(found), ({ row }) => row.code)
  // Lists of a batch name the same goods again and again.
  const byCode = new Map<string, readonly ReadRate[]>()
  const ratesUnder = (code: string): readonly ReadRate[] => {
    const under = byCode.get(code) ?? codesAbove(code).flatMap((above) => rates.get(above) ?? [])
    byCode.set(code, under)
    return under
  }
  const ratesOf = ({ lines }: Goods): readonly ReadRate[] =>
    lines.length === 1
      ? ratesUnder(lines[0]?.code ?? '')
      : [...new Set(lines.flatMap(({ code }) => ratesUnder(code)))]
  const limits = new Map(known && [[known.day, taxLimits(known.values)]])
  for (const { on } of goods.map((each) => each.goods))
    if (!limits.has(on)) limits.set(on, taxLimits(await findRuleValues(db, on)))
  return new Map(
    goods.map(({ id, goods: own }) => {
      const taxes = reckonGoods(own, { limits: limits.get(own.on), rates: ratesOf(own) })
      return [id, { goods: own, taxes }]
    }),
  )
}

/** Codes under which rates of their goods may stand, each once. */
export const rateCodes = (lists: readonly Pick<ListToTax, 'payload'>[]): readonly string[] => {
  const codes = new Set<string>()
  for (const { payload } of lists)
    for (const line of linesOf(taxedList, payload, taxed.lines.group))
      codes.add(line[taxed.lines.code] ?? '')
  return [...new Set([...codes].flatMap(codesAbove))]
}

const { taxed, quota } = taxedList
const GROUP = Object.keys('groups' in taxedList.body ? taxedList.body.groups : {})[0] ?? ''
const PLACES = { dayAt: at(at('', GROUP), taxed.day), linesAt: at('', taxed.lines.group) }

const goodsOf = (payload: AnyDocument): Goods | undefined => {
  const head = headOfDocument(taxedList, payload)
  if (!quota.modes.includes(head[quota.mode] ?? '')) return undefined
  return {
    on: dayOfStamp(head[taxed.day] ?? ''),
    lines: linesOf(taxedList, payload, taxed.lines.group).map((line) => ({
      code: line[taxed.lines.code] ?? '',
      price: read(line[taxed.lines.price]),
      quantities: taxed.lines.quantities.flatMap(({ amount, unit }): readonly Quantity[] =>
        line[amount] === undefined
          ? []
          : [
              {
                amount: read(line[amount]),
                unit: line[unit],
                isLegal: amount === taxed.lines.legal,
              },
            ],
      ),
    })),
    costs: plus(...quota.charges.map((name) => read(head[name]))),
    ...{ exchange: WHOLE, used: NOTHING },
    ...PLACES,
  }
}

/** Amounts were checked when they came in; customs' own are taken as they are. */
const read = (text: string | undefined): Fraction => readFraction(text?.trim() ?? '') ?? NOTHING

// ---- comparing -------------------------------------------------------------------------------

const bills: ReadonlyMap<string, Bill> = new Map(
  notices.flatMap((entry) => (entry.bill === undefined ? [] : [[entry.code, entry.bill]])),
)

export const isBill = (kind: string): boolean => bills.has(kind)

/** Compares lists of which a bill, or the status of one, was told in this transaction. */
export const compareBills = async (
  trx: Trx,
  documents: readonly TaxedDocument[],
  now: Date,
): Promise<void> => {
  const once = [...new Map(documents.map(({ lane, id }) => [id, { lane, id }])).values()]
  if (once.length === 0) return
  await lockVariances(trx, once)
  const lists = await findBilledLists(trx, once)
  const places = new Map(lists.map((list) => [list.id, list]))
  const told = await findBillTellings(trx, once, [...bills.keys()])
  const estimates = await estimateLists(trx, lists as readonly ListToTax[])
  await writeVariances(
    trx,
    once.map((document) => {
      const own = told.filter(({ documentId }) => documentId === document.id)
      const counted = countedBills(standingBills(own), places.get(document.id))
      return { ...varianceOf(document, own, estimates.get(document.id)), counted }
    }),
    now,
  )
}

/** Counts the bills of lists among the taxes of their zones anew, and compares nothing. */
export const countBills = async (
  trx: Trx,
  documents: readonly TaxedDocument[],
  now: Date,
): Promise<void> => {
  if (documents.length === 0) return
  await lockVariances(trx, documents)
  await recountBills(trx, await billsToCount(trx, await findBilledLists(trx, documents)), now)
}

/** How many of them `countBills` would change. */
export const countWrongBills = async (
  db: Db,
  documents: readonly TaxedDocument[],
): Promise<number> =>
  documents.length === 0
    ? 0
    : countBillsAstray(db, await billsToCount(db, await findBilledLists(db, documents)))

const billsToCount = async (db: Db, lists: readonly LockedList[]) => {
  const told = await findBillTellings(db, lists, [...bills.keys()])
  const byList = grouped(told, ({ documentId }) => documentId)
  return lists.map((list) => ({
    ...{ lane: list.lane, id: list.id },
    counted: countedBills(standingBills(byList.get(list.id) ?? []), list),
  }))
}

/** By the month in which customs made each out, in the zone that the list has now. */
const countedBills = (
  standing: readonly StandingBill[],
  place: Pick<LockedList, 'zone' | 'mode'> | undefined,
): readonly CountedBill[] =>
  standing.map(({ month, ...taxes }) => {
    const { duty, consumptionTax, vat } = textsOf(taxes)
    const { zone = '', mode = '' } = place ?? {}
    return { month, zone, mode, duty, consumption: consumptionTax, vat }
  })

const varianceOf = (
  document: TaxedDocument,
  told: readonly BillTelling[],
  estimated: Estimated | undefined,
): Omit<NewVariance, 'counted'> => {
  const standing = standingBills(told)
  const billed = sumTaxes(standing)
  const base = {
    ...document,
    ...{ bills: standing.length, told: told.at(-1)?.time ?? '', billed: textsOf(billed) },
  }
  const problem = problemOf(estimated)
  if (estimated?.kind !== 'estimate' || problem !== null)
    return { ...base, estimated: null, tolerance: null, verdict: 'unknown', problem }
  const { estimate, tolerance } = estimated
  const expected: Taxes = {
    duty: read(estimate.duty ?? undefined),
    consumptionTax: read(estimate.consumptionTax ?? undefined),
    vat: read(estimate.vat ?? undefined),
  }
  const isBeyond = TAXES.some((tax) => compare(gap(billed[tax], expected[tax]), tolerance) > 0)
  return {
    ...base,
    ...{ estimated: textsOf(expected), tolerance: money(tolerance), problem: null },
    verdict: isBeyond ? 'beyond' : 'within',
  }
}

const TAXES = ['duty', 'consumptionTax', 'vat'] as const

const gap = (a: Fraction, b: Fraction): Fraction => (compare(a, b) < 0 ? minus(b, a) : minus(a, b))

const problemOf = (estimated: Estimated | undefined): string | null => {
  if (estimated === undefined) return 'TAX-tradeMode-NOT_RETAIL'
  if (estimated.kind === 'faults') return estimated.faults[0]?.code ?? null
  return estimated.estimate.reason
}

/** A bill's amounts, and the month, yyyyMM, that customs made it out in. */
type StandingBill = Taxes & { readonly month: string }

/** Amounts of each bill that was made out and is not void, by its own number. */
const standingBills = (told: readonly BillTelling[]): readonly StandingBill[] => {
  const numbers = new Set(told.map(({ number }) => number))
  return [...numbers].flatMap((number) => {
    const tellings = told.filter((telling) => telling.number === number)
    const last = tellings.at(-1)
    if (last === undefined || bills.get(last.kind)?.voided === last.status) return []
    const made = tellings.findLast(({ kind }) => bills.get(kind)?.amounts !== undefined)
    const names = made && bills.get(made.kind)?.amounts
    if (made === undefined || names === undefined) return []
    return [
      {
        duty: read(made.head[names.duty]),
        consumptionTax: read(made.head[names.consumptionTax]),
        vat: read(made.head[names.vat]),
        month: made.time.slice(0, 6),
      },
    ]
  })
}

const sumTaxes = (all: readonly Taxes[]): Taxes => ({
  duty: plus(...all.map(({ duty }) => duty)),
  consumptionTax: plus(...all.map(({ consumptionTax }) => consumptionTax)),
  vat: plus(...all.map(({ vat }) => vat)),
})

const textsOf = (taxes: Taxes) => ({
  duty: money(taxes.duty),
  consumptionTax: money(taxes.consumptionTax),
  vat: money(taxes.vat),
})

// ---- read back -------------------------------------------------------------------------------

export interface VarianceView {
  /** Bills that stand. */
  readonly bills: number
  /** Official time of what was told last, 17 digits. */
  readonly time: string
  readonly billed: TaxAmounts
  /** What it was compared with; null where nothing could be estimated, and the problem says why. */
  readonly estimated: TaxAmounts | null
  /** Billed less estimated. */
  readonly difference: TaxAmounts | null
  /** What a tax of the list may differ by, CNY. */
  readonly tolerance: string | null
  readonly verdict: TaxVerdict
  readonly problem: string | null
}

export interface ListTaxView {
  readonly estimate: TaxEstimate | null
  /** Why there is none. */
  readonly faults: readonly Fault[]
  /** Null while customs has billed nothing. */
  readonly variance: VarianceView | null
}

/** Undefined for documents that no such tax is declared on. */
export const listTaxOf = async (db: Db, row: FoundDocument): Promise<ListTaxView | undefined> => {
  if (row.kind !== taxedList.code) return undefined
  const estimated = (await estimateLists(db, [row])).get(row.id)
  if (estimated === undefined) return undefined
  const stored = await findVariance(db, row)
  return {
    estimate: estimated.kind === 'estimate' ? estimated.estimate : null,
    faults: estimated.kind === 'faults' ? estimated.faults : [],
    variance: stored === undefined ? null : viewOf(stored),
  }
}

const viewOf = (row: StoredVariance): VarianceView => {
  const billed: Taxes = {
    duty: read(row.billedDuty),
    consumptionTax: read(row.billedConsumption),
    vat: read(row.billedVat),
  }
  const estimated: Taxes | undefined =
    row.estimatedVat === null
      ? undefined
      : {
          duty: read(row.estimatedDuty ?? ''),
          consumptionTax: read(row.estimatedConsumption ?? ''),
          vat: read(row.estimatedVat),
        }
  const difference = estimated && {
    duty: minus(billed.duty, estimated.duty),
    consumptionTax: minus(billed.consumptionTax, estimated.consumptionTax),
    vat: minus(billed.vat, estimated.vat),
  }
  return {
    ...{ bills: row.bills, time: row.told, billed: amountsOf(billed) },
    estimated: estimated === undefined ? null : amountsOf(estimated),
    difference: difference === undefined ? null : amountsOf(difference),
    tolerance: row.tolerance,
    ...{ verdict: row.verdict, problem: row.problem },
  }
}

export interface VarianceQuery {
  readonly verdict?: TaxVerdict | undefined
  readonly enterprise?: string | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** Lists that were billed, the newest first; `next` is the cursor of the following page. */
export const taxVariances = async (deps: FlowDeps, caller: Caller, query: VarianceQuery) => {
  const limit = Math.min(query.limit ?? PAGE_ROWS, PAGE_ROWS_MAX)
  const rows = await listVariances(deps.db, {
    senders: await visibleSenders(deps, caller),
    ...{ verdict: query.verdict, enterprise: query.enterprise },
    after: query.cursor !== undefined && isId(query.cursor) ? query.cursor : undefined,
    limit: limit + 1,
  })
  const page = rows.slice(0, limit)
  return {
    variances: page.map((row) => ({
      ...{ documentId: row.documentId, number: row.number, orderNo: row.orderNo },
      ...{ sender: row.sender, ...viewOf(row) },
    })),
    next: rows.length > limit ? (page.at(-1)?.documentId ?? null) : null,
  }
}
