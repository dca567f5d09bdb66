import { createPrivateKey, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localSigner } from '../../src/signing/keys.ts'
import { signMessage } from '../../src/signing/sign.ts'
import { verifyMessage } from '../../src/signing/verify.ts'
import {
  CEB,
  canonicalSignedInfo,
  handMade,
  libxmlCanonical,
  ORDER,
  synthetic,
  textOf,
  written,
} from './messages.ts'

const key = synthetic('sm2-sm3')
const signer = localSigner(key)
const signed = await signMessage(written(ORDER), signer)
const signedText = textOf(signed)
const SIGNATURE = /<ds:Signature .*<\/ds:Signature>/s
const signature = SIGNATURE.exec(signedText)?.[0] ?? ''

const verify = (text: string, lenient = false) => verifyMessage(Buffer.from(text), { lenient })

const NEW = 'http://www.chinaport.gov.cn/2022/04/xmldsig#'
const OLD = 'http://www.w3.org/2000/09/xmldsig#'
const METHODS = {
  signatureMethod: `${NEW}sm2-sm3`,
  digestMethod: `${NEW}sm3`,
  digest: 'sm3',
} as const
const plain = `<ceb:R xmlns:ceb="${CEB}"><ceb:a>1</ceb:a>{signature}</ceb:R>`

describe('a message signed here', () => {
  it('is valid, strictly, and says by whom', () => {
    expect(verifyMessage(signed)).toEqual({
      kind: 'valid',
      strict: true,
      algorithm: 'sm2-sm3',
      keyName: '03000000000cde6f',
      certificate: key.certificate,
      subject: '合成测试企业',
    })
  })

  it('is valid with RSA', async () => {
    const rsa = await signMessage(written(ORDER), localSigner(synthetic('rsa-sha1')))
    expect(verifyMessage(rsa)).toMatchObject({
      kind: 'valid',
      strict: true,
      algorithm: 'rsa-sha1',
      keyName: '01691f7f',
    })
  })

  it('is unsigned before it is signed', () => {
    expect(verify(written(ORDER).canonical)).toEqual({ kind: 'unsigned' })
  })

  it('is never valid for the same certificate after any byte of it was changed', () => {
    const keyInfoAt = signed.length - Buffer.from(signedText.split('<ds:KeyInfo>')[1] ?? '').length
    const afterSignature = signed.length - '</ceb:CEB311Message>'.length
    // The key's information is not signed: there a change may name another certificate, no more.
    const rootAt = signedText.indexOf('<ceb:')
    for (let i = rootAt; i < signed.length; i += 1) {
      const changed = Uint8Array.from(signed)
      changed[i] = (changed[i] ?? 0) ^ 1
      const verdict = verifyMessage(changed, { lenient: true })
      if (verdict.kind === 'valid') {
        expect(i >= keyInfoAt && i < afterSignature).toBe(true)
        expect(verdict.certificate).not.toBe(key.certificate)
      }
    }
  })

  it('holds whatever canonical XML makes of it: quotes, empty tags, CDATA, order, comments', () => {
    const disguised = signedText
      .replace('?>\n', '?>\r\n<!-- c -->')
      .replace('<ceb:note></ceb:note>', '<ceb:note  ></ceb:note\n>')
      .replace('合成商品 &lt;1&gt; &amp; 赠品', '合成<![CDATA[商品 <1> &]]> &#x8D60;品<!-- c -->')
      .replace('guid="0" version="1.0"', "version = '1.0'\n guid='&#48;'")
    expect(disguised).not.toBe(signedText)
    expect(verify(disguised)).toMatchObject({ kind: 'valid', strict: true })
    expect(verify(signedText.replace('<ceb:note></ceb:note>', '<ceb:note/>'))).toMatchObject({
      kind: 'valid',
      strict: true,
    })
    expect(verify(`\uFEFF${signedText}\n`)).toMatchObject({ kind: 'valid', strict: true })
  })

  it('does not hold when white space is added, not even one space', () => {
    for (const text of [
      signedText.replace('<ceb:OrderHead>', '<ceb:OrderHead> '),
      signedText.replace('</ds:SignedInfo>', ' </ds:SignedInfo>'),
      signedText.replace('<ds:Reference', '\n<ds:Reference'),
      signedText.replace('</ds:Signature>', '</ds:Signature>\n'),
      signedText.replace('<ds:Signature ', '\n<ds:Signature '),
    ])
      expect(verify(text).kind).toBe('invalid')
  })
})

