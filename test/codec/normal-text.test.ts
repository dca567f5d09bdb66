/** Texts of customs that differ in numbers and quoted values alone have one normal form. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalText } from '../../src/codec/normal-text.ts'
import { readReplyText } from '../../src/codec/reply-text.ts'
import { NORMAL_TEXT_LENGTH_MAX } from '../../src/kernel/rejection-limits.ts'

const normal = (text: string): string => normalText(readReplyText(text))

describe('the normal form', () => {
  it.each([
    ['订单 A2026-001 金额 12.50 有误', '订单 B77/9 金额 3 有误', '订单 {n} 金额 {n} 有误'],
    ['[Code:14999;Desc:单价１２.5超限]', '[Code:14999;Desc:单价7超限]', '单价{n}超限'],
    ['收件人：王某某 地址不详', '收件人:李某 地址不详', '收件人:{…} 地址不详'],
    ['品名[甲]不符', '品名[乙 2]不符', '品名{…}不符'],
    [
      '新增失败 0F8FAD5B-D9CB-469F-A165-70867728950E，请核对',
      '新增失败 7c9e6679-7425-40de-944b-e07fc1f90ae7,请核对',
      '新增失败 {n},请核对',
    ],
    ['缺少编号 1、2、3', '缺少编号 17', '缺少编号 {n}'],
  ])('of %s and %s is one', (one, other, both) => {
    expect(normal(one)).toBe(both)
    expect(normal(other)).toBe(both)
  })

  it('keeps texts apart that say something else', () => {
    expect(normal('品名不符')).not.toBe(normal('单价不符'))
    expect(normal('[Code:1300;Desc:请补充材料]')).not.toBe(normal('[Code:1300;Desc:地址不详]'))
  })

  it('is empty where there are codes alone', () => {
    expect(normal('[Code:1300;Desc:]')).toBe('')
    expect(normal('')).toBe('')
  })

  it('holds no number of any document, whatever the text, and is bounded', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 400 }),
        fc.stringMatching(/^[A-Z]{0,4}\d{6,18}$/),
        (text, number) => {
          const form = normal(`${text} ${number} ${text}`)
          expect(form).not.toContain(number)
          expect(form.length).toBeLessThanOrEqual(NORMAL_TEXT_LENGTH_MAX)
        },
      ),
    )
  })
})
