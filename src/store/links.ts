/**
 * The links to customs as all gateways on this database see them: how each stands, which of them an
 * enterprise chose, and the queues behind them.
 */
import { sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { Db, LinkStateTable } from './tables.ts'
import type { Trx } from './transaction.ts'
import { partyOf } from './work.ts'

export interface LinkState {
  readonly code: string
  readonly state: LinkStateTable['state']
  readonly since: Date
  /** In a row, up to what takes a link down; after that, one for each pilot that failed too. */
  readonly failures: number
  /** `down`: when the next pilot may go; `draining`: when the next messages may. */
  readonly retryAt: Date
  /** `draining`: messages at a time. */
  readonly pace: number
  readonly sentAt: Date | null
  readonly problem: string | null
}

const STATE = sql`code, state, since, failures, retry_at as "retryAt", pace, sent_at as "sentAt", problem`

/** A link nobody sent over yet is up. */
export const findLinkStates = async (
  db: Db,
  codes: readonly string[],
  now: Date,
): Promise<readonly LinkState[]> => {
  const rows = await findNotedStates(db, codes)
  return codes.map((code) => rows.find((row) => row.code === code) ?? freshLink(code, now))
}

/** Only those that something was noted of. */
export const findNotedStates = async (
  db: Db,
  codes: readonly string[],
): Promise<readonly LinkState[]> =>
  (
    await sql<LinkState>`
      select ${STATE} from link_state where code = any(${codes}::text[])`.execute(db)
  ).rows

/** Locked until the transaction ends, so that two gateways judge one after the other. */
export const lockLinkState = async (trx: Trx, code: string, now: Date): Promise<LinkState> => {
  const found = async () =>
    (
      await sql<LinkState>`select ${STATE} from link_state where code = ${code} for update`.execute(
        trx,
      )
    ).rows[0]
  const row = await found()
  if (row !== undefined) return row
  // Another gateway may write the first row at the same moment: what it noted stays.
  await sql`insert into link_state (code, state, since, retry_at)
    values (${code}, 'up', ${now}, ${now}) on conflict (code) do nothing`.execute(trx)
  return (await found()) ?? freshLink(code, now)
}

export const saveLinkState = async (db: Db, next: LinkState): Promise<void> => {
  await sql`
    insert into link_state as l (code, state, since, failures, retry_at, pace, sent_at, problem)
    values (${next.code}, ${next.state}, ${next.since}, ${next.failures}, ${next.retryAt},
      ${next.pace}, ${next.sentAt}, ${next.problem})
    on conflict (code) do update set state = excluded.state, since = excluded.since,
      failures = excluded.failures, retry_at = excluded.retry_at, pace = excluded.pace,
      sent_at = greatest(l.sent_at, excluded.sent_at), problem = excluded.problem`.execute(db)
}

const freshLink = (code: string, now: Date): LinkState => ({
  ...{ code, state: 'up', since: now, failures: 0, retryAt: now, pace: 0 },
  ...{ sentAt: null, problem: null },
})

export type Direction = 'import' | 'export'

export interface LinkChoice {
  readonly enterpriseId: string
  readonly direction: Direction
  readonly link: string
  readonly chosenAt: Date
}

export const findLinkChoices = async (
  db: Db,
  enterpriseIds: readonly string[],
): Promise<readonly LinkChoice[]> =>
  (
    await sql<LinkChoice>`
      select enterprise_id as "enterpriseId", direction, link, chosen_at as "chosenAt"
      from link_choice
      where enterprise_id = any(${enterpriseIds}::text[])`.execute(db)
  ).rows

/** Chooses a link, or with `undefined` leaves the choice to the settings again. */
export const saveLinkChoice = async (
  trx: Trx,
  { enterpriseId, direction }: Pick<LinkChoice, 'enterpriseId' | 'direction'>,
  link: string | undefined,
  now: Date,
): Promise<void> => {
  await sql`delete from link_choice
    where enterprise_id = ${enterpriseId} and direction = ${direction}`.execute(trx)
  if (link !== undefined)
    await sql`insert into link_choice (enterprise_id, direction, link, chosen_at)
      values (${enterpriseId}, ${direction}, ${link}, ${now})`.execute(trx)
}

/**
 * Puts messages of one enterprise that wait to be sent into the queue of another link; how many.
 * One that is being sent at the moment may go out on both ways: with the same id and bytes.
 */
export const moveQueue = async (
  trx: Trx,
  moving: {
    readonly enterpriseId: string
    readonly kinds: readonly string[]
    readonly link: string
  },
): Promise<number> => {
  const moved = await sql`
    update work w set queue = ${moving.link}
    from message m
    where w.stage = 'dispatch' and w.party = ${partyOf(moving.enterpriseId)}
      and w.queue <> ${moving.link}
      and m.lane = w.lane and m.id = w.subject::uuid and m.sender_id = ${moving.enterpriseId}
      and m.kind = any(${moving.kinds}::text[])`.execute(trx)
  return Number(moved.numAffectedRows ?? 0)
}

/** Messages whose link the settings name no more go to the first that they name; how many. */
export const adoptQueues = async (
  db: Db,
  codes: readonly string[],
  fallback: string,
): Promise<number> => {
  const moved = await sql`
    update work set queue = ${fallback}
    where stage = 'dispatch' and queue <> all(${codes}::text[])`.execute(db)
  return Number(moved.numAffectedRows ?? 0)
}

/** Versions that wait because one of these messages, which holds an earlier one, was not out yet. */
export const findHeldBack = async (
  db: Db,
  messageIds: readonly string[],
): Promise<
  readonly {
    readonly lane: number
    readonly id: string
    readonly version: number
    readonly senderId: string
  }[]
> => {
  if (messageIds.length === 0) return []
  const found = await sql<{ lane: number; id: string; version: number; senderId: string }>`
    select lane, id, version, sender_id as "senderId" from document_state
    where prior_message_id = any(${messageIds}::uuid[]) and message_id is null
      and state = 'ready'`.execute(db)
  return found.rows
}

/** Those of these messages that are on their way out, for the first time or again. */
export const findUnsent = async (
  db: Db,
  messages: readonly { readonly lane: number; readonly id: string }[],
): Promise<ReadonlySet<string>> => {
  if (messages.length === 0) return new Set()
  const found = await sql<{ id: string }>`
    select m.id from ${rowsOf('r', { lane: 'smallint', id: 'uuid' }, messages)}
    join message m on m.lane = r.lane and m.id = r.id
    where exists (
      select 1 from work w where w.stage in ('sign', 'dispatch') and w.lane = m.lane
        and w.subject = m.id::text
    )`.execute(db)
  return new Set(found.rows.map((row) => row.id))
}

const MINUTE_MS = 60_000

/** Counts what a link took, by the minute; one row is written again and again, and last. */
export const noteSent = async (
  trx: Trx,
  code: string,
  sent: { readonly messages: number; readonly documents: number },
  now: Date,
): Promise<void> => {
  const minute = new Date(now.getTime() - (now.getTime() % MINUTE_MS))
  await sql`
    insert into link_sent as l (code, minute, messages, documents)
    values (${code}, ${minute}, ${sent.messages}, ${sent.documents})
    on conflict (code, minute) do update set messages = l.messages + excluded.messages,
      documents = l.documents + excluded.documents`.execute(trx)
}

export interface SentMinute {
  readonly code: string
  /** Its first moment. */
  readonly minute: Date
  readonly messages: number
  readonly documents: number
}

export const findSent = async (
  db: Db,
  codes: readonly string[],
  from: Date,
): Promise<readonly SentMinute[]> =>
  (
    await sql<SentMinute>`
      select code, minute, messages, documents from link_sent
      where code = any(${codes}::text[]) and minute >= ${from}
      order by code, minute`.execute(db)
  ).rows

export const forgetSent = async (db: Db, before: Date): Promise<void> => {
  await db.deleteFrom('link_sent').where('minute', '<', before).execute()
}
