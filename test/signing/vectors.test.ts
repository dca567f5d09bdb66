/**
 * Published production signatures, from the conformance folder beside the project: the exact bytes
 * that customs' own cards have signed. Skipped, and said so, where the folder is not there.
 */
import { createPublicKey, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { canonicalElement } from '../../src/signing/canonical.ts'
import { nativeSm2, portableSm2 } from '../../src/signing/sm.ts'
import { isBlank, readXml } from '../../src/signing/xml.ts'

const path = fileURLToPath(
  new URL('../../../shared/conformance/signature-vectors.json', import.meta.url),
)
const isThere = existsSync(path)
if (!isThere) console.warn('skipped: no published signature vectors beside the project')

const file = z.object({
  vectors: z.array(
    z.object({
      id: z.string(),
      signedInfoC14N: z.string(),
      publicKeyPem: z.string(),
      signatureValue: z.string(),
    }),
  ),
})
const vectors = isThere ? file.parse(JSON.parse(readFileSync(path, 'utf8'))).vectors : []
const isRsa = (id: string): boolean => id.startsWith('rsa')

describe.skipIf(!isThere)('published signatures', () => {
  it('are of both kinds', () => {
    expect(vectors.some(({ id }) => isRsa(id))).toBe(true)
    expect(vectors.some(({ id }) => !isRsa(id))).toBe(true)
  })

  it.each(vectors)('$id verifies, and does not after a change', (vector) => {
    const value = Buffer.from(vector.signatureValue, 'base64')
    const check = (signedInfo: string): readonly boolean[] => {
      const bytes = Buffer.from(signedInfo)
      const key = createPublicKey(vector.publicKeyPem)
      if (isRsa(vector.id)) return [verify('sha1', bytes, key, value)]
      const der = key.export({ format: 'der', type: 'spki' })
      const point = der.subarray(-65).toString('hex')
      return [nativeSm2, portableSm2].map((sm2) => sm2.verify(point, bytes, value))
    }
    expect(check(vector.signedInfoC14N)).not.toContain(false)
    expect(check(vector.signedInfoC14N.replace('URI=""', 'URI="x"'))).not.toContain(true)
  })

  it.each(vectors)('$id is what we make of its SignedInfo in an indented message', (vector) => {
    const plain = vector.signedInfoC14N.replace(/^<ds:SignedInfo[^>]*>/, '<ds:SignedInfo>')
    const indented = plain.replaceAll('><', '>\r\n\t<')
    const [declarations = ''] = /(?: xmlns:[^>]*)/.exec(vector.signedInfoC14N) ?? []
    const document = readXml(`<ceb:CEB311Message${declarations}>${indented}</ceb:CEB311Message>`)
    if (document.kind === 'broken') throw new Error(document.why)
    const [signedInfo] = document.root.children.filter((node) => node.kind === 'element')
    if (signedInfo === undefined) throw new Error('no SignedInfo')
    const canonical = canonicalElement(
      signedInfo,
      (node) => node.kind === 'text' && isBlank(node.text),
    )
    expect(canonical).toBe(vector.signedInfoC14N)
  })
})
