/**
 * Rejections on the whole way, through the interface and the simulated customs office: sixty refused
 * lists of six causes folded, corrected with one request a cause, and released; what changed after a
 * preview is left; nothing is done twice; and each version of a document tells why it came.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepHouse } from '../../src/flow/housekeeping.ts'
import { stamp17 } from '../../src/kernel/clock.ts'
import { createCustoms } from '../../src/sim/customs.ts'
import { troubles } from '../../src/sim/troubles.ts'
import { paces } from '../../src/sim/types.ts'
import { memoryTransport } from '../../src/wire/memory-transport.ts'
import { customsSays } from '../support/customs-says.ts'
import { exchangeSays } from '../support/exchange-says.ts'
import { movingClock, START } from '../support/gateway.ts'
import { softenRules } from '../support/soften-rules.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from './app.ts'

const EACH = 10
const ROUNDS_MAX = 100

const clock = movingClock(START)
const customs = createCustoms({ clock, seed: 'rejections', pace: paces.instant, remember: 10_000 })
let test: TestApp
let broker = ''

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
  const { platform, payer, carrier, declarants } = test.cast
  for (const each of [platform, payer, carrier, declarants[0]])
    await softenRules(test, test.account(each).id)
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

describe('a correction', () => {
  const phone = { field: 'buyerTelephone', from: 'CEB311' }
  const [trouble] = troubles
  let lists: string[] = []

  beforeAll(async () => {
    const made = Array.from({ length: 4 }, (_, i) => test.consignment(900 + i))
    lists = await handIn(made.flatMap((each, i) => trouble?.spoil(each, 100 + i) ?? []))
    await settle()
  })

  it('leaves what changed after its preview, and says so', async () => {
    const preview = await correct({
      select: { ids: lists.slice(0, 2) },
      change: phone,
      preview: true,
    })
    expect(preview.documents).toHaveLength(2)
    expect(preview.documents[0]).toMatchObject({
      ...{ version: 1, companion: false, appType: '1' },
      changes: [{ pointer: '/InventoryHead/buyerTelephone' }],
    })
    // The same selection and change is the same preview.
    const twice = await correct({
      select: { ids: lists.slice(0, 2) },
      change: phone,
      preview: true,
    })
    expect(twice.token).toBe(preview.token)
    const { document } = await get(`/api/v1/documents/${lists[0]}`)
    clock.advance(60_000)
    const { InventoryHead } = document
    const changed = {
      ...document,
      InventoryHead: {
        ...InventoryHead,
        guid: InventoryHead.guid.replace(/.$/, (last: string) => (last === 'A' ? 'B' : 'A')),
        appTime: String(Number(InventoryHead.appTime) + 1),
      },
    }
    await handIn([{ kind: 'CEB621', document: changed }])
    const applied = await correct({ token: preview.token })
    expect(applied.documents.map(({ id }: Answer) => id)).toEqual([lists[1]])
    expect(applied.left).toMatchObject([{ id: lists[0], why: { name: 'changed-since' } }])
    expect(await get(`/api/v1/documents/${lists[0]}`)).toMatchObject({ version: 2 })
  })

  it('answers the same request the same, and refuses its key for another', async () => {
    const select = { ids: [lists[2]] }
    const { token } = await correct({ select, change: phone, preview: true })
    const headers = { 'idempotency-key': 'correct-once' }
    const first = await correct({ token }, headers)
    await settle()
    expect(await correct({ token }, headers)).toEqual(first)
    const other = await correct({ select: { ids: [lists[3]] }, change: phone, preview: true })
    const reused = await test.fetch(
      '/api/v1/rejections/corrections',
      json(broker, { token: other.token }, headers),
    )
    expect(reused.status).toBe(422)
    expect(await reused.json()).toMatchObject({ code: 'IDEMPOTENCY-KEY-REUSED' })
  })

  it('is nobody else’s to apply, and touches nobody else’s documents', async () => {
    const { token } = await correct({ select: { ids: [lists[3]] }, change: phone, preview: true })
    const stranger = test.account(test.cast.carrier).key
    const post = (body: unknown) =>
      test.fetch('/api/v1/rejections/corrections', json(stranger, body))
    expect((await post({ token })).status).toBe(404)
    const theirs = await post({ select: { ids: [lists[3]] }, preview: true })
    expect(await theirs.json()).toEqual({ token: null, documents: [], left: [], more: false })
    expect(await get('/api/v1/rejections', stranger)).toMatchObject({ count: 0, groups: [] })
    const listed = await get(`/api/v1/rejections/documents?kind=CEB621`, stranger)
    expect(listed).toEqual({ documents: [], next: null })
    expect((await get('/api/v1/rejections', test.operatorKey)).count).toBeGreaterThan(0)
  })

  it('waits no longer than a day for being applied', async () => {
    const { token } = await correct({ select: { ids: [lists[3]] }, change: phone, preview: true })
    clock.advance(25 * 3_600_000)
    const late = await test.fetch('/api/v1/rejections/corrections', json(broker, { token }))
    expect(await late.json()).toMatchObject({ status: 409, code: 'CORRECTION-EXPIRED' })
    await keepHouse(test.gateway.flow)
    const gone = await test.fetch('/api/v1/rejections/corrections', json(broker, { token }))
    expect(gone.status).toBe(404)
  })

  it('is a version that tells why it came and what it changed, personal values masked', async () => {
    const [, id] = lists
    const { versions } = await get(`/api/v1/documents/${id}/versions`)
    expect(versions).toMatchObject([
      { version: 2, why: { name: 'correction' }, state: 'closed', group: 'done', appType: '1' },
      { version: 1, why: { name: 'new' }, state: 'rejected', group: 'refused' },
    ])
    expect((await get(`/api/v1/documents/${lists[0]}/versions`)).versions[0].why.name).toBe(
      'resubmission',
    )
    const told = await get(`/api/v1/documents/${id}/differences`)
    expect(told).toMatchObject({ from: 1, to: 2, more: false })
    const pointers = told.differences.map(({ pointer }: Answer) => pointer)
    expect(pointers).toEqual([
      '/InventoryHead/guid',
      '/InventoryHead/appTime',
      '/InventoryHead/buyerTelephone',
    ])
    const before = await get(`/api/v1/documents/${id}/versions/1`)
    expect(before.document.InventoryHead.buyerTelephone).toContain('***')
    expect(JSON.stringify([told, before])).not.toContain('13900001101')
    const clear = await get(`/api/v1/documents/${id}/differences?from=1&to=2&clear=true`)
    expect(clear.differences[2]).toMatchObject({ label: '订购人电话', before: '13900001101' })
    const { accesses } = await get('/api/v1/access-log?what=document-opened')
    expect(accesses).toMatchObject([{ subject: id }])
    expect(JSON.stringify(test.logged)).not.toContain('13900001101')
    const none = await test.fetch(`/api/v1/documents/${id}/versions/9`, {
      headers: bearer(broker),
    })
    expect(none.status).toBe(404)
  })
})

describe('a refusal that nobody published a meaning for', () => {
  const asOperator = (path: string, body: object) =>
    test.fetch(path, { ...json(test.operatorKey, body), method: 'PUT' })
  const groupsOf = async (kind: string): Promise<Answer[]> =>
    (await get(`/api/v1/rejections?kind=${kind}`, test.operatorKey)).groups

  const refuse = async (from: number, count: number): Promise<void> => {
    const { platform } = test.cast
    const orders = Array.from({ length: count }, (_, i) => test.consignment(from + i).order)
    await handIn(orders.map((document) => ({ kind: 'CEB311', document })))
    for (let round = 0; round < ROUNDS_MAX && (await test.runStages()) > 0; round += 1);
    clock.advance(1000)
    const said = customsSays({
      ...{ kind: 'CEB311', status: '100', time: stamp17(clock.now()), receiver: platform.dxpId },
      about: orders.map(({ OrderHead }) => OrderHead),
    })
    const answer = await test.fetch('/api/v1/customs/replies', {
      method: 'POST',
      headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
      body: new Uint8Array(said),
    })
    expect(answer.status).toBe(202)
    for (let round = 0; round < ROUNDS_MAX && (await test.runStages()) > 0; round += 1);
  }

  it('folds by its text, and as an operator explains it, old ones and new ones alike', async () => {
    await refuse(2000, 2)
    const [group] = await groupsOf('CEB311')
    expect(group).toMatchObject({
      ...{ count: 2, cause: { name: 'rejected-by-customs' } },
      text: { kind: 'CEB311', text: '合成回执' },
    })
    const path = `/api/v1/codes/unknown/CEB311/text/${group.text.id}`
    const meaning = {
      cause: 'real-name',
      zh: '实名不符',
      en: 'Not that person',
      field: 'buyerName',
    }
    const told = await asOperator(path, meaning)
    expect(await told.json()).toMatchObject({ history: [{ cause: 'real-name' }] })
    await refuse(2010, 3)
    const [explained] = await groupsOf('CEB311')
    expect(explained).toMatchObject({
      ...{ count: 5, cause: { name: 'real-name' }, text: null },
      fields: [{ CEB311: 'buyerName' }],
    })
    const key = test.account(test.cast.platform).key
    const [document] = (await get('/api/v1/rejections/documents?cause=real-name', key)).documents
    expect(document.reason.cause.name).toBe('real-name')
    expect((await get(`/api/v1/documents/${document.id}`, key)).reason.cause.name).toBe('real-name')
    clock.advance(1000)
    const again = await asOperator(path, { ...meaning, cause: 'data' })
    expect(await again.json()).toMatchObject({
      history: [{ cause: 'data' }, { cause: 'real-name' }],
    })
    expect((await groupsOf('CEB311'))[0].cause.name).toBe('data')
  })

  it('is read again from its event where an earlier release left it', async () => {
    const { db } = test.database
    const before = await get('/api/v1/rejections', test.operatorKey)
    await sql`update rejection set saying = null`.execute(db)
    expect((await get('/api/v1/rejections', test.operatorKey)).count).toBe(0)
    await keepHouse(test.gateway.flow)
    const after = await get('/api/v1/rejections', test.operatorKey)
    expect({ ...after, asOf: '' }).toEqual({ ...before, asOf: '' })
  })

  it('by the exchange platform folds beside those of customs, and goes again as it is', async () => {
    const { platform } = test.cast
    const key = test.account(platform).key
    const [id = ''] = await handInOrders([test.consignment(2100).order])
    for (let round = 0; round < ROUNDS_MAX && (await test.runStages()) > 0; round += 1);
    const { messageId } = await get(`/api/v1/documents/${id}`, key)
    const answer = await test.fetch('/api/v1/customs/replies', {
      method: 'POST',
      headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
      body: new Uint8Array(
        exchangeSays(platform.dxpId, [{ code: '2001', about: messageId.toUpperCase() }]),
      ),
    })
    expect(answer.status).toBe(202)
    for (let round = 0; round < ROUNDS_MAX && (await test.runStages()) > 0; round += 1);
    const fold = await get('/api/v1/rejections?cause=exchange-routing', key)
    expect(fold).toMatchObject({ count: 1, groups: [{ samples: [id], codes: [{ code: '2001' }] }] })
    const post = (body: unknown) => test.fetch('/api/v1/rejections/corrections', json(key, body))
    const preview = await (await post({ select: { ids: [id] }, preview: true })).json()
    expect(preview).toMatchObject({ documents: [{ id, changes: [], appType: '2' }] })
    const applied = await (await post({ token: (preview as { token: string }).token })).json()
    expect(applied).toMatchObject({ documents: [{ id, version: 2, state: 'ready' }], left: [] })
    expect((await get('/api/v1/rejections?cause=exchange-routing', key)).count).toBe(0)
  })
})

describe('a change of what was declared elsewhere', () => {
  it('goes again as a change: to customs it is not new', async () => {
    const { order } = test.consignment(2300)
    const head = { ...order.OrderHead, appType: '2' }
    const [id = ''] = await handInOrders([{ ...order, OrderHead: head }])
    await sayRefused(head, test.cast.platform.dxpId)
    const change = { field: 'buyerTelephone', value: '13900002300' }
    const { token, documents } = await correct({ select: { ids: [id] }, change, preview: true })
    expect(documents).toMatchObject([{ id, version: 1, appType: '2' }])
    expect(await correct({ token })).toMatchObject({ documents: [{ id, version: 2 }], left: [] })
  })
})

describe('a document of a sender who is not the first that its fields name', () => {
  it('is corrected as his, whoever else the broker may act for', async () => {
    const { platform } = test.cast
    const { order } = test.consignment(2200)
    const merchant = test.cast.merchants.find(
      ({ customsCode }) => customsCode === order.OrderHead.ebcCode,
    )
    if (merchant === undefined) throw new Error('the order names no merchant of the cast')
    const account = await test.register(merchant)
    await mandate(merchant, ['CEB311'])
    const [id = ''] = await handInOrders([order], account)
    await sayRefused(order.OrderHead, merchant.dxpId)
    const select = { ids: [id] }
    const elsewhere = await correct({
      ...{ select, preview: true },
      change: { field: 'ebcCode', value: platform.customsCode },
    })
    expect(elsewhere).toMatchObject({ token: null, left: [{ id, why: { name: 'check-failed' } }] })
    const change = { field: 'buyerTelephone', value: '13900002200' }
    const { token } = await correct({ select, change, preview: true })
    const applied = await correct({ token })
    expect(applied).toMatchObject({ documents: [{ id, version: 2 }], left: [] })
    const { documents } = await get(`/api/v1/documents?q=${order.OrderHead.orderNo}`)
    expect(documents).toMatchObject([{ id, version: 2, state: 'ready' }])
  })
})

const sayRefused = async (head: Readonly<Record<string, string>>, receiver: string) => {
  for (let round = 0; round < ROUNDS_MAX && (await test.runStages()) > 0; round += 1);
  clock.advance(1000)
  const said = customsSays({
    ...{ kind: 'CEB311', status: '100', time: stamp17(clock.now()), receiver },
    about: [head],
  })
  const answer = await test.fetch('/api/v1/customs/replies', {
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body: new Uint8Array(said),
  })
  expect(answer.status).toBe(202)
  for (let round = 0; round < ROUNDS_MAX && (await test.runStages()) > 0; round += 1);
}

const handInOrders = async (
  orders: readonly unknown[],
  { key } = test.account(test.cast.platform),
): Promise<string[]> => {
  const answer = await test.fetch(
    '/api/v1/documents',
    json(key, { kind: 'CEB311', documents: orders }),
  )
  const { results } = (await answer.json()) as { results: { id: string }[] }
  return results.map(({ id }) => id)
}
