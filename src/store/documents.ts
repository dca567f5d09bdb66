/**
 * Documents going in: which ones are there already, and the one statement that stores new ones with
 * their first event, their place in the consignment and the work they cause.
 */
import { sql } from 'kysely'
import type { State } from '../catalogue/message.ts'
import { laneOf } from '../kernel/lane.ts'
import { PARTS_PER_NUMBER_MAX, TARGETS_PER_STATEMENT_MAX } from '../kernel/limits.ts'
import { isDiffering } from './consignments.ts'
import { rowsOf } from './rows.ts'
import type { Db, Stage } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface StoredKey {
  readonly lane: number
  readonly kind: string
  readonly number: string
  readonly owner: string
  readonly senderId: string
}

/** The key as one text, to look documents of a batch up by. */
export const keyText = ({ kind, number, owner, senderId }: StoredKey): string =>
  JSON.stringify([kind, number, owner, senderId])

export interface StoredDocument extends StoredKey {
  readonly id: string
  readonly version: number
  readonly state: State
  readonly guid: string
  readonly appTime: string
  readonly contentHash: Uint8Array
  readonly orderNo: string | null
  readonly counted: boolean
}

/** A number that ties documents together beside that of their consignment. */
export interface OtherThread {
  readonly lane: number
  readonly number: string
  /** Joined by U+001F. */
  readonly needs: string
}

/** Everything about one version of one document that is about to be stored. */
export interface NewDocument extends StoredKey {
  readonly id: string
  readonly version: number
  readonly submittedBy: string
  /** Whose business it is: code of the merchant that it names, else of its sender. */
  readonly client: string
  /** Under which it is handed in; null when its sender does so himself. */
  readonly mandateId: string | null
  readonly guid: string
  readonly appType: string
  readonly appTime: string
  readonly payload: string
  readonly sealed: Uint8Array | null
  readonly contentHash: Uint8Array
  readonly buyerHash: Uint8Array | null
  readonly zone: string | null
  readonly tradeMode: string | null
  /** The sum of its lines where all are in CNY. */
  readonly amount: string | null
  /** What it counts by in the totals, JSON as in `document.counts`; null where it counts for nothing. */
  readonly counts: string | null
  readonly orderNo: string | null
  readonly orderLane: number | null
  readonly offer: string | null
  /** Text of an array of bigints, see `consignment_part`. */
  readonly marks: string | null
  /** Rules it breaks by itself, joined by U+001F. */
  readonly doubts: string | null
  /** Tax that it says was collected, as written. */
  readonly withheld: string | null
  /** Joined by U+001F; null when the document goes with nothing under its consignment's number. */
  readonly needs: string | null
  /** Other numbers under which it goes with documents; none for nearly all. */
  readonly others: readonly OtherThread[]
  /** Numbers of documents that it asks customs to act on. */
  readonly targets: readonly string[]
  readonly state: State
  readonly rank: number
  readonly stage: Stage
  readonly workLane: number
  readonly workSubject: string
  /** Of its sender, for fair shares of the work. */
  readonly party: number
}

/** The documents already stored under these keys, in no order. */
export const findByKeys = async (
  db: Db,
  keys: readonly StoredKey[],
): Promise<readonly StoredDocument[]> => {
  const columns = {
    lane: 'smallint',
    kind: 'text',
    number: 'text',
    owner: 'text',
    senderId: 'text',
  }
  const found = await sql<StoredDocument>`
    select s.lane, s.kind, s.number, s.owner, s.sender_id as "senderId", s.id, s.version, s.state,
      s.guid, s.app_time as "appTime", s.order_no as "orderNo", d.content_hash as "contentHash",
      s.counted_version is not null as counted
    from ${rowsOf('k', columns, keys)}
    join document_state s on s.lane = k.lane and s.kind = k.kind and s.number = k.number
      and s.owner = k.owner and s.sender_id = k."senderId"
    join document d on d.lane = s.lane and d.id = s.id and d.version = s.version`.execute(db)
  return found.rows
}

