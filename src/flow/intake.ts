/**
 * Intake: a batch is judged document by document. Good ones are stored with their event and the
 * work they cause in one transaction, and only then acknowledged; bad ones come back with all their
 * faults. The same document again is the same answer again.
 */
import { declarations, getDeclaration } from '../catalogue/index.ts'
import { APP_TYPE } from '../catalogue/message.ts'
import { groupOf } from '../catalogue/statuses.ts'
import { chinaDay } from '../kernel/clock.ts'
import { errorsFirst, type Fault, refuses } from '../kernel/fault.ts'
import { laneOf } from '../kernel/lane.ts'
import { INTAKE_ROUNDS_MAX } from '../kernel/limits.ts'
import { findPrincipals } from '../store/access.ts'
import type { DayRules } from '../store/day-rules.ts'
import {
  findByKeys,
  findThreads,
  type Inserted,
  insertDocuments,
  insertTargets,
  insertVersions,
  isReleased,
  joinThreads,
  keyText,
  leaveThreads,
  type NewDocument,
  type StoredDocument,
} from '../store/documents.ts'
import { findAnswer, keepAnswer } from '../store/idempotency.ts'
import { type ClosedMandate, findClosedMandates } from '../store/mandates.ts'
import { endRejections } from '../store/rejections.ts'
import { noRuleValues } from '../store/rule-values.ts'
import { holdLists } from '../store/summary.ts'
import { inTransaction, Overtaken, type Trx } from '../store/transaction.ts'
import { partyOf } from '../store/work.ts'
import { type Admission, admit, type Draft, doubtsText } from './admission.ts'
import { allFindings } from './all-findings.ts'
import { type Stored, warnOfCompanions } from './companion-warnings.ts'
import { type Finding, settleFindings } from './findings.ts'
import { dropHolds, type Held, logHolds, previewHolds, takeHolds } from './intake-holds.ts'
import { addWarnings, isRefused, keptBack, refused, told, type Verdict } from './intake-results.ts'
import { placesOfKinds } from './marks.ts'
import { isForeign } from './ownership.ts'
import { quotaKinds } from './quota.ts'
import { summarisedFacts } from './summarised.ts'
import { withheldWarnings } from './tax-withheld.ts'
import { type TodaysRules, todaysRules } from './todays-rules.ts'
import type {
  Caller,
  DocumentResult,
  FlowDeps,
  Handed,
  IntakeAnswer,
  IntakeOptions,
} from './types.ts'

/** Takes a batch of at most DOCUMENTS_PER_BATCH_MAX documents; the route has checked the number. */
export const takeDocuments = async (
  deps: FlowDeps,
  caller: Caller,
  handed: readonly Handed[],
  options: IntakeOptions = {},
): Promise<IntakeAnswer> => {
  const judged = await judge(deps, caller, handed)
  const { quota } = judged
  const isParted = options.together === true && judged.admitted.length < handed.length
  if (options.dryRun === true) return preview(deps, caller, judged, options)
  if (isParted) {
    // What the key was answered with stands, whatever the documents would be answered with today.
    const key = options.idempotency
    const earlier = key && (await findAnswer(deps.db, caller.enterpriseId, key.key))
    if (key && earlier) return replay(key.requestHash, earlier)
    return preview(deps, caller, judged, options)
  }
  const store = (order: Storage['order']): Promise<IntakeAnswer> =>
    inTransaction(deps.db, (trx) => storeOnce({ deps, trx, quota, order }, caller, options, judged))
  const answer = await store('holds-last')
    .catch((problem: unknown) => {
      if (!(problem instanceof Unfit)) throw problem
      return store('holds-first')
    })
    .catch(partedAnswer)
  if (answer.kind === 'taken') {
    logIntake(deps, caller, answer.results, { replayed: answer.replayed })
    if (!answer.replayed) announce(deps, answer.results)
  }
  return answer
}

/** One line a batch; the request that it came with is in every line of the request's log. */
const logIntake = (
  { log }: FlowDeps,
  { enterpriseId }: Caller,
  results: readonly DocumentResult[],
  how: { readonly dryRun?: boolean; readonly replayed?: boolean },
): void => {
  const refused = results.filter(isRefused).length
  log.info('intake', { enterprise: enterpriseId, documents: results.length, refused, ...how })
}

