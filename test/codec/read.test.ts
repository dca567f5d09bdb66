/** What the reader takes, and the coded answer that each kind of bad input gets. */
import { describe, expect, it } from 'vitest'
import { findMessage } from '../../src/catalogue/index.ts'
import type { AnyDocument } from '../../src/catalogue/message.ts'
import { formatReply } from '../../src/catalogue/messages/format-reply.ts'
import { order } from '../../src/catalogue/messages/order.ts'
import { orderReply } from '../../src/catalogue/messages/order-reply.ts'
import { payment } from '../../src/catalogue/messages/payment.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { readMessage } from '../../src/codec/read.ts'
import { scanMessage } from '../../src/codec/scan.ts'
import type { ReadMessage } from '../../src/codec/types.ts'
import { decodeXml } from '../../src/codec/xml-text.ts'
import { FAULTS_PER_DOCUMENT_MAX, WARNINGS_PER_DOCUMENT_MAX } from '../../src/kernel/limits.ts'
import { generateDocument, seeded } from '../support/documents.ts'
import { dummySignature, generateHead, signedMessage } from '../support/messages.ts'

const encoder = new TextEncoder()
const CEB = 'http://www.chinaport.gov.cn/ceb'

const read = (text: string) => readMessage(encoder.encode(text))

const message = (text: string): ReadMessage => {
  const result = read(text)
  if (result.kind !== 'message') throw new Error(JSON.stringify(result.faults))
  return result.message
}

const refusal = (input: string | Uint8Array): string | undefined => {
  const result = typeof input === 'string' ? read(input) : readMessage(input)
  if (result.kind === 'message') return undefined
  expect(result.faults).toHaveLength(1)
  return result.faults[0]?.code
}

const head = generateHead(order, seeded(51))
const orders = (count: number, lines = 1): AnyDocument[] =>
  Array.from({ length: count }, (_, i) =>
    generateDocument(order, seeded(i), { shape: 'minimal', lines }),
  )
const valid = signedMessage(order, orders(2), head)

const told = ({ faults, documents }: ReadMessage): string[] => [
  ...faults.map((fault) => `${fault.severity} ${fault.code} ${fault.pointer}`),
  ...documents.flatMap((document, i) =>
    document.faults.map((fault) => `${fault.severity} ${i} ${fault.code} ${fault.pointer}`),
  ),
]

const reply = (inner: string, root = ` xmlns="${CEB}" guid="${'G'.repeat(36)}" version="1.0"`) =>
  `<CEB312Message${root}><OrderReturn>${inner}</OrderReturn></CEB312Message>`

