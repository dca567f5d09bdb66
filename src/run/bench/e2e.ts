/**
 * The whole way under load: lists a second from HTTP to 放行 (800), each with its order, payment
 * and waybill, every stage durable, the simulated customs office and the gateway in processes of
 * their own. Runs on the PostgreSQL that DATABASE_URL names, else on the embedded database.
 */
import { sql } from 'kysely'
import { connect } from '../../store/connect.ts'
import { projectRoot } from '../project-root.ts'
import { type Rehearsal, startRehearsal } from '../rehearsal.ts'
import {
  makeBatches,
  postBatches,
  REQUESTS_AT_ONCE,
  released,
  WARM_UP_LISTS,
  warmUp,
} from './load.ts'

export interface EndToEndFigures {
  readonly name: 'e2e'
  readonly database: 'postgresql' | 'embedded'
  readonly lists: number
  readonly seconds: number
  readonly listsPerSecond: number
  /** Documents and single replies together: four and ten a list. */
  readonly rowsPerSecond: number
  /** Documents a message and single replies a reply message, on average: how well packing fills. */
  readonly documentsPerMessage: number
  readonly repliesPerMessage: number
  readonly gatewayPeakMb: number | undefined
  /** Rows a second that a bare batch insert of narrow rows reaches on the same database. */
  readonly yardstickRowsPerSecond: number | undefined
}

const LISTS_DEFAULT = 8_000
const DOCUMENTS_PER_BATCH = 200
/** Documents (4) and single replies up to 放行 (3 × 2 + 3). */
const ROWS_PER_LIST = 13

export const benchEndToEnd = async (
  server: string | undefined,
  lists = LISTS_DEFAULT,
): Promise<EndToEndFigures> => {
  const rehearsal = await startRehearsal({
    root: projectRoot(),
    server,
    pace: 'instant',
  })
  try {
    await rehearsal.start()
    await warmUp(rehearsal)
    const batches = makeBatches(rehearsal, {
      ...{ lists, from: WARM_UP_LISTS, perBatch: DOCUMENTS_PER_BATCH },
    })
    const start = performance.now()
    const posting = postBatches(rehearsal.url, batches, REQUESTS_AT_ONCE)
    await Promise.all([posting, released(rehearsal.url, WARM_UP_LISTS + lists)])
    const seconds = (performance.now() - start) / 1000
    const { messages, documents, replies, replyMessages } = await rehearsal.books()
    const taken = sum(Object.values(documents).map((each) => each.taken))
    return {
      name: 'e2e',
      database: server === undefined ? 'embedded' : 'postgresql',
      lists,
      seconds: round(seconds),
      listsPerSecond: Math.round(lists / seconds),
      rowsPerSecond: Math.round((lists * ROWS_PER_LIST) / seconds),
      documentsPerMessage: round(taken / messages.received),
      repliesPerMessage: round(sum(Object.values(replies.made)) / replyMessages.made),
      gatewayPeakMb: await peak(rehearsal),
      yardstickRowsPerSecond: await yardstick(rehearsal),
    }
  } finally {
    await rehearsal.close()
  }
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
const round = (value: number): number => Math.round(value * 100) / 100

const peak = async (rehearsal: Rehearsal): Promise<number | undefined> => {
  const mb = await rehearsal.residentMb()
  return mb === undefined ? undefined : Math.round(mb)
}

const YARDSTICK_ROWS = 100_000
const YARDSTICK_BATCH = 500

const yardstick = async ({ databaseUrl }: Rehearsal): Promise<number | undefined> => {
  if (databaseUrl === undefined) return undefined
  const { db, close } = connect({ connectionString: databaseUrl, max: 1 })
  try {
    await sql`create table yardstick (lane smallint, id uuid, text text, primary key (lane, id))`.execute(
      db,
    )
    const start = performance.now()
    for (let at = 0; at < YARDSTICK_ROWS; at += YARDSTICK_BATCH)
      await sql`insert into yardstick select i % 64, gen_random_uuid(), 'row ' || i
        from generate_series(${at}::int + 1, ${at}::int + ${YARDSTICK_BATCH}) i`.execute(db)
    return Math.round(YARDSTICK_ROWS / ((performance.now() - start) / 1000))
  } finally {
    await close()
  }
}
