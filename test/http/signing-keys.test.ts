/** Signing keys over HTTP: where they come from, who may register them, what is told and what never. */
import { createPrivateKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SIGNER_CACHE_SECONDS } from '../../src/kernel/limits.ts'
import type { SigningKey } from '../../src/signing/types.ts'
import { verifyMessage } from '../../src/signing/verify.ts'
import type { SigningService } from '../../src/sim/signing-service.ts'
import { movingClock } from '../support/gateway.ts'
import {
  businessOf,
  PIN,
  SIGNER_TOKEN,
  type TestDevice,
  testDevice,
  testService,
} from '../support/signers.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

const PASSPHRASE = '合成口令 synthetic'

const clock = movingClock(new Date().toISOString())

let test: TestApp
let gone = ''
let service: SigningService
let device: TestDevice
beforeAll(async () => {
  device = await testDevice()
  service = await testService(clock)
  const closed = await testService(clock)
  gone = closed.url
  await closed.close()
  test = await testApp({ clock, devices: device.devices })
})
afterAll(async () => {
  await test.close()
  await service.close()
  device.close()
})

const path = (id: string, keyName = '') =>
  `/api/v1/enterprises/${id}/signing-keys${keyName === '' ? '' : `/${keyName}`}`

const register = async (body: unknown, id = test.account(test.cast.platform).id) => {
  const response = await test.fetch(path(id), json(test.operatorKey, body))
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const listed = async (id = test.account(test.cast.platform).id) => {
  const response = await test.fetch(path(id), { headers: bearer(test.operatorKey) })
  const { signingKeys } = (await response.json()) as { signingKeys: Record<string, unknown>[] }
  return signingKeys
}

const pemOf = (key: SigningKey, passphrase?: string): string => {
  const der =
    key.algorithm === 'sm2-sm3' ? sm2Der(key.privateKey) : Buffer.from(key.privateKey, 'base64')
  const options = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ ...options, format: 'pem', type: 'pkcs8' })
    .toString()
}

/** PKCS#8 of an SM2 key without its point, which OpenSSL works out. */
const sm2Der = (scalar: string): Buffer =>
  Buffer.from(
    `3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420${scalar}`,
    'hex',
  )

describe('a key handed in', () => {
  it.each(['sm2-sm3', 'rsa-sha1'] as const)(
    'is taken as PEM, encrypted or not: %s',
    async (algorithm) => {
      const made = () => test.gateway.signingKeys.create(algorithm, '合成证书', clock.now())
      const [open, locked] = [made(), made()]
      const plain = { certificate: open.certificate, privateKey: pemOf(open) }
      expect(await register(plain)).toMatchObject({
        ...{ status: 201, body: { keyName: open.keyName, kind: 'local', algorithm } },
      })
      const privateKey = pemOf(locked, PASSPHRASE)
      expect(privateKey).toContain('ENCRYPTED')
      const { certificate } = locked
      for (const passphrase of [undefined, 'another one'])
        expect(await register({ certificate, privateKey, passphrase })).toMatchObject({
          ...{ status: 422, body: { code: 'SIGNING-KEY-INVALID' } },
        })
      const taken = await register({ certificate, privateKey, passphrase: PASSPHRASE })
      expect(taken.status).toBe(201)
      const { id } = test.account(test.cast.platform)
      clock.advance(SIGNER_CACHE_SECONDS * 1000)
      expect(await test.gateway.flow.signerOf(id)).toMatchObject({ algorithm })
    },
  )
})

