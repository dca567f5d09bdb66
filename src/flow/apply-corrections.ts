/**
 * A previewed correction applied: batch by batch through intake, companions before what goes after
 * them. Nothing is done twice, however often it is applied and wherever it broke off before: the guid
 * of each new version follows from the preview, and a version that bears it was made by it.
 */
import { getDeclaration } from '../catalogue/index.ts'
import { refusalStates } from '../catalogue/statuses.ts'
import type { Fault } from '../kernel/fault.ts'
import { laneOfId } from '../kernel/ids.ts'
import { CORRECTION_BATCH_DOCUMENTS, CORRECTION_PREVIEW_HOURS } from '../kernel/rejection-limits.ts'
import {
  beginCorrection,
  type CorrectionItem,
  endCorrection,
  findCorrection,
  findCorrectionItems,
  findVersionGuids,
} from '../store/corrections.ts'
import { findAnswer, keepAnswer } from '../store/idempotency.ts'
import { type FoundDocument, findDocuments } from '../store/listing.ts'
import { whole } from './compose.ts'
import { corrected } from './correcting.ts'
import {
  guidOf,
  type LeftDocument,
  leftAs,
  type Named,
  named,
  type Patch,
  patchContext,
} from './corrections.ts'
import { takeDocuments } from './intake.ts'
import type { Caller, DocumentResult, FlowDeps, Handed, IntakeOptions } from './types.ts'

export interface CorrectedDocument extends Named {
  readonly version: number
  readonly state: DocumentResult['state'] | null
  readonly faults: readonly Fault[]
}

export interface CorrectionApplied {
  readonly kind: 'applied'
  readonly documents: readonly CorrectedDocument[]
  readonly left: readonly LeftDocument[]
}

export type ApplyAnswer =
  | CorrectionApplied
  | { readonly kind: 'not-found' }
  /** Previewed too long ago. */
  | { readonly kind: 'expired' }

/** How many documents a token would touch; undefined when it is none of the caller's. */
export const correctionSize = async (
  deps: Pick<FlowDeps, 'db'>,
  caller: Caller,
  token: string,
): Promise<number | undefined> => (await findCorrection(deps.db, token, caller.enterpriseId))?.items

export const applyCorrection = async (
  deps: FlowDeps,
  caller: Caller,
  token: string,
): Promise<ApplyAnswer> => {
  const stored = await findCorrection(deps.db, token, caller.enterpriseId)
  if (stored === undefined) return { kind: 'not-found' }
  const now = deps.clock.now()
  const until = stored.createdAt.getTime() + CORRECTION_PREVIEW_HOURS * 3_600_000
  if (stored.appliedAt === null && now.getTime() > until) return { kind: 'expired' }
  const at = await beginCorrection(deps.db, token, now)
  const run: Run = { token, at, documents: [], left: [], failed: new Set() }
  for (let from = 0; from < stored.items; from += CORRECTION_BATCH_DOCUMENTS) {
    const items = await findCorrectionItems(deps.db, token, from, CORRECTION_BATCH_DOCUMENTS)
    // What goes after a companion waits for the answer about it.
    for (const companion of [true, false])
      await applyBatch(
        deps,
        caller,
        run,
        items.filter((item) => item.companion === companion),
      )
  }
  await endCorrection(deps.db, token, deps.clock.now())
  return { kind: 'applied', documents: run.documents, left: run.left }
}

export type OnceAnswer =
  | (CorrectionApplied & { readonly replayed: boolean })
  | Exclude<ApplyAnswer, CorrectionApplied>
  /** The Idempotency-Key came before with another body. */
  | { readonly kind: 'key-reused' }

/** Applies it, or gives the answer that the same request was given before. */
export const applyOnce = async (
  deps: FlowDeps,
  caller: Caller,
  token: string,
  idempotency: IntakeOptions['idempotency'],
): Promise<OnceAnswer> => {
  const { enterpriseId } = caller
  if (idempotency !== undefined) {
    const { key, requestHash } = idempotency
    const kept = await findAnswer(deps.db, enterpriseId, key)
    if (kept !== undefined)
      return Buffer.compare(requestHash, kept.requestHash) === 0
        ? // Kept below and by nothing else under the hash of such a request.
          { ...(kept.response as CorrectionApplied), replayed: true }
        : { kind: 'key-reused' }
  }
  const answer = await applyCorrection(deps, caller, token)
  if (answer.kind !== 'applied') return answer
  if (idempotency === undefined) return { ...answer, replayed: false }
  const kept = { enterpriseId, ...idempotency, response: answer }
  // Somebody else kept an answer under the key meanwhile: then that one counts.
  return (await keepAnswer(deps.db, kept, deps.clock.now()))
    ? { ...answer, replayed: false }
    : applyOnce(deps, caller, token, idempotency)
}

