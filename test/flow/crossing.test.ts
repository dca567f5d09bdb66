/**
 * Sending a message again and composing the version that follows it, both at the same moment: one of
 * them waits for the other, so that old bytes never go out after newer ones. Needs a server, whose
 * transactions run side by side.
 */
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeDocuments } from '../../src/flow/intake.ts'
import { resendDocument } from '../../src/flow/resend.ts'
import { stages } from '../../src/flow/stages.ts'
import { connect } from '../../src/store/connect.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

const server = process.env.TEST_DATABASE_URL ?? ''

let gateway: TestGateway
beforeEach(async () => {
  gateway = await testGateway({ fault: () => ({ kind: 'refused', reason: 'NEVER' }) })
})
afterEach(() => gateway.close())

const owner = () => ({ enterpriseId: gateway.cast.platform.customsCode })

const hand = async (n: number, head = {}): Promise<string> => {
  const { order } = gateway.consignment(n)
  const document = { ...order, OrderHead: { ...order.OrderHead, ...head } }
  const answer = await takeDocuments(gateway.deps, owner(), [{ kind: 'CEB311', document }])
  return (answer.kind === 'taken' && answer.results[0]?.id) || ''
}

/** Two orders of one undelivered message, the second with a later version that is to be composed. */
const prepare = async (): Promise<readonly [string, string]> => {
  const first = await hand(0)
  const second = await hand(1)
  await gateway.settle()
  await hand(1, { appType: '2', appTime: '20261015235900', note: 'changed' })
  return [first, second]
}

/** Runs both while a third holds the state of the document, the second once the first waits for it. */
const crossing = async <A, B>(
  id: string,
  before: () => Promise<A>,
  after: () => Promise<B>,
): Promise<readonly [A, B]> => {
  const third = connect({ ...gateway.database.connection, max: 1 })
  try {
    const trx = await third.db.startTransaction().execute()
    await sql`select from document_state where id = ${id}::uuid for update`.execute(trx)
    const one = before()
    await waiting(1)
    const other = after()
    await waiting(2)
    await trx.commit().execute()
    return [await one, await other]
  } finally {
    await third.close()
  }
}

const waiting = async (count: number): Promise<void> => {
  for (let look = 0; look < 2_000; look += 1) {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(gateway.deps.db)
    if (rows.length >= count) return
  }
  throw new Error(`${count} never waited`)
}

const compose = () => stages.compose.runBatch(gateway.deps, 10)

describe.skipIf(server === '')('a message sent again while its later version is composed', () => {
  it('is refused as superseded once that is there', async () => {
    const [first, second] = await prepare()
    const resend = () => resendDocument(gateway.deps, owner(), first)
    const [, answer] = await crossing(second, compose, resend)
    expect(answer).toEqual({ kind: 'superseded' })
  })

  it('goes first, and that waits until it is out', async () => {
    const [first, second] = await prepare()
    const resend = () => resendDocument(gateway.deps, owner(), first)
    const [answer] = await crossing(second, resend, compose)
    expect(answer).toMatchObject({ kind: 'queued' })
    const row = await gateway.deps.db
      .selectFrom('document_state')
      .select('message_id')
      .where('id', '=', second)
      .executeTakeFirstOrThrow()
    expect(row.message_id).toBeNull()
  })
})
