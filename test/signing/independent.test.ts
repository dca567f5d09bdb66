/**
 * Signed messages judged by programs that share no code with ours: sm-crypto and libxml2 always,
 * OpenSSL and xmlsec1 where they are installed.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, createPublicKey, verify as verifyRsa } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sm2 as otherSm2, sm3 as otherSm3 } from 'sm-crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeyElsewhere } from '../../src/http/route.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { localSigner, readCertificate } from '../../src/signing/keys.ts'
import { signMessage } from '../../src/signing/sign.ts'
import { verifyMessage } from '../../src/signing/verify.ts'
import { PIN, SIGNER_TOKEN, signerElsewhere, testDevice, testService } from '../support/signers.ts'
import {
  canonicalSignedInfo,
  libxmlCanonical,
  ORDER,
  synthetic,
  textOf,
  written,
} from './messages.ts'

const SIGNATURE = /<ds:Signature .*<\/ds:Signature>/s
const contentOf = (text: string, element: string): string =>
  new RegExp(`<ds:${element}>([^<]*)<`).exec(text)?.[1] ?? ''

const SM2 = synthetic('sm2-sm3')
const RSA = synthetic('rsa-sha1')
const publicKey = readCertificate(SM2.certificate)?.publicKey ?? ''
let sm2Message = ''
let rsaMessage = ''
let folder = ''
/** Messages that a signing service and a device signed, checked as the gateway checks them. */
const calledOut: { name: string; sm2: string; rsa: string }[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yuguan-signing-'))
  sm2Message = textOf(await signMessage(written(ORDER.repeat(3)), localSigner(SM2)))
  rsaMessage = textOf(await signMessage(written(ORDER.repeat(3)), localSigner(RSA)))
  const service = await testService(systemClock)
  const device = await testDevice()
  const signedBy = async (wanted: KeyElsewhere): Promise<string> =>
    textOf(await signMessage(written(ORDER.repeat(3)), await signerElsewhere(wanted, device)))
  const remote = { kind: 'remote', driver: service.url, secret: SIGNER_TOKEN } as const
  const onDevice = { kind: 'device', driver: device.driver, secret: PIN } as const
  calledOut.push(
    {
      name: 'service',
      sm2: await signedBy({ ...remote, label: 'sm2' }),
      rsa: await signedBy({ ...remote, label: 'rsa' }),
    },
    {
      name: 'device',
      sm2: await signedBy({ ...onDevice, label: 'sm2-sm3' }),
      rsa: await signedBy({ ...onDevice, label: 'rsa-sha1' }),
    },
  )
  await service.close()
  device.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Prints why the tests are skipped when a program is missing or too old. */
const missing = (program: string, args: readonly string[], expected: RegExp): boolean => {
  const { stdout } = spawnSync(program, [...args], { encoding: 'utf8' })
  const isThere = typeof stdout === 'string' && expected.test(stdout)
  if (!isThere) console.warn(`skipped: ${program} is not installed or does not know ${expected}`)
  return !isThere
}

describe('sm-crypto and libxml2', () => {
  it('take the digest: SM3 over the canonical document without its signature', () => {
    const digested = libxmlCanonical(sm2Message.replace(SIGNATURE, ''))
    const digest = Buffer.from(otherSm3([...Buffer.from(digested)]), 'hex').toString('base64')
    expect(contentOf(sm2Message, 'DigestValue')).toBe(digest)
  })

  it('take the signature: SM2 over the canonical SignedInfo', () => {
    const value = Buffer.from(contentOf(sm2Message, 'SignatureValue'), 'base64').toString('hex')
    const toSign = [...Buffer.from(canonicalSignedInfo(sm2Message))]
    expect(otherSm2.doVerifySignature(toSign, value, publicKey, { hash: true })).toBe(true)
    toSign[200] = (toSign[200] ?? 0) ^ 1
    expect(otherSm2.doVerifySignature(toSign, value, publicKey, { hash: true })).toBe(false)
  })
})

describe.each(['service', 'device'])('a message signed by a %s', (name) => {
  const found = () => calledOut.find((each) => each.name === name) ?? { sm2: '', rsa: '' }

  it('is taken by sm-crypto and libxml2: digest and SM2 signature', () => {
    const { sm2 } = found()
    const digested = libxmlCanonical(sm2.replace(SIGNATURE, ''))
    const digest = Buffer.from(otherSm3([...Buffer.from(digested)]), 'hex').toString('base64')
    expect(contentOf(sm2, 'DigestValue')).toBe(digest)
    const key = readCertificate(contentOf(sm2, 'X509Certificate'))?.publicKey ?? ''
    const value = Buffer.from(contentOf(sm2, 'SignatureValue'), 'base64').toString('hex')
    const toSign = [...Buffer.from(canonicalSignedInfo(sm2))]
    expect(otherSm2.doVerifySignature(toSign, value, key, { hash: true })).toBe(true)
  })

  it('is taken by OpenSSL’s RSA over SignedInfo as libxml2 has it', () => {
    const { rsa } = found()
    const key = readCertificate(contentOf(rsa, 'X509Certificate'))?.publicKey ?? ''
    const info = createPublicKey({
      ...{ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' },
    })
    const value = Buffer.from(contentOf(rsa, 'SignatureValue'), 'base64')
    expect(verifyRsa('sha1', Buffer.from(canonicalSignedInfo(rsa)), info, value)).toBe(true)
    const digested = libxmlCanonical(rsa.replace(SIGNATURE, ''))
    expect(contentOf(rsa, 'DigestValue')).toBe(createHash('sha1').update(digested).digest('base64'))
  })

  it('does not hold for the same certificate after any change of a byte', () => {
    for (const message of Object.values(found()).filter((each) => each.startsWith('<'))) {
      const bytes = Buffer.from(message)
      const certificate = contentOf(message, 'X509Certificate')
      const rootAt = bytes.indexOf('<ceb:')
      fc.assert(
        fc.property(
          fc.integer({ min: rootAt, max: bytes.length - 1 }),
          fc.integer({ min: 1, max: 255 }),
          (at, change) => {
            const changed = Uint8Array.from(bytes)
            changed[at] = (changed[at] ?? 0) ^ change
            const verdict = verifyMessage(changed, { lenient: true })
            if (verdict.kind === 'valid') expect(verdict.certificate).not.toBe(certificate)
          },
        ),
        { seed: 20261128, numRuns: 400 },
      )
    }
  })
})

describe.skipIf(missing('openssl', ['list', '-public-key-algorithms'], /SM2/))('OpenSSL', () => {
  it('takes the SM3 digest', () => {
    const digested = put('digested', libxmlCanonical(sm2Message.replace(SIGNATURE, '')))
    const digest = execFileSync('openssl', ['dgst', '-sm3', '-binary', digested])
    expect(contentOf(sm2Message, 'DigestValue')).toBe(digest.toString('base64'))
  })

  it('takes the SM2 signature with the standard user id, and with no other', () => {
    const value = Buffer.from(contentOf(sm2Message, 'SignatureValue'), 'base64')
    const der = Buffer.from(SM2.certificate, 'base64').toString('base64')
    const certificate = put(
      'sm2.pem',
      `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`,
    )
    const key = execFileSync('openssl', ['x509', '-in', certificate, '-pubkey', '-noout'])
    const signedInfo = put('signed-info', canonicalSignedInfo(sm2Message))
    const args = (id: string) => [
      ...['pkeyutl', '-verify', '-rawin', '-digest', 'sm3', '-pubin'],
      ...['-inkey', put('sm2-public.pem', key), '-in', signedInfo],
      ...['-sigfile', put('value', derOf(value)), '-pkeyopt', `distid:${id}`],
    ]
    expect(spawnSync('openssl', args('1234567812345678')).status).toBe(0)
    expect(spawnSync('openssl', args('8765432187654321')).status).not.toBe(0)
  })
})

describe.skipIf(missing('xmlsec1', ['--version'], /xmlsec1/))('xmlsec1', () => {
  const verify = (text: string) => {
    const path = put('rsa.xml', text)
    const args = ['--verify', '--insecure', '--X509-skip-strict-checks', path]
    return spawnSync('xmlsec1', args, { encoding: 'utf8' })
  }

  it('takes an RSA message whole, document, SignedInfo and value', () => {
    const { status, stdout, stderr } = verify(rsaMessage)
    expect({ status, output: stdout + stderr }).toMatchObject({ status: 0 })
  })

  it.each(['service', 'device'])('takes what a %s signed', (name) => {
    expect(verify(calledOut.find((each) => each.name === name)?.rsa ?? '').status).toBe(0)
  })

  it('refuses it after a change', () => {
    expect(verify(rsaMessage.replace('合成商品', '合成商贝')).status).not.toBe(0)
  })
})

describe('both', () => {
  it('carry the digest of different methods over the same bytes', () => {
    const digested = libxmlCanonical(rsaMessage.replace(SIGNATURE, ''))
    expect(digested).toBe(libxmlCanonical(sm2Message.replace(SIGNATURE, '')))
    const sha1 = createHash('sha1').update(digested).digest('base64')
    expect(contentOf(rsaMessage, 'DigestValue')).toBe(sha1)
  })
})

/** SEQUENCE { INTEGER r, INTEGER s }, written here once more for OpenSSL's sake. */
const derOf = (raw: Buffer): Buffer => {
  const integer = (hex: string): string => {
    const digits = BigInt(`0x${hex}`).toString(16)
    const whole = digits.length % 2 === 1 ? `0${digits}` : digits
    const signed = whole >= '8' ? `00${whole}` : whole
    return `02${(signed.length / 2).toString(16).padStart(2, '0')}${signed}`
  }
  const hex = raw.toString('hex')
  const body = integer(hex.slice(0, 64)) + integer(hex.slice(64))
  return Buffer.from(`30${(body.length / 2).toString(16)}${body}`, 'hex')
}