/** Thrown inside the transaction when documents that go together cannot: none of them is kept. */
class Parted extends Error {
  readonly results: readonly DocumentResult[]
  constructor(results: readonly DocumentResult[]) {
    super('not all of the documents could be stored')
    this.results = results
  }
}

const partedAnswer = (problem: unknown): IntakeAnswer => {
  if (!(problem instanceof Parted)) throw problem
  return { kind: 'taken', results: keptBack(problem.results), replayed: false }
}

/** Thrown where a document that is stored already does not fit into what it draws on. */
class Unfit extends Error {}

type Admitted = Omit<Extract<Admission, { kind: 'admitted' }>, 'kind'> & {
  readonly index: number
  readonly follows?: number | undefined
}

interface Judged {
  readonly results: DocumentResult[]
  readonly admitted: readonly Admitted[]
  /** Where something draws on a quota. */
  readonly quota: DayRules | undefined
  /** By index. */
  readonly taxWarnings: ReadonlyMap<number, readonly Fault[]>
}

const judge = async (
  deps: FlowDeps,
  caller: Caller,
  handed: readonly Handed[],
): Promise<Judged> => {
  const now = deps.clock.now()
  const today = chinaDay(now)
  const principals = await findPrincipals(deps.db, caller.enterpriseId, today, now)
  const rules = todaysRules(deps, principals)
  const ruled = handed.some(({ kind }) => ruledKinds.has(kind)) ? await rules() : undefined
  const context = {
    principals,
    today,
    submittedBy: caller.enterpriseId,
    sealer: deps.sealer,
    zoneRules: ruled?.zones ?? [],
    ruleValues: ruled?.values ?? noRuleValues,
    knownCodes: new Set(principals.flatMap(({ codes }) => codes)),
  }
  const results: DocumentResult[] = []
  const admitted: Admitted[] = []
  // Asked for only where somebody is refused: why he may not is told, if he may at another time.
  let closed: readonly ClosedMandate[] | undefined
  for (const [index, item] of handed.entries()) {
    let admission = admit(context, item)
    if (admission.kind === 'refused' && admission.faults.some(isForeign)) {
      closed ??= await findClosedMandates(deps.db, caller.enterpriseId, { day: today, now })
      if (closed.length > 0) admission = admit({ ...context, closed }, item)
    }
    if (admission.kind === 'admitted') admitted.push({ index, ...admission, follows: item.follows })
    else results[index] = { index, kind: item.kind, faults: admission.faults }
  }
  const open = await judgeByRules({ deps, rules }, handed, admitted, results)
  const draws = open.some(({ draft }) => quotaKinds.has(draft.kind))
  const quota = draws ? await rules() : undefined
  const taxWarnings = await withheldWarnings(deps.db, rules, open)
  return { results, admitted: open, quota, taxWarnings }
}

/** Tells what storing would tell, and stores nothing. */
const preview = async (
  deps: FlowDeps,
  caller: Caller,
  { admitted, quota, results, taxWarnings }: Judged,
  { dryRun = false, together = false }: IntakeOptions,
): Promise<IntakeAnswer> => {
  const faults = await previewHolds(deps.db, admitted, quota)
  for (const item of admitted) results[item.index] = toldOf(item, faults.get(item.index) ?? [])
  addWarnings(results, taxWarnings)
  const told = together ? keptBack(results) : results
  logIntake(deps, caller, told, { dryRun })
  return { kind: 'taken', results: told, replayed: false }
}

/** What becomes of a document of which this is told beside its warnings. */
const toldOf = (item: Admitted, faults: readonly Fault[]): DocumentResult => {
  const all = [...faults, ...item.warnings]
  return refuses(faults)
    ? { index: item.index, kind: item.draft.kind, faults: all }
    : told({ ...item, warnings: all }, {})
}

