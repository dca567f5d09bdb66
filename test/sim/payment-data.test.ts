/**
 * The simulated customs of the 179 interface: it takes what is right to the byte and nothing else; and
 * the whole way over HTTP, from its call to the upload that it verifies.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  checkOriginalPayment,
  headText,
  listsText,
  stringToSign,
} from '../../src/codec/original-payment.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { createSigningKey, localSigner } from '../../src/signing/keys.ts'
import { createPaymentData } from '../../src/sim/payment-data.ts'
import { UPLOAD_PATH } from '../../src/sim/payment-routes.ts'
import { rawMembers } from '../../src/sim/raw-json.ts'
import { startCustomsServer } from '../../src/sim/server.ts'
import { paces } from '../../src/sim/types.ts'
import { formOf, httpRealTimeData, type RealTimeData } from '../../src/wire/real-time-data.ts'
import { bearer, json, testApp } from '../http/app.ts'
import { originalPayment } from '../support/payments.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const key = createSigningKey({
  ...{ algorithm: 'sm2-sm3', subject: '合成平台', serial: '0300000000000179' },
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2036-01-01T00:00:00Z'),
})
const signer = localSigner(key)
const EBP = String(originalPayment('x').ebpCode)
const SERVICE_TIME = '1791424800000'
const GUID = '0190A1B2-0000-8000-8000-00000000000A'

/** An office that asked for O1 under this session. */
const office = async () => {
  const made = createPaymentData({
    ...{ clock: systemClock, seed: 'test' },
    calls: {
      open: async () => ({ kind: 'answered', code: '10000', message: '', serviceTime: '' }),
    },
  })
  const registration = { ebpCode: EBP, address: 'http://platform.example/' }
  expect(made.register({ ...registration, certNo: key.keyName, certificate: 'AAAA' })).toBe(false)
  made.register({ ...registration, certNo: key.keyName, certificate: key.certificate })
  const asked = await made.ask(EBP, 'O1')
  const sessionId = asked?.sessionId ?? ''
  expect(await made.ask('nobody', 'O1')).toBeUndefined()
  const codeOf = (form: string): readonly string[] => {
    const reply = made.upload(form)
    return reply.kind === 'answer' ? [reply.body.code, reply.body.message] : [reply.kind]
  }
  return { made, sessionId, codeOf }
}

/** The parts of an upload, to be spoilt before or after they are signed. */
const partsOf = (sessionId: string) => {
  const { payment } = checkOriginalPayment(originalPayment('O1'))
  return { sessionId, head: headText(GUID, payment), lists: listsText(payment) }
}
type Parts = ReturnType<typeof partsOf>

const bodyOf = (parts: Parts, more: { certNo?: string; signValue: string }): string =>
  `{"sessionID":"${parts.sessionId}","payExchangeInfoHead":${parts.head},` +
  `"payExchangeInfoLists":${parts.lists},"serviceTime":"${SERVICE_TIME}",` +
  `"certNo":"${more.certNo ?? key.keyName}","signValue":"${more.signValue}"}`

const signedBody = async (parts: Parts, sent = parts, certNo = key.keyName): Promise<string> => {
  const text = stringToSign({ ...parts, serviceTime: SERVICE_TIME })
  const value = await signer.sign(Buffer.from(text))
  return bodyOf(sent, { certNo, signValue: Buffer.from(value).toString('base64') })
}
const asForm = (body: string) => formOf('payExInfoStr', body)