interface Run {
  readonly token: string
  /** When it was first applied. */
  readonly at: Date
  readonly documents: CorrectedDocument[]
  readonly left: LeftDocument[]
  /** Documents that were left: what goes after them is left as well. */
  readonly failed: Set<string>
}

const applyBatch = async (
  deps: FlowDeps,
  caller: Caller,
  run: Run,
  items: readonly CorrectionItem[],
): Promise<void> => {
  if (items.length === 0) return
  const { token } = run
  const rows = new Map(
    (
      await findDocuments(
        deps.db,
        items.map(({ documentId }) => documentId),
      )
    ).map((row) => [row.id, row]),
  )
  const next = items.map(({ documentId: id, version }) => ({
    ...{ lane: laneOfId(id), id, version: version + 1 },
  }))
  const done = new Set(
    (await findVersionGuids(deps.db, next)).flatMap(({ id, guid }) =>
      guid === guidOf(token, id) ? [id] : [],
    ),
  )
  const handed: (Handed & { readonly row: FoundDocument })[] = []
  for (const item of items) {
    const row = rows.get(item.documentId)
    if (row === undefined) continue
    if (done.has(row.id)) {
      const state = row.version === item.version + 1 ? row.state : null
      run.documents.push({ ...named(row), version: item.version + 1, state, faults: [] })
      continue
    }
    const patch = patchOf(deps, token, item)
    if (!isAsPreviewed(item, row) || patch.after.some((id) => run.failed.has(id)))
      leave(run, leftAs(row, 'changed-since'))
    else handed.push({ ...handedOf(deps, run, item, row, patch), row })
  }
  if (handed.length === 0) return
  const answer = await takeDocuments(
    deps,
    caller,
    handed.map(({ row: _, ...each }) => each),
  )
  if (answer.kind !== 'taken') throw new Error('nothing was asked for under a key')
  for (const [i, { row }] of handed.entries()) settle(run, row, answer.results[i])
}

export const patchOf = (
  { sealer }: Pick<FlowDeps, 'sealer'>,
  token: string,
  { documentId, sealedPatch }: CorrectionItem,
): Patch => {
  const opened = sealer.open(sealedPatch, patchContext(token, documentId))
  // Written by `keep` and by nothing else, so the type is known.
  return JSON.parse(Buffer.from(opened).toString('utf8')) as Patch
}

/** The same version, and one that is refused is so still: customs may have thought better of it. */
export const isAsPreviewed = (
  { version, companion }: CorrectionItem,
  row: Pick<FoundDocument, 'version' | 'state'>,
): boolean => row.version === version && (companion || refusalStates.includes(row.state))

const handedOf = (
  deps: FlowDeps,
  { token, at }: Run,
  { appType, version }: CorrectionItem,
  row: FoundDocument,
  { changes }: Patch,
): Handed => ({
  kind: row.kind,
  document: corrected(getDeclaration(row.kind).code, whole(deps, row), changes, {
    ...{ guid: guidOf(token, row.id), appType, now: at },
  }),
  follows: version,
  senderId: row.senderId,
})

const CHANGED = /-CHANGED_MEANWHILE$/

const settle = (run: Run, row: FoundDocument, result: DocumentResult | undefined): void => {
  const faults = result?.faults ?? []
  if (result?.version !== undefined) {
    const { version, state = null } = result
    run.documents.push({ ...named(row), version, state, faults })
    return
  }
  const overtaken = faults.some(({ code }) => CHANGED.test(code))
  leave(run, leftAs(row, overtaken ? 'changed-since' : 'check-failed', faults))
}

const leave = (run: Run, left: LeftDocument): void => {
  run.failed.add(left.id)
  run.left.push(left)
}