describe('a key that lies elsewhere', () => {
  const remote = (change: object = {}) => ({
    ...{ kind: 'remote', url: service.url, keyName: 'sm2', token: SIGNER_TOKEN, priority: 1 },
    ...change,
  })
  const onDevice = (change: object = {}) => ({
    ...{ kind: 'device', driver: 'test', keyName: 'rsa-sha1', pin: PIN, priority: 2 },
    ...change,
  })

  it('is registered once its certificate and a trial signature are there', async () => {
    const taken = await register(remote())
    expect(taken).toMatchObject({ status: 201, body: { kind: 'remote', algorithm: 'sm2-sm3' } })
    expect(await register(onDevice())).toMatchObject({ status: 201, body: { kind: 'device' } })
    expect(await register(remote())).toMatchObject({ status: 409 })
    const keys = await listed()
    expect(keys.find(({ keyName }) => keyName === taken.body.keyName)).toMatchObject({
      ...{ state: 'ok', subject: '合成签名服务甲', failures: 0, warning: null, priority: 1 },
    })
  })

  it.each([
    ['another token', () => remote({ token: 'x', keyName: 'spare' }), 'HTTP 401'],
    ['a key that is not there', () => remote({ keyName: 'none' }), 'HTTP 404'],
    ['an address that does not answer', () => remote({ url: gone }), 'ECONNREFUSED'],
    ['an unknown driver', () => onDevice({ driver: 'none' }), 'NO_DRIVER'],
    ['another PIN', () => onDevice({ keyName: 'sm2-sm3', pin: '000000' }), 'DEVICE_FAILED'],
  ])('is refused with %s, and says why', async (_, body, reason) => {
    const refused = await register(body())
    expect(refused).toMatchObject({ status: 422, body: { code: 'SIGNER-FAILED' } })
    expect(JSON.stringify(refused.body)).toContain(reason)
    expect(JSON.stringify(refused.body)).not.toContain('000000')
  })

  it('is refused when it signs other bytes than its certificate verifies', async () => {
    service.setFault('spare', { wrong: true })
    const refused = await register(remote({ keyName: 'spare' }))
    service.setFault('spare', undefined)
    expect(JSON.stringify(refused.body)).toContain('SIGNATURE_WRONG')
  })

  it('is for the operator alone: the gateway calls the address from inside', async () => {
    const { id } = await test.register(test.cast.merchants[0])
    const made = await test.fetch(`/api/v1/enterprises/${id}/members`, {
      ...json(test.operatorKey, {
        ...{ name: 'Synthetic Owner', email: 'owner@yuguan.example', role: 'owner' },
      }),
    })
    const { password } = (await made.json()) as { password: string }
    const signIn = await test.fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'owner@yuguan.example', password }),
    })
    const cookie = signIn.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    const post = (body: unknown) =>
      test.fetch(path(id), {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', origin: 'http://gateway.test' },
        body: JSON.stringify(body),
      })
    expect((await post({ algorithm: 'sm2-sm3' })).status).toBe(201)
    expect((await post(remote())).status).toBe(403)
    expect((await post(onDevice())).status).toBe(403)
  })

  it('signs for its enterprise, also what an agent with a mandate hands in', async () => {
    const principal = test.account(test.cast.platform)
    const agent = test.account(test.cast.declarants[0])
    await test.fetch(
      '/api/v1/mandates',
      json(test.operatorKey, {
        ...{ principalId: principal.id, agentId: agent.id, kinds: ['CEB311'] },
        validFrom: '2020-01-01',
      }),
    )
    const document = test.consignment(3).order
    const handed = await test.fetch(
      '/api/v1/documents',
      json(agent.key, { kind: 'CEB311', document }),
    )
    expect(handed.status).toBe(200)
    clock.advance(SIGNER_CACHE_SECONDS * 1000)
    while ((await test.runStages()) > 0);
    const [key] = (await listed()).filter(({ kind }) => kind === 'remote')
    const [bytes] = test.sent.map(businessOf)
    expect(verifyMessage(bytes ?? new Uint8Array())).toMatchObject({
      ...{ kind: 'valid', strict: true, certificate: key?.certificate, keyName: key?.keyName },
    })
    const agents = (await listed(agent.id)).map(({ certificate }) => certificate)
    expect(agents).not.toContain(key?.certificate)
  })

  it('is never told nor logged, neither token nor PIN nor passphrase', async () => {
    const rows = await test.database.db.selectFrom('signing_key').selectAll().execute()
    const told = JSON.stringify([await listed(), test.logged, rows.map(withoutSealed)])
    for (const secret of [SIGNER_TOKEN, PASSPHRASE, '"000000"']) expect(told).not.toContain(secret)
    const sealed = rows.flatMap(({ sealed_secret }) =>
      sealed_secret === null ? [] : [sealed_secret],
    )
    expect(sealed).toHaveLength(2)
    for (const bytes of sealed) {
      expect(Buffer.from(bytes).includes(PIN)).toBe(false)
      expect(Buffer.from(bytes).includes(SIGNER_TOKEN)).toBe(false)
    }
  })

  it('is taken out of use for good, its certificate stays, and it may come back', async () => {
    const { id } = test.account(test.cast.platform)
    const [key] = (await listed()).filter(({ kind }) => kind === 'remote')
    const retire = async () =>
      (
        await test.fetch(path(id, String(key?.keyName)), {
          ...{ method: 'DELETE', headers: bearer(test.operatorKey) },
        })
      ).status
    expect(await retire()).toBe(204)
    expect(await retire()).toBe(404)
    const [after] = (await listed()).filter(({ kind }) => kind === 'remote')
    expect(after).toMatchObject({ state: 'retired', certificate: key?.certificate })
    expect((await register(remote())).status).toBe(201)
    const [again] = (await listed()).filter(({ kind }) => kind === 'remote')
    expect(again).toMatchObject({ state: 'ok' })
  })
})

const withoutSealed = ({ sealed_key, sealed_secret, ...row }: Record<string, unknown>) => ({
  ...{ row, isSealed: sealed_key !== null || sealed_secret !== null },
})
