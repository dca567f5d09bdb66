/**
 * Cancelling and returning: the document that asks customs for it is made from the stored list, and
 * goes the way of every document. What customs would refuse anyway is refused here, with the way out;
 * where our state may be behind, `force` sends it all the same.
 */
import { findAct, getDeclaration, headOf } from '../catalogue/index.ts'
import {
  type Act,
  type AnyDocument,
  APP_TYPE,
  type Declaration,
  type FieldRecord,
} from '../catalogue/message.ts'
import { checkDocument } from '../codec/check.ts'
import { linesOf } from '../codec/document.ts'
import { chinaDay, dayOfStamp, stamp14 } from '../kernel/clock.ts'
import { at, type Fault, refuses } from '../kernel/fault.ts'
import { DERIVED_NUMBERS_MAX } from '../kernel/limits.ts'
import { type ReturnWindow, returnWindow } from '../rules/returns.ts'
import { findAnswer } from '../store/idempotency.ts'
import { type FoundDocument, findDocuments, findEvents } from '../store/listing.ts'
import { findRuleValues } from '../store/rule-values.ts'
import { findTargeting } from '../store/targets.ts'
import { type ActionFault, actionFault } from './action-faults.ts'
import { whole } from './compose.ts'
import { replay, takeDocuments } from './intake.ts'
import { actFactsOf } from './kinds.ts'
import { type Asked, makeDocument } from './making.ts'
import { withFreeNumber } from './numbers.ts'
import { visible } from './queries.ts'
import { refusedStates } from './summarised.ts'
import type { Caller, DocumentResult, FlowDeps, IntakeAnswer, IntakeOptions } from './types.ts'

export type ActionVerb = Extract<Act['verb'], 'cancel' | 'return'>

export interface ActionRequest extends Asked {
  readonly reason: string
  /** Sends it although our state speaks against it. */
  readonly force?: boolean
}

export type ActionAnswer =
  | { readonly kind: 'not-found' }
  /** Documents of this kind are not treated so. */
  | { readonly kind: 'not-offered'; readonly faults: readonly Fault[] }
  /** Not in this state of things. */
  | { readonly kind: 'not-now'; readonly faults: readonly Fault[] }
  /** The request itself is wrong. */
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }
  | { readonly kind: 'key-reused' }
  | ActionHandedIn

export interface ActionHandedIn {
  readonly kind: 'handed-in'
  readonly results: readonly DocumentResult[]
  readonly replayed: boolean
  /** Faults of the document, pointed into the request. */
  readonly faults: readonly Fault[]
  readonly document: AnyDocument
  /** Until when returns of the list are in time; null where no rule is known. */
  readonly window: (ReturnWindow & { readonly source: string; readonly confidence: string }) | null
}

/** Makes the document and hands it in in the caller's name; a dry run stores nothing. */
export const act = async (
  deps: FlowDeps,
  caller: Caller,
  verb: ActionVerb,
  id: string,
  request: ActionRequest,
  options: IntakeOptions = {},
): Promise<ActionAnswer> => {
  const row = await visible(deps, caller, id)
  if (row === undefined) return { kind: 'not-found' }
  const earlier = await replayed(deps, caller, options)
  if (earlier !== undefined) return earlier
  const entry = findAct(row.kind, verb)
  if (entry?.acts === undefined) {
    const place = { name: verb, pointer: '' }
    return { kind: 'not-offered', faults: [actionFault(row.kind, 'NOT_OFFERED', place)] }
  }
  const wanted = { kind: entry.code, letter: LETTER[verb], subject: [entry.code, row.id] }
  return withFreeNumber(
    deps.db,
    wanted,
    (number) => attempt(deps, caller, { row, entry, number, request, options }),
    (answer) => answer.kind === 'handed-in' && answer.results.some((one) => one.id === undefined),
  )
}

/** First letter of the numbers we give: what was asked for can be told from them. */
const LETTER: Readonly<Record<ActionVerb, string>> = { cancel: 'C', return: 'R' }