describe('readMessage takes', () => {
  it('any prefix, a default namespace, and none at all', () => {
    const expected = message(valid)
    const dressed = [
      valid.replaceAll('ceb:', 'x.y-1:').replace('xmlns:ceb', 'xmlns:x.y-1'),
      valid.replaceAll('<ceb:', '<').replaceAll('</ceb:', '</').replace('xmlns:ceb', 'xmlns'),
      valid.replaceAll('<ceb:', '<').replaceAll('</ceb:', '</').replace(` xmlns:ceb="${CEB}"`, ''),
      // Prefixes mixed and declared again within: only the thorough reader takes this.
      valid
        .replace('<ceb:OrderHead>', `<o:OrderHead xmlns:o="${CEB}">`)
        .replace('</ceb:OrderHead>', '</o:OrderHead>'),
    ]
    for (const text of dressed) expect(message(text)).toEqual(expected)
  })

  it('a byte order mark, a declaration with standalone, comments and instructions', () => {
    const expected = message(valid)
    const declared = `<?xml version='1.0' encoding='utf-8' standalone="yes" ?>\r\n`
    for (const text of [
      `\ufeff${valid}`,
      `\ufeff${declared}${valid}\r\n\t`,
      `${declared}<!-- made by a client --><?pi x?>\n${valid}<!-- end -->`,
      valid.replace('<ceb:OrderList>', '<!-- lines --><ceb:OrderList><?pi?>'),
    ])
      expect(message(text)).toEqual(expected)
  })

  it('stray blanks around values, and keeps 0012 and 1e5 as text', () => {
    const text = reply(
      '\n<guid>g</guid>\t<ebpCode> \t0012\r\n</ebpCode>' +
        '<ebcCode>1e5</ebcCode><orderNo>a  b\t</orderNo>',
    )
    expect(message(text).documents[0]).toEqual({
      document: { guid: 'g', ebpCode: '0012', ebcCode: '1e5', orderNo: 'a  b' },
      faults: [],
    })
  })

  it('the five entities, character references and CDATA', () => {
    const text = reply(
      '<orderNo>&lt;&amp;&gt;&quot;&apos;&#65;&#x4e2d;&#x1F600;&#13;x</orderNo>' +
        '<returnInfo>a<![CDATA[<b>&amp;]]>c<!-- d -->e</returnInfo>',
    )
    expect(message(text).documents[0]?.document).toEqual({
      orderNo: '<&>"\'A中😀\rx',
      returnInfo: 'a<b>&amp;ce',
    })
  })

  it('the message echoed inside a refusal of form, even a hostile one', () => {
    const echoed = ' <?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>\n'
    const text =
      `<ceb:CEB900Message xmlns:ceb="${CEB}" guid="${'G'.repeat(36)}" version="1.0">` +
      `<ceb:MessageReturn><ceb:oriBizMessage><![CDATA[${echoed}]]></ceb:oriBizMessage>` +
      '</ceb:MessageReturn></ceb:CEB900Message>'
    const result = message(text)
    expect(result.entry).toBe(formatReply)
    expect(result.documents[0]?.document).toEqual({ oriBizMessage: echoed })
  })

  it('an empty element as an empty text, so that the check can tell of it', () => {
    const text = signedMessage(payment, [generateDocument(payment, seeded(52))], head)
      .replace(/<ceb:payerName>.*<\/ceb:payerName>/, '<ceb:payerName/>')
      .replace(/<ceb:payTime>.*<\/ceb:payTime>/, '<ceb:payTime></ceb:payTime>')
    const [first] = message(text).documents
    expect(first?.document.PaymentHead).toMatchObject({ payerName: '', payTime: '' })
    const faults = checkDocument(payment, first?.document).faults
    expect(faults.map((fault) => fault.code)).toEqual([
      'CEB411-payerName-EMPTY',
      'CEB411-payTime-EMPTY',
    ])
  })

  it('BaseTransfer twice, with a warning, as official samples have it', () => {
    const transfer = /<ceb:BaseTransfer>.*<\/ceb:BaseTransfer>/.exec(valid)?.[0] ?? ''
    const other = transfer.replace('5000000001', '9999999999')
    const result = message(valid.replace(transfer, transfer + other))
    expect(told(result)).toEqual(['warning CEB311-BaseTransfer-REPEATED /BaseTransfer'])
    expect(result.transfer?.copCode).toBe('5000000001')
  })

  it('any number of warnings without losing an error, and tells a bounded number', () => {
    const transfer = /<ceb:BaseTransfer>.*<\/ceb:BaseTransfer>/.exec(valid)?.[0] ?? ''
    const many = transfer.repeat(3 * WARNINGS_PER_DOCUMENT_MAX)
    const sent = told(message(valid.replace(transfer, `${many}<ceb:Foreign/>`)))
    expect(sent).toHaveLength(WARNINGS_PER_DOCUMENT_MAX + 1)
    expect(sent.at(-1)).toBe('error CEB311-CEB311Message-UNKNOWN /Foreign')
    const strange = '<strange/>'.repeat(3 * WARNINGS_PER_DOCUMENT_MAX)
    const received = told(message(reply(`${strange}<guid>a</guid><guid>b</guid>`)))
    expect(received).toHaveLength(WARNINGS_PER_DOCUMENT_MAX + 1)
    expect(received.at(-1)).toBe('error 0 CEB312-guid-REPEATED /guid')
  })

  it('any number of attributes at the root, and tells a bounded number', () => {
    const many = Array.from({ length: 3 * FAULTS_PER_DOCUMENT_MAX }, (_, i) => ` a${i}=""`).join('')
    const dressed = valid.replace(' guid=', `${many} guid=`)
    // With a comment the thorough reader takes it.
    for (const text of [dressed, dressed.replace('<ceb:Order>', '<!-- --><ceb:Order>')]) {
      const faults = told(message(text))
      expect(faults).toHaveLength(FAULTS_PER_DOCUMENT_MAX)
      expect(faults[0]).toBe('error CEB311-CEB311Message-ATTRIBUTE /@a0')
    }
  })

  it('an extension of any content, and says whether there is a signature', () => {
    const extension =
      '<ceb:ExtendMessage><ceb:name>n</ceb:name><ceb:version>1</ceb:version>' +
      '<ceb:Message><x:y xmlns:x="urn:x">z</x:y></ceb:Message></ceb:ExtendMessage>'
    const extended = message(valid.replace(dummySignature, extension + dummySignature))
    // Taken, and told that nothing of it goes on.
    const notKept = 'warning CEB311-ExtendMessage-NOT_KEPT /ExtendMessage'
    expect(told(extended)).toEqual([notKept])
    expect(extended.signed).toBe(true)
    expect(message(valid.replace(dummySignature, '')).signed).toBe(false)
    expect(told(message(valid.replace(dummySignature, dummySignature + extension)))).toEqual([
      'error CEB311-ExtendMessage-MISPLACED /ExtendMessage',
      notKept,
    ])
  })
})

