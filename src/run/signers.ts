/**
 * Signers put together: rows of the database become something that signs, be it with a key that lies
 * here, through a signing service, or through the driver of a device. It also makes and takes keys for
 * the interface, which asks a far side for its certificate before it believes in a key.
 */
import { randomBytes } from 'node:crypto'
import { hasSignerInForce, usableSigners } from '../flow/signer-pool.ts'
import type { FlowDeps } from '../flow/types.ts'
import type { KeyElsewhere, SigningKeys } from '../http/route.ts'
import type { Clock } from '../kernel/clock.ts'
import {
  CERTIFICATE_BYTES_MAX,
  SIGN_TIMEOUT_MS,
  SIGNER_CACHE_ENTRIES_MAX,
  SIGNER_CACHE_SECONDS,
} from '../kernel/limits.ts'
import { checkedSigner, SignerFailure } from '../signing/called-out.ts'
import type { DeviceKey, SigningDevice } from '../signing/device.ts'
import { importSigningKey, withoutArmour } from '../signing/import.ts'
import { createSigningKey, localSigner, readCertificate } from '../signing/keys.ts'
import type { Signer, SigningAlgorithm } from '../signing/types.ts'
import type { Sealer } from '../store/seal.ts'
import {
  type CalledOutKey,
  findSigners,
  openPrivateKey,
  openSecret,
  type SignerRow,
} from '../store/signers.ts'
import type { Db } from '../store/tables.ts'
import { fetchCertificate, remoteSigner, type SigningService } from '../wire/remote-signer.ts'
import type { Devices } from './drivers.ts'

export interface SignersOptions {
  readonly db: Db
  readonly sealer: Sealer
  readonly clock: Clock
  readonly devices?: Devices | undefined
  /** For one answer of a service or a device, in milliseconds. */
  readonly timeoutMs?: number
}

export interface Signers extends Pick<FlowDeps, 'signerOf' | 'openSigner'> {
  readonly signingKeys: SigningKeys
  /** A key that lies elsewhere, ready to sign; checked, as that of a row is. */
  openKey(key: CalledOutKey): Signer
}

export const createSigners = (options: SignersOptions): Signers => {
  const opener = createOpener(options)
  return {
    openSigner: (row) => opener.open(row),
    openKey: opener.openKey,
    signerOf: signerMemory(options, opener),
    signingKeys: { create, read: importSigningKey, find: opener.find },
  }
}

type Opener = ReturnType<typeof createOpener>

const createOpener = ({ sealer, devices, timeoutMs = SIGN_TIMEOUT_MS }: SignersOptions) => {
  const serviceOf = (url: string, label: string, token: string | undefined): SigningService => ({
    ...{ url, label, token: token ?? '', timeoutMs },
  })
  const deviceOf = (driver: string): SigningDevice => {
    const device = devices?.get(driver)
    if (device === undefined) throw new SignerFailure('NO_DRIVER')
    return device
  }
  const calledOut = (key: CalledOutKey): Signer =>
    key.kind === 'remote'
      ? remoteSigner(serviceOf(key.driver, key.label, key.secret), key)
      : deviceSigner(deviceOf(key.driver), key, timeoutMs)
  const openKey = (key: CalledOutKey): Signer => checkedSigner(calledOut(key))
  return {
    open: async (row: SignerRow): Promise<Signer> =>
      row.kind === 'local'
        ? localSigner({ ...row, privateKey: openPrivateKey(sealer, row) })
        : openKey(elsewhere(row, openSecret(sealer, row))),
    openKey,
    /** Asks for the certificate, and whether the key signs what the certificate verifies. */
    find: async (wanted: KeyElsewhere): ReturnType<SigningKeys['find']> => {
      try {
        const told = await (wanted.kind === 'remote'
          ? fetchCertificate(serviceOf(wanted.driver, wanted.label, wanted.secret))
          : certificateOf(deviceOf(wanted.driver), wanted, timeoutMs))
        const certificate = withoutArmour(told)
        const read =
          certificate.length > CERTIFICATE_BYTES_MAX ? undefined : readCertificate(certificate)
        if (read === undefined) throw new SignerFailure('CERTIFICATE_WRONG')
        const { algorithm, serial: keyName, notBefore, notAfter } = read
        const key = { ...wanted, algorithm, keyName, certificate, notBefore, notAfter }
        await openKey(key).sign(randomBytes(TRIAL_BYTES))
        return { kind: 'found', key }
      } catch (problem) {
        if (problem instanceof SignerFailure) return { kind: 'failed', reason: problem.reason }
        throw problem
      }
    },
  }
}

