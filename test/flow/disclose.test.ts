/**
 * Customs asks for original payment data: answered at once in its own form, uploaded once, with bytes
 * that never change after they were kept; every refusal of either side is a state somebody sees.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listDisclosures } from '../../src/flow/disclosure.ts'
import { stages } from '../../src/flow/stages.ts'
import { DISPATCH_LEASE_SECONDS } from '../../src/kernel/link-limits.ts'
import {
  DISCLOSE_ATTEMPTS_MAX,
  DISCLOSURES_PER_ORDER_MAX,
} from '../../src/kernel/payment-limits.ts'
import { SignerFailure } from '../../src/signing/called-out.ts'
import { rawMembers } from '../../src/sim/raw-json.ts'
import { formOf } from '../../src/wire/real-time-data.ts'
import { bearer, json, testApp } from '../http/app.ts'
import { ALL, type PaymentTest, paymentTest } from '../support/payment-office.ts'
import { originalPayment, paymentOrder } from '../support/payments.ts'

/** For tests of a hundred steps and more, on a machine that does much else. */
const MANY_STEPS_MS = 120_000

let test: PaymentTest
beforeAll(async () => {
  test = await paymentTest()
})
afterAll(() => test.close())

interface View {
  readonly id: string
  readonly orderNo: string
  readonly state: string
  readonly code: string | null
  readonly message: string | null
  readonly problem: { readonly name: string } | null
}

const list = async (key = test.platform.key, query = ''): Promise<readonly View[]> => {
  const answer = await test.fetch(`/api/v1/disclosures${query}`, { headers: bearer(key) })
  return ((await answer.json()) as { disclosures: View[] }).disclosures
}
/** Calls of one moment come in any order, so each may be on any page. */
const viewOf = async (orderNo: string): Promise<View> => {
  let query = ''
  for (;;) {
    const answer = await test.fetch(`/api/v1/disclosures${query}`, {
      headers: bearer(test.platform.key),
    })
    const page = (await answer.json()) as { disclosures: View[]; next: string | null }
    const found = page.disclosures.find((view) => view.orderNo === orderNo)
    if (found !== undefined) return found
    if (page.next === null) throw new Error(`${orderNo} was not asked for`)
    query = `?cursor=${page.next}`
  }
}
const retry = (id: string, key = test.platform.key) =>
  test.fetch(`/api/v1/disclosures/${id}/retry`, { method: 'POST', headers: bearer(key) })
const uploadsOf = (orderNo: string) =>
  test.office.taken().filter(({ body }) => body.includes(`"orderNo":${JSON.stringify(orderNo)}`))