describe('a message indented after signing', () => {
  const indent = (text: string): string =>
    text
      .replace(/(<ds:SignedInfo>.*<\/ds:SignedInfo>)/s, (all) => all.replaceAll('><', '>\n  <'))
      .replace('</ds:Signature>', '</ds:Signature>\n')

  it('holds leniently and says so', () => {
    // Start and end tag of an empty element have moved apart as well; that is white space too.
    expect(verify(indent(signedText)).kind).toBe('invalid')
    expect(verify(indent(signedText), true)).toMatchObject({ kind: 'valid', strict: false })
  })

  it('does not hold leniently when anything but that white space differs', () => {
    for (const text of [
      indent(signedText).replace('<ceb:guid>A', '<ceb:guid>B'),
      indent(signedText).replace('<ceb:OrderHead>', '<ceb:OrderHead> '),
      indent(signedText).replace('</ds:Signature>\n', '</ds:Signature>x'),
      indent(signedText).replace('<ds:Reference', 'x<ds:Reference'),
      signedText.replace('</ds:Signature>', '</ds:Signature>\n<!-- --> '),
    ])
      expect(verify(text, true).kind).toBe('invalid')
  })

  it('is still strictly valid when it was not indented', () => {
    expect(verify(signedText, true)).toMatchObject({ kind: 'valid', strict: true })
  })
})

describe('signatures made by other implementations', () => {
  it.each([
    ['with a prefix', plain],
    ['in the default namespace', `<R xmlns="${CEB}"><a>1</a>{signature}</R>`],
    ['without any namespace', '<R><a>1</a>{signature}</R>'],
    [
      'with a declaration in between',
      `<c:R xmlns:c="${CEB}" xmlns:x="urn:x" x:b="&#9;" a="1">{signature}<c:b xmlns:y="urn:y"/></c:R>`,
    ],
    [
      'with white space everywhere',
      `<?xml version="1.0" standalone="yes"?>\n<R>\n <a/>\n {signature}\n</R>\n`,
    ],
    ['with xml:lang on the root', `<R xml:lang="zh" xmlns="urn:r">{signature}</R>`],
    ['with processing instructions', '<?a b?><R>{signature}<?c d ?></R><?e?>'],
    ['with the prefix ds for something else', `<ds:R xmlns:ds="urn:no"><ds:a/>{signature}</ds:R>`],
  ])('hold strictly: %s', (_, template) => {
    const made = handMade({ template, key, ...METHODS })
    expect(verify(made)).toMatchObject({ kind: 'valid', strict: true, algorithm: 'sm2-sm3' })
    const blank = handMade({ template, key, blank: '\r\n\t ', ...METHODS })
    expect(verify(blank)).toMatchObject({ kind: 'valid', strict: true })
  })

  it('hold in the mixture that cards have put into production messages', () => {
    const made = handMade({
      template: plain,
      key,
      signatureMethod: `${OLD}sm2-sm3`,
      digestMethod: `${OLD}sha1`,
      digest: 'sha1',
    })
    expect(verify(made)).toMatchObject({ kind: 'valid', strict: true, algorithm: 'sm2-sm3-sha1' })
  })

  it.each([
    ['another mixture of methods', { ...METHODS, digestMethod: `${OLD}sha1`, digest: 'sha1' }],
    ['a foreign key name', { ...METHODS, keyName: '03000000000cde70' }],
    ['a reference to a part', { ...METHODS, reference: '#part' }],
    ['no transform', { ...METHODS, transforms: '' }],
    [
      'a second transform',
      {
        ...METHODS,
        transforms:
          `<ds:Transform Algorithm="${OLD}enveloped-signature"></ds:Transform>` +
          '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"></ds:Transform>',
      },
    ],
  ] as const)('are refused with %s', (_, change) => {
    expect(verify(handMade({ template: plain, key, ...change })).kind).toBe('invalid')
  })

  it('are refused when the key is not for the method', () => {
    const rsa = synthetic('rsa-sha1')
    const text = handMade({ template: plain, key, ...METHODS, keyName: rsa.keyName })
    expect(verify(text.replace(key.certificate, rsa.certificate)).kind).toBe('invalid')
  })

  it('hold with RSA by OpenSSL over SignedInfo as libxml2 has it', () => {
    const rsa = synthetic('rsa-sha1')
    const shape = handMade({
      template: plain,
      key,
      signatureMethod: `${OLD}rsa-sha1`,
      digestMethod: `${OLD}sha1`,
      digest: 'sha1',
      keyName: rsa.keyName,
    }).replace(key.certificate, rsa.certificate)
    const der = Buffer.from(rsa.privateKey, 'base64')
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    const value = sign('sha1', Buffer.from(canonicalSignedInfo(shape)), privateKey)
    const text = shape.replace(
      /<ds:SignatureValue>.*<\/ds:SignatureValue>/,
      `<ds:SignatureValue>${value.toString('base64')}</ds:SignatureValue>`,
    )
    expect(verify(text)).toMatchObject({ kind: 'valid', strict: true, algorithm: 'rsa-sha1' })
  })
})

