/**
 * Signers that are called out to: what they sign goes out once and verifies, a broken one never sends
 * garbage, its reserve takes over, and nobody waits for another's signer.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { takeDocuments } from '../../src/flow/intake.ts'
import { placeOf } from '../../src/flow/places.ts'
import { messageXmlOf } from '../../src/flow/queries.ts'
import { signersView, tendSigners } from '../../src/flow/signers.ts'
import { stages } from '../../src/flow/stages.ts'
import {
  SIGN_LEASE_SECONDS,
  SIGNER_CACHE_SECONDS,
  SIGNER_FAILURES_MAX,
  SIGNER_RETRY_FIRST_MS,
} from '../../src/kernel/limits.ts'
import { createLoops } from '../../src/run/loops.ts'
import { verifyMessage } from '../../src/signing/verify.ts'
import { findDocuments } from '../../src/store/listing.ts'
import { retireSigningKey } from '../../src/store/signers.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import { type Pause, type SigningHall, signingHall } from '../support/signers.ts'

const DAY_MS = 86_400_000
const operator = { enterpriseId: '', operator: true }
const asker = { userId: null, keyId: null, requestId: 'test' }

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

let hall: SigningHall
const open = async (pause?: Pause): Promise<string> => {
  hall = await signingHall(gateway, pause)
  return gateway.cast.platform.customsCode
}
afterEach(() => hall.close())

let orders = 0
/** Hands in one more order; the document's id. */
const order = async (): Promise<string> => {
  orders += 1
  const { platform } = gateway.cast
  const answer = await takeDocuments(hall.deps, gateway.caller(platform), [
    { kind: 'CEB311', document: gateway.consignment(orders, '-SILENT').order },
  ])
  const id = answer.kind === 'taken' ? answer.results[0]?.id : undefined
  if (id === undefined) throw new Error(JSON.stringify(answer))
  return id
}

/** Through all stages to customs; the verdict on each message sent since. */
const send = async () => {
  const before = gateway.sent.length
  for (const stage of ['compose', 'sign', 'dispatch'] as const) await hall.run(stage)
  return hall
    .sent()
    .slice(before)
    .map((bytes) => verifyMessage(bytes))
}

const placed = async (id: string) => {
  const [row] = await findDocuments(hall.deps.db, [id])
  if (row === undefined) throw new Error('no document')
  return placeOf(hall.deps, row)
}

const viewOf = async (keyName: string) => {
  const view = (await signersView(hall.deps, 'all')).find((each) => each.keyName === keyName)
  if (view === undefined) throw new Error(`no signer ${keyName}`)
  return view
}

const messages = () => hall.deps.db.selectFrom('message').selectAll().execute()

describe('a document whose signer is called out to', () => {
  it('waits for its signature visibly, then goes out signed by its enterprise’s key', async () => {
    const platform = await open()
    const keyName = await hall.register(platform, { remote: 'sm2' })
    const id = await order()
    await hall.run('compose')
    expect(await placed(id)).toMatchObject({ stage: 'sign' })
    expect(await messageXmlOf(hall.deps, operator, id, asker)).toBe('not-signed')
    expect(await viewOf(keyName)).toMatchObject({ state: 'ok', queueDepth: 1 })
    expect(hall.service.asked('sm2')).toBe(1)
    expect(await send()).toMatchObject([
      { kind: 'valid', strict: true, keyName, subject: '合成签名服务甲' },
    ])
    expect(await placed(id)).toBeNull()
    expect(await messageXmlOf(hall.deps, operator, id, asker)).toEqual(hall.sent()[0])
  })

  it('is signed by a device behind a driver as well, with either algorithm', async () => {
    const platform = await open()
    await hall.register(platform, { device: 'sm2-sm3' })
    await order()
    expect(await send()).toMatchObject([{ kind: 'valid', strict: true, algorithm: 'sm2-sm3' }])
    await hall.register(platform, { device: 'rsa-sha1', priority: 1 })
    await order()
    expect(await send()).toMatchObject([{ kind: 'valid', strict: true, algorithm: 'rsa-sha1' }])
  })

  it('never holds a text that waits for its signature to be a message', async () => {
    const platform = await open()
    await hall.register(platform, { remote: 'sm2' })
    await order()
    await hall.run('compose')
    const [message] = await messages()
    if (message === undefined) throw new Error('no message')
    expect(message.hash).toBeNull()
    expect(() => gateway.sealer.open(message.sealed, `message/${message.cop_msg_id}`)).toThrow()
  })
})