const COLUMNS = {
  lane: 'smallint',
  id: 'uuid',
  version: 'integer',
  kind: 'text',
  number: 'text',
  owner: 'text',
  senderId: 'text',
  submittedBy: 'text',
  client: 'text',
  mandateId: 'uuid',
  guid: 'text',
  appType: 'text',
  appTime: 'text',
  payload: 'json',
  sealed: 'bytea',
  contentHash: 'bytea',
  buyerHash: 'bytea',
  zone: 'text',
  tradeMode: 'text',
  amount: 'numeric',
  counts: 'json',
  orderNo: 'text',
  orderLane: 'smallint',
  offer: 'text',
  marks: 'text',
  doubts: 'text',
  withheld: 'text',
  needs: 'text',
  state: 'text',
  rank: 'smallint',
  stage: 'text',
  workLane: 'smallint',
  workSubject: 'text',
  party: 'integer',
}

/** Rows as they came, with their lists read once for all that is made of them. */
const recordsOf = (documents: readonly NewDocument[]) => sql`
  select r.*, r.marks::bigint[] as "markList", string_to_array(r.needs, U&'\\001F') as "needList"
  from ${rowsOf('r', COLUMNS, documents)}`

/** What follows once the key is won: version, event, consignment part, work. */
const followUp = (now: Date) => sql`
  doc as (
    insert into document (lane, id, version, kind, sender_id, submitted_by, guid, app_type,
      app_time, payload, sealed, content_hash, buyer_hash, zone, trade_mode, amount, counts,
      created_at, mandate_id)
    select r.lane, r.id, r.version, r.kind, r."senderId", r."submittedBy", r.guid, r."appType",
      r."appTime", r.payload, r.sealed, r."contentHash", r."buyerHash", r.zone, r."tradeMode",
      r.amount, nullif(r.counts::jsonb, 'null'), ${now}, r."mandateId"
    from r join won using (id)
  ),
  happened as (
    insert into event (lane, document_id, key, version, state, rank, at)
    select r.lane, r.id, 'taken:' || r.version, r.version, r.state, r.rank, ${now}
    from r join won using (id)
  ),
  part as (
    insert into consignment_part
      (lane, order_no, document_id, kind, sender_id, offer, needs, marks, doubts, withheld)
    select r."orderLane", r."orderNo", r.id, r.kind, r."senderId", r.offer, r."needList",
      r."markList", string_to_array(r.doubts, U&'\\001F'), r.withheld
    from r join won using (id) where r."orderNo" is not null and r.offer is not null
    on conflict (lane, order_no, document_id) do update set offer = excluded.offer,
      needs = excluded.needs, marks = excluded.marks, doubts = excluded.doubts,
      withheld = excluded.withheld, also_lanes = null, also = null, accepted = false
  ),
  todo as (
    insert into work (lane, stage, subject, version, party, run_at)
    select r."workLane", r.stage, r."workSubject", r.version, r.party, ${now}
    from r join won using (id)
  )`

/** A document that was stored, and companions under its number that it differs from by its marks. */
export interface Inserted {
  readonly id: string
  /** Of those that were there before; null for none, as of nearly all. */
  readonly differing: readonly string[] | null
}

/**
 * Stores documents whose key is new. Gives those that were stored; one that is missing lost its key to
 * somebody who stored it at the same moment. Companions that are stored along with it, or that go with
 * it under another number, are not looked at (`findDiffering`).
 */