/** Holds what was admitted against the rules of the day; what they refuse is told in `results`. */
const judgeByRules = async (
  { deps, rules }: { readonly deps: FlowDeps; readonly rules: TodaysRules },
  handed: readonly Handed[],
  admitted: readonly Admitted[],
  results: DocumentResult[],
): Promise<Admitted[]> => {
  const all = await allFindings(deps, handed, admitted)
  const found = await settleFindings(
    rules,
    admitted.map(({ draft: { kind, senderId } }, i) => ({
      ...{ kind, senderId, findings: all[i] ?? [] },
    })),
  )
  const refused = admitted.filter((_, i) => refuses(found[i] ?? []))
  const held = refused.length === 0 ? [] : await findByKeys(deps.db, drafts(refused))
  const stored = new Map(held.map((row) => [keyText(row), row]))
  return admitted.flatMap((item, i) => {
    const faults = found[i] ?? []
    const row = stored.get(keyText(item.draft))
    // What was taken before is answered as before, even if the rules of today would refuse it.
    const stays = !refuses(faults) || (row !== undefined && compare(item, row) === 'same')
    if (stays) return [faults.length === 0 ? item : doubted(item, faults, all[i] ?? [])]
    const { index, draft, warnings } = item
    results[index] = { index, kind: draft.kind, faults: errorsFirst([...faults, ...warnings]) }
    return []
  })
}

/** With its warnings, and with the rules it breaks by itself: those may hold a list back later. */
const doubted = (
  item: Admitted,
  faults: readonly Fault[],
  findings: readonly Finding[],
): Admitted => {
  const warnings = faults.map((fault) => ({ ...fault, severity: 'warning' as const }))
  const broken = findings.filter(({ mild }) => mild !== true).map(({ rule }) => rule)
  const draft = { ...item.draft, doubts: doubtsText(broken) }
  return { ...item, draft, warnings: [...item.warnings, ...warnings] }
}

const drafts = (items: readonly Admitted[]): readonly Draft[] => items.map(({ draft }) => draft)

/** Kinds that are placed in a zone, or warned about by figures of rules. */
const ruledKinds: ReadonlySet<string> = new Set([
  ...declarations.filter((entry) => entry.trade !== undefined).map((entry) => entry.code),
  ...summarisedFacts.map(({ kind }) => kind),
])

/** What a batch is stored with. */
interface Storage {
  readonly deps: FlowDeps
  readonly trx: Trx
  /** Where something of it draws on a quota. */
  readonly quota: DayRules | undefined
  /**
   * Accounts that many draw on are locked from the moment something is held until the end, so that
   * holds come last. Only when a document does not fit is all done anew with holds first.
   */
  readonly order: 'holds-last' | 'holds-first'
}

const storeOnce = async (
  storage: Storage,
  caller: Caller,
  options: IntakeOptions,
  judged: Judged,
): Promise<IntakeAnswer> => {
  const { deps, trx } = storage
  const key = options.idempotency
  const earlier = key && (await findAnswer(trx, caller.enterpriseId, key.key))
  if (key && earlier) return replay(key.requestHash, earlier)
  // A broken-off transaction is tried again from the judged results, not from half-filled ones.
  const results = [...judged.results]
  const { stored, told } = await storeAll(storage, judged.admitted, results)
  await warnOfCompanions(deps, trx, caller, { stored, told }, results)
  addWarnings(results, judged.taxWarnings)
  if (options.together === true && results.some(isRefused)) throw new Parted(results)
  if (key === undefined) return { kind: 'taken', results, replayed: false }
  const kept = await keepAnswer(
    trx,
    { enterpriseId: caller.enterpriseId, ...key, response: results },
    deps.clock.now(),
  )
  // Another request took the key meanwhile, perhaps with another body: nothing of this one may stay.
  if (!kept) throw new Overtaken()
  return { kind: 'taken', results, replayed: false }
}

/** What an earlier request with the same key was answered. */
export const replay = (
  hash: Uint8Array,
  kept: { readonly requestHash: Uint8Array; readonly response: unknown },
): IntakeAnswer =>
  Buffer.compare(hash, kept.requestHash) === 0
    ? // Written by keepAnswer above and by nothing else, so the type is known.
      { kind: 'taken', results: kept.response as DocumentResult[], replayed: true }
    : { kind: 'key-reused' }

/**
 * Round by round: in each, the first document of every key acts and the others wait for the next,
 * so that several versions of one document in a batch follow each other. A document whose key
 * somebody else stored at the same moment comes round again and meets it.
 */
