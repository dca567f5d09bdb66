/**
 * A settlement record judged by itself: its shape by the catalogue, whose it is, and whether its
 * amounts, dates and codes make sense. All faults at once; nothing is read but reference data.
 */
import { createHash } from 'node:crypto'
import type { FieldRecord } from '../catalogue/message.ts'
import {
  natures,
  type SettlementDirection,
  settlement,
  settlementCosts,
  settlementDirections,
  settlers,
} from '../catalogue/settlement.ts'
import type { BopCode } from '../catalogue/settlement-codes.ts'
import { checkDocument } from '../codec/check.ts'
import { type Decimal, writeDecimal } from '../kernel/decimal.ts'
import { type Fault, refuses } from '../kernel/fault.ts'
import { SETTLEMENT_VERSIONS_MAX } from '../kernel/settlement-limits.ts'
import {
  amountOf,
  isFarOff,
  judgeFigures,
  type SettlementFigures,
  type SettlementVerdict,
} from '../rules/settlement.ts'
import type { Principal } from '../store/access.ts'
import type { HandedRow } from './bonded-rows.ts'
import { ownerOf } from './ownership.ts'
import { HEAD, linePointer, settlementFault } from './settlements-faults.ts'

export interface SettlementLine {
  readonly orderNo: string | null
  readonly listNo: string | null
  readonly agentCode: string | null
  readonly amount: Decimal
}

/** A record without a fault. */
export interface JudgedSettlement {
  readonly index: number
  readonly principal: Principal
  readonly number: string
  readonly version: number
  readonly nature: string
  readonly reference: string | null
  readonly seller: string
  /** yyyyMMdd */
  readonly valueDate: string
  readonly figures: SettlementFigures
  readonly lines: readonly SettlementLine[]
  /** As handed in, checked: JSON text. */
  readonly text: string
  readonly contentHash: Uint8Array
  readonly warnings: readonly Fault[]
}

export interface CheckContext {
  readonly principals: readonly Principal[]
  readonly bopCodes: readonly Pick<BopCode, 'code' | 'validFrom' | 'validTo' | 'flow'>[]
  /** CNY as decimal text. */
  readonly rmbTolerance: string
  /** Share of customs' rate, decimal text; undefined where no figure is in force, and nothing warns. */
  readonly rateTolerance: string | undefined
  /** Customs' rates by `yyyyMM currency`, CNY for one unit. */
  readonly rates: ReadonlyMap<string, string>
  /** In China, yyyyMMdd. */
  readonly today: string
}

interface SettlementRecord {
  readonly SettlementHead: FieldRecord
  readonly SettlementList: readonly FieldRecord[]
}

export type SettlementChecked =
  | { readonly kind: 'good'; readonly judged: JudgedSettlement }
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }

/** Codes that the records name, as far as they can be read. */
export const bopCodesOf = (rows: readonly HandedRow[]): readonly string[] => [
  ...new Set(rows.flatMap(({ record }) => bopCodeIn(record))),
]

const bopCodeIn = (record: unknown): readonly string[] => {
  const head = memberOf(record, 'SettlementHead')
  const code = memberOf(head, 'bopCode')
  return typeof code === 'string' && /^\d{6}$/.test(code) ? [code] : []
}

/** Months of value dates, yyyyMM, as far as they can be read. */
export const monthsOf = (rows: readonly HandedRow[]): readonly string[] => [
  ...new Set(
    rows.flatMap(({ record }) => {
      const day = memberOf(memberOf(record, 'SettlementHead'), 'valueDate')
      return typeof day === 'string' && /^\d{8}$/.test(day) ? [day.slice(0, 6)] : []
    }),
  ),
]

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined

export const checkSettlement = (
  { record, faults: found }: HandedRow,
  index: number,
  context: CheckContext,
): SettlementChecked => {
  const checked = checkDocument(settlement, record)
  const shape = [...found, ...checked.faults]
  if (refuses(shape)) return { kind: 'wrong', faults: shape }
  // The shape was checked against the entry, which has these two groups.
  const document = checked.document as unknown as SettlementRecord
  const { SettlementHead: head, SettlementList: rows } = document
  const figures = figuresOf(head, rows)
  const lines = rows.map(lineOf)
  const owner = ownerOf(settlers, head, {
    ...{ principals: context.principals, zone: null, pointer: HEAD },
  })
  const faults = [
    ...shape,
    ...(owner.kind === 'refused' ? [owner.fault] : []),
    ...judgeFigures(figures, context.rmbTolerance).map((verdict) => faultOf(verdict, head)),
    ...headFaults(head, figures, context),
    ...lineFaults(lines),
  ]
  if (owner.kind === 'refused' || refuses(faults)) return { kind: 'wrong', faults }
  const text = JSON.stringify(document)
  const { number = '', version = '1', nature = '', reference, seller = '', valueDate = '' } = head
  return {
    kind: 'good',
    judged: {
      ...{ index, principal: owner.principal, number, version: Number(version), nature, seller },
      ...{ reference: reference ?? null, valueDate, figures, lines, text, warnings: faults },
      contentHash: createHash('sha256').update(text).digest(),
    },
  }
}

