/**
 * What a transfer node sends, before the official schema of 202205; what it is split into; and that
 * the same message always gives the same bytes.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parcelsOf } from '../../src/flow/envelopes.ts'
import { readEnvelope } from '../../src/wire/envelope.ts'
import { isThere, transferReferee } from './official.ts'

const node = { own: '46000002', end: '00000002' }
const message = {
  ...{ id: '01a203c9-f245-8eb0-b456-cb6014f1154c', kind: 'CEB311' },
  ...{ senderDxpId: 'DXPENT0000000001', receiverDxpIds: ['DXPEDCCEB0000002'] },
  ...{ copMsgId: '01A203C9-F245-8EB0-B456-CB6014F1154C' },
  createdAt: new Date('2026-02-28T01:30:00Z'),
}
const some = fc.record({
  id: fc.uuid(),
  receiverDxpIds: fc.uniqueArray(fc.stringMatching(/^[A-Z0-9]{1,16}$/), {
    ...{ minLength: 1, maxLength: 5 },
  }),
  createdAt: fc.date({
    min: new Date('2018-01-01'),
    max: new Date('2090-01-01'),
    noInvalidDate: true,
  }),
  data: fc.uint8Array({ minLength: 1, maxLength: 500 }),
})

describe('the parts of a message from a transfer node', () => {
  it.skipIf(!isThere)('are what the official schema takes, each and for any message', () => {
    const referee = transferReferee()
    fc.assert(
      fc.property(some, ({ data, ...its }) => {
        for (const { bytes } of parcelsOf({ transferNode: node }, { ...message, ...its }, data))
          expect(referee.refusal(Buffer.from(bytes).toString())).toBeUndefined()
      }),
      { seed: 20260112, numRuns: 200 },
    )
    const [parcel] = parcelsOf({ transferNode: node }, message, Buffer.from('x'))
    const text = Buffer.from(parcel?.bytes ?? '').toString()
    expect(referee.refusal(text.replace(/<dxp:EndNode>.*<\/dxp:EndNode>/, ''))).toBeDefined()
    expect(referee.refusal(text.replace('Ver="1.0"', 'ver="1.0"'))).toBeDefined()
  })

  it('go to one receiver each, share the id of the message, and are the same every time', () => {
    fc.assert(
      fc.property(some, ({ data, ...its }) => {
        const parcels = () => parcelsOf({ transferNode: node }, { ...message, ...its }, data)
        expect(parcels()).toEqual(parcels())
        const texts = parcels().map(({ bytes }) => Buffer.from(bytes).toString())
        const found = (name: string) =>
          texts.map((text) => new RegExp(`<dxp:${name}>(.*)</dxp:${name}>`).exec(text)?.[1])
        expect(found('ReceiverId')).toEqual(its.receiverDxpIds)
        expect(new Set(found('MsgId')).size).toBe(1)
        expect(found('MsgId')[0]).toMatch(/^46000002\d{24}$/)
        const isSplit = its.receiverDxpIds.length > 1
        expect(found('SubMsgId')).toEqual(
          its.receiverDxpIds.map((_, n) => (isSplit ? String(n + 1) : undefined)),
        )
        expect(new Set(parcels().map(({ id }) => id)).size).toBe(texts.length)
      }),
      { seed: 20260113, numRuns: 200 },
    )
  })

  it('carry the moment of the message in China, and another sequence for another message', () => {
    const idOf = (id: string): string => {
      const [parcel] = parcelsOf({ transferNode: node }, { ...message, id }, Buffer.from('x'))
      return (
        /<dxp:MsgId>(.*)<\/dxp:MsgId>/.exec(Buffer.from(parcel?.bytes ?? '').toString())?.[1] ?? ''
      )
    }
    expect(idOf(message.id).slice(0, 22)).toBe('4600000220260228093000')
    expect(idOf(message.id)).not.toBe(idOf('01a203c9-f245-8eb0-b456-cb6014f1154d'))
  })

  it('are one DxpMsg for all receivers from a terminal node', () => {
    const receiverDxpIds = ['A', 'B', 'C']
    const parcels = parcelsOf({}, { ...message, receiverDxpIds }, Buffer.from('x'))
    expect(parcels).toHaveLength(1)
    expect(readEnvelope(parcels[0]?.bytes ?? Buffer.from(''))).toMatchObject({
      envelope: { receiverIds: receiverDxpIds, copMsgId: message.copMsgId },
    })
  })
})
