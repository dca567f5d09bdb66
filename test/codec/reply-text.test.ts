/** Texts of customs: every way they are written is read, nothing is lost, and nothing harms. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resultCodes, resultText } from '../../src/catalogue/result-codes.ts'
import { isKnownText, readReplyText } from '../../src/codec/reply-text.ts'
import { REPLY_TEXT_ITEMS_MAX, REPLY_TEXT_LENGTH_MAX } from '../../src/kernel/limits.ts'

const GUID = '4CDE1CFD-EDED-46B1-946C-B8022E42FC94'

describe('a text of customs', () => {
  const read: readonly (readonly [string, readonly (readonly [string, string])[], string])[] = [
    ['', [], ''],
    ['收件地址不详', [], '收件地址不详'],
    ['[Code:2600;Desc:放行]', [['2600', '放行']], ''],
    ['[Code:1300;Desc:人工退单],请补充材料。', [['1300', '人工退单']], '请补充材料'],
    [
      '[Code:1320;Desc:项数][Code:1322;Desc:商品],[Code:13127;Desc:订购人]见附页',
      [
        ['1320', '项数'],
        ['1322', '商品'],
        ['13127', '订购人'],
      ],
      '见附页',
    ],
    [
      '前 [Code:1;Desc:中] 间 [Code:2;Desc:]',
      [
        ['1', '中'],
        ['2', ''],
      ],
      '前 间',
    ],
    ['[Code:1300;Desc:地址[不详]，电话【空】]后', [['1300', '地址[不详]，电话【空】']], '后'],
    ['【code：1300；desc：人工退单】', [['1300', '人工退单']], ''],
    ['[ CODE : 1300 , Desc : 人工退单 ]', [['1300', '人工退单']], ''],
    ['[Code:1300]', [['1300', '']], ''],
    ['[Code:1300;Desc:没有结尾', [['1300', '没有结尾']], ''],
    [
      '[Code:1300;Desc:甲[Code:1313;Desc:乙]',
      [
        ['1300', '甲'],
        ['1313', '乙'],
      ],
      '',
    ],
    ['[Code:1300;Desc:甲[乙]丙', [['1300', '甲[乙']], '丙'],
    // A number too long for a code is part of the text: it may be somebody's.
    ['[Code:13800000000;Desc:甲]', [], '[Code:13800000000;Desc:甲]'],
    ['[Code:A1;Desc:甲]', [], '[Code:A1;Desc:甲]'],
    ['[Code:;Desc:甲]', [], '[Code:;Desc:甲]'],
  ]

  it.each(read)('%j is read', (text, items, rest) => {
    expect(readReplyText(text)).toEqual({
      items: items.map(([code, description]) => ({ code, description })),
      rest,
    })
  })

  it('of any chain of items and other words is read in full', () => {
    const word = fc.stringMatching(/^[甲乙丙丁A-Z0-9]{1,8}$/)
    const item = fc.record({
      code: fc.stringMatching(/^\d{1,8}$/),
      description: fc.oneof(
        word,
        fc.tuple(word, word).map(([a, b]) => `${a}[${b}]`),
      ),
    })
    const chain = fc.array(fc.record({ item, after: fc.option(word) }), { maxLength: 20 })
    fc.assert(
      fc.property(chain, (parts) => {
        const text = parts
          .map((part) => resultText(part.item.code, part.item.description) + (part.after ?? ''))
          .join('')
        expect(readReplyText(text)).toEqual({
          items: parts.map((part) => part.item),
          rest: parts.flatMap((part) => part.after ?? []).join(' '),
        })
      }),
    )
  })

  it('of whatever signs is read without harm, and what is told stands in it', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '【',
      '】',
      'Code',
      ':',
      '：',
      '12',
      ';',
      'Desc',
      ' ',
      '甲',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.string(), (pieces, other) => {
        const text = pieces.join('') + other
        const { items, rest } = readReplyText(text)
        for (const { code, description } of items) {
          expect(text).toContain(code)
          expect(text).toContain(description)
        }
        for (const word of rest.split(' ')) expect(text).toContain(word)
      }),
    )
  })

  it('is bounded in items and in length', () => {
    const many = readReplyText('[Code:1;Desc:a]'.repeat(1_000))
    expect(many.items).toHaveLength(REPLY_TEXT_ITEMS_MAX)
    for (const text of ['['.repeat(1e6), '[Code:1;'.repeat(1e5), '[Code:1;Desc:['.repeat(1e5)]) {
      const { items, rest } = readReplyText(text)
      const told = items.reduce((sum, { description }) => sum + description.length, rest.length)
      expect(told).toBeLessThanOrEqual(REPLY_TEXT_LENGTH_MAX)
    }
  })
})

describe('a known text', () => {
  const chain = Object.keys(resultCodes).map((code) => resultText(code))
  const order = '[电商企业编码：5001960001 订单编号：YG-2026_1]'

  it.each([
    ...['', '放行', '报文格式校验失败', '[Code:1300]', '[Code:1300;Desc:]', ...chain],
    chain.join(','),
    `新增申报成功[${GUID}]`,
    `清单新增申报成功[${GUID}]${order}`,
    `清单变更申报成功[${GUID}]${order}对应支付信息不存在；对应物流信息不存在`,
    `${resultText('1800')}对应订单信息不存在`,
  ])('%j may lie open', (text) => {
    expect(isKnownText(text)).toBe(true)
  })

  it.each([
    '[Code:1300;Desc:收件人张三地址不详]',
    '[Code:4711;Desc:合成]',
    '[Code:13800000000]',
    '[Code:1300;Desc:人工退单]张三',
    '张三新增申报成功',
    `新增申报成功[张三]`,
    `清单新增申报成功[${GUID}][电商企业编码：5001960001 订单编号：张三]`,
    `${resultText('1300')} `.repeat(1_000),
  ])('%j may not', (text) => {
    expect(isKnownText(text)).toBe(false)
  })

  it('never is one with a foreign word in it', () => {
    const foreign = fc.stringMatching(/^[赵钱孙李周吴郑王0-9]{2,6}$/)
    fc.assert(
      fc.property(fc.constantFrom(...chain), foreign, fc.nat(), (text, word, turn) => {
        // Not inside a code, which any other number is as well.
        const cut = text.length - 1 - (turn % 2)
        const mixed = text.slice(0, cut) + word + text.slice(cut)
        expect(isKnownText(mixed)).toBe(false)
      }),
    )
  })
})