const storeAll = async (
  storage: Storage,
  admitted: readonly Admitted[],
  results: DocumentResult[],
): Promise<Stored> => {
  let pending = admitted
  const stored: NewDocument[] = []
  const told = new Map<string, readonly string[]>()
  for (let round = 0; pending.length > 0; round += 1) {
    if (round === INTAKE_ROUNDS_MAX) {
      for (const item of pending) results[item.index] = refused(item, 'TOO_MANY_VERSIONS')
      break
    }
    const done = await storeRound(storage, pending, results)
    pending = done.later
    stored.push(...done.stored)
    for (const { id, differing } of done.inserted) told.set(id, differing ?? [])
  }
  return { stored, told }
}

const storeRound = async (
  storage: Storage,
  pending: readonly Admitted[],
  results: DocumentResult[],
): Promise<
  Kept & { readonly later: readonly Admitted[]; readonly stored: readonly NewDocument[] }
> => {
  const { deps, trx } = storage
  const stored = new Map<string, StoredDocument>()
  for (const row of await findByKeys(trx, drafts(pending))) stored.set(keyText(row), row)
  const acting = new Set<string>()
  const later: Admitted[] = []
  const fresh: Storing[] = []
  const newer: Storing[] = []
  for (const item of pending) {
    const key = keyText(item.draft)
    const held = stored.get(key)
    const verdict = held === undefined ? 'new' : compare(item, held)
    if (held !== undefined && verdict === 'same') {
      const { id, version } = held
      results[item.index] = told(item, { id, version, duplicate: true, state: held.state })
    } else if (acting.has(key)) later.push(item)
    else if (verdict === 'new' || (verdict === 'newer' && held !== undefined)) {
      acting.add(key)
      ;(held === undefined ? fresh : newer).push(storing(deps, key, item, held))
    } else if (verdict !== 'same' && verdict !== 'newer')
      results[item.index] = refused(item, verdict)
  }
  const kept = await (storage.order === 'holds-last' && newer.length === 0
    ? storeAndHold(storage, fresh)
    : holdAndStore(storage, fresh, newer))
  const { won, holds } = kept
  const winners = [...fresh, ...newer].flatMap(({ row }) => (won.has(row.id) ? [row] : []))
  await logHolds(trx, holds, winners, deps.clock.now())
  for (const { item, row } of [...fresh, ...newer]) {
    const faults = holds.faults.get(row.id) ?? []
    if (won.has(row.id))
      results[item.index] = { ...toldOf(item, faults), id: row.id, version: row.version }
    else if (refuses(faults)) results[item.index] = toldOf(item, faults)
    else later.push(item)
  }
  return { ...kept, later, stored: winners }
}

interface Rows {
  readonly won: ReadonlySet<string>
  /** Of those, the ones that are stored for the first time. */
  readonly inserted: readonly Inserted[]
}

interface Kept extends Rows {
  readonly holds: Held
}

/** Throws `Unfit` when a document must not be stored for what it draws on. */
const storeAndHold = async (
  { deps, trx, quota }: Storage,
  fresh: readonly Storing[],
): Promise<Kept> => {
  const rows = await storeRows(deps, trx, [...fresh].sort(byKey), [])
  const stored = fresh.filter(({ row }) => rows.won.has(row.id))
  const holds = await takeHolds(trx, stored, quota)
  if ([...holds.faults.values()].some(refuses)) throw new Unfit()
  return { ...rows, holds }
}

const holdAndStore = async (
  { deps, trx, quota }: Storage,
  fresh: readonly Storing[],
  newer: readonly Storing[],
): Promise<Kept> => {
  const holds = await takeHolds(trx, [...fresh, ...newer], quota)
  const isOpen = ({ row }: Storing): boolean =>
    !holds.overtaken.has(row.id) && !refuses(holds.faults.get(row.id) ?? [])
  const rows = await storeRows(
    deps,
    trx,
    fresh.filter(isOpen).sort(byKey),
    newer.filter(isOpen).sort(byKey),
  )
  const lost = [...fresh, ...newer].filter((one) => isOpen(one) && !rows.won.has(one.row.id))
  await dropHolds(trx, lost)
  return { ...rows, holds }
}

