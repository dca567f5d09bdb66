/**
 * Monthly summaries: which released lists still have to be named in one, until when, and the
 * application that names them, built from the lists themselves, split into parts and handed in like
 * any other document. Asked twice for the same lists it finds nothing due.
 */
import { getDeclaration, headOf } from '../catalogue/index.ts'
import {
  type AnyDocument,
  APP_TYPE,
  type Declaration,
  type FieldRecord,
} from '../catalogue/message.ts'
import { checkDocument } from '../codec/check.ts'
import { headOfDocument } from '../codec/document.ts'
import { addDays, chinaDay, stamp14 } from '../kernel/clock.ts'
import { at, type Fault } from '../kernel/fault.ts'
import {
  REST_DAYS_IN_A_ROW_MAX,
  SUMMARY_LISTS_MAX,
  SUMMARY_PART_LISTS,
  SUMMARY_SCOPES_PAGE,
} from '../kernel/limits.ts'
import { summaryDeadline } from '../rules/summary.ts'
import { coversKind, findPrincipals } from '../store/access.ts'
import { findAnswer } from '../store/idempotency.ts'
import { findDocuments } from '../store/listing.ts'
import { findRestDays, findRuleValues } from '../store/rule-values.ts'
import {
  countScopes,
  type DueList,
  findDueLists,
  type SummarisedFacts,
  type SummaryScope,
} from '../store/summary.ts'
import { enterpriseNames } from '../store/totals.ts'
import { replay, takeDocuments } from './intake.ts'
import { withFreeNumber } from './numbers.ts'
import { summarisedFacts } from './summarised.ts'
import { summaryFault } from './summary-faults.ts'
import type { Caller, DocumentResult, FlowDeps, Handed, IntakeOptions } from './types.ts'

/** The last day for a month's lists, and what it rests on. */
export interface SummaryDeadline {
  readonly date: string
  readonly nominal: string
  readonly source: string
  readonly confidence: string
}

export interface DueSummaries {
  /** `yyyy-MM`. */
  readonly month: string
  readonly asOf: string
  /** Null when no rule is in force. */
  readonly deadline: SummaryDeadline | null
  readonly scopes: readonly {
    readonly kind: string
    readonly agentCode: string
    /** Null, as the merchant's, where it is not registered here. */
    readonly agentName: string | null
    readonly ebcCode: string
    readonly ebcName: string | null
    readonly customsCode: string
    /** Released lists in no summary, or in one that was refused. */
    readonly due: number
    readonly summarised: number
    readonly overdue: boolean
  }[]
  /** Where the next page begins; null after the last. */
  readonly next: string | null
}

/** Released lists of a month by declarant, merchant and office: how many are due, how many done. */
export const dueSummaries = async (
  deps: FlowDeps,
  caller: Caller,
  query: { readonly month: string; readonly cursor?: string | undefined },
): Promise<DueSummaries> => {
  const now = deps.clock.now()
  const facts = onlyFacts()
  const deadline = await deadlineOf(deps, facts, query.month)
  const rows = await countScopes(deps.db, {
    ...(await monthOf(deps, caller, facts, query.month)),
    after: readCursor(query.cursor),
    limit: SUMMARY_SCOPES_PAGE + 1,
  })
  const page = rows.slice(0, SUMMARY_SCOPES_PAGE)
  const isOver = deadline !== null && chinaDay(now) > deadline.date
  const codes = new Set(page.flatMap(({ agent, merchant }) => [agent, merchant]))
  const names = await enterpriseNames(deps.db, [...codes])
  return {
    ...{ month: query.month, asOf: now.toISOString(), deadline },
    scopes: page.map(({ agent, merchant, office, due, summarised }) => ({
      ...{ kind: facts.kind, agentCode: agent, agentName: names.get(agent) ?? null },
      ...{ ebcCode: merchant, ebcName: names.get(merchant) ?? null, customsCode: office },
      ...{ due, summarised, overdue: isOver && due > 0 },
    })),
    next: rows.length > page.length ? writeCursor(page.at(-1)) : null,
  }
}

/** The one kind of lists that are summarised; a second one would have to be chosen by the caller. */
const onlyFacts = (): SummarisedFacts => {
  const [facts] = summarisedFacts
  if (facts === undefined || summarisedFacts.length > 1)
    throw new Error(`${summarisedFacts.length} kinds of lists are summarised`)
  return facts
}

const monthOf = async (
  deps: FlowDeps,
  caller: Caller,
  { kind, refused }: SummarisedFacts,
  month: string,
) => {
  const now = deps.clock.now()
  const principals =
    caller.operator === true
      ? null
      : await findPrincipals(deps.db, caller.enterpriseId, chinaDay(now), now)
  // A mandate for some zones shows no months: they are counted over all zones of an office.
  const whole = principals?.filter((one) => one.zones === null && coversKind(one, kind))
  const senders = whole?.map(({ id }) => id) ?? null
  return { senders, kind, refused, month: month.replace('-', '') }
}