describe('readMessage refuses as a whole', () => {
  it('a DOCTYPE, an XML bomb, an external entity, any foreign entity', () => {
    const bomb =
      '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    const external = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    expect(refusal(bomb + valid)).toBe('XML-DOCTYPE')
    expect(refusal(external + reply('<orderNo>&x;</orderNo>'))).toBe('XML-DOCTYPE')
    expect(refusal(`<!DOCTYPE CEB311Message SYSTEM "http://127.0.0.1/x.dtd">${valid}`)).toBe(
      'XML-DOCTYPE',
    )
    expect(refusal(reply('<orderNo>&x;</orderNo>'))).toBe('XML-ENTITY')
    expect(refusal(reply('<orderNo>&nbsp;</orderNo>'))).toBe('XML-ENTITY')
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect(refusal(reply(`<orderNo>&${name};</orderNo>`)), name).toBe('XML-ENTITY')
  })

  it('broken UTF-8 and other encodings', () => {
    const bytes = encoder.encode(reply('<orderNo>x</orderNo>'))
    const broken = Uint8Array.from(bytes)
    broken[bytes.indexOf(0x78, 60)] = 0xff
    expect(refusal(broken)).toBe('XML-NOT_UTF8')
    expect(refusal(Uint8Array.from([...encoder.encode('<a>'), 0xd6, 0xd8]))).toBe('XML-NOT_UTF8')
    for (const name of ['GBK', 'GB18030', 'gb2312', 'ISO-8859-1', 'UTF-16'])
      expect(refusal(`<?xml version="1.0" encoding="${name}"?>${valid}`)).toBe('XML-ENCODING')
    expect(refusal(new Uint8Array(Buffer.from(`\ufeff${valid}`, 'utf16le')))).toBe('XML-ENCODING')
    expect(refusal(new Uint8Array(Buffer.from(valid, 'utf16le')))).toBe('XML-ENCODING')
  })

  it('what is no XML: nothing, JSON, a message cut short anywhere, tags that do not match', () => {
    expect(refusal('')).toBe('XML-EMPTY')
    expect(refusal(' \n')).toBe('XML-EMPTY')
    expect(refusal('{"kind":"CEB311"}')).toBe('XML-MALFORMED')
    for (let cut = 1; cut < valid.length; cut += 37)
      expect(refusal(valid.slice(0, cut))).toBe('XML-MALFORMED')
    expect(refusal(valid.replace('</ceb:OrderHead>', '</ceb:OrderHeads>'))).toBe('XML-MALFORMED')
    expect(refusal(valid + valid)).toBe('XML-MALFORMED')
    expect(refusal(reply('<orderNo>\u0000</orderNo>'))).toBe('XML-MALFORMED')
    expect(refusal(reply('<orderNo>&#0;</orderNo>'))).toBe('XML-MALFORMED')
    expect(refusal(reply('<orderNo>a & b</orderNo>'))).toBe('XML-MALFORMED')
    expect(refusal(reply('<orderNo>a ]]> b</orderNo>'))).toBe('XML-MALFORMED')
    expect(refusal(valid.replace('version="1.0"', 'version="1.0" version="1.0"'))).toBe(
      'XML-MALFORMED',
    )
  })

  it('nesting beyond the bound, however deep, at once', () => {
    const deep = (depth: number) =>
      reply(`<orderNo>${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}</orderNo>`)
    expect(refusal(deep(13))).toBeUndefined()
    expect(refusal(deep(14))).toBe('XML-TOO_DEEP')
    expect(refusal(deep(1_000_000))).toBe('XML-TOO_DEEP')
  })

  it('more elements than any message of the standard has', () => {
    expect(refusal(reply('<a/>'.repeat(300_001)))).toBe('XML-TOO_MANY_ELEMENTS')
  })

  it('a root it does not speak, telling what it speaks, and a wrong namespace', () => {
    expect(refusal('<html></html>')).toBe('XML-UNKNOWN_MESSAGE')
    const result = read(`<ceb:CEB999Message xmlns:ceb="${CEB}"/>`)
    expect(result.kind === 'unreadable' && result.faults[0]?.cure.zh).toContain('CEB311')
    expect(refusal(valid.replace(CEB, 'http://www.chinaport.gov.cn/CEB'))).toBe('XML-NAMESPACE')
    expect(refusal(valid.replace(` xmlns:ceb="${CEB}"`, ''))).toBe('XML-NAMESPACE')
    expect(refusal(valid.replace('<ceb:OrderHead>', '<ceb:OrderHead xmlns:ceb="urn:x">'))).toBe(
      'XML-NAMESPACE',
    )
  })

  it('names that are dangerous as JavaScript keys, without harm', () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString']) {
      const answer = read(reply(`<${name}>x</${name}>`))
      if (answer.kind === 'message')
        expect(told(answer.message)).toEqual([`warning 0 CEB312-OrderReturn-UNKNOWN /${name}`])
      else expect(answer.faults[0]?.code).toBe('XML-MALFORMED')
    }
    expect(Object.prototype).not.toHaveProperty('x')
  })
})