interface Attempt {
  readonly row: FoundDocument
  readonly entry: Declaration
  readonly number: string | undefined
  readonly request: ActionRequest
  readonly options: IntakeOptions
}

const attempt = async (
  deps: FlowDeps,
  caller: Caller,
  { row, entry, number, request, options }: Attempt,
): Promise<ActionAnswer> => {
  const standing = await standingOf(deps, row, entry, request)
  const force = request.force === true
  const { acts } = entry
  const place = { name: acts?.by ?? '', pointer: '' }
  const told = standing.against.map((what) =>
    // Without the number the list cannot even be named.
    actionFault(entry.code, what, place, force && what !== 'NUMBER_MISSING' ? 'warning' : 'error'),
  )
  if (number === undefined) told.push(actionFault(entry.code, 'NUMBERS_EXHAUSTED', place))
  if (refuses(told)) return { kind: 'not-now', faults: told }
  const taken = force ? [] : standing.earlier
  const made = makeDocument(
    entry,
    { entry: getDeclaration(row.kind), document: whole(deps, row), number: standing.number ?? '' },
    givenFields(deps, entry, number ?? '', request),
    standing.asked,
    taken,
  )
  if (made.isEmpty)
    return { kind: 'not-now', faults: [actionFault(entry.code, 'NOTHING_LEFT', place)] }
  if (refuses(made.faults)) return { kind: 'wrong', faults: [...told, ...made.faults] }
  if (force && standing.earlier.length > 0)
    told.push(actionFault(entry.code, 'EARLIER_IGNORED', place, 'warning'))
  const { window, isPassed } = await windowOf(deps, row, entry, standing.releasedOn)
  if (isPassed) told.push(actionFault(entry.code, 'WINDOW_PASSED', place, 'warning'))
  const handed = { kind: entry.code, document: made.document, faults: told, regardless: force }
  const answer = await takeDocuments(deps, caller, [handed], { ...options, together: true })
  if (answer.kind === 'key-reused') return answer
  const { document } = checkDocument(entry, made.document)
  return {
    ...{ kind: 'handed-in', document, window, results: answer.results, replayed: answer.replayed },
    faults: answer.results.flatMap(({ faults }) => (faults ?? []).map(intoRequest(entry))),
  }
}

/** Head fields that are ours to fill in. */
const givenFields = (
  deps: FlowDeps,
  entry: Declaration,
  number: string,
  request: ActionRequest,
): FieldRecord => ({
  guid: deps.ids.next().toUpperCase(),
  appType: APP_TYPE.new,
  appTime: stamp14(deps.clock.now()),
  appStatus: DECLARED,
  [entry.key[0]]: number,
  reason: request.reason,
})

/** `appStatus` of what is declared and not only saved. */
const DECLARED = '2'

interface Standing {
  readonly number: string | undefined
  readonly asked: Asked
  readonly against: readonly ActionFault[]
  /** Lines of returns accepted or under way. */
  readonly earlier: readonly FieldRecord[]
  /** China date of the list's first release, yyyy-MM-dd. */
  readonly releasedOn: string | undefined
}

/** How the list stands to what is asked. */
const standingOf = async (
  deps: FlowDeps,
  row: FoundDocument,
  entry: Declaration,
  request: ActionRequest,
): Promise<Standing> => {
  const { acts } = entry
  const by = acts?.by ?? ''
  const known = row.customsNumbers?.[by]
  const { [by]: said, ...fields } = request.fields ?? {}
  const number = known ?? (request.force === true ? said : undefined)
  // A number that differs from what customs gave is left in, to be told.
  const asked = said === undefined || said === number ? { ...request, fields } : request
  const live = number === undefined ? [] : await liveActs(deps, row, entry, number)
  const list = getDeclaration(row.kind)
  const isReleased = list.done.includes(row.state)
  const against: ActionFault[] = []
  if (refusedStates.includes(row.state)) against.push('NO_LONGER')
  else if (acts?.verb === 'cancel' && isReleased) against.push('ALREADY_RELEASED')
  else if (acts?.verb === 'return' && !isReleased) against.push('NOT_RELEASED')
  if (acts?.verb === 'cancel' && live.length > 0) against.push('ALREADY_ASKED')
  if (number === undefined) against.push('NUMBER_MISSING')
  const group = acts?.making?.lines?.group
  return {
    ...{ number, asked, against },
    earlier: group === undefined ? [] : live.flatMap((one) => linesOf(entry, one.payload, group)),
    releasedOn: await releaseDay(deps, row, list),
  }
}