const SESSION = (n: number) => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`
const callOf = (orderNo: string, n: number): string =>
  JSON.stringify({ orderNo, sessionID: SESSION(n), serviceTime: '1544519952469' })

describe('a call', () => {
  it('is answered at once, and the upload follows with the orders of the whole payment', async () => {
    const gname = '奶粉"特级"||\\段 👶'
    await test.handIn([
      originalPayment('D1', {
        totalAmount: '5.0',
        orders: [
          paymentOrder('D1', [{ gname, itemLink: 'https://a/?x=1&y=2;https://b/' }]),
          paymentOrder('D2'),
        ],
      }),
    ])
    const { answer, sessionId } = await test.ask('D2')
    expect(answer).toEqual({
      ...{ kind: 'answered', code: '10000', message: '' },
      serviceTime: String(test.clock.now().getTime()),
    })
    expect(uploadsOf('D1')).toEqual([])
    await test.disclose()
    const [upload, ...others] = uploadsOf('D1')
    expect(others).toEqual([])
    const raw = rawMembers(upload?.body ?? '')
    expect([...(raw?.keys() ?? [])]).toEqual([
      ...['sessionID', 'payExchangeInfoHead', 'payExchangeInfoLists'],
      ...['serviceTime', 'certNo', 'signValue'],
    ])
    expect(raw?.get('sessionID')).toBe(JSON.stringify(sessionId))
    expect(rawMembers(raw?.get('payExchangeInfoHead') ?? '')?.get('totalAmount')).toBe('5.0')
    expect(JSON.parse(raw?.get('payExchangeInfoLists') ?? '')).toMatchObject([
      { orderNo: 'D1', goodsInfo: [{ gname }] },
      { orderNo: 'D2' },
    ])
    expect(Buffer.from(JSON.parse(raw?.get('signValue') ?? '""'), 'base64')).toHaveLength(64)
    expect(await viewOf('D2')).toMatchObject({ state: 'done', code: '10000', problem: null })
  })

  it.each(['0.01', '5', '5.0', '12.30'])('of an amount spelt %s holds its signature', async (n) => {
    await test.handIn([originalPayment(`AMOUNT-${n}`, { totalAmount: n })])
    await test.ask(`AMOUNT-${n}`)
    await test.disclose()
    expect(await viewOf(`AMOUNT-${n}`)).toMatchObject({ state: 'done' })
    expect(uploadsOf(`AMOUNT-${n}`)[0]?.body).toContain(`"totalAmount":${n},`)
  })

  it('of 8,000 characters of request goes as it was handed in', async () => {
    const initalRequest = `${'原"\n'.repeat(2666)}尾尾`
    await test.handIn([originalPayment('LONG', { initalRequest })])
    await test.ask('LONG')
    await test.disclose()
    const head = rawMembers(uploadsOf('LONG')[0]?.body ?? '')?.get('payExchangeInfoHead') ?? '{}'
    expect(JSON.parse(head)).toMatchObject({ initalRequest })
  })

  it('again with the same session is the same answer and one upload; a new session is a new one', async () => {
    await test.handIn([originalPayment('R1')])
    const first = await test.ask('R1')
    test.clock.advance(1000)
    expect((await test.ask('R1', first.sessionId)).answer).toEqual(first.answer)
    await test.disclose()
    test.clock.advance(1000)
    expect((await test.ask('R1', first.sessionId)).answer).toEqual(first.answer)
    await test.disclose()
    expect(uploadsOf('R1')).toHaveLength(1)
    await test.ask('R1')
    await test.disclose()
    expect(uploadsOf('R1')).toHaveLength(2)
  })

  it('at the same moment with the same session is kept once', async () => {
    await test.handIn([originalPayment('R2')])
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => test.open(ALL, callOf('R2', 1))),
    )
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]).toMatchObject({ code: '10000' })
    expect((await list()).filter(({ orderNo }) => orderNo === 'R2')).toHaveLength(1)
    await test.disclose()
  })

  it('for an unknown order is 20000, and nothing is uploaded', async () => {
    const { answer } = await test.ask('NEVER')
    expect(answer).toMatchObject({ code: '20000', message: expect.stringContaining('订单') })
    await test.disclose()
    expect((await list()).some(({ orderNo }) => orderNo === 'NEVER')).toBe(false)
    expect(uploadsOf('NEVER')).toEqual([])
  })

  it('names its platform by either code; an unregistered one and another firm are 20000', async () => {
    await test.handIn([originalPayment('P1')])
    const { platform, carrier } = test.cast
    const at = (code: string) => `/customs/179/${code}/platDataOpen`
    let n = 10
    for (const code of [platform.customsCode, platform.creditCode]) {
      n += 1
      expect(await test.open(at(code), callOf('P1', n))).toMatchObject({ code: '10000' })
    }
    for (const code of [carrier.customsCode, '0000000000', 'x%00y', '%E5%8F%B7']) {
      n += 1
      expect(await test.open(at(code), callOf('P1', n))).toMatchObject({
        ...{ code: '20000', message: '平台未登记' },
      })
    }
  })

  it('of an order that two platforms have must name one', async () => {
    const other = await test.register({
      ...test.cast.platform,
      ...{ customsCode: '5001966S77', creditCode: '91500100MA0YN07770', dxpId: 'DXPENT9900000777' },
    })
    const ebpCode = '5001966S77'
    const both = originalPayment('TWO')
    await test.handIn([both])
    expect((await test.handIn([{ ...both, ebpCode }], other.key)).status).toBe(200)
    expect(await test.open(ALL, callOf('TWO', 30))).toMatchObject({ code: '20000' })
    const named = `/customs/179/${ebpCode}/platDataOpen`
    expect(await test.open(named, callOf('TWO', 31))).toMatchObject({ code: '10000' })
    await test.disclose()
    const [upload] = await list(other.key)
    expect(upload).toMatchObject({ orderNo: 'TWO' })
    expect((await list()).some(({ orderNo }) => orderNo === 'TWO')).toBe(false)
  })

  it.each([
    ['', 'openReq'],
    ['openReq=', 'JSON'],
    ['openReq=%7B', 'JSON'],
    ['openReq=[]', 'JSON'],
    ['openReq=null', 'JSON'],
    ['%ff%fe', 'openReq'],
    ['other=1', 'openReq'],
    [formOf('openReq', '{}'), 'orderNo'],
    [formOf('openReq', JSON.stringify({ orderNo: 5, sessionID: 'x', serviceTime: 1 })), 'orderNo'],
    [formOf('openReq', JSON.stringify({ orderNo: 'a\0b', sessionID: 'x' })), 'orderNo'],
    [formOf('openReq', JSON.stringify({ orderNo: 'x'.repeat(61), sessionID: 'x' })), 'orderNo'],
    [formOf('openReq', JSON.stringify({ orderNo: 'D1', serviceTime: 1 })), 'sessionID'],
    [formOf('openReq', JSON.stringify({ orderNo: 'D1', sessionID: 'a"b' })), 'sessionID'],
    [formOf('openReq', JSON.stringify({ orderNo: 'D1', sessionID: 'x'.repeat(37) })), 'sessionID'],
    [formOf('openReq', JSON.stringify({ orderNo: 'D1', sessionID: 'x' })), 'serviceTime'],
    [
      formOf('openReq', JSON.stringify({ orderNo: 'D1', sessionID: 'x', serviceTime: 'now' })),
      'serviceTime',
    ],
    [formOf('openReq', ' '.repeat(9000)), '过大'],
  ])('that is garbage is 20000 and says what is wrong: %#', async (body, word) => {
    const answer = await test.post(ALL, body)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      ...{ code: '20000', message: expect.stringContaining(word) },
      serviceTime: test.clock.now().getTime(),
    })
  })

  it('with a session of another order is 20000', async () => {
    await test.handIn([originalPayment('X1'), originalPayment('X2')])
    expect(await test.open(ALL, callOf('X1', 40))).toMatchObject({ code: '10000' })
    expect(await test.open(ALL, callOf('X2', 40))).toMatchObject({ code: '20000' })
    await test.disclose()
  })

  it(
    'too often for one order is 20000 until somebody looks',
    async () => {
      await test.handIn([originalPayment('OFTEN')])
      const codes: string[] = []
      for (let n = 0; n <= DISCLOSURES_PER_ORDER_MAX; n += 1) {
        const answer = await test.open(ALL, callOf('OFTEN', 100 + n))
        codes.push(answer.kind === 'answered' ? answer.code : '')
      }
      expect(codes.slice(0, -1)).toEqual(Array(DISCLOSURES_PER_ORDER_MAX).fill('10000'))
      expect(codes.at(-1)).toBe('20000')
      for (let round = 0; round < DISCLOSURES_PER_ORDER_MAX; round += 1)
        if ((await test.disclose()) === 0) break
    },
    MANY_STEPS_MS,
  )
})

describe('calls that come at the same moment', () => {
  it('do not pass the bound of an order together', async () => {
    await test.handIn([originalPayment('CROWD')])
    const answers = await Promise.all(
      Array.from({ length: DISCLOSURES_PER_ORDER_MAX + 20 }, (_, n) =>
        test.open(ALL, callOf('CROWD', 1_000 + n)),
      ),
    )
    const codes = answers.map((answer) => (answer.kind === 'answered' ? answer.code : ''))
    expect(codes.filter((code) => code === '10000')).toHaveLength(DISCLOSURES_PER_ORDER_MAX)
    expect(codes.filter((code) => code === '20000')).toHaveLength(20)
    for (let round = 0; round < DISCLOSURES_PER_ORDER_MAX; round += 1)
      if ((await test.disclose()) === 0) break
  })
})

describe('calls of one address beyond its quota', () => {
  it('are 20000 like everything else that is wrong', async () => {
    const limited = await testApp({ env: { RATE_LIMITS: 'stranger=2/60' } })
    const messages: string[] = []
    for (let n = 0; n < 4; n += 1) {
      const answer = await limited.fetch(ALL, { method: 'POST', body: 'x' })
      expect(answer.status).toBe(200)
      messages.push(((await answer.json()) as { message: string }).message)
    }
    await limited.close()
    expect(messages.map((message) => message.includes('繁忙'))).toEqual([false, false, true, true])
  })
})

describe('an upload', () => {
  /** Runs what is due until the upload of this order is settled; the pauses grow. */
  const settle = async (orderNo: string): Promise<View> => {
    for (let round = 0; round < 2 * DISCLOSE_ATTEMPTS_MAX; round += 1) {
      await test.disclose()
      const view = await viewOf(orderNo)
      if (view.state === 'done' || view.state === 'ended') return view
      test.clock.advance(600_000)
    }
    throw new Error(`${orderNo} never settles`)
  }
  const asked = async (orderNo: string): Promise<number> => {
    await test.handIn([originalPayment(orderNo)])
    await test.ask(orderNo)
    return test.sent.length
  }

  it('goes again with the very same bytes when customs is busy or silent', async () => {
    const before = await asked('U1-BUSY')
    expect(await settle('U1-BUSY')).toMatchObject({ state: 'done' })
    const bodies = test.sent.slice(before)
    expect(bodies).toHaveLength(3)
    expect(new Set(bodies).size).toBe(1)
  })

  it('that was taken without an answer ends as used, and never goes a third time', async () => {
    const before = await asked('U2-SILENT')
    expect(await settle('U2-SILENT')).toMatchObject({
      ...{ state: 'ended', code: '20000', problem: { name: 'SESSION-USED' } },
    })
    expect(test.sent.slice(before)).toHaveLength(2)
    test.clock.advance(86_400_000)
    await test.disclose()
    expect(test.sent.slice(before)).toHaveLength(2)
    expect(uploadsOf('U2-SILENT')).toHaveLength(1)
  })

  it('is the same after a crash between keeping and sending', async () => {
    const before = await asked('U3')
    test.faults.push(() => {
      throw new Error('the process dies here')
    })
    await test.disclose()
    expect(await viewOf('U3')).toMatchObject({ state: 'built' })
    // Meanwhile the platform corrects the payment: what was built stays as it is.
    await test.handIn([originalPayment('U3', { totalAmount: '99' })])
    expect(await settle('U3')).toMatchObject({ state: 'done' })
    const [first, second] = test.sent.slice(before)
    expect(second).toBe(first)
    expect(uploadsOf('U3').map(({ body }) => body)).toEqual([first])
  })

  it('that two workers send at once is done, whichever answer is heard last', async () => {
    await asked('U4')
    test.faults.push(async () => {
      // The lease runs out while customs is slow, and another worker sends the same.
      test.clock.advance(DISPATCH_LEASE_SECONDS * 1000)
      await test.disclose()
      return {
        ...{ kind: 'answered', code: '20000', serviceTime: '' },
        message: 'sessionID has been used',
      }
    })
    await test.disclose()
    expect(await viewOf('U4')).toMatchObject({ state: 'done', code: '10000' })
    expect(uploadsOf('U4')).toHaveLength(1)
  })

  it('with an unregistered certificate ends until it is registered and somebody retries', async () => {
    const before = await asked('U5')
    const { flow } = test.gateway
    const other = await test.signerOf(test.account(test.cast.payer).id)
    await stages.disclose.runBatch({ ...flow, signerOf: async () => other }, 6)
    expect(await viewOf('U5')).toMatchObject({
      ...{ state: 'ended', code: '20004', problem: { name: 'CERTIFICATE-UNREGISTERED' } },
    })
    test.clock.advance(86_400_000)
    await test.disclose()
    expect(test.sent.slice(before)).toHaveLength(1)
    const { keyName: certNo, certificate } = other
    const address = `http://gateway.test${ALL}`
    test.office.register({ ebpCode: test.code, address, certNo, certificate })
    const { id } = await viewOf('U5')
    expect((await retry(id)).status).toBe(202)
    await test.disclose()
    expect(await viewOf('U5')).toMatchObject({ state: 'done' })
    const [first, second] = test.sent.slice(before)
    expect(second).toBe(first)
    expect((await retry(id)).status).toBe(409)
  })

  it('that customs refuses otherwise ends with its words, sealed', async () => {
    await asked('U6-DENY')
    expect(await settle('U6-DENY')).toMatchObject({
      ...{ state: 'ended', code: '20001', message: '平台数据与订单不一致' },
      problem: { name: 'REFUSED' },
    })
    const { rows } = await test.database.db
      .selectFrom('disclosure')
      .selectAll()
      .execute()
      .then((all) => ({ rows: JSON.stringify(all) + JSON.stringify(test.logged) }))
    expect(rows).not.toContain('平台数据')
    expect(rows).not.toContain('payExchangeInfoHead')
  })

  it(
    'whose address never answers ends at last, and an operator may send it again',
    async () => {
      const before = await asked('U7')
      for (let n = 0; n < DISCLOSE_ATTEMPTS_MAX; n += 1)
        test.faults.push(() => ({ kind: 'unavailable', reason: 'HTTP 502' }))
      const view = await settle('U7')
      expect(view).toMatchObject({ state: 'ended', problem: { name: 'UNREACHABLE' } })
      expect(test.sent.length - before).toBe(DISCLOSE_ATTEMPTS_MAX)
      expect((await retry(view.id, test.operatorKey)).status).toBe(202)
      expect(await settle('U7')).toMatchObject({ state: 'done' })
      expect(new Set(test.sent.slice(before)).size).toBe(1)
    },
    MANY_STEPS_MS,
  )

  it('waits for a key, and without an address, and says so', async () => {
    await asked('U8')
    const { flow } = test.gateway
    const unconnected = { ...flow, realTimeData: undefined }
    expect(await stages.disclose.runBatch(unconnected, 6)).toBe(0)
    const operator = { enterpriseId: '', operator: true }
    const shown = await listDisclosures(unconnected, operator, { limit: 1 })
    expect(shown.disclosures).toMatchObject([
      { orderNo: 'U8', state: 'asked', problem: { name: 'NOT-CONNECTED' } },
    ])
    await stages.disclose.runBatch({ ...flow, signerOf: async () => undefined }, 6)
    expect(await viewOf('U8')).toMatchObject({ problem: { name: 'NO-SIGNING-KEY' } })
    expect(await settle('U8')).toMatchObject({ state: 'done' })
  })

  it('waits for a signer that has to be called and does not answer', async () => {
    await asked('U8-OUT')
    const calledOut = { ...test.gateway.flow, signerOf: async () => 'called-out' as const }
    const silent = { ...calledOut, openSigner: () => Promise.reject(new SignerFailure('HTTP 503')) }
    await stages.disclose.runBatch(silent, 6)
    expect(await viewOf('U8-OUT')).toMatchObject({ problem: { name: 'SIGNER-AWAY' } })
    test.clock.advance(60_000)
    await stages.disclose.runBatch(calledOut, 6)
    expect(await viewOf('U8-OUT')).toMatchObject({ state: 'done', problem: null })
  })

  it('is written to the log of accesses when it may leave, once, with the call that asked', async () => {
    await test.handIn([originalPayment('U9')])
    const requestId = '01a203c9-f245-7eb0-b456-cb6014f1154d'
    await test.fetch(ALL, {
      method: 'POST',
      headers: { 'x-request-id': requestId },
      body: formOf('openReq', callOf('U9', 300)),
    })
    test.faults.push(() => ({ kind: 'unavailable', reason: 'ECONNRESET' }))
    await settle('U9')
    const answer = await test.fetch('/api/v1/access-log', { headers: bearer(test.platform.key) })
    const { accesses } = (await answer.json()) as { accesses: Record<string, string>[] }
    const rows = accesses.filter(({ orderNo }) => orderNo === 'U9')
    expect(rows).toMatchObject([{ actor: 'customs', what: 'disclosed', requestId }])
  })

  it('of another platform is not there: neither listed nor sent again', async () => {
    const { id } = await viewOf('U6-DENY')
    const stranger = test.account(test.cast.carrier).key
    expect(await list(stranger)).toEqual([])
    expect((await retry(id, stranger)).status).toBe(404)
    expect((await retry('nothing')).status).toBe(404)
    expect((await list(test.operatorKey, '?state=ended&limit=1')).length).toBe(1)
    const { key } = await test.gateway.accounts.createEnterpriseKey(test.platform.id, {
      ...{ name: 'reads', scopes: ['documents:read'] },
    })
    expect((await retry(id, key)).status).toBe(403)
  })
})

describe('an RSA key', () => {
  it('signs with SHA-1, and customs verifies it', async () => {
    const made = test.gateway.signingKeys.create('rsa-sha1', '合成', test.clock.now())
    const { certificate, privateKey } = made
    const path = `/api/v1/enterprises/${test.platform.id}/signing-keys`
    test.clock.advance(1000)
    const added = await test.fetch(path, json(test.operatorKey, { certificate, privateKey }))
    expect(added.status).toBe(201)
    // A signer is kept in memory for some seconds.
    test.clock.advance(60_000)
    await test.registerKey()
    await test.handIn([originalPayment('RSA')])
    await test.ask('RSA')
    await test.disclose()
    expect(await viewOf('RSA')).toMatchObject({ state: 'done' })
    const raw = rawMembers(uploadsOf('RSA')[0]?.body ?? '')
    expect(JSON.parse(raw?.get('certNo') ?? '')).toBe(made.keyName)
    expect(Buffer.from(JSON.parse(raw?.get('signValue') ?? '""'), 'base64')).toHaveLength(256)
  })
})
