/** `yuguan verify`: what it says of messages, and what it exits with. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { main } from '../../src/run/cli.ts'
import { readSignerSettings } from '../../src/run/command-signer.ts'
import { localSigner } from '../../src/signing/keys.ts'
import { signMessage } from '../../src/signing/sign.ts'
import { wrapEnvelope } from '../../src/wire/envelope.ts'
import { handMade, ORDER, synthetic, textOf, written } from '../signing/messages.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuguan-verify-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.restoreAllMocks())

const run = async (...argv: readonly string[]) => {
  const out: string[] = []
  vi.spyOn(console, 'log').mockImplementation((text) => out.push(`${text}\n`))
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const code = await main(['verify', ...argv], {})
  vi.restoreAllMocks()
  return { code, out: out.join('') }
}

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const SM2 = synthetic('sm2-sm3')
const signed = await signMessage(written(ORDER), localSigner(SM2))
const signedText = textOf(signed)
const envelope = wrapEnvelope({
  ...{ copMsgId: 'A', senderId: 'DXPENT0000000001', receiverIds: ['DXPEDCCEB0000002'] },
  ...{ createdAt: '2026-10-15T10:00:00', messageType: 'CEB311Message', data: signed },
})
const strict = put('strict.xml', signed)
const enveloped = put('dxp-msg.xml', envelope)
const inner = textOf(envelope).replace(/^<\?xml[^>]*\?>/, '')
const transfer = put(
  'dxp-msg-sv.xml',
  `<DxpMsgSv xmlns="http://www.chinaport.gov.cn/dxp" ver="1.0"><SvNo Ver="1.0"></SvNo>${inner}</DxpMsgSv>`,
)
const indented = put(
  'indented.xml',
  signedText.replace(/(<ds:SignedInfo>.*<\/ds:SignedInfo>)/s, (all) =>
    all.replaceAll('><', '>\n  <'),
  ),
)
const rsa = put('rsa.xml', await signMessage(written(ORDER), localSigner(synthetic('rsa-sha1'))))
const OLD = 'http://www.w3.org/2000/09/xmldsig#'
const mixed = put(
  'mixed.xml',
  handMade({
    ...{ template: '<R><a>1</a>{signature}</R>', key: SM2, digest: 'sha1' },
    ...{ signatureMethod: `${OLD}sm2-sm3`, digestMethod: `${OLD}sha1` },
  }),
)
const changed = put('changed.xml', signedText.replace('合成商品', '合成商贝'))
const unsigned = put('unsigned.xml', written(ORDER).canonical)

describe('yuguan verify', () => {
  it('says that a message holds, by which algorithm, whose key, and until when', async () => {
    const { code, out } = await run(strict, '--at', '2026-10-15T00:00:00Z')
    expect(code).toBe(0)
    for (const part of ['有效 / valid, strictly', 'SM2-SM3', SM2.keyName, '合成测试企业'])
      expect(out).toContain(part)
    expect(out).toContain('2026-01-01T00:00:00.000Z – 2036-01-01T00:00:00.000Z')
    expect(out).toContain('2026-10-15T00:00:00.000Z: 有效期内 / in force')
  })

  it.each([
    ['DxpMsg', enveloped],
    ['DxpMsgSv', transfer],
  ])('takes the message out of a %s', async (_, file) => {
    const { code, out } = await run(file, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject([{ verdict: 'strict', envelope: true, holds: true }])
  })

  it('reads standard input for -', async () => {
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(
      Readable.from([Buffer.from(signed)]) as unknown as typeof process.stdin,
    )
    expect((await run('-')).code).toBe(0)
  })

  it('says that a message indented after signing holds leniently, and --strict refuses it', async () => {
    const lenient = await run(indented)
    expect(lenient.code).toBe(0)
    expect(lenient.out).toContain('宽松')
    const refused = await run(indented, '--strict', '--json')
    expect(refused.code).toBe(1)
    expect(JSON.parse(refused.out)).toMatchObject([{ verdict: 'lenient', holds: false }])
  })

  it('names the family, the mixture of production cards included', async () => {
    const { code, out } = await run(strict, rsa, mixed, '--json', '--strict')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject([
      { algorithm: 'sm2-sm3' },
      { algorithm: 'rsa-sha1', keyName: '01691f7f' },
      { algorithm: 'sm2-sm3-sha1', verdict: 'strict' },
    ])
  })

  it('tells the dates of the certificate and judges by the signature', async () => {
    const { code, out } = await run(strict, '--json', '--at', '2037-01-01T00:00:00Z')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject([{ inForce: false, issuer: '合成测试企业' }])
  })

  it.each([
    ['changed', changed, 'invalid'],
    ['unsigned', unsigned, 'unsigned'],
    ['no XML', put('none.xml', 'PK\u0003'), 'unreadable'],
    [
      'an envelope whose content is none',
      put(
        'broken.xml',
        textOf(envelope).replace(/<dxp:Data>.*<\/dxp:Data>/s, '<dxp:Data>!</dxp:Data>'),
      ),
      'unreadable',
    ],
    ['not there', join(folder, 'nothing.xml'), 'unreadable'],
  ])('fails what is %s', async (_, file, verdict) => {
    const { code, out } = await run(file, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject([{ verdict, holds: false }])
  })

  it('gives each of several files a line, and fails when one does', async () => {
    const { code, out } = await run(strict, changed, rsa)
    expect(code).toBe(1)
    expect(out.trim().split('\n')).toHaveLength(3)
    expect(out).toMatch(/✓ .*strict\.xml[\s\S]*✗ .*changed\.xml[\s\S]*✓ .*rsa\.xml/)
  })

  it('refuses a wrong command line with exit code 2', async () => {
    for (const argv of [[], [strict, '--at', 'soon'], [strict, '--fly'], ['-', '-']])
      expect((await run(...argv)).code).toBe(2)
  })
})

describe('yuguan signer', () => {
  it('names all wrong settings at once', () => {
    const read = readSignerSettings({ PORT: 'x', SIGNER_KEYS: 'a=b' })
    expect(read.kind === 'problems' && read.problems.map(({ name }) => name)).toEqual([
      ...['SIGNER_TOKEN', 'PORT', 'SIGNER_KEYS'],
    ])
  })
})

const published = new URL('../../../shared/conformance/samples/', import.meta.url)
const samples = ['CEB311Message.xml', 'CEB621Message.xml'].flatMap((name) => {
  try {
    return [[name, readFileSync(new URL(name, published))] as const]
  } catch {
    console.warn(`skipped: ${name} is not beside the project`)
    return []
  }
})

describe.skipIf(samples.length === 0)('published samples', () => {
  it.each(samples)('get a verdict and never an exception: %s', async (name, bytes) => {
    const { out } = await run(put(name, bytes), '--json')
    expect(JSON.parse(out)[0].verdict).toMatch(/^(?:strict|lenient|invalid)$/)
  })
})