/** Documents that ask the same of the list and were not refused, whichever agent of its merchant filed them. */
const liveActs = async (
  deps: FlowDeps,
  row: FoundDocument,
  entry: Declaration,
  number: string,
): Promise<readonly FoundDocument[]> => {
  const facts = actFactsOf(entry)
  if (facts === undefined) throw new Error(`${entry.code} does not say in whose name it asks`)
  const { lane, id } = row
  const ids = await findTargeting(deps.db, facts, { lane, id, number }, DERIVED_NUMBERS_MAX)
  const found = await findDocuments(deps.db, ids)
  return found.filter(({ state }) => !refusedStates.includes(state))
}

const releaseDay = async (
  deps: FlowDeps,
  row: FoundDocument,
  list: Declaration,
): Promise<string | undefined> => {
  const [first] = (await findEvents(deps.db, row.id))
    .filter(({ version, state, returnTime }) => {
      return version === row.version && list.done.includes(state) && returnTime !== ''
    })
    .map(({ returnTime }) => returnTime)
    .sort()
  return first && dayOfStamp(first)
}

/** The rule in force on the day of release decides. */
const windowOf = async (
  deps: FlowDeps,
  row: FoundDocument,
  entry: Declaration,
  releasedOn: string | undefined,
): Promise<{ readonly window: ActionHandedIn['window']; readonly isPassed: boolean }> => {
  if (entry.acts?.verb !== 'return' || releasedOn === undefined)
    return { window: null, isPassed: false }
  const values = await findRuleValues(deps.db, releasedOn)
  const apply = values('return-apply-days', row.kind)
  const arrive = values('return-arrive-days', row.kind)
  if (apply === undefined || arrive === undefined) return { window: null, isPassed: false }
  const days = { apply: Number(apply.value), arrive: Number(arrive.value) }
  const window = returnWindow(releasedOn, days)
  const { source, confidence } = apply
  return {
    window: { ...window, source, confidence },
    isPassed: chinaDay(deps.clock.now()) > window.applyBy,
  }
}

/** A fault of the made document, pointed to where the request can mend it. */
const intoRequest =
  (entry: Declaration) =>
  (fault: Fault): Fault => {
    const { group } = headOf(entry)
    const head = group === undefined ? '' : at('', group)
    const lines = entry.acts?.making?.lines?.group
    if (lines !== undefined && fault.pointer.startsWith(at('', lines)))
      return { ...fault, pointer: fault.pointer.replace(at('', lines), '/lines') }
    const name = fault.pointer.slice(head.length + 1)
    if (!fault.pointer.startsWith(`${head}/`) || name === '') return { ...fault, pointer: '' }
    return { ...fault, pointer: name === 'reason' ? '/reason' : `/fields/${name}` }
  }

/** What the same request was answered before. */
const replayed = async (
  deps: FlowDeps,
  caller: Caller,
  { idempotency, dryRun }: IntakeOptions,
): Promise<ActionAnswer | undefined> => {
  if (idempotency === undefined || dryRun === true) return undefined
  const kept = await findAnswer(deps.db, caller.enterpriseId, idempotency.key)
  if (kept === undefined) return undefined
  const answer: IntakeAnswer = replay(idempotency.requestHash, kept)
  if (answer.kind === 'key-reused') return answer
  const id = answer.results[0]?.id
  const [row] = id === undefined ? [] : await findDocuments(deps.db, [id])
  const document = row === undefined ? {} : whole(deps, row)
  return { ...answer, kind: 'handed-in', faults: [], document, window: null }
}
