/**
 * Rejections folded: any selection of refused documents as the few causes behind them, with counts,
 * samples, who must act and what he does; and the documents of one cause, each with the fields it is
 * about. What a code or a text means is looked up when somebody asks, so a meaning that an operator
 * gives today explains what came yesterday.
 */
import type { CauseField } from '../catalogue/cause-fields.ts'
import type { Text } from '../kernel/fault.ts'
import { grouped } from '../kernel/grouped.ts'
import { isId } from '../kernel/ids.ts'
import { PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { FOLD_CODES_MAX, FOLD_GROUPS_MAX, FOLD_SAMPLES } from '../kernel/rejection-limits.ts'
import { findCodesBeside } from '../store/accounts.ts'
import { findDocuments, findEventsByKey } from '../store/listing.ts'
import {
  type FoldedSaying,
  findRejected,
  findSayings,
  foldRejections,
  type RefusalSaying,
  type RejectedRow,
  type RejectionFilter,
} from '../store/rejections.ts'
import { type ComparedField, compareFields, fieldsOf, withCompanions } from './compared-fields.ts'
import { loadMeanings, type MeaningSort, type Meanings } from './meanings.ts'
import { reasonOn, summary } from './queries.ts'
import { openText } from './refusals.ts'
import { type Advice, exchangeIn, leading, type Reason, resultIn, statusIn } from './reply-words.ts'
import { type Senders, visibleSenders } from './sight.ts'
import type { Caller, DocumentSummary, FlowDeps } from './types.ts'

/** What callers select by; all of it must hold. */
export interface RejectionSelection {
  readonly kind?: string | undefined
  /** Id of the enterprise whose documents they are. */
  readonly sender?: string | undefined
  /** A code of the client. */
  readonly client?: string | undefined
  readonly zone?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  readonly cause?: string | undefined
  readonly code?: string | undefined
  /** Id of a normal form. */
  readonly text?: string | undefined
  readonly ids?: readonly string[] | undefined
}

export interface RejectionCode extends Text {
  readonly sort: MeaningSort
  readonly code: string
  /** False when nobody published it and no operator explained it. */
  readonly known: boolean
  readonly count: number
}

export interface RejectionGroup extends Advice {
  readonly count: number
  /** By kind of document. */
  readonly kinds: Readonly<Record<string, number>>
  readonly codes: readonly RejectionCode[]
  /** Where a person must read: the text all of them were told, numbers taken out; else null. */
  readonly text: { readonly id: string; readonly kind: string; readonly text: string } | null
  /** Fields it is about, by kind of document; `Group/field` is one of each line. */
  readonly fields: readonly CauseField[]
  /** Ids of its newest documents. */
  readonly samples: readonly string[]
}

export interface RejectionFold {
  readonly asOf: string
  readonly count: number
  /** The largest first. */
  readonly groups: readonly RejectionGroup[]
  /** Groups and documents beyond those. */
  readonly others: { readonly groups: number; readonly count: number }
}

export const foldOf = async (
  deps: FlowDeps,
  caller: Caller,
  selection: RejectionSelection,
): Promise<RejectionFold> => {
  const learned = await loadMeanings(deps.db)
  const senders = await visibleSenders(deps, caller)
  const filter = await filterOf(deps, learned, senders, selection)
  const folded = filter === undefined ? [] : await foldRejections(deps.db, filter)
  const groups = [...groupsOf(deps, learned, folded)].sort(
    (a, b) => b.count - a.count || (a.cause.name < b.cause.name ? -1 : 1),
  )
  const rest = groups.slice(FOLD_GROUPS_MAX)
  return {
    asOf: deps.clock.now().toISOString(),
    count: sum(groups),
    groups: groups.slice(0, FOLD_GROUPS_MAX),
    others: { groups: rest.length, count: sum(rest) },
  }
}

const sum = (groups: readonly { readonly count: number }[]): number =>
  groups.reduce((all, { count }) => all + count, 0)

const groupsOf = (
  deps: Pick<FlowDeps, 'sealer'>,
  learned: Meanings,
  folded: readonly FoldedSaying[],
): readonly RejectionGroup[] => {
  const together = grouped(folded, (saying) => {
    const { advice, field, asksToRead } = leading(learned, saying)
    // A field that an operator named holds for the kind whose code or text it was.
    const apart = field === null ? '' : `${saying.kind}/${field}`
    return `${advice.cause.name} ${apart} ${asksToRead ? (saying.textId ?? '') : ''}`
  })
  return [...together.values()].map((sayings) => groupOf(deps, learned, sayings))
}

const groupOf = (
  { sealer }: Pick<FlowDeps, 'sealer'>,
  learned: Meanings,
  sayings: readonly FoldedSaying[],
): RejectionGroup => {
  const [first] = sayings
  if (first === undefined) throw new Error('a group has a saying')
  const { advice, field, asksToRead } = leading(learned, first)
  const kinds: Record<string, number> = {}
  for (const { kind, count } of sayings) kinds[kind] = (kinds[kind] ?? 0) + count
  const text = asksToRead ? openText(sealer, first) : null
  const { textId } = first
  return {
    ...advice,
    ...{ count: sum(sayings), kinds, codes: codesOf(learned, sayings) },
    text: text === null || textId === null ? null : { id: textId, kind: first.kind, text },
    fields: fieldsOf(first.kind, advice.cause.name, field),
    samples: sayings
      .flatMap(({ samples }) => samples)
      .sort()
      .reverse()
      .slice(0, FOLD_SAMPLES),
  }
}

const codesOf = (learned: Meanings, sayings: readonly FoldedSaying[]): readonly RejectionCode[] => {
  const found = new Map<string, RejectionCode>()
  for (const { kind, source, code, resultCodes, count } of sayings) {
    const told =
      source === 'exchange'
        ? [{ sort: 'exchange' as const, ...exchangeIn(learned, code) }]
        : [
            { sort: 'status' as const, ...statusIn(learned, kind, code) },
            ...resultCodes.map((each) => ({
              sort: 'result' as const,
              ...resultIn(learned, kind, each),
            })),
          ]
    for (const { sort, code: value, known, zh, en } of told) {
      // A status means something else for each kind.
      const key = `${sort} ${value} ${zh}`
      const counted = (found.get(key)?.count ?? 0) + count
      found.set(key, { sort, code: value, known, zh, en, count: counted })
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count).slice(0, FOLD_CODES_MAX)
}

// ---- one by one ------------------------------------------------------------------------------

export interface RejectedDocument extends DocumentSummary {
  /** When the refusal came in. */
  readonly refusedAt: string
  readonly reason: Reason | null
  readonly fields: readonly ComparedField[]
}

export const listRejected = async (
  deps: FlowDeps,
  caller: Caller,
  selection: RejectionSelection,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ readonly documents: readonly RejectedDocument[]; readonly next: string | null }> => {
  const learned = await loadMeanings(deps.db)
  const senders = await visibleSenders(deps, caller)
  const filter = await filterOf(deps, learned, senders, selection)
  if (filter === undefined) return { documents: [], next: null }
  const limit = Math.min(page.limit, PAGE_ROWS_MAX)
  const after = page.cursor !== undefined && isId(page.cursor) ? page.cursor : undefined
  const rows = await findRejected(deps.db, filter, { after, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return {
    documents: await rejectedDocuments(deps, learned, senders, shown),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}

const rejectedDocuments = async (
  deps: FlowDeps,
  learned: Meanings,
  senders: Senders,
  rows: readonly RejectedRow[],
): Promise<readonly RejectedDocument[]> => {
  const ids = rows.map(({ id }) => id)
  const found = new Map((await findDocuments(deps.db, ids)).map((row) => [row.id, row]))
  const events = await findEventsByKey(
    deps.db,
    rows.map(({ lane, id, eventKey }) => ({ lane, id, key: eventKey })),
  )
  const eventOf = new Map(events.map((event) => [event.documentId, event]))
  const sayings = new Map(
    (await findSayings(deps.db, { senders: null, ids })).map((saying) => [saying.id, saying]),
  )
  const about = new Map(
    rows.flatMap(({ id, saying }) => {
      const said = sayings.get(saying)
      return said === undefined ? [] : [[id, aboutOf(learned, said)] as const]
    }),
  )
  const compared = await withCompanions(
    deps,
    senders,
    [...found.values()].filter(({ id }) => (about.get(id) ?? []).length > 0),
  )
  const beside = new Map(compared.map((each) => [each.row.id, each]))
  return rows.flatMap(({ id, at }) => {
    const row = found.get(id)
    if (row === undefined) return []
    const event = eventOf.get(id)
    const own = beside.get(id)
    return [
      {
        ...{ ...summary(row), refusedAt: at.toISOString() },
        reason: event === undefined ? null : reasonOn(deps, row, event, learned),
        fields: own === undefined ? [] : compareFields(own, about.get(id) ?? []),
      },
    ]
  })
}

const aboutOf = (learned: Meanings, saying: RefusalSaying): readonly CauseField[] => {
  const { advice, field } = leading(learned, saying)
  return fieldsOf(saying.kind, advice.cause.name, field)
}

// ---- selected --------------------------------------------------------------------------------

/** Undefined when nothing can fit. */
export const filterOf = async (
  deps: Pick<FlowDeps, 'db'>,
  learned: Meanings,
  senders: Senders,
  selection: RejectionSelection,
): Promise<RejectionFilter | undefined> => {
  const { cause, text, ids, client, ...plain } = selection
  // PostgreSQL refuses a text that holds a zero character; nothing selected by has one.
  if (
    Object.values({ ...plain, client }).some(
      (value) => typeof value === 'string' && value.includes('\0'),
    )
  )
    return undefined
  const filter: RejectionFilter = {
    ...{ ...plain, senders },
    client: client === undefined ? undefined : await findCodesBeside(deps.db, client),
    textId: text,
    ids: ids?.map((id) => id.toLowerCase()),
  }
  if (cause === undefined) return filter
  const sayings = await findSayings(deps.db, filter)
  const fitting = sayings.filter((each) => leading(learned, each).advice.cause.name === cause)
  return { ...filter, sayings: fitting.map(({ id }) => id) }
}
