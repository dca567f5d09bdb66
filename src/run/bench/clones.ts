/**
 * Very many queued documents, for benches and tests of fairness: rows of all the tables that intake
 * writes, made set-wise from one document that was handed in. Each has a number, an id and a lane of
 * its own, so that every stage takes it for what it is; they share the guid, to which what is sealed
 * is bound.
 */
import { sql } from 'kysely'
import { derivedId } from '../../kernel/ids.ts'
import { laneOf } from '../../kernel/lane.ts'
import { rowsOf } from '../../store/rows.ts'
import type { Db } from '../../store/tables.ts'
import { partyOf } from '../../store/work.ts'

export interface Cloning {
  /** Id of the document they are made from: one that waits to be composed. */
  readonly template: string
  /** Begins their numbers; with it they are told from other clones. */
  readonly prefix: string
  readonly count: number
  /** Whose they are; the template's sender when left out. */
  readonly senderId?: string
  readonly now: Date
}

const ROWS_PER_STATEMENT = 20_000

/** Queued one after the other, a millisecond apart at most, the last at `now`. */
export const cloneDocuments = async (db: Db, cloning: Cloning): Promise<void> => {
  for (let from = 0; from < cloning.count; from += ROWS_PER_STATEMENT)
    await cloneSome(db, cloning, from, Math.min(cloning.count, from + ROWS_PER_STATEMENT))
}

const cloneSome = async (db: Db, cloning: Cloning, from: number, to: number): Promise<void> => {
  const { template, prefix, now, senderId } = cloning
  const rows = Array.from({ length: to - from }, (_, i) => {
    const number = `${prefix}${String(from + i).padStart(8, '0')}`
    const lane = laneOf(number)
    const id = derivedId('clone', number)
    const byte = (0x80 | lane).toString(16)
    const carrying = `${id.slice(0, 19)}${byte}${id.slice(21)}`
    return { number, lane, id: carrying, at: from + i }
  })
  const columns = { number: 'text', lane: 'smallint', id: 'uuid', at: 'integer' }
  const sender = senderId ?? null
  await sql`
    with s as materialized (select * from document_state where id = ${template}),
    d as materialized (
      select * from document where id = ${template} and version = (select version from s)
    ),
    r as materialized (
      select r.*, coalesce(${sender}::text, s.sender_id) as sender
      from ${rowsOf('r', columns, rows)} cross join s
    ),
    stated as (
      insert into document_state (lane, id, kind, sender_id, client, number, owner, order_no, zone,
        created_at, version, guid, app_time, state, rank, updated_at)
      select r.lane, r.id, s.kind, r.sender, s.client, r.number, s.owner, r.number, s.zone, ${now}, s.version,
        s.guid, s.app_time, s.state, s.rank, ${now}
      from r cross join s
    ),
    doc as (
      insert into document (lane, id, version, kind, sender_id, submitted_by, guid, app_type,
        app_time, payload, sealed, content_hash, zone, trade_mode, amount, created_at)
      select r.lane, r.id, d.version, d.kind, r.sender, r.sender, d.guid, d.app_type, d.app_time,
        replace(d.payload::text, s.number, r.number)::json, d.sealed,
        sha256(convert_to(r.number, 'UTF8')), d.zone, d.trade_mode, d.amount, ${now}
      from r cross join s cross join d
    ),
    happened as (
      insert into event (lane, document_id, key, version, state, rank, at)
      select r.lane, r.id, 'taken:' || s.version, s.version, s.state, s.rank, ${now}
      from r cross join s
    ),
    part as (
      insert into consignment_part (lane, order_no, document_id, kind, sender_id, offer, needs)
      select r.lane, r.number, r.id, p.kind, r.sender, p.offer, p.needs
      from r cross join (select * from consignment_part where document_id = ${template} limit 1) p
    )
    insert into work (lane, stage, subject, version, party, run_at)
    select r.lane, 'compose', r.id, s.version,
      ${senderId === undefined ? sql`w.party` : sql`${partyOf(senderId)}::integer`},
      ${now}::timestamptz - (${cloning.count} - r.at) * interval '1 microsecond'
    from r cross join s join work w on w.stage = 'compose' and w.subject = s.id::text
      and w.lane = s.lane
    order by r.at`.execute(db)
}