/** As long as a digest: no device refuses that. */
const TRIAL_BYTES = 32

const elsewhere = (row: SignerRow, secret: string | undefined): CalledOutKey => {
  const { kind, driver, label } = row
  if (kind === 'local' || driver === null || label === null)
    throw new Error(`key ${row.keyName} does not say where it lies`)
  return { ...row, kind, driver, label, secret }
}

const deviceKeyOf = ({
  label,
  secret: pin,
}: Pick<CalledOutKey, 'label' | 'secret'>): DeviceKey => ({
  ...{ label, pin },
})

const deviceSigner = (device: SigningDevice, key: CalledOutKey, timeoutMs: number): Signer => ({
  algorithm: key.algorithm,
  keyName: key.keyName,
  certificate: key.certificate,
  sign: (signedInfo) =>
    inTime(() => device.sign(deviceKeyOf(key), key.algorithm, signedInfo), timeoutMs),
})

const certificateOf = (
  device: SigningDevice,
  key: KeyElsewhere,
  timeoutMs: number,
): Promise<string> => inTime(() => device.certificate(deviceKeyOf(key)), timeoutMs)

/**
 * A driver's answer, or a failure when it takes too long or throws: what it throws may quote the PIN,
 * so nothing of it is told.
 */
const inTime = async <T>(ask: () => Promise<T>, timeoutMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SignerFailure('TimeoutError')), timeoutMs)
  })
  try {
    return await Promise.race([ask(), late])
  } catch (problem) {
    throw problem instanceof SignerFailure ? problem : new SignerFailure('DEVICE_FAILED')
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Opening a key and reading its certificate costs more than a signature, so what was chosen is kept
 * for some seconds, and never beyond the end of its certificate; a new, retired or failing signer is
 * noticed so late.
 */
const signerMemory = ({ db, clock }: SignersOptions, opener: Opener): FlowDeps['signerOf'] => {
  type Chosen = Awaited<ReturnType<FlowDeps['signerOf']>>
  const entries = new Map<string, { readonly until: number; readonly chosen: Chosen }>()
  return async (enterpriseId, via = db) => {
    const now = clock.now()
    const entry = entries.get(enterpriseId)
    if (entry !== undefined && entry.until > now.getTime()) return entry.chosen
    const pool = await findSigners(via, [enterpriseId])
    const [first] = usableSigners(pool, now)
    const chosen = await chooseSigner(opener, pool, now)
    entries.delete(enterpriseId)
    const [oldest] = entries.keys()
    if (entries.size >= SIGNER_CACHE_ENTRIES_MAX && oldest !== undefined) entries.delete(oldest)
    const keptUntil = now.getTime() + SIGNER_CACHE_SECONDS * 1000
    const until = Math.min(keptUntil, first?.notAfter.getTime() ?? keptUntil)
    // An enterprise that gets its first key should not wait for it to be noticed.
    if (chosen !== undefined) entries.set(enterpriseId, { until, chosen })
    return chosen
  }
}

/**
 * A key that lies here and cannot be opened leaves its place to the next. A pool whose signers are all
 * in quarantine is called out to: its messages wait there.
 */
const chooseSigner = async (
  opener: Opener,
  pool: readonly SignerRow[],
  now: Date,
): Promise<Signer | 'called-out' | undefined> => {
  let problem: unknown
  for (const row of usableSigners(pool, now)) {
    if (row.kind !== 'local') return 'called-out'
    try {
      return await opener.open(row)
    } catch (failure) {
      problem ??= failure
    }
  }
  if (problem !== undefined) throw problem
  return hasSignerInForce(pool, now) ? 'called-out' : undefined
}

const SIGNING_KEY_YEARS = 3
const SERIAL_BYTES = { 'sm2-sm3': 8, 'rsa-sha1': 4 } as const

const create = (algorithm: SigningAlgorithm, subject: string, now: Date) => {
  const notBefore = new Date(Math.floor(now.getTime() / 1000) * 1000)
  const notAfter = new Date(notBefore)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + SIGNING_KEY_YEARS)
  const serial = randomSerial(SERIAL_BYTES[algorithm])
  return createSigningKey({ algorithm, subject, notBefore, notAfter, serial })
}

/** As on the cards: a leading 3, so that it is never zero. */
const randomSerial = (bytes: number): string => `03${randomBytes(bytes - 1).toString('hex')}`
