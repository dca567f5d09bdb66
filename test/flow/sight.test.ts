/** Who sees what: mandates open their kinds and nothing else, and an order number opens no door. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeDocuments } from '../../src/flow/intake.ts'
import { findConsignment } from '../../src/flow/preview.ts'
import { findDocument, listDocuments } from '../../src/flow/queries.ts'
import { listReplies } from '../../src/flow/reply-trouble.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

describe('the holder of a mandate', () => {
  it('sees the kinds it covers and no other documents of the principal', async () => {
    const { cast, deps } = gateway
    const made = gateway.consignment(1)
    const results = await gateway.handIn([made])
    const payer = made.payment.PaymentHead.payCode
    const agent = gateway.caller(cast.carrier)
    const mandate = (id: number, principal: string, kinds: string[]) =>
      deps.db
        .insertInto('mandate')
        .values({
          id: `00000000-0000-8000-8000-00000000000${id}`,
          principal_id: principal,
          agent_id: agent.enterpriseId,
          kinds,
          valid_from: '2026-10-15',
          valid_to: null,
        })
        .execute()
    await mandate(1, cast.platform.customsCode, ['CEB621'])
    await mandate(2, payer, ['CEB411'])
    const idOf = (kind: string) => results.find((result) => result.kind === kind)?.id ?? ''
    expect(await findDocument(deps, agent, idOf('CEB311'))).toBeUndefined()
    expect(await findDocument(deps, agent, idOf('CEB411'))).toBeDefined()
    const { documents } = await listDocuments(deps, agent, { q: made.orderNo })
    expect(documents.map((document) => document.kind).sort()).toEqual(['CEB411', 'CEB511'])
  })
})

describe('a look-up', () => {
  it('by what no number can be finds nothing, and does not fail', async () => {
    const { deps, cast } = gateway
    const caller = gateway.caller(cast.platform)
    for (const odd of ['\0', 'a\0b', '\ud800', "'; select 1 --", '😀'.repeat(60)]) {
      for (const filter of [{ q: odd }, { zone: odd }, { enterprise: odd }, { cursor: odd }])
        expect(
          (await listDocuments(deps, caller, { ...filter, kind: 'CEB621' })).documents,
        ).toEqual([])
      expect(await findConsignment(deps, caller, odd)).toBeUndefined()
      expect(await findDocument(deps, caller, odd)).toBeUndefined()
      await listReplies(deps, { state: 'unmatched', cursor: odd })
    }
  })
})

describe('a consignment', () => {
  it('shows nothing of strangers that use the same order number', async () => {
    const { cast, deps } = gateway
    const made = gateway.consignment(2)
    await gateway.handIn([made])
    const payer = made.payment.PaymentHead.payCode
    const { payment } = gateway.consignment(3)
    const head = { ...payment.PaymentHead, orderNo: made.orderNo, ebpCode: '9999999999' }
    await takeDocuments(deps, { enterpriseId: payer }, [
      { kind: 'CEB411', document: { PaymentHead: head } },
    ])
    const own = await findConsignment(deps, gateway.caller(cast.platform), made.orderNo)
    expect(own?.documents.map((document) => document.kind)).toEqual([
      ...['CEB311', 'CEB411', 'CEB511', 'CEB621'],
    ])
    expect(own?.comparisons.filter((row) => row.verdict === 'differs')).toEqual([])
  })
})