/** The rule in force on the first day of the month after decides. */
const deadlineOf = async (
  deps: FlowDeps,
  { kind }: SummarisedFacts,
  month: string,
): Promise<SummaryDeadline | null> => {
  const next = addDays(`${month}-28`, 4).slice(0, 7)
  const values = await findRuleValues(deps.db, `${next}-01`)
  const day = values('summary-day', kind)
  if (day === undefined) return null
  const moving = values('summary-day-moves', kind)
  const rule = { day: Number(day.value), moves: moving?.value === 'yes' }
  const until = addDays(`${next}-28`, REST_DAYS_IN_A_ROW_MAX)
  const restDays = await findRestDays(deps.db, `${next}-01`, until)
  const deadline = summaryDeadline(month, rule, restDays)
  const basis = deadline.date === deadline.nominal ? day : (moving ?? day)
  return { ...deadline, source: basis.source, confidence: basis.confidence }
}

/** Undefined for none, and for a text that no page gave. */
export const readCursor = (cursor: string | undefined): SummaryScope | undefined => {
  const text = Buffer.from(cursor ?? '', 'base64url').toString('utf8')
  const [agent, merchant, office, ...more] = text.split(SEPARATOR)
  if (agent === undefined || merchant === undefined || office === undefined) return undefined
  return more.length > 0 || text.includes('\0') ? undefined : { agent, merchant, office }
}

const writeCursor = (scope: SummaryScope | undefined): string | null =>
  scope === undefined
    ? null
    : Buffer.from([scope.agent, scope.merchant, scope.office].join(SEPARATOR)).toString('base64url')

const SEPARATOR = '\u001e'

export interface SummaryRequest {
  /** `yyyy-MM`. */
  readonly month: string
  readonly customsCode: string
  readonly ebcCode: string
  /** Needed only where lists of several declarants are due. */
  readonly agentCode?: string | undefined
  /** Head fields of the application that no list says. */
  readonly fields: FieldRecord
}

export type SummaryAnswer =
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }
  | { readonly kind: 'key-reused' }
  | {
      readonly kind: 'handed-in'
      readonly results: readonly DocumentResult[]
      readonly replayed: boolean
      /** Faults of the parts, pointed into the request; each once. */
      readonly faults: readonly Fault[]
      /** Of a dry run only. */
      readonly documents: readonly AnyDocument[]
      readonly lists: number
      /** Due lists that stay: beyond what one request takes, or without a number of customs. */
      readonly left: number
      readonly deadline: SummaryDeadline | null
    }

/** Builds the application for what is due and hands its parts in, all or none. */
export const summarise = async (
  deps: FlowDeps,
  caller: Caller,
  request: SummaryRequest,
  options: IntakeOptions = {},
): Promise<SummaryAnswer> => {
  const facts = onlyFacts()
  const deadline = await deadlineOf(deps, facts, request.month)
  const before = await replayed(deps, caller, options)
  if (before !== undefined) return before.kind === 'handed-in' ? { ...before, deadline } : before
  const filter = await monthOf(deps, caller, facts, request.month)
  const found = await scopeOf(deps, filter, request)
  if (found.kind === 'wrong') return found
  const { scope } = found
  const entry = getDeclaration(facts.summary)
  const wanted = {
    kind: entry.code,
    letter: 'S',
    subject: [entry.code, request.month, scope.agent, scope.merchant, scope.office],
  }
  return withFreeNumber<SummaryAnswer>(
    deps.db,
    wanted,
    async (number) => {
      const [now] = await countScopes(deps.db, { ...filter, only: scope, limit: 1 })
      const due = now?.due ?? 0
      const lists =
        due === 0
          ? []
          : await findDueLists(deps.db, {
              ...{ ...filter, scope, name: facts.by, summaryKind: entry.code },
              limit: SUMMARY_LISTS_MAX,
            })
      if (lists.length > 0 && number === undefined)
        return { kind: 'wrong', faults: [summaryFault(entry.code, 'NUMBERS_EXHAUSTED', '')] }
      const documents = await partsOf(deps, entry, { request, scope, lists, number: number ?? '' })
      const answer = await handIn(deps, caller, entry, documents, options)
      if (answer.kind === 'key-reused') return answer
      const rest = { lists: lists.length, left: Math.max(0, due - lists.length), deadline }
      return { ...answer, ...rest }
    },
    (answer) => answer.kind === 'handed-in' && answer.results.some((one) => one.id === undefined),
  )
}

/** The declarant may be left out where only one has lists due. */
const scopeOf = async (
  deps: FlowDeps,
  filter: Awaited<ReturnType<typeof monthOf>>,
  { agentCode, ebcCode, customsCode }: SummaryRequest,
): Promise<
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }
  | { readonly kind: 'scope'; readonly scope: SummaryScope }
> => {
  const place = { merchant: ebcCode, office: customsCode }
  if (agentCode !== undefined) return { kind: 'scope', scope: { ...place, agent: agentCode } }
  const scopes = await countScopes(deps.db, { ...filter, only: place, limit: SUMMARY_SCOPES_PAGE })
  const due = scopes.filter((scope) => scope.due > 0)
  if (due.length > 1) {
    const { summary } = onlyFacts()
    return { kind: 'wrong', faults: [summaryFault(summary, 'AGENT_NOT_CHOSEN', '/agentCode')] }
  }
  return { kind: 'scope', scope: { ...place, agent: (due[0] ?? scopes[0])?.agent ?? '' } }
}

