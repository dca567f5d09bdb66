/**
 * Stored lists placed anew: what each version says of the place is held against the rules of now that are
 * valid on its own day, as intake would. What moves is counted in its new zone from now on: the ledger
 * takes it out and puts it in, recorded now, so that figures as of an earlier moment stay what they were;
 * sums of refusals and taxes follow. A page of lists is one transaction, which locks as replies do, so it
 * runs beside a gateway, may be broken off, and finds nothing when it is run again.
 */
import type { Undecided } from '../catalogue/counted-sets.ts'
import { declarations, headOf } from '../catalogue/index.ts'
import { readStamp } from '../kernel/clock.ts'
import type { Fault } from '../kernel/fault.ts'
import { grouped } from '../kernel/grouped.ts'
import { PLACED_MONTHS_MAX } from '../kernel/ledger-limits.ts'
import { monthAfter } from '../kernel/months.ts'
import { correctLists, type SubjectKey } from '../store/ledger-corrections.ts'
import {
  findPlacedVersions,
  type ListPlace,
  type OwnDays,
  type PlacedVersion,
  writePlaces,
} from '../store/placed-lists.ts'
import { type ZoneRule, zoneRules } from '../store/reference.ts'
import { insertSayings } from '../store/rejections.ts'
import { lockStates } from '../store/returned.ts'
import type { Db } from '../store/tables.ts'
import { dropUnbilled, lockVariances } from '../store/tax-variances.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { addRefusals, findRefusalsOf } from '../store/zone-folds.ts'
import { recountReturns } from './counted-returns.ts'
import { countedKinds } from './kinds.ts'
import { countBills } from './list-tax.ts'
import { placeFault } from './place-faults.ts'
import { decideList } from './placing.ts'
import { overLists, type RebuildOptions } from './totals-rebuild.ts'
import type { FlowDeps } from './types.ts'
import { refusalCount } from './zones-rebuild.ts'

/** `yyyyMM`, both included. */
export interface PlacedMonths {
  readonly from: string
  readonly to: string
}

export interface Placing extends PlacedMonths, RebuildOptions {
  /** Else it is only told what would move. */
  readonly write: boolean
}

export interface Place {
  /** '' for undecided. */
  readonly zone: string
  /** Why in no zone; null also for lists stored before that was kept. */
  readonly because: Undecided | null
}

export interface PlacedRow {
  readonly from: Place
  readonly to: Place
  /** Kind of the rules that decide now; null where none speaks of the lists. */
  readonly by: ZoneRule['kind'] | null
  readonly lists: number
}

export interface Placed extends PlacedMonths {
  /** Lists with a version of these months. */
  readonly lists: number
  /** Of those, lists of which a version lies elsewhere now. */
  readonly moved: number
  /** Whether they were moved. */
  readonly written: boolean
  /** By zones, the greatest first. A list of which two versions move otherwise stands in two of them. */
  readonly rows: readonly PlacedRow[]
}

export type MonthsAnswer =
  | { readonly kind: 'months'; readonly months: PlacedMonths }
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }

/** Months as somebody wrote them, `yyyy-MM` or `yyyyMM`; `to` left out is the first one again. */
export const placedMonths = (month: string, to = month): MonthsAnswer => {
  const [first, last] = [readMonth(month), readMonth(to)]
  const faults = [
    ...(first === undefined ? [placeFault('month-NO_SUCH')] : []),
    ...(last === undefined && to !== month ? [placeFault('to-NO_SUCH')] : []),
  ]
  if (first === undefined || last === undefined) return { kind: 'wrong', faults }
  if (last < first) return { kind: 'wrong', faults: [placeFault('to-BEFORE_MONTH')] }
  if (last > monthAfter(first, PLACED_MONTHS_MAX - 1))
    return { kind: 'wrong', faults: [placeFault('to-TOO_FAR')] }
  return { kind: 'months', months: { from: first, to: last } }
}

const readMonth = (text: string): string | undefined => {
  const month = /^\d{4}-?\d\d$/.test(text) ? text.replace('-', '') : ''
  return readStamp(`${month}01`) === undefined ? undefined : month
}

/** The months may be asked for, see `placedMonths`. */
export const placeLists = async (
  deps: Pick<FlowDeps, 'db' | 'clock' | 'sealer'>,
  { from, to, write, ...options }: Placing,
): Promise<Placed> => {
  const { rows: rules } = await zoneRules.execute(deps.db)
  const asked = { rules, days: { from, until: monthAfter(to, 1) } }
  const rows = new Map<string, PlacedRow>()
  let lists = 0
  let moved = 0
  await overLists(deps.db, options, async (keys) => {
    const found = await decide(deps.db, asked, keys)
    const seen = found.filter(isMoving)
    const moves =
      write && seen.length > 0
        ? await inTransaction(deps.db, (trx) => move(deps, trx, asked, listsOf(seen)))
        : seen
    addRows(rows, moves)
    lists += listsOf(found).length
    moved += listsOf(moves).length
    return moves.length
  })
  const ordered = [...rows.values()].sort((a, b) => b.lists - a.lists)
  return { from, to, lists, moved, written: write, rows: ordered }
}

