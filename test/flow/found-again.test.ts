/**
 * Replies that came before their document: put aside under its number, and folded by themselves when
 * the document is composed. Nobody acts, nothing counts twice.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findDocument, listDocuments } from '../../src/flow/queries.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { listReplies } from '../../src/flow/reply-trouble.ts'
import { stages } from '../../src/flow/stages.ts'
import { totals } from '../../src/flow/totals.ts'
import { rebuild } from '../../src/flow/totals-rebuild.ts'
import { NUMBER_RETRY_SECONDS } from '../../src/kernel/limits.ts'
import { findEvents } from '../../src/store/listing.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import { importListReply } from '../support/replies.ts'

let gateway: TestGateway
beforeEach(async () => {
  gateway = await testGateway({ fault: () => ({ kind: 'sent' }) })
  await gateway.deps.db.updateTable('enterprise').set({ waits_for_companions: false }).execute()
})
afterEach(() => gateway.close())

const operator = { enterpriseId: '', operator: true }

const listNumbered = (n: number) => {
  const made = gateway.consignment(n)
  const { copNo = '', agentCode } = made.list.InventoryHead
  const declarant = gateway.cast.declarants.find(({ customsCode }) => customsCode === agentCode)
  return { made, copNo, agentCode, receiver: declarant?.dxpId ?? '' }
}

type Numbered = ReturnType<typeof listNumbered>

const says = ({ copNo, agentCode, receiver }: Numbered, status: string, time: string) =>
  importListReply({ copNo, agentCode, receiver, status, time })

const unmatched = async () => (await listReplies(gateway.deps, { state: 'unmatched' })).replies

const released = async () => (await totals(gateway.deps, { by: 'month', year: 2026 })).total.count

const list = async (of: Numbered) => {
  const { documents } = await listDocuments(gateway.deps, operator, {
    ...{ q: of.made.orderNo, kind: 'CEB621' },
  })
  return documents[0]
}

describe('replies that came before their document', () => {
  it('are folded when it is handed in, each once, and leave the operator’s list', async () => {
    const lost = listNumbered(0)
    const stranger = listNumbered(1)
    const told = [
      says(lost, '120', '20261015100100000'),
      says(lost, '800', '20261015100200000'),
      says(stranger, '800', '20261015100200000'),
    ]
    for (const bytes of told) await takeReply(gateway.deps, bytes)
    await gateway.settle()
    expect(await unmatched()).toHaveLength(3)
    await gateway.handIn([lost.made])
    await gateway.settle()
    const found = await list(lost)
    expect(found).toMatchObject({ state: 'released', returnStatus: '800' })
    expect(await released()).toBe(1)
    // That of the stranger waits on.
    expect(await unmatched()).toHaveLength(1)
    const events = await findEvents(gateway.deps.db, found?.id ?? '')
    // Told again, and looked at once more later: nothing is added.
    for (const bytes of told) await takeReply(gateway.deps, bytes)
    gateway.clock.advance(NUMBER_RETRY_SECONDS * 1000)
    await gateway.settle()
    expect(await findEvents(gateway.deps.db, found?.id ?? '')).toEqual(events)
    expect(await released()).toBe(1)
    await rebuild(gateway.deps)
    expect(await released()).toBe(1)
  })

  it('of a database brought back from a backup find what is handed in once more', async () => {
    const numbered = [0, 1, 2, 3].map(listNumbered)
    const answers = numbered.flatMap((each) => [
      says(each, '120', '20261015100100000'),
      says(each, '800', '20261015100200000'),
    ])
    // The backup is from before they were handed in; customs goes on answering what it got.
    for (const bytes of answers.slice(0, 5)) await takeReply(gateway.deps, bytes)
    await gateway.settle()
    await gateway.handIn(numbered.map(({ made }) => made))
    await gateway.step()
    for (const bytes of answers.slice(5)) await takeReply(gateway.deps, bytes)
    await gateway.settle()
    for (const each of numbered) expect((await list(each))?.state).toBe('released')
    expect(await released()).toBe(numbered.length)
    expect(await unmatched()).toEqual([])
    expect(await gateway.deps.db.selectFrom('unmatched_reply').selectAll().execute()).toEqual([])
  })

  it('at the very moment it is composed are found a little later', async () => {
    const lost = listNumbered(0)
    await gateway.handIn([lost.made])
    await takeReply(gateway.deps, says(lost, '800', '20261015100200000'))
    // Folded while the document was not composed, as if the two had not seen each other.
    await stages.reply.runBatch(gateway.deps, 10)
    const { db } = gateway.deps
    const aside = await db.selectFrom('unmatched_reply').selectAll().execute()
    await db.deleteFrom('unmatched_reply').execute()
    await gateway.settle()
    await db.insertInto('unmatched_reply').values(aside).execute()
    expect((await list(lost))?.state).toBe('sent')
    gateway.clock.advance(NUMBER_RETRY_SECONDS * 1000)
    await gateway.settle()
    expect((await list(lost))?.state).toBe('released')
    expect(await unmatched()).toEqual([])
  })

  it('addressed to another account stay where they are', async () => {
    const lost = listNumbered(0)
    const foreign = { ...lost, receiver: gateway.cast.carrier.dxpId }
    await takeReply(gateway.deps, says(foreign, '800', '20261015100200000'))
    await gateway.settle()
    await gateway.handIn([lost.made])
    await gateway.settle()
    const found = await list(lost)
    expect((await findDocument(gateway.deps, operator, found?.id ?? ''))?.state).toBe('sent')
    expect(await unmatched()).toMatchObject([{ problem: 'NO_DOCUMENT' }])
  })
})
