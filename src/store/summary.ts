/**
 * Lists that a monthly summary must name. A narrow row is written with the evidence of a list's
 * release and taken out when the list is not released any more, so that the figures of a month are
 * one index scan however many documents are stored. Nothing here costs a list that needs no summary
 * more than one look at its flag.
 */
import { type RawBuilder, sql } from 'kysely'
import { laneOf } from '../kernel/lane.ts'
import { TARGETS_PER_STATEMENT_MAX } from '../kernel/limits.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

/** What the catalogue says of a kind of lists that are summarised. */
export interface SummarisedFacts {
  readonly kind: string
  readonly done: readonly string[]
  readonly head: string
  readonly flag: string
  readonly consolidated: string
  readonly office: string
  readonly agent: string
  readonly merchant: string
  /** Kind of document that names them, and the name of the number it names them by. */
  readonly summary: string
  readonly by: string
  /** States of such a document in which it names its lists in vain. */
  readonly refused: readonly string[]
}

interface Touched {
  readonly lane: number
  readonly id: string
  readonly kind: string
  readonly state: string
}

const KEY = { lane: 'smallint', id: 'uuid' }

/**
 * Brings the rows in line with lists whose state was just settled; their rows are locked. A list
 * belongs to the China-time month of its earliest evidence of release.
 */
export const settleSummaryItems = async (
  trx: Trx,
  kinds: readonly SummarisedFacts[],
  touched: readonly Touched[],
): Promise<void> => {
  for (const facts of kinds) {
    const rows = touched.filter(({ kind }) => kind === facts.kind)
    const released = rows.filter(({ state }) => facts.done.includes(state))
    const other = rows.filter(({ state }) => !facts.done.includes(state))
    if (other.length > 0)
      await sql`
        delete from summary_item i using ${rowsOf('r', KEY, other)}
        where i.lane = r.lane and i.document_id = r.id`.execute(trx)
    if (released.length > 0) await addItems(trx, facts, released)
  }
}

const addItems = async (
  trx: Trx,
  facts: SummarisedFacts,
  released: readonly Touched[],
): Promise<void> => {
  const field = (name: string) => sql`coalesce(d.payload -> ${facts.head} ->> ${name}, '')`
  await sql`
    insert into summary_item
      (lane, document_id, kind, sender_id, month, office, agent, merchant, summary_id)
    select s.lane, s.id, s.kind, s.sender_id, (
        select left(min(e.return_time), 6) from event e
        where e.lane = s.lane and e.document_id = s.id and e.version = s.version
          and e.state = any(${facts.done}::text[]) and e.return_time <> ''
      ), ${field(facts.office)}, ${field(facts.agent)}, ${field(facts.merchant)}, (
        -- Somebody may have had it summarised before its release was known here.
        select t.document_id from customs_number c
        join act_target t on t.lane = c.lane and t.number = c.number and t.kind = ${facts.summary}
        join document_state n on n.lane = ${laneOfDocument('t.document_id')}
          and n.id = t.document_id and n.version = t.version and n.sender_id = s.sender_id
          and n.state <> all(${facts.refused}::text[])
        where c.document_id = s.id and c.name = ${facts.by}
        order by t.document_id limit 1
      )
    from ${rowsOf('r', KEY, released)}
    join document_state s on s.lane = r.lane and s.id = r.id
    join document d on d.lane = s.lane and d.id = s.id and d.version = s.version
    where d.payload -> ${facts.head} ->> ${facts.flag} = ${facts.consolidated}
    on conflict (lane, document_id) do update set month = excluded.month
      where summary_item.month > excluded.month`.execute(trx)
}

/** A document just stored, and the numbers it names others by. */
interface Naming {
  readonly id: string
  readonly version: number
  readonly kind: string
  readonly senderId: string
  readonly targets: readonly string[]
}

/**
 * Notes on lists which summary names them, for summaries among documents just stored. Another one
 * that names them already and was not refused keeps them.
 */
export const holdLists = async (
  trx: Trx,
  kinds: readonly SummarisedFacts[],
  documents: readonly Naming[],
): Promise<void> => {
  for (const facts of kinds) {
    const summaries = documents.filter(({ kind }) => kind === facts.summary)
    const newer = summaries.filter(({ version }) => version > 1).map(({ id }) => id)
    if (newer.length > 0)
      await sql`
        update summary_item set summary_id = null where summary_id = any(${newer}::uuid[])
      `.execute(trx)
    const rows = summaries.flatMap(({ id, senderId, targets }) =>
      targets.map((number) => ({ lane: laneOf(number), number, id, senderId })),
    )
    for (let start = 0; start < rows.length; start += TARGETS_PER_STATEMENT_MAX)
      await hold(trx, facts, rows.slice(start, start + TARGETS_PER_STATEMENT_MAX))
  }
}

const NAMED = { lane: 'smallint', number: 'text', id: 'uuid', senderId: 'text' }

