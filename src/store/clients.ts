/**
 * What has to be done for the clients of an agent: for each, how many of the documents that he sees are
 * refused, wait for somebody, are under way or stuck. Clients are found one by one along an index, and
 * every count ends at a bound, so that no answer waits for the finished documents behind them.
 */
import { type RawBuilder, sql } from 'kysely'
import { CLIENT_PAIRS_MAX } from '../kernel/client-limits.ts'
import { type Sender, visibleTo } from './listing.ts'
import { rowsOf } from './rows.ts'
import { type StuckFigures, stuckFrom } from './stage-clocks.ts'
import type { Db } from './tables.ts'

export interface ClientCounts {
  readonly rejected: number
  readonly actionNeeded: number
  readonly underWay: number
  readonly stuck: number
}

/** A code that documents of a sender name as their client. */
export interface ClientOfSender extends ClientCounts {
  readonly senderId: string
  readonly client: string
  /** The enterprise that has the code; null where none is registered. */
  readonly enterpriseId: string | null
}

export interface ClientQuestion {
  /** The enterprises, and what of each may be seen. */
  readonly senders: readonly Sender[]
  readonly figures: StuckFigures
  readonly now: Date
  /** Where counting ends. */
  readonly limit: number
}

/** What an agent sees of these senders names so many codes: a look-up in an index for each. */
const pairsOf = (senders: readonly Sender[]): RawBuilder<unknown> => sql`
  pair (sender_id, client) as (
    select i.id, n.client
    from unnest(${[...new Set(senders.map(({ id }) => id))]}::text[]) i (id)
    cross join lateral (
      select client from document_state where sender_id = i.id order by client limit 1
    ) n
    union all
    select p.sender_id, n.client from pair p cross join lateral (
      select client from document_state where sender_id = p.sender_id and client > p.client
      order by client limit 1
    ) n
  )`

/** At most `CLIENT_PAIRS_MAX`, sender by sender in turn, the codes of each in their order. */
export const countByClient = async (
  db: Db,
  { senders, figures, now, limit }: ClientQuestion,
): Promise<readonly ClientOfSender[]> => {
  const seen = sql.join(visibleTo(senders), sql` and `)
  const counted = (rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
    select count(*)::integer from (${rows} limit ${limit}) r)`
  const unfinished = (group: string) =>
    counted(sql`
      select from document_state s where s.sender_id = c.sender_id and s.client = c.client
        and s.unfinished = ${group} and ${seen}`)
  const found = await sql<ClientOfSender>`
    with recursive ${pairsOf(senders)}
    select c.sender_id as "senderId", c.client, coalesce(e.id, f.id) as "enterpriseId",
      ${counted(sql`
        select from rejection s
        where s.sender_id = c.sender_id and s.client = c.client and ${seen}`)} as rejected,
      ${unfinished('action-needed')} as "actionNeeded", ${unfinished('under-way')} as "underWay",
      ${counted(sql`
        select from ${stuckFrom(figures)}
        where o.sender_id = c.sender_id and o.client = c.client and ${seen}
          and o.since < ${now}::timestamptz - make_interval(secs => l.seconds)`)} as stuck
    from (select * from pair limit ${CLIENT_PAIRS_MAX}) c
    left join enterprise e on e.customs_code = c.client
    left join enterprise f on f.credit_code = c.client`.execute(db)
  return found.rows
}

export interface NamedEnterprise {
  readonly id: string
  readonly name: string
  readonly customsCode: string | null
  readonly creditCode: string | null
}

export const findNamed = async (
  db: Db,
  ids: readonly string[],
): Promise<readonly NamedEnterprise[]> => {
  const found = await sql<NamedEnterprise>`
    select id, name, customs_code as "customsCode", credit_code as "creditCode"
    from enterprise where id = any(${ids}::text[])`.execute(db)
  return found.rows
}

/** Name of the merchant as the newest document of a `pair` says, those that are not done first. */
const nameIn = (pair: string, nameField: string): RawBuilder<unknown> => sql`
  lateral (
    select h.name from (
      select d.payload from document_state s
      join document d on d.lane = s.lane and d.id = s.id and d.version = s.version
      where s.sender_id = ${sql.ref(`${pair}.sender_id`)} and s.client = ${sql.ref(`${pair}.client`)}
      order by s.unfinished desc, s.id desc limit 1
    ) d
    cross join lateral (
      select value ->> ${nameField} as name from json_each(d.payload)
      where json_typeof(value) = 'object' limit 1
    ) h
  )`

/** Names of merchants that are not registered, by code, as a document of each says. */
export const findNamesIn = async (
  db: Db,
  clients: readonly Pick<ClientOfSender, 'senderId' | 'client'>[],
  nameField: string,
): Promise<ReadonlyMap<string, string>> => {
  if (clients.length === 0) return new Map()
  const rows = clients.map(({ senderId, client }) => ({ sender_id: senderId, client }))
  const found = await sql<{ client: string; name: string | null }>`
    select r.client, n.name from ${rowsOf('r', { sender_id: 'text', client: 'text' }, rows)}
    cross join ${nameIn('r', nameField)} n`.execute(db)
  return new Map(found.rows.flatMap(({ client, name }) => (name === null ? [] : [[client, name]])))
}

export interface ClientName {
  /** Code by which its documents are asked for. */
  readonly client: string
  readonly name: string
  readonly customsCode: string | null
  readonly creditCode: string | null
  readonly own: boolean
}

/**
 * Clients by name alone, the agent's own enterprise first. Of whoever shows a part of his documents, a
 * client is known by what is seen of it and not done: one such document is looked for, none is counted.
 */
export const findClientNames = async (
  db: Db,
  agent: { readonly id: string; readonly senders: readonly Sender[] },
  nameField: string,
  limit: number,
): Promise<readonly ClientName[]> => {
  const { senders } = agent
  const seen = sql.join(visibleTo(senders), sql` and `)
  const whole = senders.filter(({ kinds }) => kinds === null).map(({ id }) => id)
  const found = await sql<ClientName>`
    with recursive ${pairsOf(senders)}, known as (
      select c.sender_id, c.client from (select * from pair limit ${CLIENT_PAIRS_MAX}) c
      where c.sender_id = any(${whole}::text[]) or exists (
        select from document_state s where s.sender_id = c.sender_id and s.client = c.client
          and s.unfinished in ('action-needed', 'under-way') and ${seen}
      ) or exists (
        select from rejection s where s.sender_id = c.sender_id and s.client = c.client and ${seen}
      )
    ), named as (
      select null as sender_id, null as client, e.id
      from unnest(${senders.map(({ id }) => id)}::text[]) i (id) join enterprise e on e.id = i.id
      union all
      -- An earlier release wrote no client: such documents are their sender's.
      select k.sender_id, k.client, coalesce(e.id, f.id, case when k.client = '' then k.sender_id end)
      from known k
      left join enterprise e on e.customs_code = k.client
      left join enterprise f on f.credit_code = k.client
    ), each_once as (
      select distinct on (coalesce(id, client)) * from named order by coalesce(id, client)
    )
    select coalesce(e.customs_code, e.credit_code, e.id, o.client) as client,
      coalesce(e.name, n.name, o.client) as name,
      e.customs_code as "customsCode", e.credit_code as "creditCode", o.id = ${agent.id} as own
    from each_once o left join enterprise e on e.id = o.id
    left join ${nameIn('o', nameField)} n on o.id is null
    order by o.id is distinct from ${agent.id}, name, client limit ${limit}`.execute(db)
  return found.rows.map((row) => ({ ...row, own: row.own === true }))
}
