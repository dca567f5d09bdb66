/**
 * What documents of a batch hold, on their way in: taken before they are stored, in the order handed
 * in and in the same transaction; who does not fit is told and not stored.
 */
import type { Fault } from '../kernel/fault.ts'
import {
  findByKeys,
  keyText,
  lockVersions,
  type NewDocument,
  type StoredDocument,
} from '../store/documents.ts'
import { dropHolds as drop } from '../store/holds.ts'
import type { Db } from '../store/tables.ts'
import type { Trx } from '../store/transaction.ts'
import type { Draft } from './admission.ts'
import {
  type Claiming,
  holdQuota,
  previewQuota,
  type QuotaClaim,
  type QuotaRules,
  quotaKinds,
} from './quota.ts'

interface Item {
  readonly index: number
  readonly draft: Draft
  readonly claim: QuotaClaim | undefined
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
}

/** Costs nothing for batches without documents that hold anything. */
export const takeHolds = async (
  trx: Trx,
  all: readonly Storing[],
  quota: QuotaRules | undefined,
): Promise<Held> => {
  const holding = all.filter(({ item }) => quotaKinds.has(item.draft.kind))
  if (quota === undefined || holding.length === 0)
    return { faults: new Map(), overtaken: new Set() }
  // A document's state is locked before its holds, as evidence does it.
  const newer = holding.filter(({ held }) => held !== undefined).map(({ row }) => row)
  const locked = await lockVersions(trx, newer)
  const isOpen = ({ row, held }: Storing): boolean => held === undefined || locked.has(row.id)
  const claiming = holding
    .filter(isOpen)
    .sort((a, b) => a.item.index - b.item.index)
    .map(({ item, row, held }) => claimingOf(item, row.id, held !== undefined))
  const overtaken = holding.filter((one) => !isOpen(one)).map(({ row }) => row.id)
  return { faults: await holdQuota(trx, claiming, quota), overtaken: new Set(overtaken) }
}

/** Takes back what new documents hold that lost their key to somebody at the same moment. */
export const dropHolds = async (trx: Trx, lost: readonly Storing[]): Promise<void> =>
  drop(
    trx,
    lost
      .filter(({ item, held }) => held === undefined && item.claim !== undefined)
      .map(({ row }) => ({ lane: row.lane, documentId: row.id })),
  )

/** What `takeHolds` would tell now, by index. */
export const previewHolds = async (
  db: Db,
  all: readonly Item[],
  quota: QuotaRules | undefined,
): Promise<ReadonlyMap<number, readonly Fault[]>> => {
  const claims = quota === undefined ? [] : all.filter(({ claim }) => claim !== undefined)
  if (quota === undefined || claims.length === 0) return new Map()
  const rows = await findByKeys(
    db,
    claims.map(({ draft }) => draft),
  )
  const stored = new Map(rows.map((row) => [keyText(row), row.id]))
  // A document that is not stored has no id yet: its place in the batch tells it from all others.
  const claiming = claims.map((item) => {
    const id = stored.get(keyText(item.draft))
    return {
      index: item.index,
      claiming: claimingOf(item, id ?? String(item.index), id !== undefined),
    }
  })
  const faults = await previewQuota(
    db,
    claiming.map((one) => one.claiming),
    quota,
  )
  return new Map(claiming.map((one) => [one.index, faults.get(one.claiming.id) ?? []]))
}

const claimingOf = ({ draft, claim }: Item, id: string, isNewer: boolean): Claiming => {
  const { lane, kind, senderId, appType } = draft
  return { lane, id, kind, senderId, appType, isNewer, claim }
}
