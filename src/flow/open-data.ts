/**
 * Open data: what the zones trade, for everybody, once a day with the figures of the day's first
 * moment. Nothing personal, no enterprise, and no figure that few enterprises stand behind.
 */
import { EVERY_KIND, type RuleValue, UNDECIDED } from '../catalogue/rule-values.ts'
import { chinaDay, date8, readStamp, stamp17 } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import { grouped } from '../kernel/grouped.ts'
import { OPEN_ENTERPRISES_MAX } from '../kernel/open-limits.ts'
import { addDecimals } from '../kernel/places.ts'
import { type Cell, OTHER, withoutSmall } from '../rules/small-cells.ts'
import { type LedgerDim, sealLedger } from '../store/ledger.ts'
import {
  type CellAmount,
  type CellEnterprises,
  type CellPlace,
  findCellEnterprises,
  findCells,
  findPublication,
  publish,
} from '../store/ledger-cells.ts'
import { findMeasures, type Measure } from '../store/measures.ts'
import { findRuleValues, type RuleValues } from '../store/rule-values.ts'
import { zoneNames } from '../store/totals.ts'
import { inTransaction } from '../store/transaction.ts'
import type { FlowDeps } from './types.ts'

export interface OpenRow {
  readonly scope: string
  readonly month: string
  readonly direction: string
  readonly zone: string
  readonly zoneName: Text
  readonly mode: string
  readonly count: number
  readonly amount: string
  readonly mergedCells: number
  readonly incomplete: boolean
}

export interface OpenTotals {
  readonly title: Text
  readonly year: number
  readonly asOf: string
  readonly currency: 'CNY'
  /** As an operator decided it; null while nobody has. */
  readonly licence: string | null
  readonly source: Text
  readonly note: Text
  readonly definitions: readonly Measure[]
  readonly leastEnterprises: readonly (Pick<RuleValue, 'value' | 'validFrom' | 'confidence'> & {
    readonly role: string
  })[]
  /** The month under way has not all its figures yet; of ended ones late word is still taken in. */
  readonly months: readonly { readonly month: string; readonly state: 'running' | 'ended' }[]
  readonly rows: readonly OpenRow[]
  readonly totals: readonly {
    readonly scope: string
    readonly count: number
    readonly amount: string
  }[]
  /** Rates that are missing: what they are needed for is in no amount. */
  readonly missingRates: readonly {
    readonly scope: string
    readonly currency: string
    readonly month: string
  }[]
  readonly withheld: readonly string[]
}

const title: Text = {
  zh: '重庆跨境电商进出口与结算统计',
  en: 'Cross-border e-commerce of Chongqing: trade and settlement',
}
const source: Text = {
  zh: '渝关网关依申报、回执和结算记录汇总，每日北京时间零时发布',
  en: 'Added up by the Yuguan gateway from declarations, replies of customs and settlements; published daily at 00:00 China time',
}
const note: Text = {
  zh: '金额为人民币，按计入月份的海关汇率折算，未舍入；zone 为空是未归属，other 是企业过少而合并的单元；迟到的回执会修订已发布月份',
  en: 'Amounts are CNY at the customs rate of the month they count in, not rounded; an empty zone is undecided, other is cells of too few enterprises put together; late replies restate months already published',
}

const SCOPES = ['declared', 'released', 'settled'] as const

const ROLES: readonly LedgerDim[] = [
  ...(['merchant', 'platform', 'declarant', 'warehouse', 'carrier', 'institution'] as const),
]

/** The first moment of the day in China: what is published on it are the figures of this moment. */
export const editionMoment = (now: Date): Date => {
  const start = readStamp(date8(now))
  if (start === undefined) throw new Error(`no day of ${now.toISOString()}`)
  return start
}