describe('readMessage tells by document and pointer', () => {
  const first = (pattern: RegExp, replacement: string) =>
    told(message(valid.replace(pattern, replacement)))

  it('unknown, repeated and misplaced elements', () => {
    expect(first(/<ceb:orderNo>/, '<ceb:oderNo>1</ceb:oderNo><ceb:orderNo>')).toEqual([
      'error 0 CEB311-OrderHead-UNKNOWN /OrderHead/oderNo',
    ])
    expect(first(/<ceb:orderNo>/, '<ceb:orderNo>1</ceb:orderNo><ceb:orderNo>')).toEqual([
      'error 0 CEB311-orderNo-REPEATED /OrderHead/orderNo',
    ])
    expect(
      first(/(<ceb:orderNo>.*?<\/ceb:orderNo>)(<ceb:ebpCode>.*?<\/ceb:ebpCode>)/, '$2$1'),
    ).toEqual(['error 0 CEB311-orderNo-MISPLACED /OrderHead/orderNo'])
    expect(first(/(<ceb:OrderHead>.*?<\/ceb:OrderHead>)/, '$1$1')).toEqual([
      'error 0 CEB311-OrderHead-REPEATED /OrderHead',
    ])
    expect(
      first(/(<ceb:OrderHead>.*?<\/ceb:OrderHead>)(<ceb:OrderList>.*?<\/ceb:OrderList>)/, '$2$1'),
    ).toEqual(['error 0 CEB311-OrderHead-MISPLACED /OrderHead'])
    expect(first(/<ceb:OrderList>/, '<ceb:OrderLines/><ceb:OrderList>')).toEqual([
      'error 0 CEB311-Order-UNKNOWN /OrderLines',
    ])
  })

  it('attributes, text between elements and elements inside a field', () => {
    expect(first(/<ceb:orderNo>/, '<ceb:orderNo a="1">')).toEqual([
      'error 0 CEB311-orderNo-ATTRIBUTE /OrderHead/orderNo/@a',
    ])
    expect(first(/<ceb:orderNo>/, 'stray<ceb:orderNo>')).toEqual([
      'error 0 CEB311-OrderHead-STRAY_TEXT /OrderHead',
    ])
    expect(first(/<ceb:orderNo>/, '<ceb:orderNo><ceb:b/>')).toEqual([
      'error 0 CEB311-orderNo-NESTED /OrderHead/orderNo',
    ])
    expect(first(/<ceb:Order>/, 'stray<ceb:Order>')).toEqual([
      'error CEB311-CEB311Message-STRAY_TEXT ',
    ])
  })

  it('too many documents, none, and takes at most the cap', () => {
    expect(told(message(signedMessage(order, orders(100), head)))).toEqual([])
    const many = message(signedMessage(order, orders(101), head))
    expect(told(many)).toEqual(['error CEB311-Order-TOO_MANY_DOCUMENTS /Order'])
    expect(many.documents).toHaveLength(100)
    expect(told(message(signedMessage(order, [], head)))).toEqual([
      'error CEB311-Order-TOO_FEW_DOCUMENTS /Order',
    ])
  })

  it('leaves 100 lines to the check, which refuses them', () => {
    const [document] = orders(1)
    const [line] = Object(document).OrderList
    const long = { ...document, OrderList: Array(100).fill(line) }
    const [one] = message(signedMessage(order, [long], head)).documents
    expect(one?.faults).toEqual([])
    expect(checkDocument(order, one?.document).faults.map((fault) => fault.code)).toEqual([
      'CEB311-OrderList-TOO_MANY_LINES',
    ])
  })

  it('a trailer that is missing, out of place, overfull or wrong inside', () => {
    const transfer = /<ceb:BaseTransfer>.*<\/ceb:BaseTransfer>/.exec(valid)?.[0] ?? ''
    const subscriber =
      '<ceb:BaseSubscribe><ceb:status>ALL</ceb:status><ceb:dxpMode>DXP</ceb:dxpMode>' +
      '<ceb:dxpAddress>D</ceb:dxpAddress></ceb:BaseSubscribe>'
    const bare = valid.replace(/<ceb:BaseSubscribe>.*<\/ceb:BaseSubscribe>/, '')
    expect(told(message(bare.replace(transfer, '')))).toEqual([
      'error CEB311-BaseTransfer-MISSING /BaseTransfer',
    ])
    expect(
      told(message(bare.replace(transfer, '').replace('<ceb:Order>', `${transfer}<ceb:Order>`))),
    ).toEqual(['error CEB311-Order-MISPLACED /Order', 'error CEB311-Order-MISPLACED /Order'])
    expect(told(message(bare.replace(transfer, transfer + subscriber.repeat(5))))).toEqual([])
    expect(told(message(bare.replace(transfer, transfer + subscriber.repeat(6))))).toEqual([
      'error CEB311-BaseSubscribe-TOO_MANY_LINES /BaseSubscribe',
    ])
    expect(told(message(bare.replace(dummySignature, dummySignature.repeat(2))))).toEqual([
      'error CEB311-Signature-REPEATED /Signature',
    ])
    expect(told(message(bare.replace('>5000000001<', '>5000000001500000000150<')))).toEqual([
      'error CEB311-copCode-TOO_LONG /BaseTransfer/copCode',
    ])
    expect(told(message(bare.replace('<ceb:dxpMode>DXP</ceb:dxpMode>', '')))).toEqual([
      'error CEB311-dxpMode-MISSING /BaseTransfer/dxpMode',
    ])
  })

  it('root attributes: an error for a declaration, a warning for a reply', () => {
    expect(told(message(valid.replace(/ guid="[^"]*"/, ' guid="1"')))).toEqual([
      'error CEB311-guid-WRONG_LENGTH /@guid',
    ])
    expect(told(message(valid.replace(' version="1.0"', '')))).toEqual([
      'error CEB311-version-MISSING /@version',
    ])
    expect(told(message(reply('<guid>g</guid>', '')))).toEqual([
      'warning CEB312-guid-MISSING /@guid',
      'warning CEB312-version-MISSING /@version',
    ])
  })

  it('in a reply an added or moved element as a warning only: its status must get home', () => {
    const text = reply('<returnStatus>2</returnStatus><orderNo>1</orderNo><added>x</added>')
    const result = message(text)
    expect(result.entry).toBe(orderReply)
    expect(told(result)).toEqual([
      'warning 0 CEB312-orderNo-MISPLACED /orderNo',
      'warning 0 CEB312-OrderReturn-UNKNOWN /added',
    ])
    expect(result.documents[0]?.document).toEqual({ orderNo: '1', returnStatus: '2' })
    expect(
      told(message(reply('<returnStatus>2</returnStatus><returnStatus>3</returnStatus>'))),
    ).toEqual(['error 0 CEB312-returnStatus-REPEATED /returnStatus'])
  })

  it('stays quick on hostile sizes: no end of unknown elements, blanks, or empty lines', () => {
    // Quadratic work on any of these would run into the suite's time limit.
    const unknown = message(reply('<unknownElement/>'.repeat(50_000)))
    expect(unknown.documents[0]?.faults).toHaveLength(100)
    const blanks = message(
      reply(`<orderNo> ${' '.repeat(3_000_000)}x${' '.repeat(3_000_000)}y</orderNo>`),
    )
    expect(checkDocument(orderReply, blanks.documents[0]?.document).faults.length).toBeGreaterThan(
      0,
    )
    const lines = valid.replace(
      '<ceb:OrderList>',
      `${'<ceb:OrderList/>'.repeat(50_000)}<ceb:OrderList>`,
    )
    expect(message(lines).documents).toHaveLength(2)
    expect(refusal(`<a${' b="c"'.repeat(200_000)}>`)).toBe('XML-MALFORMED')
    expect(refusal('<'.repeat(1_000_000))).toBe('XML-MALFORMED')
    expect(refusal(`<a b="${'&amp;'.repeat(500_000)}">`)).toBe('XML-MALFORMED')
    expect(refusal('<!--'.repeat(500_000))).toBe('XML-MALFORMED')
    expect(refusal('<![CDATA['.repeat(300_000))).toBe('XML-MALFORMED')
  })

  it('takes ordinary messages by the quick scan', () => {
    const result = decodeXml(encoder.encode(valid))
    if (result.kind !== 'text') throw new Error('not text')
    expect(scanMessage(result.text, findMessage)).toEqual(message(valid))
  })
})
