/**
 * What documents of a batch hold, on their way in: taken before they are stored, in the order handed
 * in and in the same transaction; who does not fit is told and not stored.
 */
import type { Fault } from '../kernel/fault.ts'
import { logReserved, type ReservedMove } from '../store/bonded-movements.ts'
import type { DayRules } from '../store/day-rules.ts'
import {
  findByKeys,
  keyText,
  lockVersions,
  type NewDocument,
  type StoredDocument,
} from '../store/documents.ts'
import { dropHolds as drop } from '../store/holds.ts'
import type { Db } from '../store/tables.ts'
import { Overtaken, type Trx } from '../store/transaction.ts'
import type { Draft } from './admission.ts'
import {
  type DrawClaim,
  type Drawing,
  type DrawsFound,
  findDraws,
  isRefused,
  stockFaults,
} from './bonded-draw.ts'
import {
  type Claiming,
  holdQuota,
  previewQuota,
  type QuotaClaim,
  type QuotaTold,
  quotaKinds,
} from './quota.ts'

interface Item {
  readonly index: number
  readonly draft: Draft
  readonly claim: QuotaClaim | undefined
  readonly draw: DrawClaim | undefined
}

/** A document about to be stored, and what is stored under its key. */
interface Storing {
  readonly item: Item
  readonly row: Pick<NewDocument, 'lane' | 'id' | 'version'>
  readonly held: StoredDocument | undefined
}

export interface Held {
  /** What is told of a document, by id; with an error among it, it must not be stored. */
  readonly faults: ReadonlyMap<string, readonly Fault[]>
  /** Ids of those whose document changed meanwhile: they hold nothing yet. */
  readonly overtaken: ReadonlySet<string>
  /** What it moves in bonded books, to be logged once the documents are stored. */
  readonly moves: readonly BookMove[]
}

/** The actor follows from the document. */
type BookMove = Omit<ReservedMove, 'actor'>

const NOTHING: Held = { faults: new Map(), overtaken: new Set(), moves: [] }

/** Costs nothing for batches without documents that hold anything. */
export const takeHolds = async (
  trx: Trx,
  all: readonly Storing[],
  quota: DayRules | undefined,
): Promise<Held> => {
  const holding = all.filter(({ item }) => quotaKinds.has(item.draft.kind))
  if (quota === undefined || holding.length === 0) return NOTHING
  // A document's state is locked before its holds, as evidence does it.
  const newer = holding.filter(({ held }) => held !== undefined).map(({ row }) => row)
  const locked = await lockVersions(trx, newer)
  const isOpen = ({ row, held }: Storing): boolean => held === undefined || locked.has(row.id)
  const claiming = holding
    .filter(isOpen)
    .sort((a, b) => a.item.index - b.item.index)
    .map(({ item, row, held }) => ({ item, id: row.id, isNewer: held !== undefined }))
  const overtaken = holding.filter((one) => !isOpen(one)).map(({ row }) => row.id)
  const draws = await findDraws(trx, claiming.map(drawingOf), quota)
  const told = await holdQuota(trx, claiming.map(claimingOf(draws)), quota)
  return {
    ...{ overtaken: new Set(overtaken), faults: faultsOf(claiming, draws, told) },
    moves: told.moves.map((move) => ({
      ...move,
      unit: draws.get(move.documentId)?.places.get(move.accountId)?.unit ?? null,
    })),
  }
}

/** A document that may hold something. */
interface Claimant {
  readonly item: Item
  readonly id: string
  readonly isNewer: boolean
}

const drawingOf = ({ item: { draft, draw }, id }: Claimant): Drawing => {
  return { id, kind: draft.kind, draw }
}

/** Of the year, then of the lines. */
const faultsOf = (
  all: readonly Claimant[],
  draws: DrawsFound,
  { faults, shortages }: QuotaTold,
): ReadonlyMap<string, readonly Fault[]> => {
  if (draws.size === 0) return faults
  const short = shortages.filter(({ sort }) => sort === 'stock')
  return new Map(
    all.map(({ item, id }) => {
      const draw = draws.get(id)
      const own = short.filter(({ documentId }) => documentId === id)
      const ofLines =
        draw === undefined ? [] : [...draw.faults, ...stockFaults(item.draft.kind, draw, own)]
      return [id, [...(faults.get(id) ?? []), ...ofLines]]
    }),
  )
}

/** Logs what bonded books lend to documents that were stored. */
export const logHolds = async (
  trx: Trx,
  { moves }: Held,
  stored: readonly Pick<NewDocument, 'id' | 'submittedBy'>[],
  now: Date,
): Promise<void> => {
  if (moves.length === 0) return
  const actors = new Map(stored.map(({ id, submittedBy }) => [id, submittedBy]))
  const made = moves.flatMap((move) => {
    const actor = actors.get(move.documentId)
    return actor === undefined ? [] : [{ ...move, actor }]
  })
  // An item that never moved may have got another unit since it was looked at.
  if (!(await logReserved(trx, made, now))) throw new Overtaken()
}

/** Takes back what new documents hold that lost their key to somebody at the same moment. */
export const dropHolds = async (trx: Trx, lost: readonly Storing[]): Promise<void> =>
  drop(
    trx,
    lost
      .filter(({ item, held }) => held === undefined && asks(item))
      .map(({ row }) => ({ lane: row.lane, documentId: row.id })),
  )

/** What `takeHolds` would tell now, by index. */
export const previewHolds = async (
  db: Db,
  all: readonly Item[],
  quota: DayRules | undefined,
): Promise<ReadonlyMap<number, readonly Fault[]>> => {
  const claims = quota === undefined ? [] : all.filter(asks)
  if (quota === undefined || claims.length === 0) return new Map()
  const rows = await findByKeys(
    db,
    claims.map(({ draft }) => draft),
  )
  const stored = new Map(rows.map((row) => [keyText(row), row.id]))
  // A document that is not stored has no id yet: its place in the batch tells it from all others.
  const claiming = claims.map((item): Claimant => {
    const id = stored.get(keyText(item.draft))
    return { item, id: id ?? String(item.index), isNewer: id !== undefined }
  })
  const draws = await findDraws(db, claiming.map(drawingOf), quota)
  const told = await previewQuota(db, claiming.map(claimingOf(draws)), quota)
  const faults = faultsOf(claiming, draws, told)
  return new Map(claiming.map(({ item, id }) => [item.index, faults.get(id) ?? []]))
}

const asks = ({ claim, draw }: Item): boolean => claim !== undefined || draw !== undefined

const claimingOf =
  (draws: DrawsFound) =>
  ({ item: { draft, claim }, id, isNewer }: Claimant): Claiming => {
    const { lane, kind, senderId, appType } = draft
    const draw = draws.get(id)
    const beside = { asks: draw?.asks ?? [], isRefused: isRefused(draw) }
    return { lane, id, kind, senderId, appType, isNewer, claim, beside }
  }