describe('a crash', () => {
  it('between signing and storing signs again, and sends once', async () => {
    const platform = await open()
    await hall.register(platform, { remote: 'sm2' })
    await order()
    await hall.run('compose')
    const dying = { ...hall.deps, sealer: { ...hall.deps.sealer, seal: () => die() } }
    await expect(stages.sign.runBatch(dying, 10)).rejects.toThrow('killed')
    expect((await messages()).map(({ hash }) => hash)).toEqual([null])
    expect(await send()).toEqual([])
    gateway.clock.advance(SIGN_LEASE_SECONDS * 1000)
    expect(await send()).toMatchObject([{ kind: 'valid', strict: true }])
    expect(hall.service.asked('sm2')).toBe(3)
  })

  it('of a lease lets two sign, and the bytes of the first to store stay for ever', async () => {
    let release: () => void = () => undefined
    const platform = await open(
      () =>
        new Promise((resolve) => {
          release = resolve
        }),
    )
    await hall.register(platform, { remote: 'sm2' })
    await order()
    await hall.run('compose')
    hall.service.setFault('sm2', { delayMs: 1 })
    const late = stages.sign.runBatch(hall.deps, 10)
    while (hall.service.asked('sm2') < 2) await new Promise((resolve) => setImmediate(resolve))
    hall.service.setFault('sm2', undefined)
    gateway.clock.advance(SIGN_LEASE_SECONDS * 1000)
    expect(await send()).toHaveLength(1)
    const [before] = await messages()
    release()
    await late
    const [after] = await messages()
    expect(after).toEqual(before)
    expect(await send()).toEqual([])
    expect(await hall.deps.db.selectFrom('work').selectAll().execute()).toEqual([])
  })
})

const die = (): never => {
  throw new Error('killed')
}

describe('a pool', () => {
  it('quarantines a signer that fails, lets the reserve sign, and takes it back when it recovers', async () => {
    const platform = await open()
    const keyName = await hall.register(platform, { remote: 'sm2', priority: 1 })
    const reserve = await hall.register(platform, { local: {}, priority: 2 })
    hall.service.setFault('sm2', { status: 503 })
    for (let n = 1; n <= SIGNER_FAILURES_MAX; n += 1) {
      await order()
      expect(await send()).toMatchObject([{ kind: 'valid', keyName: reserve }])
    }
    expect(await viewOf(keyName)).toMatchObject({
      ...{ state: 'quarantined', failures: SIGNER_FAILURES_MAX, problem: 'HTTP 503' },
    })
    const asked = hall.service.asked('sm2')
    gateway.clock.advance(SIGNER_CACHE_SECONDS * 1000)
    await order()
    // The reserve lies here: its messages are signed as they are composed.
    await hall.run('compose')
    expect((await messages()).every(({ hash }) => hash !== null)).toBe(true)
    expect(await send()).toMatchObject([{ keyName: reserve }])
    expect(hall.service.asked('sm2')).toBe(asked)
    await tendSigners(hall.deps)
    expect(hall.service.asked('sm2')).toBe(asked + 1)
    expect(await viewOf(keyName)).toMatchObject({ state: 'quarantined', failures: 4 })
    await tendSigners(hall.deps)
    expect(hall.service.asked('sm2')).toBe(asked + 1)
    hall.service.setFault('sm2', undefined)
    gateway.clock.advance(2 * SIGNER_RETRY_FIRST_MS)
    await tendSigners(hall.deps)
    expect(await viewOf(keyName)).toMatchObject({ state: 'ok', failures: 0, problem: null })
    gateway.clock.advance(SIGNER_CACHE_SECONDS * 1000)
    await order()
    expect(await send()).toMatchObject([{ keyName }])
    const states = hall.lines.filter(({ event }) => event === 'signer-state')
    expect(states.map(({ facts }) => facts.state)).toEqual(['quarantined', 'ok'])
  })

  it('never stores a wrong signature: it is a failure of the signer', async () => {
    const platform = await open()
    const keyName = await hall.register(platform, { remote: 'sm2', priority: 1 })
    const second = await hall.register(platform, { remote: 'spare', priority: 2 })
    hall.service.setFault('sm2', { wrong: true })
    await order()
    expect(await send()).toMatchObject([{ kind: 'valid', strict: true, keyName: second }])
    expect(await viewOf(keyName)).toMatchObject({ failures: 1, problem: 'SIGNATURE_WRONG' })
  })

  it('whose signers all fail keeps its messages, and signs them when one is back', async () => {
    const platform = await open()
    const keyName = await hall.register(platform, { remote: 'sm2' })
    for (let n = 1; n <= 4; n += 1) await order()
    hall.service.setFault('sm2', { hangUp: true })
    for (let i = 0; i < 4; i += 1) {
      expect(await send()).toEqual([])
      gateway.clock.advance(SIGNER_RETRY_FIRST_MS)
    }
    expect(await viewOf(keyName)).toMatchObject({ state: 'quarantined', queueDepth: 1 })
    hall.service.setFault('sm2', undefined)
    gateway.clock.advance(SIGNER_CACHE_SECONDS * 1000)
    // A new document waits as well: it is not refused, and not signed by anybody else.
    await order()
    await hall.run('compose')
    expect(await viewOf(keyName)).toMatchObject({ queueDepth: 2 })
    await tendSigners(hall.deps)
    expect(await send()).toMatchObject([
      { kind: 'valid', keyName },
      { kind: 'valid', keyName },
    ])
  })

  it('shares the messages among signers of the same priority', async () => {
    const platform = await open()
    await hall.register(platform, { remote: 'sm2' })
    await hall.register(platform, { remote: 'spare' })
    const asked = () => [hall.service.asked('sm2'), hall.service.asked('spare')]
    for (let n = 1; n <= 4; n += 1) {
      await order()
      await hall.run('compose')
    }
    expect(await send()).toHaveLength(4)
    expect(asked()).toEqual([3, 3])
  })

  it('signs with certificates in force only, and with the next when one ends', async () => {
    const platform = await open()
    const now = gateway.clock.now().getTime()
    const notAfter = new Date(now + DAY_MS)
    const first = await hall.register(platform, { local: { notAfter } })
    const next = await hall.register(platform, {
      local: { notBefore: notAfter, serial: '0300000000000002' },
      priority: 1,
    })
    expect(await viewOf(first)).toMatchObject({ state: 'ok' })
    expect(await viewOf(next)).toMatchObject({ state: 'not-yet' })
    await order()
    expect(await send()).toMatchObject([{ keyName: first }])
    gateway.clock.advance(DAY_MS)
    await order()
    expect(await send()).toMatchObject([{ keyName: next }])
    expect(await viewOf(first)).toMatchObject({ state: 'expired', daysLeft: 0 })
  })

  it('uses a retired key no more, and keeps its certificate', async () => {
    const platform = await open()
    const keyName = await hall.register(platform, { remote: 'sm2' })
    const spare = await hall.register(platform, { remote: 'spare', priority: 200 })
    await order()
    await hall.run('compose')
    await retireSigningKey(hall.deps.db, { enterpriseId: platform, keyName }, new Date())
    expect(await send()).toMatchObject([{ keyName: spare }])
    const rows = await hall.deps.db.selectFrom('signing_key').selectAll().execute()
    expect(rows.find((row) => row.key_name === keyName)).toMatchObject({ sealed_secret: null })
    expect(rows.find((row) => row.key_name === keyName)?.certificate).not.toBe('')
  })
})