interface Parts {
  readonly request: SummaryRequest
  readonly scope: SummaryScope
  readonly lists: readonly DueList[]
  readonly number: string
}

/** One document for every so many lists; all parts share their number. */
const partsOf = async (
  deps: FlowDeps,
  entry: Declaration,
  { request, scope, lists, number }: Parts,
): Promise<readonly AnyDocument[]> => {
  const [first] = lists
  const { group } = headOf(entry)
  const { acts } = entry
  if (first === undefined || group === undefined || acts?.group === undefined) return []
  const names = await namesOf(deps, entry, first.id)
  const appTime = stamp14(deps.clock.now())
  const msgCount = Math.ceil(lists.length / SUMMARY_PART_LISTS)
  return Array.from({ length: msgCount }, (_, part) => {
    const own: FieldRecord = {
      ...{ guid: deps.ids.next().toUpperCase(), appType: APP_TYPE.new, appTime, appStatus: '2' },
      ...{ customsCode: scope.office, agentCode: scope.agent, ebcCode: scope.merchant },
      ...{ msgCount: String(msgCount), msgSeqNo: String(part + 1) },
      [entry.key[0]]: number,
    }
    const head = { ...names, ...request.fields, ...own }
    const lines = lists
      .slice(part * SUMMARY_PART_LISTS, (part + 1) * SUMMARY_PART_LISTS)
      .map((list) => ({ [acts.by]: list.number }))
    return { [group]: inWireOrder(entry, head), [acts.group ?? '']: lines }
  })
}

const inWireOrder = (entry: Declaration, head: FieldRecord): FieldRecord => {
  const known = Object.keys(headOf(entry).fields).filter((name) => head[name] !== undefined)
  const others = Object.keys(head).filter((name) => !known.includes(name))
  return Object.fromEntries([...known, ...others].map((name) => [name, head[name] ?? '']))
}

/** Names that stand beside the codes, as one of the lists writes them. */
const namesOf = async (deps: FlowDeps, entry: Declaration, id: string): Promise<FieldRecord> => {
  const [row] = await findDocuments(deps.db, [id])
  if (row === undefined) throw new Error(`list ${id} is not stored`)
  const list = headOfDocument(getDeclaration(row.kind), row.payload)
  const { fields } = headOf(entry)
  const shared = Object.entries(list).filter(([name]) => name in fields && name.endsWith('Name'))
  return Object.fromEntries(shared)
}

/** Half a summary is none. */
const handIn = async (
  deps: FlowDeps,
  caller: Caller,
  entry: Declaration,
  documents: readonly AnyDocument[],
  options: IntakeOptions,
): Promise<
  | { readonly kind: 'key-reused' }
  | Pick<
      Extract<SummaryAnswer, { kind: 'handed-in' }>,
      'kind' | 'results' | 'replayed' | 'faults' | 'documents'
    >
> => {
  const handed = documents.map((document): Handed => ({ kind: entry.code, document }))
  // As they would be stored; they may be long, so only who asks to see them gets them.
  const shown =
    options.dryRun === true
      ? documents.map((document) => checkDocument(entry, document).document)
      : []
  const answer = await takeDocuments(deps, caller, handed, { ...options, together: true })
  if (answer.kind === 'key-reused') return answer
  const { results, replayed } = answer
  return { kind: 'handed-in', results, replayed, documents: shown, faults: told(entry, results) }
}

/** Faults of the head are the same in every part. */
const told = (entry: Declaration, results: readonly DocumentResult[]): readonly Fault[] => {
  const head = at('', headOf(entry).group ?? '')
  const [first] = results
  return (first?.faults ?? []).map((fault) => ({
    ...fault,
    pointer: fault.pointer.startsWith(`${head}/`) ? fault.pointer.slice(head.length) : '',
  }))
}

const replayed = async (
  deps: FlowDeps,
  caller: Caller,
  { idempotency, dryRun }: IntakeOptions,
): Promise<SummaryAnswer | undefined> => {
  if (idempotency === undefined || dryRun === true) return undefined
  const kept = await findAnswer(deps.db, caller.enterpriseId, idempotency.key)
  if (kept === undefined) return undefined
  const answer = replay(idempotency.requestHash, kept)
  if (answer.kind === 'key-reused') return answer
  const { results } = answer
  const rows = await findDocuments(
    deps.db,
    results.flatMap(({ id }) => id ?? []),
  )
  const lists = rows.reduce((sum, row) => sum + linesIn(row.kind, row.payload), 0)
  return {
    ...{ kind: 'handed-in', results, replayed: true, faults: [], documents: [], lists },
    ...{ left: 0, deadline: null },
  }
}

const linesIn = (kind: string, document: AnyDocument): number => {
  const lines = document[getDeclaration(kind).acts?.group ?? '']
  return Array.isArray(lines) ? lines.length : 0
}
