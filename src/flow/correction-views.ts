/**
 * Corrections read back by whoever made them: the latest of an enterprise, and one of them with what
 * it does to each document and how far it came. What became of a document is told by its versions, so
 * it holds also where the gateway stopped in the middle.
 */
import { findDeclaration } from '../catalogue/index.ts'
import { type Difference, isPersonal } from '../codec/changes.ts'
import { CORRECTION_PREVIEW_HOURS, CORRECTIONS_SHOWN } from '../kernel/rejection-limits.ts'
import {
  type CorrectionItem,
  findCorrection,
  findCorrectionItems,
  findCorrectionPlaces,
  findLatestCorrections,
  type StoredCorrection,
} from '../store/corrections.ts'
import { type FoundDocument, findDocuments } from '../store/listing.ts'
import { isAsPreviewed, patchOf } from './apply-corrections.ts'
import { type CorrectionRequest, guidOf, masked, type Named, named } from './corrections.ts'
import { summary } from './queries.ts'
import type { Caller, DocumentSummary, FlowDeps } from './types.ts'

type Deps = Pick<FlowDeps, 'db' | 'sealer' | 'clock'>

export type CorrectionState = 'previewed' | 'expired' | 'under-way' | 'finished'

export interface CorrectionSummary {
  readonly token: string
  readonly state: CorrectionState
  readonly createdAt: string
  /** Until when it may be applied. */
  readonly until: string
  readonly appliedAt: string | null
  readonly finishedAt: string | null
  readonly items: number
  /** Selected by; null where by something else. */
  readonly cause: string | null
  /** Which field of which documents it sets, and how; never to what. Null: all go as they are. */
  readonly change: {
    readonly kind: string | null
    readonly field: string
    readonly way: 'value' | 'mapping' | 'from'
    readonly from: string | null
  } | null
}

export type ItemOutcome = 'planned' | 'done' | 'changed-since' | 'left'

export interface CorrectionItemView extends Named {
  readonly version: number
  readonly companion: boolean
  readonly appType: string
  /** Personal values are masked. */
  readonly changes: readonly Difference[]
  readonly outcome: ItemOutcome
  readonly state: DocumentSummary['state']
  readonly group: DocumentSummary['group']
}

export interface CorrectionView extends CorrectionSummary {
  /** Documents that have their new version. */
  readonly done: number
  readonly documents: readonly CorrectionItemView[]
  /** Place that the next page begins at; null after the last. */
  readonly next: string | null
}

/** The latest first. */
export const latestCorrections = async (
  deps: Deps,
  { enterpriseId }: Caller,
): Promise<{ readonly corrections: readonly CorrectionSummary[] }> => {
  const found = await findLatestCorrections(deps.db, enterpriseId, CORRECTIONS_SHOWN)
  return { corrections: found.map((stored) => summaryOf(deps, stored)) }
}

/** Undefined when it is none of the caller's. */
export const correctionOf = async (
  deps: Deps,
  { enterpriseId }: Caller,
  token: string,
  page: { readonly from: number; readonly limit: number },
): Promise<CorrectionView | undefined> => {
  const stored = await findCorrection(deps.db, token, enterpriseId)
  if (stored === undefined) return undefined
  const places = await findCorrectionPlaces(deps.db, token)
  const done = new Set(
    places.flatMap(({ documentId, nextGuid }) =>
      nextGuid === guidOf(token, documentId) ? [documentId] : [],
    ),
  )
  const items = await findCorrectionItems(deps.db, token, page.from, page.limit)
  const ids = items.map(({ documentId }) => documentId)
  const rows = new Map((await findDocuments(deps.db, ids)).map((row) => [row.id, row]))
  const after = page.from + items.length
  return {
    ...summaryOf(deps, stored),
    done: done.size,
    documents: items.flatMap((item) => {
      const row = rows.get(item.documentId)
      if (row === undefined) return []
      return [itemView(deps, stored, item, row, done.has(row.id))]
    }),
    next: after < places.length ? String(after) : null,
  }
}

const HOUR_MS = 3_600_000

const summaryOf = ({ sealer, clock }: Deps, stored: StoredCorrection): CorrectionSummary => {
  const { id, sealedRequest, createdAt, appliedAt, finishedAt, items } = stored
  const opened = sealer.open(sealedRequest, `correction/${id}`)
  // Written when it was previewed and by nothing else, so of its shape.
  const { select, change } = JSON.parse(Buffer.from(opened).toString('utf8')) as CorrectionRequest
  const until = new Date(createdAt.getTime() + CORRECTION_PREVIEW_HOURS * HOUR_MS)
  const isOver = clock.now() > until
  const unapplied = isOver ? 'expired' : 'previewed'
  return {
    token: id,
    state: finishedAt !== null ? 'finished' : appliedAt !== null ? 'under-way' : unapplied,
    ...{ createdAt: createdAt.toISOString(), until: until.toISOString(), items },
    appliedAt: appliedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    cause: select.cause ?? null,
    change:
      change === undefined
        ? null
        : {
            ...{ kind: change.kind ?? null, field: change.field, from: change.from ?? null },
            way:
              change.from !== undefined
                ? 'from'
                : change.mapping !== undefined
                  ? 'mapping'
                  : 'value',
          },
  }
}

const itemView = (
  deps: Deps,
  { id, finishedAt }: StoredCorrection,
  item: CorrectionItem,
  row: FoundDocument,
  isDone: boolean,
): CorrectionItemView => {
  const entry = findDeclaration(row.kind)
  const { version, companion, appType } = item
  const { state, group } = summary(row)
  return {
    ...{ ...named(row), version, companion, appType, state, group },
    changes: patchOf(deps, id, item).changes.map((change) =>
      entry === undefined || isPersonal(entry, change.pointer) ? masked(change) : change,
    ),
    outcome: isDone
      ? 'done'
      : !isAsPreviewed(item, row)
        ? 'changed-since'
        : finishedAt === null
          ? 'planned'
          : 'left',
  }
}