describe('the end of a certificate', () => {
  it('is announced 30, 7 and 1 days before, once each, and shown', async () => {
    const platform = await open()
    const start = gateway.clock.now().getTime()
    const notAfter = new Date(start + 40 * DAY_MS)
    const keyName = await hall.register(platform, { local: { notAfter } })
    const warned: unknown[] = []
    for (let day = 0; day < 41; day += 1) {
      for (let again = 0; again < 2; again += 1) await tendSigners(hall.deps)
      const ends = hall.lines.filter(({ event }) => event === 'signing-key-ends')
      if (ends.length > warned.length) {
        const { daysLeft, warning } = await viewOf(keyName)
        warned.push([daysLeft, ends.at(-1)?.facts.days, warning?.en])
      }
      gateway.clock.advance(DAY_MS)
    }
    expect(warned).toEqual([
      [30, 30, 'The certificate ends within 30 days: register its successor'],
      [7, 7, 'The certificate ends within 7 days: register its successor'],
      [1, 1, 'The certificate ends within 1 day: register its successor'],
    ])
  })
})

describe('the speed of a signer', () => {
  it('is measured, and says when what waits is worked off', async () => {
    const platform = await open(async (ms) => gateway.clock.advance(ms))
    const keyName = await hall.register(platform, { remote: 'sm2' })
    expect(await viewOf(keyName)).toMatchObject({ ratePerSecond: null, drainSeconds: 0 })
    hall.service.setFault('sm2', { delayMs: 500 })
    await order()
    await hall.run('compose')
    expect(await viewOf(keyName)).toMatchObject({ queueDepth: 1, drainSeconds: null })
    expect(await send()).toHaveLength(1)
    expect(await viewOf(keyName)).toMatchObject({ ratePerSecond: 2, queueDepth: 0 })
    for (let n = 2; n <= 4; n += 1) {
      await order()
      await hall.run('compose')
    }
    expect(await viewOf(keyName)).toMatchObject({ queueDepth: 3, drainSeconds: 2 })
  })
})

describe('a signer that does not answer', () => {
  it('holds up its own enterprise only', async () => {
    let release: () => void = () => undefined
    const platform = await open(
      () =>
        new Promise((resolve) => {
          release = resolve
        }),
    )
    const { carrier } = gateway.cast
    await hall.register(platform, { remote: 'sm2' })
    await hall.register(carrier.customsCode, { remote: 'spare' })
    hall.service.setFault('sm2', { delayMs: 1 })
    const loops = createLoops({ composeLingerMs: 0 })
    const deps = { ...hall.deps, wake: loops.wake }
    const slow = await order()
    loops.start(deps, ['compose', 'sign', 'dispatch'])
    while (hall.service.asked('sm2') < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    const { waybill } = gateway.consignment(1_000, '-SILENT')
    await takeDocuments(deps, gateway.caller(carrier), [{ kind: 'CEB511', document: waybill }])
    while (gateway.sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(hall.sent().map((bytes) => verifyMessage(bytes))).toMatchObject([
      { kind: 'valid', subject: '合成签名服务乙' },
    ])
    expect(await placed(slow)).toMatchObject({ stage: 'sign' })
    release()
    while (gateway.sent.length === 1) await new Promise((resolve) => setTimeout(resolve, 5))
    await loops.stop()
    expect(await placed(slow)).toBeNull()
  })
})
