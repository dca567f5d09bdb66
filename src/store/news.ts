/**
 * What happened lately, for everybody who watches: documents with an event after a number, as they
 * stand now. One statement for all viewers; it reads the end of the story and no further.
 */
import { sql } from 'kysely'
import type { State } from '../catalogue/message.ts'
import { NEWS_EVENTS_MAX, NEWS_ROWS_MAX } from '../kernel/news-limits.ts'
import type { Db } from './tables.ts'

export interface NewsRow {
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly number: string
  readonly orderNo: string | null
  readonly zone: string | null
  readonly state: State
  readonly version: number
}

export interface FoundNews {
  /** Number of the last event that was given out, committed or not. */
  readonly upto: number
  /** Oldest first. */
  readonly rows: readonly NewsRow[]
}

/** Documents of the senders (null is all) with an event after `after`; without it only `upto`. */
export const findNews = async (
  db: Db,
  after: number | undefined,
  senders: readonly string[] | null,
): Promise<FoundNews> => {
  const ofSenders = senders === null ? sql`true` : sql`s.sender_id = any(${senders}::text[])`
  // One statement with the end of the story, so that nothing lies between the two.
  const found = await sql<{ readonly upto: string } & Partial<NewsRow>>`
    select u.upto, n.* from (
      select case when is_called then last_value else 0 end as upto from event_seq_seq
    ) u
    left join (
      select s.id, s.kind, s.sender_id as "senderId", s.number, s.order_no as "orderNo", s.zone,
        s.state, s.version, max(e.seq) as seq
      from (
        select lane, document_id, seq from event where seq > ${after ?? NOTHING_AFTER}
        order by seq desc limit ${NEWS_EVENTS_MAX}
      ) e join document_state s on s.lane = e.lane and s.id = e.document_id
      where ${ofSenders} group by s.lane, s.id order by seq desc limit ${NEWS_ROWS_MAX}
    ) n on true order by n.seq`.execute(db)
  return {
    upto: Number(found.rows[0]?.upto ?? 0),
    // The left join leaves one row without a document where there is no news.
    rows: found.rows.filter((row): row is typeof row & NewsRow => row.id !== null),
  }
}

/** No event has a greater number. */
const NOTHING_AFTER = Number.MAX_SAFE_INTEGER