const figuresOf = (head: FieldRecord, rows: readonly FieldRecord[]): SettlementFigures => {
  const { nature = '', direction, currency = '', rate = '', bopCode = '' } = head
  return {
    ...{ nature, currency, rate, bopCode, direction: directionOf(direction) },
    gross: amountOf(head.gross),
    costs: settlementCosts.map((name) => amountOf(head[name])),
    net: amountOf(head.net),
    rmb: amountOf(head.rmb),
    lines: rows.map(({ amount }) => amountOf(amount)),
  }
}

/** The check let none pass but those of the catalogue. */
const directionOf = (code: string | undefined): SettlementDirection =>
  code !== undefined && code in settlementDirections ? (code as SettlementDirection) : '1'

const lineOf = ({ orderNo, listNo, agentCode, amount }: FieldRecord): SettlementLine => ({
  ...{ orderNo: orderNo ?? null, listNo: listNo ?? null, agentCode: agentCode ?? null },
  amount: amountOf(amount),
})

/** Two lines with the same text are for the same thing. */
export const lineKey = ({
  orderNo,
  listNo,
  agentCode,
}: Pick<SettlementLine, 'orderNo' | 'listNo' | 'agentCode'>): string =>
  JSON.stringify(listNo === null ? [orderNo] : [listNo, agentCode])

const faultOf = (verdict: SettlementVerdict, head: FieldRecord): Fault => {
  const { what, place, values } = verdict
  const told =
    values &&
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : writeDecimal(value),
      ]),
    )
  if (what === 'amount-NOT_POSITIVE')
    return settlementFault(what, told, linePointer(place ?? 0, 'amount'))
  if (what === 'costs-NEGATIVE')
    return settlementFault(what, told, `${HEAD}/${settlementCosts[place ?? 0] ?? ''}`)
  return settlementFault(what, told ?? (what === 'rate-NOT_ONE' ? ratesOf(head) : undefined))
}

const ratesOf = ({ rate = '' }: FieldRecord) => ({ rate, expected: '1' })

const headFaults = (
  head: FieldRecord,
  { costs, nature, bopCode, currency, rate }: SettlementFigures,
  { bopCodes, rates, rateTolerance, today }: CheckContext,
): readonly Fault[] => {
  const faults: Fault[] = []
  const version = head.version ?? ''
  if (!/^[1-9]\d*$/.test(version) || Number(version) > SETTLEMENT_VERSIONS_MAX)
    faults.push(settlementFault('version-FORM'))
  if (nature === natures.restored && costs.some((cost) => cost > 0n))
    faults.push(settlementFault('costs-RESTORED', undefined, HEAD))
  const { valueDate = '' } = head
  if (valueDate > today) faults.push(settlementFault('valueDate-FUTURE', { valueDate, today }))
  const customs = rates.get(`${valueDate.slice(0, 6)} ${currency}`)
  if (customs !== undefined && rateTolerance !== undefined)
    if (isFarOff(rate, customs, rateTolerance))
      faults.push(settlementFault('rate-FAR', { rate, customs }))
  const on = `${valueDate.slice(0, 4)}-${valueDate.slice(4, 6)}-${valueDate.slice(6)}`
  const holds = bopCodes.some(
    ({ code, validFrom, validTo }) =>
      code === bopCode && validFrom <= on && (validTo === null || on <= validTo),
  )
  if (!holds) faults.push(settlementFault('bopCode-UNKNOWN'))
  return faults
}

const lineFaults = (lines: readonly SettlementLine[]): readonly Fault[] => {
  const seen = new Set<string>()
  return lines.flatMap((line, position) => {
    const pointer = linePointer(position, line.listNo === null ? 'orderNo' : 'listNo')
    if (line.orderNo === null && line.listNo === null)
      return [settlementFault('orderNo-MISSING', undefined, pointer)]
    const key = lineKey(line)
    if (seen.has(key)) return [settlementFault('orderNo-REPEATED', undefined, pointer)]
    seen.add(key)
    return []
  })
}