interface Asked {
  readonly rules: readonly ZoneRule[]
  readonly days: OwnDays
}

interface Decided {
  readonly version: PlacedVersion
  readonly to: ListPlace
  readonly by: PlacedRow['by']
}

/** Kinds of lists that lie in a zone. */
const placedKinds = declarations.flatMap((entry) => {
  const { group } = headOf(entry)
  return entry.trade === undefined || group === undefined
    ? []
    : [{ kind: entry.code, trade: entry.trade, group }]
})

const tradeOf = new Map(placedKinds.map(({ kind, trade }) => [kind, trade]))

const decide = async (
  db: Db,
  { rules, days }: Asked,
  keys: readonly SubjectKey[],
): Promise<readonly Decided[]> => {
  const versions = await findPlacedVersions(db, keys, placedKinds, days)
  return versions.flatMap((version) => {
    const trade = tradeOf.get(version.kind)
    if (trade === undefined) return []
    const decided = decideList(rules, trade, version.head)
    const because = decided.zone === null ? decided.because : null
    return [{ version, to: { zone: decided.zone, because }, by: decided.by }]
  })
}

const isMoving = ({ version: { place, hasCounts }, to }: Decided): boolean =>
  place.zone !== to.zone || (hasCounts && place.because !== to.because)

/** Lists of these versions, each once, in the order of their keys. */
const listsOf = (all: readonly Decided[]): readonly SubjectKey[] => [
  ...new Map(all.map(({ version: { lane, id } }) => [id, { lane, id }])).values(),
]

/** Moves what is still to be moved of these lists, and gives it. */
const move = async (
  { clock, sealer }: Pick<FlowDeps, 'clock' | 'sealer'>,
  trx: Trx,
  asked: Asked,
  keys: readonly SubjectKey[],
): Promise<readonly Decided[]> => {
  const now = clock.now()
  // Bills before states, as a reply does; what is read behind both stands until the end.
  await lockVariances(trx, keys)
  await lockStates(trx, keys)
  const moving = (await decide(trx, asked, keys)).filter(isMoving)
  await moveRefusals(sealer, trx, moving, now)
  await writePlaces(
    trx,
    moving.map(({ version: { lane, id, version }, to }) => ({ lane, id, version, ...to })),
  )
  await correctLists(trx, countedKinds, keys, now)
  await recountReturns(trx, keys, now)
  await countBills(trx, keys, now)
  await dropUnbilled(trx, keys)
  return moving
}

/** A refusal counts in the zone of the version that it refused. */
const moveRefusals = async (
  sealer: FlowDeps['sealer'],
  trx: Trx,
  moving: readonly Decided[],
  now: Date,
): Promise<void> => {
  const nameOf = (id: string, version: number): string => `${id} ${version}`
  const zoneOf = new Map(
    moving.map(({ version: { id, version }, to }) => [nameOf(id, version), to.zone ?? '']),
  )
  const refusals = await findRefusalsOf(
    trx,
    moving.map(({ version }) => version),
  )
  const told = refusals.map((event) => ({
    ...refusalCount(sealer, event),
    zone: zoneOf.get(nameOf(event.documentId, event.version)) ?? event.zone,
  }))
  await insertSayings(trx, new Map(told.map(({ saying }) => [saying.id, saying])))
  await addRefusals(
    trx,
    told.flatMap(({ counted, zone }) => [
      { ...counted, count: -counted.count },
      { ...counted, zone },
    ]),
    now,
  )
}

/** Counts each list once in a row, however many of its versions move so. */
const addRows = (rows: Map<string, PlacedRow>, moves: readonly Decided[]): void => {
  for (const own of grouped(moves, ({ version }) => version.id).values()) {
    const moved = new Map(
      own.map(({ version: { place }, to, by }) => {
        const row = { from: placeOf(place), to: placeOf(to), by }
        return [JSON.stringify(row), row]
      }),
    )
    for (const [key, row] of moved)
      rows.set(key, { ...row, lists: (rows.get(key)?.lists ?? 0) + 1 })
  }
}

const placeOf = ({ zone, because }: ListPlace): Place => ({ zone: zone ?? '', because })
