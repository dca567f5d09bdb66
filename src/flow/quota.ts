/**
 * The buyer's quota at intake: what a list draws on the year of its buyer, whether it fits, and what
 * is told where it does not. The account is our own view of what went through this gateway; customs
 * holds the truth, so an enterprise may have these rules only warn (`QUOTA_YEAR`, `QUOTA_ORDER`).
 * Asked in the order of the rules: the year, the order's value, the number of items.
 */
import { declarations, getDeclaration, headOf } from '../catalogue/index.ts'
import {
  type AnyDocument,
  APP_TYPE,
  type Declaration,
  type FieldRecord,
} from '../catalogue/message.ts'
import { rules } from '../catalogue/rules/index.ts'
import type { Severity } from '../catalogue/rules/rule.ts'
import { linesOf } from '../codec/document.ts'
import { personNumber } from '../kernel/check-digits.ts'
import { type Decimal, readDecimal, writeDecimal } from '../kernel/decimal.ts'
import { at, type Fault, refuses, type Text } from '../kernel/fault.ts'
import { dutiableValue, isSingleItem } from '../rules/quota.ts'
import type { DayRules } from '../store/day-rules.ts'
import { holdAccountId } from '../store/hold-accounts.ts'
import {
  type Ask,
  leaveHolds,
  type Reservation,
  type Reserved,
  reserve,
  type Shortage,
  wouldBeShort,
} from '../store/holds.ts'
import type { RuleValues } from '../store/rule-values.ts'
import type { Sealer } from '../store/seal.ts'
import type { Db } from '../store/tables.ts'
import type { Trx } from '../store/transaction.ts'
import { type Finding, faultOf } from './findings.ts'

/** What a list would draw on its buyer's year. */
export interface QuotaClaim {
  /** Dutiable value, CNY. */
  readonly value: Decimal
  readonly isSingle: boolean
  /** The buyer, by a keyed hash. */
  readonly buyer: Uint8Array
}

export const quotaKinds: ReadonlyMap<string, Declaration> = new Map(
  declarations.flatMap((entry) => (entry.quota === undefined ? [] : [[entry.code, entry]])),
)

/** How a person is looked up by the number of a document; the last letter of an id number is often small. */
export const buyerHash = (sealer: Sealer, number: string): Uint8Array =>
  sealer.lookup(personNumber(number))

export const quotaAccount = (year: string, buyer: Uint8Array): string =>
  holdAccountId('quota', year, Buffer.from(buyer).toString('hex'))

/** Undefined for what draws on nobody's year: other kinds, other modes of trade, deletions. */
export const claimOf = (
  entry: Declaration,
  document: AnyDocument,
  head: FieldRecord,
  buyer: Uint8Array | null,
): QuotaClaim | undefined => {
  const { quota } = entry
  if (quota === undefined || buyer === null || head.appType === APP_TYPE.delete) return undefined
  if (!quota.modes.includes(head[quota.mode] ?? '')) return undefined
  const goods = linesOf(entry, document, quota.lines.group)
  return { value: dutiableValue(quota, head, goods), isSingle: isSingleItem(quota, goods), buyer }
}

/** A document about to be stored, of a kind that may draw on a quota. */
export interface Claiming {
  readonly lane: number
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly appType: string
  readonly isNewer: boolean
  readonly claim: QuotaClaim | undefined
  /** What it asks for beside the year, and whether it is refused for that already. */
  readonly beside: { readonly asks: readonly Ask[]; readonly isRefused: boolean }
}

/** What is told of each document, by id; those with an error hold nothing and must not be stored. */
export type QuotaFaults = ReadonlyMap<string, readonly Fault[]>

export interface QuotaTold {
  readonly faults: QuotaFaults
  /** Of the year, and of what was asked for beside it. */
  readonly shortages: readonly Shortage[]
}

/** Reserves for documents about to be stored, in their order: of all they ask for, or nothing. */
export const holdQuota = async (
  trx: Trx,
  all: readonly Claiming[],
  found: DayRules,
): Promise<QuotaTold & Pick<Reserved, 'moves'>> => {
  const judged = judge(all, found)
  await leaveHolds(
    trx,
    all
      .filter(({ isNewer, appType }) => isNewer && appType === APP_TYPE.delete)
      .map(({ lane, id }) => ({ lane, documentId: id })),
  )
  const reserved = await reserve(trx, judged.asking)
  // What is refused anyway is still told how the year stands.
  const told = judged.refused.length === 0 ? [] : await wouldBeShort(trx, judged.refused)
  const shortages = [...reserved.shortages, ...told]
  return { faults: faultsOf(all, found, judged, shortages), shortages, moves: reserved.moves }
}

/** What `holdQuota` would tell now. */
export const previewQuota = async (
  db: Db,
  all: readonly Claiming[],
  found: DayRules,
): Promise<QuotaTold> => {
  const judged = judge(all, found)
  const short = await wouldBeShort(db, judged.asking)
  const told = judged.refused.length === 0 ? [] : await wouldBeShort(db, judged.refused)
  const shortages = [...short, ...told]
  return { faults: faultsOf(all, found, judged, shortages), shortages }
}

interface Judged {
  readonly asking: readonly Reservation[]
  /** Refused for their order or what is asked beside, whatever the year says. */
  readonly refused: readonly Reservation[]
  readonly byOrder: ReadonlyMap<string, readonly Fault[]>
}