/** The edition of the day, byte for byte the same for everybody; made when it is first asked for. */
export const openTotals = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  year: number | undefined,
): Promise<string> => {
  const asOf = editionMoment(deps.clock.now())
  const asked = year ?? Number(stamp17(asOf).slice(0, 4))
  const found = await findPublication(deps.db, asked, asOf)
  if (found !== undefined) return found.content
  await inTransaction(deps.db, (trx) => sealLedger(trx, asOf))
  const made = await makeEdition(deps, asked, asOf)
  const content = `${JSON.stringify(made)}\n`
  // A year without figures is made again each time: anybody may ask for any of a thousand.
  if (made.rows.length === 0) return content
  return inTransaction(deps.db, async (trx) => {
    await publish(trx, asked, { asOf, content })
    return (await findPublication(trx, asked, asOf))?.content ?? content
  })
}

const makeEdition = async (
  { db }: Pick<FlowDeps, 'db'>,
  year: number,
  asOf: Date,
): Promise<OpenTotals> => {
  const day = chinaDay(asOf)
  const amounts = await findCells(db, year, asOf)
  const { cells, withheld, rules, least } = await safeCells(db, { year, asOf, day }, amounts)
  const names = new Map((await zoneNames(db)).map(({ code, zh, en }) => [code, { zh, en }]))
  const licence = rules('open-licence', EVERY_KIND)?.value ?? UNDECIDED
  const running = stamp17(asOf).slice(0, 6)
  return {
    ...{ title, year, asOf: asOf.toISOString(), currency: 'CNY' as const },
    licence: licence === UNDECIDED ? null : licence,
    ...{ source, note },
    definitions: (await findMeasures(db, asOf)).filter(({ scope }) => isOpen(scope)),
    leastEnterprises: least.map(([role, { value, validFrom, confidence }]) => ({
      ...{ role, value, validFrom, confidence },
    })),
    months: [...new Set(amounts.map(({ month }) => month))].sort().map((month) => ({
      month,
      state: month < running ? ('ended' as const) : ('running' as const),
    })),
    rows: [...cells].sort(inOrder).map((cell) => rowOf(cell, names)),
    totals: SCOPES.flatMap((scope) => {
      const own = cells.filter((cell) => cell.scope === scope)
      return withheld.includes(scope) || own.length === 0 ? [] : [{ scope, ...sumOf(own) }]
    }),
    missingRates: missingOf(amounts),
    withheld,
  }
}

/**
 * Cells by the rules of a day, the small ones put together: as of a moment, or as they stand now.
 * `withheldCells` are what scopes come to in which even the year is of too few.
 */
export const safeCells = async (
  db: FlowDeps['db'],
  {
    year,
    asOf,
    day,
  }: { readonly year: number; readonly asOf: Date | undefined; readonly day: string },
  amounts: readonly CellAmount[],
) => {
  const rules = await findRuleValues(db, day)
  const least = leastOf(rules)
  const enterprises = await findCellEnterprises(db, year, asOf, numbersOf(least))
  const all = cellsOf(amounts, enterprises)
  const shown = withoutSmall(all, (scope) => rolesIn(scope, numbersOf(least)))
  const withheldCells = shown.withheld.map((scope) => wholeOf(scope, all, shown.cells))
  return { ...shown, withheldCells, rules, least }
}

/** What is not shown of a scope, as one. */
const wholeOf = (scope: string, all: readonly Cell[], shown: readonly Cell[]): Cell => {
  const own = all.filter((cell) => cell.scope === scope)
  const told = shown.filter((cell) => cell.scope === scope)
  const less = (of: readonly Cell[]) => of.map(({ amount }) => negated(amount))
  return {
    ...{ scope, month: OTHER, direction: OTHER, zone: OTHER, mode: OTHER },
    count: sumOf(own).count - sumOf(told).count,
    amount: addDecimals([...own.map(({ amount }) => amount), ...less(told)]),
    isIncomplete: own.some(({ isIncomplete }) => isIncomplete),
    ...{ cells: own.length, enterprises: new Map() },
  }
}

