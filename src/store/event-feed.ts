/**
 * The feed of events: how far the story is settled, its pages, which list a sender's events, and those
 * events. Whoever writes events pays nothing for it; pages are made behind them.
 */
import { sql } from 'kysely'
import type { State } from '../catalogue/message.ts'
import { MADE_RANK } from '../catalogue/statuses.ts'
import { EVENT_PAGE_EVENTS, EVENT_PAGES_READ_MAX } from '../kernel/event-limits.ts'
import { laneOfId } from '../kernel/ids.ts'
import type { NewsRow } from './news.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

/** Numbers are text: they outgrow what a number holds exactly. */
export interface FeedEnds {
  /** The last event that was given a number when the feed was sealed. */
  readonly given: string
  /** No event with a number up to here is still to come. */
  readonly sealed: string
  /** The last event that can be read. */
  readonly paged: string
  /** Nothing up to here can be read any more. */
  readonly forgotten: string
}

export const findFeedEnds = async (db: Db): Promise<FeedEnds> => {
  const found = await sql<FeedEnds>`
    select given, sealed, paged, forgotten from event_feed`.execute(db)
  return found.rows[0] ?? { given: '0', sealed: '0', paged: '0', forgotten: '0' }
}

/** Notes that somebody pulls; an hour is exact enough. */
export const notePull = async (db: Db, now: Date): Promise<void> => {
  await sql`
    update event_feed set pulled_at = ${now}
    where pulled_at is null or pulled_at < ${now}::timestamptz - interval '1 hour'`.execute(db)
}

/** Whether there is a web hook that is told, or somebody pulled since then. */
export const isFollowed = async (db: Db, since: Date): Promise<boolean> => {
  const found = await sql<{ is: boolean }>`
    select exists (select 1 from webhook where state = 'active') or f.pulled_at >= ${since} as is
    from event_feed f`.execute(db)
  return found.rows[0]?.is === true
}

/**
 * Seals what is settled and enters up to so many events of it in the pages; where more are waiting, those
 * from before `since` are passed over and count as forgotten. How many were left to be entered, with those
 * that were; 0 when there was nothing, or somebody else is at it.
 */
export const pageEvents = async (trx: Trx, limit: number, since: Date): Promise<number> => {
  const sealed = await sql<{ sealed: string; paged: string }>`
    select s.sealed, s.paged from seal_events() s`.execute(trx)
  const [feed] = sealed.rows
  if (feed === undefined) return 0
  const isMuch = BigInt(feed.sealed) - BigInt(feed.paged) > BigInt(limit)
  const paged = isMuch ? await passOver(trx, feed, limit, since) : feed.paged
  const [from, left] = [BigInt(paged), BigInt(feed.sealed) - BigInt(paged)]
  if (left === 0n) return 0
  const to = String(from + (left < BigInt(limit) ? left : BigInt(limit)))
  await sql`
    with fresh as materialized (
      select e.lane, e.document_id, e.seq, e.at from event e
      where e.seq > ${paged}::bigint and e.seq <= ${to}::bigint
    ), owned as (
      select s.lane, s.id, s.sender_id from (select distinct lane, document_id from fresh) f
      join document_state s on s.lane = f.lane and s.id = f.document_id
    ), entered as (
      insert into event_page (sender_id, upto, seqs, ids, at)
      select o.sender_id, max(f.seq), array_agg(f.seq order by f.seq),
        array_agg(f.document_id order by f.seq), max(f.at)
      from fresh f join owned o on o.lane = f.lane and o.id = f.document_id
      group by o.sender_id, (f.seq - 1) / ${PAGE}
    )
    update event_feed set paged = ${to}::bigint`.execute(trx)
  return Number(left)
}

/** Where the pages go on: behind what nobody may follow any more, to within a stretch of numbers. */
const passOver = async (
  trx: Trx,
  { paged, sealed }: { readonly paged: string; readonly sealed: string },
  stretch: number,
  since: Date,
): Promise<string> => {
  const done = await sql<{ paged: string }>`
    update event_feed f set paged = o.upto, forgotten = greatest(f.forgotten, o.upto)
    from old_events(${paged}::bigint, ${sealed}::bigint, ${stretch}::bigint, ${since}::timestamptz)
      o (upto)
    where o.upto > ${paged}::bigint
    returning f.paged`.execute(trx)
  return done.rows[0]?.paged ?? paged
}

const PAGE = sql.raw(String(EVENT_PAGE_EVENTS))

export interface EventEntry {
  readonly seq: string
  readonly id: string
}

/**
 * The first so many events of the senders behind `after` and up to `upto`, in order; with where what was
 * looked at ends, which is `upto` unless there may be more. Of each sender so many pages are opened.
 */
