/**
 * Two things at the same moment: a transaction that is still open while another one begins, and
 * customs' answer while a change is under way. Nothing acknowledged is lost, nothing counts wrongly.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeDocuments } from '../../src/flow/intake.ts'
import { kindFacts } from '../../src/flow/kinds.ts'
import { listDocuments } from '../../src/flow/queries.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { stages } from '../../src/flow/stages.ts'
import { totals } from '../../src/flow/totals.ts'
import { rebuild } from '../../src/flow/totals-rebuild.ts'
import { laneOfId } from '../../src/kernel/ids.ts'
import { writeEvidence } from '../../src/store/evidence.ts'
import { keepAnswer } from '../../src/store/idempotency.ts'
import type { Trx } from '../../src/store/transaction.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import { importListReply } from '../support/replies.ts'

let gateway: TestGateway
let n = 0
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }

const listOf = async (orderNo: string) => {
  const { documents } = await listDocuments(gateway.deps, operator, { q: orderNo, kind: 'CEB621' })
  const [list] = documents
  if (list === undefined) throw new Error(`no list of ${orderNo}`)
  return list
}

/** A list that was sent and has no reply of its own to come. */
const silentList = async () => {
  n += 1
  const made = gateway.consignment(n, '-SILENT')
  await gateway.handIn([made])
  await gateway.settle()
  const { copNo = '', agentCode } = made.list.InventoryHead
  const declarant = gateway.cast.declarants.find((item) => item.customsCode === agentCode)
  return { made, copNo, agentCode, receiver: declarant?.dxpId ?? '' }
}

type Silent = Awaited<ReturnType<typeof silentList>>

const change = ({ made, agentCode }: Silent, head: Readonly<Record<string, string>> = {}) => {
  const InventoryHead = {
    ...made.list.InventoryHead,
    guid: made.list.InventoryHead.guid.replace(/^.{4}/, 'FFFF'),
    appType: '2',
    appTime: '20261015110000',
    ...head,
  }
  const document = { ...made.list, InventoryHead }
  return takeDocuments(gateway.deps, { enterpriseId: agentCode }, [{ kind: 'CEB621', document }])
}

/** Runs `second` while the transaction of `first` is open, and lets that one end first. */
const whileOpen = async <T>(
  first: (trx: Trx) => Promise<unknown>,
  second: () => Promise<T>,
): Promise<T> => {
  const { db } = gateway.deps
  const { pending } = await db.transaction().execute(async (trx) => {
    await first(trx)
    const running = second()
    // The embedded database does one transaction at a time: there the other cannot even begin.
    for (let look = 0; !gateway.database.embedded && (await waiting()) === 0; look += 1)
      if (look === LOOKS_MAX) throw new Error('nothing waits for the open transaction')
    return { pending: running }
  })
  return pending
}

const LOOKS_MAX = 2_000

/** Asked on another connection: within a transaction the server's activity never changes. */
const waiting = async (): Promise<number> => {
  const found = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(gateway.deps.db)
  return found.rows[0]?.count ?? 0
}

describe('a change under way', () => {
  it('is sent although customs answers the submission before it only now', async () => {
    const silent = await silentList()
    gateway.clock.advance(60_000)
    await change(silent)
    gateway.clock.advance(60_000)
    const said = { ...silent, status: '120', time: '20261015235900000' }
    await takeReply(gateway.deps, importListReply(said))
    await stages.reply.runBatch(gateway.deps, 10)
    await gateway.settle()
    const list = await listOf(silent.made.orderNo)
    const { message_id } = await gateway.deps.db
      .selectFrom('document_state')
      .select('message_id')
      .where('id', '=', list.id)
      .executeTakeFirstOrThrow()
    expect(list.version).toBe(2)
    expect(message_id).not.toBeNull()
    expect(list.state).not.toBe('stored')
  })

  it('that customs overtakes with a release is refused, and the totals stay as they are', async () => {
    const silent = await silentList()
    const { id, version } = await listOf(silent.made.orderNo)
    const evidence = {
      ...{ lane: laneOfId(id), documentId: id, version, key: 'reply', state: 'released' as const },
      ...{ rank: 85, returnTime: '20261015120000000', returnStatus: '800' },
    }
    const answer = await whileOpen(
      (trx) => writeEvidence(trx, kindFacts, [evidence], gateway.clock.now()),
      () => change(silent),
    )
    const codes = answer.kind === 'taken' && answer.results[0]?.faults?.map((fault) => fault.code)
    expect(codes).toEqual(['CEB621-ALREADY_RELEASED'])
    const kept = await totals(gateway.deps, { by: 'month', year: 2026 })
    await rebuild(gateway.deps)
    expect(await totals(gateway.deps, { by: 'month', year: 2026 })).toEqual(kept)
  })
})

describe('an Idempotency-Key', () => {
  it('that another body takes at the same moment leaves nothing stored', async () => {
    n += 1
    const { order } = gateway.consignment(n)
    const caller = gateway.caller(gateway.cast.platform)
    const key = 'same moment'
    const theirs = { enterpriseId: caller.enterpriseId, key, requestHash: Buffer.from('theirs') }
    const answer = await whileOpen(
      (trx) => keepAnswer(trx, { ...theirs, response: [] }, gateway.clock.now()),
      () =>
        takeDocuments(gateway.deps, caller, [{ kind: 'CEB311', document: order }], {
          idempotency: { key, requestHash: Buffer.from('ours') },
        }),
    )
    expect(answer.kind).toBe('key-reused')
    const filter = { q: order.OrderHead.orderNo }
    expect((await listDocuments(gateway.deps, operator, filter)).documents).toEqual([])
  })
})