describe('wrapping', () => {
  const without = signedText.replace(SIGNATURE, '')
  it.each([
    ['the signature twice', signedText.replace(signature, signature + signature)],
    [
      'the signature moved into a document',
      without.replace('</ceb:Order>', `${signature}</ceb:Order>`),
    ],
    [
      'a second signature in a document',
      signedText.replace('<ceb:Order>', `<ceb:Order>${signature}`),
    ],
    [
      'a second signature under another prefix',
      signedText.replace(
        '<ceb:Order>',
        `<ceb:Order>${signature.replaceAll('ds:', 'x:').replace('xmlns:ds', 'xmlns:x')}`,
      ),
    ],
    [
      'the message inside another root',
      `<ceb:X xmlns:ceb="${CEB}">${without.replace(/^.*\n/, '')}${signature}</ceb:X>`,
    ],
    [
      'the message inside the signature',
      `<ceb:X xmlns:ceb="${CEB}">${signature.replace('</ds:Signature>', `<ds:Object>${without.replace(/^.*\n/, '')}</ds:Object></ds:Signature>`)}</ceb:X>`,
    ],
    [
      'an object in the signature',
      signedText.replace('</ds:Signature>', '<ds:Object></ds:Object></ds:Signature>'),
    ],
    [
      'a signature in the signature',
      signedText.replace('</ds:KeyInfo>', `</ds:KeyInfo>${signature}`),
    ],
    ['a document more', signedText.replace('<ceb:Order>', `${ORDER}<ceb:Order>`)],
    [
      'a document moved behind the signature',
      without.replace(ORDER, signature + ORDER).replace('<ceb:guid>A', '<ceb:guid>B'),
    ],
    ['another root name', signedText.replaceAll('CEB311Message', 'CEB621Message')],
    ['another namespace', signedText.replace(CEB, `${CEB}x`)],
    [
      'two certificates',
      signedText.replace(
        '</ds:X509Data>',
        `<ds:X509Certificate>${synthetic('sm2-sm3').certificate}</ds:X509Certificate></ds:X509Data>`,
      ),
    ],
    ['text in SignedInfo', signedText.replace('<ds:Reference', 'x<ds:Reference')],
    [
      'a parameter in a method',
      signedText.replace(
        '#sm2-sm3"></ds:SignatureMethod>',
        '#sm2-sm3"><ds:x></ds:x></ds:SignatureMethod>',
      ),
    ],
  ])('does not pass: %s', (_, text) => {
    expect(text).not.toBe(signedText)
    expect(verify(text, true).kind).toBe('invalid')
  })

  it('lets the signature stand anywhere among the children, as export messages need', () => {
    const moved = without.replace('<ceb:Order>', `${signature}<ceb:Order>`)
    expect(verify(moved)).toMatchObject({ kind: 'valid', strict: true })
  })
})

describe('hostile input', () => {
  const bomb = `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${signedText.slice(39)}`
  it.each([
    ['nothing', ''],
    ['no XML', 'PK\u0003\u0004'],
    ['an entity bomb', bomb],
    ['an unknown entity', signedText.replace('合成商品', '&x;')],
    ['half a message', signedText.slice(0, 400)],
    ['an unbound prefix', signedText.replace(`xmlns:ceb="${CEB}" `, '')],
    ['elements a thousand deep', `${'<a>'.repeat(1_000)}${'</a>'.repeat(1_000)}`],
    [
      'tags that cross',
      signedText.replace('</ceb:OrderHead></ceb:Order>', '</ceb:Order></ceb:OrderHead>'),
    ],
    ['another encoding', signedText.replace('UTF-8', 'GBK')],
    ['a control character', signedText.replace('合成商品', '\u0001')],
    ['something behind the root', `${signedText}<x/>`],
  ])('is invalid, not an exception: %s', (_, text) => {
    expect(verify(text, true).kind).toBe('invalid')
  })

  it('is invalid when it is not UTF-8', () => {
    const latin = Buffer.from(signedText.replace('合成商品', '\u00e4\u00e4'), 'latin1')
    expect(verifyMessage(latin).kind).toBe('invalid')
  })

  it('never throws, and passes only what canonical XML says is the same', () => {
    const signedPart = (xml: string): readonly string[] => [
      libxmlCanonical(xml).replace(SIGNATURE, ''),
      canonicalSignedInfo(xml),
    ]
    const original = signedPart(signedText)
    const cut = fc.record({
      from: fc.nat(signed.length),
      length: fc.nat(60),
      put: fc.oneof(
        fc.constantFrom('<', '>', '&', '"', ' ', '/>', '<!--', '-->', '<![CDATA[', ']]>', '\r', ''),
        fc.constantFrom('<?a b?>', '<!-- -->', '&#65;', '\n', '<ceb:x></ceb:x>', " a='1'"),
        fc.string({ maxLength: 8, unit: 'binary' }),
      ),
    })
    let passed = 0
    fc.assert(
      fc.property(
        fc.oneof(
          cut,
          cut.map((one) => ({ ...one, length: 0 })),
        ),
        (one) => {
          const { from, length, put } = one
          const changed = Buffer.concat([
            signed.subarray(0, from),
            Buffer.from(put),
            signed.subarray(from + length),
          ])
          if (verifyMessage(changed).kind !== 'valid') return
          passed += 1
          expect(signedPart(textOf(changed))).toEqual(original)
        },
      ),
      { seed: 20260105, numRuns: 6_000 },
    )
    expect(passed).toBeGreaterThan(20)
  })
})