export const findEntries = async (
  db: Db,
  senders: readonly string[],
  range: { readonly after: string; readonly upto: string },
  limit: number,
): Promise<{ readonly entries: readonly EventEntry[]; readonly end: string }> => {
  const { after, upto } = range
  const found = await sql<{ end: string } & Partial<EventEntry>>`
    with opened as materialized (
      select s.id as sender_id, p.* from unnest(${senders}::text[]) s (id) cross join lateral (
        select p.upto, p.seqs, p.ids,
          sum(cardinality(p.seqs)) over (order by p.upto) - cardinality(p.seqs) as before
        from (
          select * from event_page p
          where p.sender_id = s.id and p.upto > ${after}::bigint and p.upto <= ${upto}::bigint
          order by p.upto limit ${EVENT_PAGES_READ_MAX}
        ) p
      ) p where p.before < ${limit + EVENT_PAGE_EVENTS}
    ), ends as (
      select coalesce(min(o.upto), ${upto}::bigint) as end
      from (select sender_id, max(upto) as upto from opened group by 1) o
      where exists (
        select 1 from event_page p
        where p.sender_id = o.sender_id and p.upto > o.upto and p.upto <= ${upto}::bigint
      )
    )
    select ends.end, e.seq, e.id from ends left join lateral (
      select x.seq, x.id from opened o, unnest(o.seqs, o.ids) x (seq, id)
      where x.seq > ${after}::bigint and x.seq <= ends.end order by x.seq limit ${limit}
    ) e on true order by e.seq`.execute(db)
  const entries = found.rows.filter((row): row is typeof row & EventEntry => row.id != null)
  const last = entries.at(-1)
  const end = found.rows[0]?.end ?? upto
  return { entries, end: last !== undefined && entries.length === limit ? last.seq : end }
}

/** The document, with version and state that the event gave it. */
export interface FedEvent extends NewsRow {
  readonly seq: string
  readonly key: string
  readonly rank: number
  readonly at: Date
  readonly returnTime: string
  readonly returnStatus: string | null
  /** Text of customs that lies open; what may quote a person does not. */
  readonly info: string | null
  readonly resultCodes: readonly string[] | null
  /** Where the document stood before all of these; null when it was not there. */
  readonly before: {
    readonly version: number
    readonly state: State
    readonly rank: number
    readonly returnTime: string
  } | null
}

/** Events of the documents behind `after` and up to `upto`, in order; `kinds` null for all. */
export const findFedEvents = async (
  db: Db,
  ids: readonly string[],
  range: {
    readonly after: string
    readonly upto: string
    readonly kinds: readonly string[] | null
  },
): Promise<readonly FedEvent[]> => {
  if (ids.length === 0) return []
  const { after, upto, kinds } = range
  const keys = ids.map((id) => ({ lane: laneOfId(id), id }))
  const found = await sql<FedEvent>`
    select e.seq, s.id, s.kind, s.sender_id as "senderId", s.number, s.order_no as "orderNo", s.zone,
      e.key, e.version, e.state, e.rank, e.at, e.return_time as "returnTime",
      e.return_status as "returnStatus", e.info, e.result_codes as "resultCodes", b.before
    from ${rowsOf('k', { lane: 'smallint', id: 'uuid' }, keys)}
    join document_state s on s.lane = k.lane and s.id = k.id
      and (${kinds}::text[] is null or s.kind = any(${kinds}::text[]))
    left join lateral (
      select json_build_object('version', e.version, 'state', e.state, 'rank', e.rank,
        'returnTime', e.return_time) as before
      from event e
      where e.lane = k.lane and e.document_id = k.id and e.seq <= ${after}::bigint
      order by e.version desc, (e.return_time <> '' and e.rank >= ${MADE_RANK}) desc,
        e.return_time collate "C" desc, e.rank desc, e.seq limit 1
    ) b on true
    join event e on e.lane = k.lane and e.document_id = k.id
      and e.seq > ${after}::bigint and e.seq <= ${upto}::bigint
    order by e.seq`.execute(db)
  return found.rows
}

/** Forgets up to so many pages that ended before; how many. */
export const forgetEventPages = async (db: Db, before: Date, limit: number): Promise<number> => {
  const found = await sql<{ count: string }>`
    with gone as (
      delete from event_page p using (
        select sender_id, upto from event_page where at < ${before} order by at limit ${limit}
      ) o where p.sender_id = o.sender_id and p.upto = o.upto
      returning p.upto
    ), noted as (
      update event_feed f set forgotten = greatest(f.forgotten, (select max(upto) from gone))
      where exists (select 1 from gone)
    )
    select count(*) from gone`.execute(db)
  return Number(found.rows[0]?.count ?? 0)
}
