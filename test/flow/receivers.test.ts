/** Messages for several receivers: from a terminal node in one envelope, from a transfer node in parts. */
import { afterEach, describe, expect, it } from 'vitest'
import { listDocuments } from '../../src/flow/queries.ts'
import { BREAKER_RETRY_MAX_MS } from '../../src/kernel/limits.ts'
import { readEnvelope } from '../../src/wire/envelope.ts'
import { type TestGateway, type TestGatewayOptions, testGateway } from '../support/gateway.ts'

const OWN = 'DXPEDCCEB0000002'
const OTHER = 'DXPLGS0000000009'
const customsAddress = { import: [OWN, OTHER], export: ['DXPEDCCEB0000003'] }
const transferNode = { own: '46000002', end: '00000002' }

let gateway: TestGateway
afterEach(() => gateway.close())
const open = async (options: TestGatewayOptions): Promise<void> => {
  gateway = await testGateway({ ...options, customs: { others: [OTHER] } })
}

const statesOf = async (orderNo: string): Promise<Readonly<Record<string, string>>> => {
  const asked = { enterpriseId: '', operator: true }
  const { documents } = await listDocuments(gateway.deps, asked, { q: orderNo })
  return Object.fromEntries(documents.map(({ kind, state }) => [kind, state]))
}

const unsent = async (): Promise<number> =>
  (
    await gateway.database.db
      .selectFrom('message')
      .select('id')
      .where('sent_at', 'is', null)
      .execute()
  ).length

const receiversOf = (bytes: Uint8Array): readonly string[] => {
  const read = readEnvelope(bytes)
  return read.kind === 'message' ? read.envelope.receiverIds : []
}

describe('messages for two receivers', () => {
  it('go out in one envelope from a terminal node, and come to their end', async () => {
    await open({ deps: { customsAddress } })
    const made = gateway.consignment(1)
    await gateway.handIn([made])
    await gateway.settle()
    expect(await statesOf(made.orderNo)).toMatchObject({ CEB621: 'closed' })
    expect(gateway.sent).toHaveLength(4)
    for (const { bytes } of gateway.sent) expect(receiversOf(bytes)).toEqual([OWN, OTHER])
  })

  it('go out in one part for each from a transfer node, and come to their end', async () => {
    await open({ deps: { customsAddress, transferNode } })
    const made = gateway.consignment(1)
    await gateway.handIn([made])
    await gateway.settle()
    expect(await statesOf(made.orderNo)).toMatchObject({ CEB621: 'closed' })
    expect(gateway.sent).toHaveLength(8)
    expect(new Set(gateway.sent.map(({ copMsgId }) => copMsgId)).size).toBe(8)
    expect(gateway.sent.flatMap(({ bytes }) => receiversOf(bytes)).sort()).toEqual(
      [OWN, OTHER].flatMap((receiver) => Array(4).fill(receiver)),
    )
  })

  it('are sent when all parts are taken; until then all of them go again, the same', async () => {
    let isAway = true
    await open({
      deps: { customsAddress, transferNode },
      fault: (id) =>
        isAway && id.endsWith('-2') ? { kind: 'unavailable', reason: 'away' } : undefined,
    })
    const made = gateway.consignment(1, '-SILENT')
    await gateway.handIn([made])
    for (let round = 0; round < 4; round += 1) {
      await gateway.step()
      gateway.clock.advance(BREAKER_RETRY_MAX_MS)
    }
    expect(await unsent()).toBeGreaterThan(0)
    isAway = false
    for (let round = 0; round < 10; round += 1) {
      await gateway.step()
      gateway.clock.advance(BREAKER_RETRY_MAX_MS)
    }
    expect(await unsent()).toBe(0)
    const bytesOf = new Map<string, Set<string>>()
    for (const { copMsgId, bytes } of gateway.sent)
      bytesOf.set(
        copMsgId,
        (bytesOf.get(copMsgId) ?? new Set()).add(Buffer.from(bytes).toString('hex')),
      )
    expect([...bytesOf.values()].every(({ size }) => size === 1)).toBe(true)
    expect(gateway.sent.length).toBeGreaterThan(bytesOf.size)
    expect(gateway.customs.books().summary().messages.differentBytes).toBe(0)
  })
})