const hold = async (
  trx: Trx,
  facts: SummarisedFacts,
  named: readonly { readonly [K in keyof typeof NAMED]: unknown }[],
): Promise<void> => {
  await sql`
    update summary_item i set summary_id = r.id
    from ${rowsOf('r', NAMED, named)}
    join customs_number c on c.lane = r.lane and c.number = r.number and c.name = ${facts.by}
    where i.lane = ${laneOfDocument('c.document_id')} and i.document_id = c.document_id
      and i.sender_id = r."senderId"
      and (i.summary_id is null or exists (
        select from document_state h
        where h.lane = ${laneOfDocument('i.summary_id')} and h.id = i.summary_id
          and h.state = any(${facts.refused}::text[])
      ))`.execute(trx)
}

const laneOfDocument = (column: string): RawBuilder<unknown> =>
  sql`(get_byte(uuid_send(${sql.ref(column)}), 8) & 63)`

/** Lists that agree in agent, merchant and office, of one month. */
export interface SummaryScope {
  readonly agent: string
  readonly merchant: string
  readonly office: string
}

export interface ScopeCount extends SummaryScope {
  /** In no summary, or in one that was refused. */
  readonly due: number
  readonly summarised: number
}

interface MonthFilter {
  /** Enterprises whose lists may be seen, all of the kind; null for all. */
  readonly senders: readonly string[] | null
  readonly kind: string
  /** `yyyyMM`. */
  readonly month: string
  /** States of a summary that names its lists in vain. */
  readonly refused: readonly string[]
}

const monthly = ({ senders, kind, month }: MonthFilter): RawBuilder<unknown> => {
  const own = senders === null ? sql`true` : sql`i.sender_id = any(${senders}::text[])`
  return sql`${own} and i.kind = ${kind} and i.month = ${month}`
}

/** Page by page in the order of agent, merchant and office. */
export const countScopes = async (
  db: Db,
  filter: MonthFilter & {
    readonly after?: SummaryScope | undefined
    readonly only?: Partial<SummaryScope>
    readonly limit: number
  },
): Promise<readonly ScopeCount[]> => {
  const { after, only = {}, refused } = filter
  const narrow = Object.entries(only).map(
    ([name, value]) => sql`and ${sql.ref(`i.${name}`)} = ${value}`,
  )
  const beyond =
    after === undefined
      ? sql``
      : sql`and (i.agent, i.merchant, i.office) > (${after.agent}, ${after.merchant}, ${after.office})`
  const found = await sql<SummaryScope & { due: string; summarised: string }>`
    with counted as materialized (
      select i.agent, i.merchant, i.office, i.summary_id, count(*) as lists
      from summary_item i where ${monthly(filter)} ${sql.join(narrow, sql` `)} ${beyond}
      group by i.agent, i.merchant, i.office, i.summary_id
    ),
    judged as (
      select k.*, k.summary_id is null or h.state = any(${refused}::text[]) as free
      from counted k left join document_state h
        on h.lane = ${laneOfDocument('k.summary_id')} and h.id = k.summary_id
    )
    select agent, merchant, office, coalesce(sum(lists) filter (where free), 0) as due,
      coalesce(sum(lists) filter (where not free), 0) as summarised
    from judged group by agent, merchant, office
    order by agent, merchant, office limit ${filter.limit}`.execute(db)
  return found.rows.map((row) => ({
    ...row,
    due: Number(row.due),
    summarised: Number(row.summarised),
  }))
}

export interface DueList {
  readonly id: string
  /** The number customs gave it. */
  readonly number: string
}

/**
 * Lists of one scope that no summary names which may still succeed, oldest first; those without a
 * number of customs cannot be named and are left out. The names themselves are asked as well: a
 * summary may have named a list before its release was known here.
 */
export const findDueLists = async (
  db: Db,
  filter: MonthFilter & {
    readonly scope: SummaryScope
    /** Name of the number, and the kind of document that names lists by it. */
    readonly name: string
    readonly summaryKind: string
    readonly limit: number
  },
): Promise<readonly DueList[]> => {
  const { scope, refused } = filter
  const found = await sql<DueList>`
    select i.document_id as id, min(c.number) as number
    from summary_item i
    join customs_number c on c.document_id = i.document_id and c.name = ${filter.name}
    left join document_state h
      on h.lane = ${laneOfDocument('i.summary_id')} and h.id = i.summary_id
    where ${monthly(filter)} and i.agent = ${scope.agent} and i.merchant = ${scope.merchant}
      and i.office = ${scope.office}
      and (i.summary_id is null or h.state = any(${refused}::text[]))
      and not exists (
        select from act_target t
        join document_state n on n.lane = ${laneOfDocument('t.document_id')}
          and n.id = t.document_id and n.version = t.version and n.sender_id = i.sender_id
          and n.state <> all(${refused}::text[])
        where t.lane = c.lane and t.number = c.number and t.kind = ${filter.summaryKind}
      )
    group by i.document_id order by i.document_id limit ${filter.limit}`.execute(db)
  return found.rows
}