export const insertDocuments = async (
  trx: Trx,
  documents: readonly NewDocument[],
  /** Of marks, counted from 1. */
  places: readonly number[],
  now: Date,
): Promise<readonly Inserted[]> => {
  if (documents.length === 0) return []
  const found = await sql<Inserted>`
    with r as materialized (${recordsOf(documents)}),
    won as (
      insert into document_state (lane, id, kind, sender_id, client, number, owner, order_no, zone,
        created_at, version, guid, app_time, state, rank, updated_at)
      select r.lane, r.id, r.kind, r."senderId", r.client, r.number, r.owner, r."orderNo", r.zone,
        ${now}, r.version, r.guid, r."appTime", r.state, r.rank, ${now}
      from r
      on conflict (lane, kind, number, owner, sender_id) do nothing
      returning id
    ),
    ${followUp(now)}
    select r.id, (
      select array_agg(document_id) from (
        select p.document_id
        from (select r.offer, r."markList" as marks, r."needList" as needs) own
        join consignment_part p on p.lane = r."orderLane" and p.order_no = r."orderNo"
        where ${isDiffering(places)}
        limit ${PARTS_PER_NUMBER_MAX}
      ) p
    ) as differing from r join won using (id)`.execute(trx)
  return found.rows
}

/**
 * Gives documents that stand under several numbers a part under each, and tells every part of the
 * others: whichever of the numbers gets news, the document is found and judged as a whole.
 */
export const joinThreads = async (trx: Trx, documents: readonly NewDocument[]): Promise<void> => {
  const rows = documents.flatMap(partsOf)
  if (rows.length === 0) return
  const columns = {
    ...{ lane: 'smallint', number: 'text', id: 'uuid', kind: 'text', senderId: 'text' },
    ...{ offer: 'text', needs: 'text', marks: 'text', doubts: 'text', withheld: 'text' },
    ...{ alsoLanes: 'text', also: 'text' },
  }
  await sql`
    insert into consignment_part
      (lane, order_no, document_id, kind, sender_id, offer, needs, marks, doubts, withheld,
        also_lanes, also)
    select r.lane, r.number, r.id, r.kind, r."senderId", r.offer,
      string_to_array(r.needs, U&'\\001F'), r.marks::bigint[],
      string_to_array(r.doubts, U&'\\001F'), r.withheld, r."alsoLanes"::smallint[],
      string_to_array(r.also, U&'\\001F')
    from ${rowsOf('r', columns, rows)}
    on conflict (lane, order_no, document_id) do update set offer = excluded.offer,
      needs = excluded.needs, marks = excluded.marks, doubts = excluded.doubts,
      withheld = excluded.withheld, also_lanes = excluded.also_lanes, also = excluded.also,
      accepted = false`.execute(trx)
}

const partsOf = (document: NewDocument) => {
  const { id, kind, senderId, offer, needs, marks, doubts, withheld } = document
  const { orderNo, orderLane, others } = document
  if (others.length === 0 || offer === null || orderNo === null) return []
  const threads = [{ lane: orderLane, number: orderNo, needs }, ...others]
  return threads.map((thread) => {
    const also = threads.filter((other) => other !== thread)
    return {
      ...{ ...thread, id, kind, senderId, offer, marks, doubts, withheld },
      // Arrays inside a set would have to be of one length; as text they need not.
      alsoLanes: `{${also.map((other) => other.lane).join()}}`,
      also: also.map((other) => other.number).join('\u001f'),
    }
  })
}

export interface Thread {
  readonly id: string
  readonly lane: number
  readonly number: string
}

/** All numbers under which these documents have a part. */
export const findThreads = async (
  trx: Trx,
  parts: readonly { readonly lane: number; readonly orderNo: string; readonly id: string }[],
): Promise<readonly Thread[]> => {
  if (parts.length === 0) return []
  const found = await sql<Thread>`
    select p.document_id as id, t.lane, t.number
    from ${rowsOf('r', { lane: 'smallint', orderNo: 'text', id: 'uuid' }, parts)}
    join consignment_part p on p.lane = r.lane and p.order_no = r."orderNo"
      and p.document_id = r.id
    cross join lateral (
      select p.lane, p.order_no as number
      union all select * from unnest(p.also_lanes, p.also)
    ) t`.execute(trx)
  return found.rows
}