const storeRows = async (
  deps: FlowDeps,
  trx: Trx,
  fresh: readonly Storing[],
  newer: readonly Storing[],
): Promise<Rows> => {
  const now = deps.clock.now()
  const threads = await findThreads(trx, newer.flatMap(standing))
  const rows = (all: readonly Storing[]): readonly NewDocument[] => all.map(({ row }) => row)
  const places = placesOfKinds(new Set(fresh.map(({ row }) => row.kind)))
  const inserted = await insertDocuments(trx, rows(fresh), places, now)
  const versions = await insertVersions(trx, rows(newer), now)
  const won = new Set([...inserted.map(({ id }) => id), ...versions])
  const stored = rows([...fresh, ...newer]).filter((row) => won.has(row.id))
  await joinThreads(trx, stored)
  const kept = new Map(stored.map((row) => [row.id, numbersOf(row)]))
  await leaveThreads(
    trx,
    threads.filter(({ id, number }) => kept.get(id)?.has(number) === false),
  )
  await endRejections(
    trx,
    rows(newer).filter(({ id }) => won.has(id)),
  )
  await insertTargets(trx, stored)
  await holdLists(trx, summarisedFacts, stored)
  return { won, inserted }
}

interface Storing {
  readonly key: string
  readonly item: Admitted
  readonly row: NewDocument
  readonly held: StoredDocument | undefined
}

const storing = (
  deps: FlowDeps,
  key: string,
  item: Admitted,
  held: StoredDocument | undefined,
): Storing => {
  const { draft } = item
  const id = held?.id ?? deps.ids.next(draft.lane)
  const matching = draft.stage === 'match' && draft.orderNo !== null && draft.orderLane !== null
  const row: NewDocument = {
    ...draft,
    id,
    version: (held?.version ?? 0) + 1,
    workLane: matching && draft.orderLane !== null ? draft.orderLane : draft.lane,
    workSubject: matching && draft.orderNo !== null ? draft.orderNo : id,
    party: partyOf(draft.senderId),
  }
  return { key, item, row, held }
}

/** Where the version before stands in its consignment; only a version that wins changes that. */
const standing = ({ held }: Storing) =>
  held?.orderNo == null ? [] : [{ lane: laneOf(held.orderNo), orderNo: held.orderNo, id: held.id }]

/** Numbers under which it goes with other documents. */
const numbersOf = ({ offer, orderNo, others }: NewDocument): ReadonlySet<string> =>
  new Set(offer === null || orderNo === null ? [] : [orderNo, ...others.map((each) => each.number)])

/** What a document means beside the one held under its key. */
const compare = ({ draft, hashWith, follows }: Admitted, held: StoredDocument): Verdict => {
  const isHeld = (hash: Uint8Array): boolean => Buffer.compare(hash, held.contentHash) === 0
  if (isHeld(draft.contentHash)) return 'same'
  const open = groupOf(getDeclaration(draft.kind), held.state) !== 'refused'
  // A sheet handed in again: what was filled in for its blanks is all that differs.
  if (open && hashWith !== undefined && isHeld(hashWith(held))) return 'same'
  if (follows !== undefined && follows !== held.version) return 'CHANGED_MEANWHILE'
  if (held.counted || isReleased(held.state)) return 'ALREADY_RELEASED'
  if (draft.appTime <= held.appTime) return 'STALE_APP_TIME'
  // A refused document is handed in again as new, with a new guid and a later appTime.
  return draft.appType === APP_TYPE.new && open ? 'DUPLICATE_KEY' : 'newer'
}

/** One order for all writers, so that two batches with the same keys wait instead of deadlock. */
const byKey = (a: Storing, b: Storing): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

const announce = (deps: FlowDeps, results: readonly DocumentResult[]): void => {
  const taken = results.filter((result) => result.id !== undefined && result.duplicate !== true)
  if (taken.length === 0) return
  deps.meter.add('taken', taken.length)
  if (taken.some((result) => result.state === 'waiting')) deps.wake('match')
  if (taken.some((result) => result.state === 'ready')) deps.wake('compose')
}
