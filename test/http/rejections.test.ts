/**
 * Rejections on the whole way, through the interface and the simulated customs office: sixty refused
 * lists of six causes folded, corrected with one request a cause, and released; what changed after a
 * preview is left; nothing is done twice; and each version of a document tells why it came.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consignment, partsOf } from '../../src/sim/consignments.ts'
import { createCustoms } from '../../src/sim/customs.ts'
import { paces } from '../../src/sim/types.ts'
import { memoryTransport } from '../../src/wire/memory-transport.ts'
import { movingClock, START } from '../support/gateway.ts'
import { softenRules } from '../support/soften-rules.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from './app.ts'

const EACH = 10
const ROUNDS_MAX = 100

const clock = movingClock(START)
const customs = createCustoms({ clock, seed: 'rejections', pace: paces.instant, remember: 10_000 })
let test: TestApp
let broker = ''

/** How a consignment is spoilt, and the one change that mends all of its kind. */
interface Trouble {
  readonly cause: string
  readonly code: string
  spoil(consignment: Consignment, i: number): unknown[]
  readonly change: Readonly<Record<string, unknown>>
}

const parts = (consignment: Consignment, change: Partial<Record<string, object>>): unknown[] =>
  partsOf(consignment).map(({ kind, document }) => ({
    kind,
    document: { ...document, ...change[kind] },
  }))

const list = ({ list: { InventoryHead } }: Consignment, values: object) => ({
  CEB621: { InventoryHead: { ...InventoryHead, ...values } },
})
const payment = ({ payment: { PaymentHead } }: Consignment, values: object) => ({
  CEB411: { PaymentHead: { ...PaymentHead, ...values } },
})

const troubles: readonly Trouble[] = [
  {
    ...{ cause: 'buyer-phone-differs', code: '130126' },
    spoil: (each, i) => parts(each, list(each, { buyerTelephone: `1390000${1000 + i}` })),
    change: { field: 'buyerTelephone', from: 'CEB311' },
  },
  {
    ...{ cause: 'buyer-differs-on-list', code: '13127' },
    spoil: (each, i) => parts(each, list(each, { buyerName: `合成${i}` })),
    change: { field: 'buyerName', from: 'CEB311' },
  },
  {
    ...{ cause: 'lines-differ', code: '1322' },
    spoil: (each) =>
      parts(each, {
        CEB621: {
          InventoryList: each.list.InventoryList.map((line) => ({ ...line, gname: '另一品名' })),
        },
      }),
    change: { field: 'InventoryList/gname', from: 'CEB311' },
  },
  {
    ...{ cause: 'amount-differs', code: '1332' },
    spoil: (each, i) => parts(each, payment(each, { amountPaid: `${i + 1}.01` })),
    change: { kind: 'CEB411', field: 'amountPaid', from: 'CEB311' },
  },
  {
    ...{ cause: 'buyer-is-not-payer', code: '1327' },
    spoil: (each, i) => parts(each, payment(each, { payerName: `合成${i}` })),
    change: { kind: 'CEB411', field: 'payerName', from: 'CEB311' },
  },
  {
    ...{ cause: 'payment-firm-differs', code: '13035' },
    spoil: (each) =>
      parts(each, {
        CEB311: { OrderHead: { ...each.order.OrderHead, payCode: '5001960099' } },
      }),
    change: { kind: 'CEB311', field: 'payCode', from: 'CEB411' },
  },
]

const mandate = async (principal: TestApp['cast']['platform'], kinds: readonly string[]) => {
  const agentId = test.account(test.cast.declarants[0]).id
  const principalId = test.account(principal).id
  const answer = await test.fetch(
    '/api/v1/mandates',
    json(test.operatorKey, { principalId, agentId, kinds, validFrom: '2020-01-01' }),
  )
  expect(answer.status).toBeLessThan(300)
}

const settle = async (): Promise<void> => {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    let done = await test.runStages()
    for (const { envelope, copMsgId } of customs.due()) {
      const taken = await test.fetch('/api/v1/customs/replies', {
        method: 'POST',
        headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
        body: new Uint8Array(envelope),
      })
      expect(taken.status).toBeLessThan(300)
      customs.delivered(copMsgId)
      done += 1
    }
    if (done > 0) continue
    const next = customs.nextDueAt()
    if (next === undefined) return
    clock.set(next)
  }
  throw new Error('it never settles')
}

const handIn = async (documents: readonly unknown[]): Promise<string[]> => {
  const byKind = new Map<string, unknown[]>()
  for (const { kind, document } of documents as { kind: string; document: unknown }[])
    byKind.set(kind, [...(byKind.get(kind) ?? []), document])
  const ids: string[] = []
  const owners = {
    CEB311: test.cast.platform,
    CEB411: test.cast.payer,
    CEB511: test.cast.carrier,
    CEB621: test.cast.declarants[0],
  }
  for (const [kind, some] of byKind) {
    const owner = owners[kind as keyof typeof owners]
    const answer = await test.fetch(
      '/api/v1/documents',
      json(test.account(owner).key, { kind, documents: some }),
    )
    const { results } = (await answer.json()) as { results: { id?: string }[] }
    expect(answer.status, JSON.stringify(results.slice(0, 2))).toBe(200)
    if (kind === 'CEB621') ids.push(...results.map(({ id = '' }) => id))
  }
  return ids
}

// Shapes are held against the schemas by the contract test; here they are only looked into.
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Answer = any

const get = async (path: string, key = broker): Promise<Answer> => {
  const answer = await test.fetch(path, { headers: bearer(key) })
  expect(answer.status).toBe(200)
  return answer.json()
}
const correct = async (body: unknown, headers = {}): Promise<Answer> => {
  const answer = await test.fetch('/api/v1/rejections/corrections', json(broker, body, headers))
  const told = await answer.json()
  expect(answer.status, JSON.stringify(told).slice(0, 300)).toBe(200)
  return told
}

