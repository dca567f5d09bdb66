/**
 * Signers for tests: the simulated signing service on the loopback with its faults at hand, the
 * device behind the test driver, and a gateway whose enterprises are signed for by them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stages } from '../../src/flow/stages.ts'
import type { FlowDeps, Log } from '../../src/flow/types.ts'
import type { KeyElsewhere } from '../../src/http/route.ts'
import { type Clock, systemClock } from '../../src/kernel/clock.ts'
import { type Devices, openDevices } from '../../src/run/drivers.ts'
import { createSigners } from '../../src/run/signers.ts'
import { createSigningKey, readCertificate } from '../../src/signing/keys.ts'
import type { Signer, SigningAlgorithm } from '../../src/signing/types.ts'
import { type SigningService, startSigningService } from '../../src/sim/signing-service.ts'
import { connect } from '../../src/store/connect.ts'
import { readKeyring } from '../../src/store/keyring.ts'
import { createSealer } from '../../src/store/seal.ts'
import { insertSigningKey } from '../../src/store/signers.ts'
import type { Stage } from '../../src/store/tables.ts'
import { readEnvelope } from '../../src/wire/envelope.ts'
import type { TestGateway } from './gateway.ts'

export const SIGNER_TOKEN = 'synthetic-token-of-the-signer'
export const PIN = '135790'

/** What waiting of the service comes to: tests hold it, or move their clock. */
export type Pause = (ms: number) => Promise<void>

export const testService = (
  clock: Clock,
  pause: Pause = async () => undefined,
): Promise<SigningService> =>
  startSigningService({
    ...{ clock, host: '127.0.0.1', port: 0, token: SIGNER_TOKEN, seed: 'test', pause },
    keys: [
      { keyName: 'sm2', algorithm: 'sm2-sm3', subject: '合成签名服务甲' },
      { keyName: 'spare', algorithm: 'sm2-sm3', subject: '合成签名服务乙' },
      { keyName: 'rsa', algorithm: 'rsa-sha1', subject: '合成签名服务丙' },
    ],
  })

export interface TestDevice {
  readonly devices: Devices
  readonly driver: string
  close(): void
}

/** A driver that holds one key of each algorithm, under the algorithm's name. */
export const testDevice = async (): Promise<TestDevice> => {
  const folder = mkdtempSync(join(tmpdir(), 'yuguan-device-'))
  for (const algorithm of ['sm2-sm3', 'rsa-sha1'] as const) {
    const key = deviceKey(algorithm)
    const publicKey = readCertificate(key.certificate)?.publicKey
    writeFileSync(
      join(folder, `${algorithm}.json`),
      JSON.stringify({ ...key, publicKey, pin: PIN }),
    )
  }
  const path = fileURLToPath(new URL('./signing-driver.mjs', import.meta.url))
  const devices = await openDevices([{ name: 'test', path, settings: { folder } }])
  return { devices, driver: 'test', close: () => rmSync(folder, { recursive: true }) }
}

const deviceKey = (algorithm: SigningAlgorithm) =>
  createSigningKey({
    ...{ algorithm, subject: '合成签名设备' },
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2036-01-01T00:00:00Z'),
    serial: algorithm === 'sm2-sm3' ? '05000000000cde6f' : '05691f7f',
  })

export interface SigningHall {
  readonly deps: FlowDeps
  readonly service: SigningService
  readonly device: TestDevice
  readonly lines: readonly { readonly event: string; readonly facts: Record<string, unknown> }[]
  /** A key of the service, the device, or one made here, for an enterprise; the key's name. */
  register(enterpriseId: string, key: HallKey): Promise<string>
  run(stage: Stage): Promise<number>
  /** Bytes of the business message, in the order they were sent. */
  sent(): readonly Uint8Array[]
  close(): Promise<void>
}

export interface HallKey {
  /** A label of the service, or the algorithm of a device's key. */
  readonly remote?: string
  readonly device?: SigningAlgorithm
  readonly local?: { readonly notBefore?: Date; readonly notAfter?: Date; readonly serial?: string }
  readonly priority?: number
}

/**
 * Begins anew with a gateway: what waits, messages and keys go, those of the test gateway as well. An
 * enterprise has the keys that a test registers.
 */
export const signingHall = async (gateway: TestGateway, pause?: Pause): Promise<SigningHall> => {
  const { db } = gateway.deps
  for (const table of ['work', 'message', 'signer_state', 'signing_key'] as const)
    await db.deleteFrom(table).execute()
  gateway.sent.splice(0)
  const { clock, sealer } = gateway
  const service = await testService(clock, pause)
  const device = await testDevice()
  const signers = createSigners({ db, sealer, clock, devices: device.devices })
  const lines: { event: string; facts: Record<string, unknown> }[] = []
  const keep: Log['info'] = (event, facts) => {
    lines.push({ event, facts: { ...facts } })
  }
  const log: Log = { info: keep, warn: keep, error: keep }
  const deps: FlowDeps = {
    ...{ ...gateway.deps, log },
    ...{ signerOf: signers.signerOf, openSigner: signers.openSigner },
  }
  const find = async ({ remote, device: algorithm, local }: HallKey) => {
    if (local !== undefined) return localKey(gateway, local)
    const found = await signers.signingKeys.find(
      remote === undefined
        ? { kind: 'device', driver: device.driver, label: algorithm ?? '', secret: PIN }
        : { kind: 'remote', driver: service.url, label: remote, secret: SIGNER_TOKEN },
    )
    if (found.kind === 'failed') throw new Error(found.reason)
    return found.key
  }
  return {
    ...{ deps, service, device, lines },
    register: async (enterpriseId, wanted) => {
      const key = await find(wanted)
      await insertSigningKey(db, sealer, enterpriseId, key, clock.now(), wanted.priority)
      return key.keyName
    },
    run: async (stage) => {
      const { runBatch, batchMax } = stages[stage]
      let done = 0
      for (;;) {
        const count = await runBatch(deps, batchMax)
        if (count === 0) return done
        done += count
      }
    },
    sent: () => gateway.sent.map(({ bytes }) => businessOf(bytes)),
    close: async () => {
      await service.close()
      device.close()
    },
  }
}

export const businessOf = (envelope: Uint8Array): Uint8Array => {
  const read = readEnvelope(envelope)
  if (read.kind !== 'message') throw new Error('no message was sent')
  return read.envelope.data
}

const localKey = (gateway: TestGateway, local: NonNullable<HallKey['local']>) =>
  createSigningKey({
    ...{ algorithm: 'sm2-sm3', subject: '合成本地密钥' },
    notBefore: local.notBefore ?? gateway.clock.now(),
    notAfter: local.notAfter ?? new Date('2036-01-01T00:00:00Z'),
    serial: local.serial ?? '0300000000000001',
  })

/** A key of the service or the device, found and opened as the gateway does it. */
export const signerElsewhere = async (
  wanted: KeyElsewhere,
  { devices }: Pick<TestDevice, 'devices'>,
): Promise<Signer> => {
  const sealer = createSealer(readKeyring(Buffer.alloc(32, 7).toString('base64')))
  const { db } = connect({ connectionString: 'postgres://nobody@127.0.0.1:1/none' })
  const signers = createSigners({ db, sealer, devices, clock: systemClock })
  const found = await signers.signingKeys.find(wanted)
  if (found.kind === 'failed') throw new Error(found.reason)
  return signers.openKey(found.key)
}