describe('the office', () => {
  it('takes what is right, once', async () => {
    const { made, sessionId, codeOf } = await office()
    const form = asForm(await signedBody(partsOf(sessionId)))
    expect(codeOf(form)[0]).toBe('10000')
    expect(codeOf(form)).toEqual(['20000', expect.stringContaining('sessionID')])
    expect(made.taken()).toMatchObject([{ sessionId, ebpCode: EBP }])
  })

  it.each<[string, (parts: Parts) => Partial<Parts>]>([
    ['an amount spelt otherwise', ({ head }) => ({ head: head.replace('12.30', '12.3') })],
    ['a blank between members', ({ head }) => ({ head: head.replace(',"ebp', ', "ebp') })],
    ['a character escaped', ({ lists }) => ({ lists: lists.replace('合', '\\u5408') })],
  ])('refuses a signature over other bytes: %s', async (_what, spoil) => {
    const { made, sessionId, codeOf } = await office()
    const parts = partsOf(sessionId)
    const sent = { ...parts, ...spoil(parts) }
    expect(sent).not.toEqual(parts)
    expect(codeOf(asForm(await signedBody(parts, sent)))).toEqual(['20000', '验签失败'])
    expect(made.taken()).toEqual([])
    // The same bytes signed as they are sent are taken: only the spelling differs.
    expect(codeOf(asForm(await signedBody(sent)))[0]).toBe('10000')
  })

  it.each<[string, (parts: Parts) => Partial<Parts>]>([
    ['amount as text', ({ head }) => ({ head: head.replace('12.30', '"12.30"') })],
    [
      'members in another order',
      ({ head }) => ({ head: head.replace(/("guid":"[^"]+"),(.*)}$/, '$2,$1}') }),
    ],
    ['a member nobody knows', ({ head }) => ({ head: head.replace('{', '{"x":"y",') })],
    ['no order', () => ({ lists: '[]' })],
    ['another order', ({ lists }) => ({ lists: lists.replace('O1', 'O2') })],
    ['another platform', ({ head }) => ({ head: head.replace(EBP, '0000000000') })],
    ['no head', () => ({ head: 'null' })],
  ])('refuses a form that is not the table’s: %s', async (_what, spoil) => {
    const { sessionId, codeOf } = await office()
    const parts = partsOf(sessionId)
    const wrong = { ...parts, ...spoil(parts) }
    const [code, message] = codeOf(asForm(await signedBody(wrong)))
    expect(code).toBe('20000')
    expect(message).not.toBe('验签失败')
  })

  it('refuses an unregistered certificate, a session it never opened, and garbage', async () => {
    const { sessionId, codeOf } = await office()
    const parts = partsOf(sessionId)
    expect(codeOf(asForm(await signedBody(parts, parts, '00ff')))[0]).toBe('20004')
    expect(codeOf(asForm(await signedBody(partsOf('S'.repeat(36)))))[0]).toBe('20000')
    for (const form of ['', 'x=1', asForm('{'), asForm('[]'), asForm('{}'), asForm('5')])
      expect(codeOf(form)[0]).toBe('20000')
  })
})

describe('raw members', () => {
  it('are the very texts of any JSON object, in their order', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 })),
        fc.constantFrom(undefined, 2, '\t\n '),
        (object, indent) => {
          const text = JSON.stringify(object, undefined, indent)
          const plain = JSON.parse(text) as Record<string, unknown>
          const raw = rawMembers(text)
          expect([...(raw?.keys() ?? [])]).toEqual(Object.keys(plain))
          for (const [name, value] of raw ?? []) {
            expect(text).toContain(value)
            expect(JSON.parse(value)).toEqual(plain[name])
          }
        },
      ),
    )
  })

  it.each(['', '[]', '5', '"x"', '{', 'null'])('are none of %s', (text) => {
    expect(rawMembers(text)).toBeUndefined()
  })
})

describe('over HTTP', () => {
  it('customs asks, is answered, gets the upload, and a lost answer costs no second one', async () => {
    const token = 'synthetic-token-of-the-test'
    const customs = await startCustomsServer({
      ...{ clock: systemClock, seed: 'http', pace: paces.instant, host: '127.0.0.1', port: 0 },
      ...{ deliverTo: 'http://127.0.0.1:1/', token, acceptToken: token },
    })
    closing.push(() => customs.close())
    const realTimeData: RealTimeData = httpRealTimeData({
      ...{ url: customs.url + UPLOAD_PATH, timeoutMs: 10_000 },
    })
    const test = await testApp({ realTimeData })
    closing.push(() => test.close())
    const server = createServer(getRequestListener(test.gateway.app.fetch))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    })
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('no address')
    const platform = test.account(test.cast.platform)
    const own = await test.gateway.flow.signerOf(platform.id)
    if (own === undefined || own === 'called-out') throw new Error('no key')

    const control = (path: string, body: unknown, given = token) =>
      fetch(`${customs.url}/179/${path}`, json(given, body))
    const registration = {
      ...{ ebpCode: EBP, certNo: own.keyName, certificate: own.certificate },
      address: `http://127.0.0.1:${address.port}/customs/179/${EBP}/platDataOpen`,
    }
    expect((await control('platforms', registration, 'wrong')).status).toBe(401)
    expect((await control('platforms', { ...registration, certificate: 'x' })).status).toBe(422)
    expect((await control('platforms', registration)).status).toBe(204)
    expect((await control('ask', { ebpCode: 'nobody', orderNo: 'x' })).status).toBe(404)

    const orders = ['HTTP-1', 'HTTP-2-BUSY', 'HTTP-3-SILENT']
    await test.fetch(
      '/api/v1/original-payments',
      json(platform.key, { payments: orders.map((orderNo) => originalPayment(orderNo)) }),
    )
    for (const orderNo of orders) {
      const asked = await control('ask', { ebpCode: EBP, orderNo })
      expect(await asked.json()).toMatchObject({ answer: { code: '10000' } })
    }
    await test.runStages()
    const listed = async () => {
      const answer = await test.fetch('/api/v1/disclosures', { headers: bearer(platform.key) })
      const { disclosures } = (await answer.json()) as {
        disclosures: { orderNo: string; state: string; problem: { name: string } | null }[]
      }
      return new Map(disclosures.map((view) => [view.orderNo, view]))
    }
    const views = await listed()
    expect(views.get('HTTP-1')).toMatchObject({ state: 'done', problem: null })
    for (const orderNo of orders.slice(1))
      expect(views.get(orderNo)).toMatchObject({ state: 'built', problem: { name: 'UNREACHABLE' } })
    const uploads = await fetch(`${customs.url}/179/uploads`, { headers: bearer(token) })
    expect(await uploads.json()).toHaveLength(2)
  })
})