beforeAll(async () => {
  test = await testApp({
    clock,
    transport: memoryTransport('simulator', async (_, bytes) => {
      const received = customs.receive(bytes)
      return received.kind === 'taken'
        ? { kind: 'sent' }
        : { kind: 'refused', reason: received.kind }
    }),
  })
  broker = test.account(test.cast.declarants[0]).key
  await mandate(test.cast.platform, ['CEB311'])
  await mandate(test.cast.payer, ['CEB411'])
  await softenRules(test)
  const spoilt = troubles.flatMap((trouble, t) =>
    Array.from({ length: EACH }, (_, i) => trouble.spoil(test.consignment(t * 100 + i), i)),
  )
  await handIn(spoilt.flat())
  await settle()
})
afterAll(() => test.close())

describe('sixty rejections of six causes', () => {
  it('fold into six groups that say what to do, and their counts are those of a recount', async () => {
    const fold = await get('/api/v1/rejections')
    expect(fold.count).toBe(troubles.length * EACH)
    expect(new Map(fold.groups.map((group: Answer) => [group.cause.name, group.count]))).toEqual(
      new Map(troubles.map(({ cause }) => [cause, EACH])),
    )
    for (const group of fold.groups) {
      const trouble = troubles.find(({ cause }) => cause === group.cause.name)
      expect(group.codes.map(({ code }: Answer) => code)).toContain(trouble?.code)
      expect(group.samples).toHaveLength(3)
      expect(group.actors.length).toBeGreaterThan(0)
      expect(group.cure.zh).not.toBe('')
      expect(group.fields.length).toBeGreaterThan(0)
      const pages = []
      let cursor = ''
      do {
        const page = await get(
          `/api/v1/rejections/documents?cause=${group.cause.name}&limit=4${cursor}`,
        )
        pages.push(...page.documents)
        cursor = page.next === null ? '' : `&cursor=${page.next}`
      } while (cursor !== '')
      expect(new Set(pages.map(({ id }: Answer) => id)).size).toBe(group.count)
      expect(pages.every(({ reason }: Answer) => reason.cause.name === group.cause.name)).toBe(true)
    }
    const byCode = await get('/api/v1/rejections?code=1327')
    expect(byCode.count).toBe(EACH)
    expect((await get('/api/v1/rejections?to=2020-01-01')).count).toBe(0)
    expect((await get(`/api/v1/rejections?kind=CEB311`)).count).toBe(0)
  })

  it('show both values of the field, a personal one masked', async () => {
    const page = await get('/api/v1/rejections/documents?cause=buyer-phone-differs')
    const [{ fields }] = page.documents
    expect(fields).toMatchObject([
      { equal: false, values: [{ kind: 'CEB621' }, { kind: 'CEB311' }] },
    ])
    const text = JSON.stringify(page.documents)
    expect(text).not.toMatch(/1390000\d{4}/)
    const amounts = await get('/api/v1/rejections/documents?cause=amount-differs')
    const [first] = amounts.documents
    expect(first.fields[0].values.map(({ value }: Answer) => value)).toContainEqual(
      expect.stringMatching(/^\d+\.01$/),
    )
  })

  it('are refused a change that is wrong, and told why nothing can be done', async () => {
    const select = { cause: 'buyer-phone-differs' }
    const why = async (change: object) =>
      (await correct({ select, change, preview: true })).left[0]?.why.name
    expect(await why({ field: 'copNo', value: 'X' })).toBe('field-fixed')
    expect(await why({ field: 'nothing', value: 'X' })).toBe('field-unknown')
    expect(await why({ field: 'InventoryList/gnum', value: '1' })).toBe('field-fixed')
    expect(await why({ field: 'buyerName', from: 'CEB603' })).toBe('no-companion')
    expect(await why({ field: 'buyerName', from: 'CEB311' })).toBe('nothing-to-change')
    expect(await why({ field: 'buyerName', mapping: { 无: '有' } })).toBe('nothing-to-change')
    const failed = await correct({
      ...{ select, preview: true },
      change: { field: 'customsCode', value: 'nones' },
    })
    expect(failed.token).toBe(null)
    expect(failed.left).toHaveLength(EACH)
    expect(failed.left[0]).toMatchObject({
      why: { name: 'check-failed' },
      faults: [{ pointer: '/InventoryHead/customsCode' }],
    })
  })

  it('are corrected with one request a cause, and released', async () => {
    for (const { cause, change } of troubles) {
      const preview = await correct({ select: { cause }, change, preview: true })
      const companions = 'kind' in change ? EACH : 0
      expect(preview.documents, cause).toHaveLength(EACH + companions)
      expect(preview.left).toEqual([])
      expect(preview.more).toBe(false)
      const applied = await correct({ token: preview.token })
      expect(applied.left, cause).toEqual([])
      expect(applied.documents).toHaveLength(EACH + companions)
      // Once more does nothing more.
      const again = await correct({ token: preview.token })
      expect(again.documents.map(({ version }: Answer) => version)).toEqual(
        applied.documents.map(({ version }: Answer) => version),
      )
    }
    expect((await get('/api/v1/rejections')).count).toBe(0)
    await settle()
    const lists = await get('/api/v1/documents?kind=CEB621&limit=100')
    const states = new Map<string, number>()
    for (const { state } of lists.documents) states.set(state, (states.get(state) ?? 0) + 1)
    expect(states).toEqual(new Map([['closed', troubles.length * EACH]]))
    expect((await get('/api/v1/rejections')).count).toBe(0)
  })
})