const negated = (amount: string): string =>
  amount.startsWith('-') ? amount.slice(1) : `-${amount}`

const isOpen = (scope: string): boolean => SCOPES.some((each) => each === scope)

/** Roles that the rules of the day ask about. */
const leastOf = (rules: RuleValues): readonly (readonly [LedgerDim, RuleValue])[] =>
  ROLES.flatMap((role) => {
    const rule = rules('open-enterprises-min', role)
    return rule === undefined || Number(rule.value) === 0 ? [] : [[role, rule] as const]
  })

/** Whatever is written there asks for a whole number of them, rather more than fewer. */
const numbersOf = (
  least: readonly (readonly [LedgerDim, RuleValue])[],
): ReadonlyMap<LedgerDim, number> =>
  new Map(
    least.map(([role, { value }]) => {
      const number = Math.ceil(Number(value))
      return [role, number <= OPEN_ENTERPRISES_MAX ? number : OPEN_ENTERPRISES_MAX]
    }),
  )

/** Money is settled by an institution for a merchant; goods go without the one. */
const rolesIn = (
  scope: string,
  least: ReadonlyMap<LedgerDim, number>,
): ReadonlyMap<string, number> =>
  new Map(
    [...least].filter(([role]) =>
      scope === 'settled' ? role === 'institution' || role === 'merchant' : role !== 'institution',
    ),
  )

const placeName = ({ scope, month, direction, zone, mode }: CellPlace): string =>
  [scope, month, direction, zone, mode].join('/')

/** One cell for each place, its currencies added up; what has no rate is in no amount. */
const cellsOf = (
  amounts: readonly CellAmount[],
  enterprises: readonly CellEnterprises[],
): readonly Cell[] => {
  const byPlace = grouped(amounts, placeName)
  const behind = grouped(enterprises, placeName)
  return [...byPlace].flatMap(([name, parts]) => {
    const [first] = parts
    if (first === undefined) return []
    const { scope, month, direction, zone, mode } = first
    return [
      {
        ...{ scope, month, direction, zone, mode },
        count: parts.reduce((sum, { count }) => sum + count, 0),
        amount: addDecimals(parts.flatMap(({ cny }) => cny ?? [])),
        isIncomplete: parts.some(({ cny }) => cny === null),
        cells: 1,
        enterprises: new Map(
          (behind.get(name) ?? []).map(({ dim, few }) => [dim, few === null ? null : new Set(few)]),
        ),
      },
    ]
  })
}

const keyOf = ({ scope, month, direction, zone, mode }: Cell): string =>
  [month === OTHER ? '~' : month, scope, direction, zone, mode].join('/')

const inOrder = (a: Cell, b: Cell): number => (keyOf(a) < keyOf(b) ? -1 : 1)

const rowOf = (cell: Cell, names: ReadonlyMap<string, Text>): OpenRow => {
  const { scope, month, direction, zone, mode, count, amount, isIncomplete, cells } = cell
  return {
    ...{ scope, month, direction, zone, zoneName: names.get(zone) ?? zoneWord(zone), mode },
    ...{ count, amount, mergedCells: cells, incomplete: isIncomplete },
  }
}

const zoneWord = (zone: string): Text =>
  zone === ''
    ? { zh: '未归属', en: 'Undecided' }
    : zone === OTHER
      ? { zh: '其他', en: 'Other' }
      : { zh: zone, en: zone }

const sumOf = (cells: readonly Cell[]) => ({
  count: cells.reduce((sum, { count }) => sum + count, 0),
  amount: addDecimals(cells.map(({ amount }) => amount)),
})

const missingOf = (amounts: readonly CellAmount[]): OpenTotals['missingRates'] => {
  const missing = amounts.filter(({ cny }) => cny === null)
  const named = missing.map(
    ({ scope, currency, month }) =>
      [`${scope}/${currency}/${month}`, { scope, currency, month }] as const,
  )
  return [...new Map(named).values()]
}