/** Takes documents out of threads that their newer version no longer names. */
export const leaveThreads = async (trx: Trx, threads: readonly Thread[]): Promise<void> => {
  if (threads.length === 0) return
  await sql`
    delete from consignment_part p
    using ${rowsOf('r', { lane: 'smallint', number: 'text', id: 'uuid' }, threads)}
    where p.lane = r.lane and p.order_no = r.number and p.document_id = r.id`.execute(trx)
}

/** Keeps which documents these ask customs to act on; long ones in several statements. */
export const insertTargets = async (trx: Trx, documents: readonly NewDocument[]): Promise<void> => {
  const rows = documents.flatMap(({ id, version, kind, targets }) =>
    targets.map((number) => ({ lane: laneOf(number), number, kind, id, version })),
  )
  const columns = {
    ...{ lane: 'smallint', number: 'text', kind: 'text', id: 'uuid', version: 'integer' },
  }
  for (let start = 0; start < rows.length; start += TARGETS_PER_STATEMENT_MAX) {
    const some = rows.slice(start, start + TARGETS_PER_STATEMENT_MAX)
    await sql`
      insert into act_target (lane, number, kind, document_id, version)
      select r.lane, r.number, r.kind, r.id, r.version from ${rowsOf('r', columns, some)}
      on conflict do nothing`.execute(trx)
  }
}

/** The goods have left: whatever a document's kind, it is not changed any more. */
const RELEASED: readonly State[] = ['released', 'closed']
export const isReleased = (state: State): boolean => RELEASED.includes(state)

/**
 * Locks documents of which a newer version is about to be stored; gives the ids of those where it
 * still can be. By an update that changes nothing, since a lock alone cannot go over several lanes.
 */
export const lockVersions = async (
  trx: Trx,
  documents: readonly Pick<NewDocument, 'lane' | 'id' | 'version'>[],
): Promise<ReadonlySet<string>> => {
  if (documents.length === 0) return new Set()
  const columns = { lane: COLUMNS.lane, id: COLUMNS.id, version: COLUMNS.version }
  const found = await sql<{ id: string }>`
    update document_state s set version = s.version
    from ${rowsOf('r', columns, documents)}
    where s.lane = r.lane and s.id = r.id and ${isOpen}
    returning s.id`.execute(trx)
  return new Set(found.rows.map(({ id }) => id))
}

/** Nobody stored another version meanwhile, and customs has not released it; `r` the newer version. */
const isOpen = sql`s.version = r.version - 1
  and s.counted_version is null and s.state <> all(${RELEASED}::text[])`

/**
 * Stores a newer version of documents that are there. One that is missing was overtaken: by another
 * version, or by a release that already counts. They are open again, and of an age at which the clock
 * chore looks at few: so they are listed for it here.
 */
export const insertVersions = async (
  trx: Trx,
  documents: readonly NewDocument[],
  now: Date,
): Promise<ReadonlySet<string>> => {
  if (documents.length === 0) return new Set()
  const found = await sql<{ id: string }>`
    with r as materialized (${recordsOf(documents)}),
    won as (
      update document_state s set version = r.version, guid = r.guid, app_time = r."appTime",
        state = r.state, rank = r.rank, return_time = '', return_status = null, released_on = null,
        prior_message_id = coalesce(s.message_id, s.prior_message_id), message_id = null,
        order_no = r."orderNo", zone = r.zone, client = r.client, updated_at = ${now}
      from r
      where s.lane = r.lane and s.id = r.id and ${isOpen}
      returning s.id
    ),
    again as (
      insert into open_stage
        (lane, document_id, kind, sender_id, client, zone, version, state, since)
      select r.lane, r.id, r.kind, r."senderId", r.client, coalesce(r.zone, ''), r.version, r.state,
        ${now}
      from r join won using (id)
      on conflict (lane, document_id) do update set zone = excluded.zone, client = excluded.client,
        version = excluded.version, state = excluded.state, since = excluded.since
    ),
    ${followUp(now)}
    select id from won`.execute(trx)
  return new Set(found.rows.map((row) => row.id))
}
