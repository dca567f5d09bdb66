/**
 * The log of the flow: every line about a message bears its id, every line about a reply the reply's,
 * and no line a word of what stands in them.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import type { AnyDocument } from '../../src/catalogue/message.ts'
import { splitSensitive } from '../../src/codec/document.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { isId } from '../../src/kernel/ids.ts'
import type { Consignment } from '../../src/sim/consignments.ts'
import { memoryLog } from '../http/app.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

const { log, lines } = memoryLog()
const troubles = ['unavailable', 'refused'] as const
let gateway: TestGateway
let consignments: readonly Consignment[]
beforeAll(async () => {
  let sent = 0
  gateway = await testGateway({
    log,
    fault: () => {
      sent += 1
      const kind = troubles[sent - 1]
      return kind === undefined ? undefined : { kind, reason: 'HTTP-503' }
    },
  })
  // Released, refused with a text, and answered after something that nobody can read.
  consignments = [
    gateway.consignment(1),
    gateway.consignment(2, '-R1327'),
    gateway.consignment(3, '-GARBAGE'),
  ]
  await gateway.handIn(consignments)
  await takeReply(gateway.deps, Buffer.from('<who>测试某人 13800000000</who>'))
  await gateway.settle()
  gateway.clock.advance(10_000)
  await gateway.settle()
})
afterAll(() => gateway.close())

const of = (event: string) => lines.filter((line) => line.event === event)

it('tells of intake, composing, sending and replies', () => {
  for (const event of [
    ...['intake', 'compose.message', 'dispatch.sent', 'dispatch.unavailable', 'dispatch.refused'],
    ...['reply.received', 'reply.folded'],
  ])
    expect(of(event).length, event).toBeGreaterThan(0)
  const documents = of('intake').reduce((sum, { facts }) => sum + Number(facts.documents), 0)
  expect(documents).toBe(4 * consignments.length)
  expect(of('reply.folded').map(({ facts }) => facts.state)).toContain('unreadable')
})

it('names the message in every line about one, and the link where one is used', () => {
  const known = new Set(gateway.sent.map(({ copMsgId }) => copMsgId))
  for (const { event, facts } of lines) {
    if (/^(compose\.message|dispatch\.)/.test(event)) expect(known).toContain(facts.copMsgId)
    if (event.startsWith('dispatch.')) expect(facts.link).toBe('simulator')
    if (event.startsWith('reply.')) expect(isId(String(facts.reply))).toBe(true)
  }
  // A reply can be followed from the moment it came.
  const received = new Set(of('reply.received').map(({ facts }) => facts.reply))
  for (const { facts } of of('reply.folded')) expect(received).toContain(facts.reply)
})

it('holds nothing personal and no text of customs', () => {
  const personal = new Set<string>(['测试某人', '13800000000'])
  const collect = (kind: string, document: object): void => {
    // The synthetic documents are of these kinds by their types.
    const { sensitive } = splitSensitive(getDeclaration(kind), document as AnyDocument)
    for (const value of Object.values(sensitive)) if (value.length > 1) personal.add(value)
  }
  for (const { order, payment, waybill, list } of consignments) {
    collect('CEB311', order)
    collect('CEB411', payment)
    collect('CEB511', waybill)
    collect('CEB621', list)
  }
  expect(personal.size).toBeGreaterThan(10)
  const text = JSON.stringify(lines)
  for (const value of personal) expect(text).not.toContain(value)
  for (const { orderNo } of consignments) expect(text).not.toContain(orderNo)
})