const judge = (all: readonly Claiming[], found: DayRules): Judged => {
  const byOrder = new Map(all.map((one) => [one.id, orderFaults(one, found)]))
  const asking: Reservation[] = []
  const refused: Reservation[] = []
  for (const one of all) {
    // A newer version that draws on nothing gives back what the earlier one held.
    const asksNothing = one.claim === undefined && one.beside.asks.length === 0
    if (one.appType === APP_TYPE.delete || (asksNothing && !one.isNewer)) continue
    const reservation = reservationOf(one, found)
    const isRefused = one.beside.isRefused || refuses(byOrder.get(one.id) ?? [])
    ;(isRefused ? refused : asking).push(reservation)
  }
  return { asking, refused, byOrder }
}

const reservationOf = (
  { lane, id, kind, senderId, isNewer, claim, beside }: Claiming,
  { day, values, severities }: DayRules,
): Reservation => {
  const severity = severities('QUOTA_YEAR', senderId)
  const limit = severity === undefined ? undefined : figure(values, 'annual-limit', kind)
  const ofYear: readonly Ask[] =
    claim === undefined
      ? []
      : [
          {
            ...{
              accountId: quotaAccount(yearOf(day), claim.buyer),
              sort: 'quota',
              amount: claim.value,
            },
            ...{ limit: limit ?? null, mayExceed: severity !== 'refuse' },
          },
        ]
  return { lane, documentId: id, isNewer, mayExceed: false, asks: [...ofYear, ...beside.asks] }
}

const yearOf = (day: string): string => day.slice(0, 4)

const figure = (
  values: RuleValues,
  name: 'annual-limit' | 'single-limit',
  kind: string,
): Decimal | undefined => readDecimal(values(name, kind)?.value ?? '')

const orderFaults = (
  { kind, senderId, claim }: Claiming,
  { values, severities }: DayRules,
): readonly Fault[] => {
  const limit = figure(values, 'single-limit', kind)
  if (claim === undefined || limit === undefined || claim.value <= limit) return []
  const rule = claim.isSingle ? 'QUOTA_FULL_TAX' : 'QUOTA_ORDER'
  const severity = severities(rule, senderId)
  if (severity === undefined) return []
  const [value, most] = [yuan(claim.value), yuan(limit)]
  const text: Text = claim.isSingle
    ? {
        zh: `清单完税价格 ${value} 元，超过单次限值 ${most} 元；只含一件商品，须全额征税（本系统口径，以海关为准）`,
        en: `The dutiable value is CNY ${value}, above the limit of CNY ${most} for one transaction; a single item is taxed in full (our own view; customs decides)`,
      }
    : {
        zh: `清单完税价格 ${value} 元，超过单次限值 ${most} 元，且不止一件商品（本系统口径，以海关为准）`,
        en: `The dutiable value is CNY ${value}, above the limit of CNY ${most} for one transaction, and there is more than one item (our own view; customs decides)`,
      }
  const group = getDeclaration(kind).quota?.lines.group ?? ''
  return [ruleFault(kind, { rule, field: group, pointer: at('', group), text }, severity)]
}

const faultsOf = (
  all: readonly Claiming[],
  { day, severities }: DayRules,
  { byOrder }: Judged,
  shortages: readonly Shortage[],
): QuotaFaults => {
  const short = new Map(
    shortages.flatMap((one) => (one.sort === 'quota' ? [[one.documentId, one] as const] : [])),
  )
  return new Map(
    all.flatMap(({ id, kind, senderId }): readonly [string, readonly Fault[]][] => {
      const shortage = short.get(id)
      const severity = severities('QUOTA_YEAR', senderId)
      const order = byOrder.get(id) ?? []
      if (shortage === undefined || severity === undefined)
        return order.length === 0 ? [] : [[id, order]]
      const entry = getDeclaration(kind)
      const field = entry.buyer ?? ''
      const pointer = at(at('', headOf(entry).group ?? ''), field)
      const finding = {
        rule: 'QUOTA_YEAR',
        field,
        pointer,
        text: yearText(yearOf(day), shortage),
      } as const
      return [[id, [ruleFault(kind, finding, severity), ...order]]]
    }),
  )
}

const yearText = (year: string, { asked, left, limit }: Shortage): Text => ({
  zh: `订购人 ${year} 年度限值 ${yuan(limit)} 元，剩余 ${yuan(left)} 元，本清单占用 ${yuan(asked)} 元（本系统口径，以海关为准；海关退单代码 ${rules.QUOTA_YEAR.customs ?? ''}）`,
  en: `Of the buyer's CNY ${yuan(limit)} for ${year}, CNY ${yuan(left)} are left; this list takes CNY ${yuan(asked)} (our own view; customs decides, and refuses with code ${rules.QUOTA_YEAR.customs ?? ''})`,
})

/** With the two places of a price, more where there are more. */
export const yuan = (value: Decimal): string => {
  const [whole = '0', fraction = ''] = writeDecimal(value).split('.')
  return `${whole}.${fraction.padEnd(2, '0')}`
}

/** Only what refuses is an error: nobody holds a list back for its quota later. */
const ruleFault = (kind: string, finding: Finding, severity: Severity): Fault =>
  faultOf(kind, finding, severity === 'refuse' ? 'error' : 'warning')
