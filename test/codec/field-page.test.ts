/** Field pages: what they tell follows from the catalogue, whole and for every kind. */
import { describe, expect, it } from 'vitest'
import { findMessage, messages } from '../../src/catalogue/index.ts'
import type { Message } from '../../src/catalogue/message.ts'
import { type FieldPage, fieldPageOf } from '../../src/codec/field-page.ts'
import { kindFlows } from '../../src/codec/field-page-index.ts'
import { fieldPageMarkdown, kindIndexMarkdown } from '../../src/codec/field-page-markdown.ts'
import { shapeOf } from '../../src/codec/shape.ts'

const entries: readonly Message[] = messages
const each = entries.map((entry) => [entry.code, entry] as const)

const pageOf = (code: string): FieldPage => {
  const entry = findMessage(code)
  if (entry === undefined) throw new Error(`no ${code}`)
  return fieldPageOf(entry)
}
const factOf = (code: string, label: string) =>
  pageOf(code).facts.find((fact) => fact.label.en === label)?.value
const rowOf = (code: string, name: string) =>
  pageOf(code)
    .groups.flatMap(({ rows }) => rows)
    .find((row) => row.name === name)

describe('a field page', () => {
  it.each(each)('%s tells every field in wire order, in both languages', (_code, entry) => {
    const page = fieldPageOf(entry)
    expect(page.groups.map(({ rows }) => rows.map(({ name }) => name))).toEqual(
      shapeOf(entry).groups.map(({ fields }) => fields.map(({ name }) => name)),
    )
    for (const { label, value } of page.facts)
      for (const text of [label.zh, label.en, value.zh, value.en]) {
        expect(text).not.toBe('')
        expect(text).not.toMatch(/undefined|NaN|\[object/)
      }
    const markdown = fieldPageMarkdown(entry)
    expect(markdown).toContain(`# ${entry.code} ${entry.zh}\n\n${entry.en}\n`)
    expect(markdown).not.toMatch(/undefined|\[object|NaN/)
    for (const { fields } of shapeOf(entry).groups)
      for (const { name, index, field } of fields)
        expect(markdown).toContain(`\n| ${index + 1} | \`${name}\` | ${field.zh} | `)
  })

  it.each(each)('%s leads to pages that are there', (_code, entry) => {
    const links = [...fieldPageMarkdown(entry).matchAll(/\]\((CEB\d{3})\.md\)/g)]
    for (const [, code = ''] of links) expect(findMessage(code)).toBeDefined()
    if (entry.sort === 'declaration') expect(links.map(([, code]) => code)).toContain(entry.reply)
    if (entry.sort === 'reply') expect(links.map(([, code]) => code)).toContain(entry.answers)
  })

  it('tells who waits for whom, who acts on whom, and what customs tells unasked', () => {
    expect(factOf('CEB621', 'Waits for')?.en).toBe(
      '[CEB311] (same `ebpCode`); [CEB411] (same `ebpCode`); [CEB511] (same `logisticsCode`, `logisticsNo`)',
    )
    expect(factOf('CEB311', 'Waited for by')?.en).toBe('[CEB621]')
    expect(factOf('CEB603', 'Waits for')?.en).toContain(
      '[CEB403] (same `ebcCode`), only when declared before 2024-12-15',
    )
    expect(factOf('CEB623', 'Acts on')?.en).toMatch(
      /^cancels \[CEB621\], found by `invtNo`; also where another agent filed it, with the same `ebcCode`; then/,
    )
    expect(factOf('CEB621', 'Acted on by')?.en).toContain('[CEB625] Import return')
    expect(factOf('CEB621', 'Told of by')?.zh).toContain('[CEB816] 电子税单数据报文')
    expect(factOf('CEB816', 'Tells of')?.en).toContain('status `800` (Released)')
  })

  it('tells statuses with their meaning and what they make of the document', () => {
    expect(pageOf('CEB621').statuses.map(({ code }) => code)).toEqual(['2', '120', '800', '899'])
    const released = pageOf('CEB622').statuses.find(({ code }) => code === '800')
    expect(released).toMatchObject({
      meaning: { zh: '放行', en: 'Released' },
      group: { zh: '已完成' },
      usual: true,
    })
    expect(pageOf('CEB816').statuses.map(({ code }) => code)).toEqual(['1', '2', '3'])
  })

  it('tells when a field is needed, by schema, by the text, or in a case', () => {
    expect(rowOf('CEB621', 'orderNo')?.required.en).toBe('required')
    expect(rowOf('CEB621', 'copNo')?.required.en).toBe('required (text)')
    expect(rowOf('CEB621', 'emsNo')?.required.zh).toBe('`tradeMode` = `1210` 时必填')
    expect(rowOf('CEB509', 'trafName')?.required.en).toBe('when `trafMode` ≠ `6`')
    expect(rowOf('CEB816', 'orderNo')?.required.en).toBe('read only')
    expect(rowOf('CEB621', 'note')?.required.en).toBe('')
    expect(rowOf('CEB604', 'invtNo')?.required.en).toBe('there, may be empty')
  })

  it('tells type, size, values and code list', () => {
    expect(rowOf('CEB311', 'currency')).toMatchObject({
      type: { en: 'text' },
      size: '3',
      values: [{ zh: '固定 `142`', en: 'always `142`' }],
      list: { id: 'currency' },
    })
    expect(rowOf('CEB311', 'goodsValue')?.size).toBe('19,5')
    expect(rowOf('CEB311', 'appTime')?.size).toBe('yyyyMMddHHmmss')
    expect(rowOf('CEB625', 'buyerIdNumber')).toMatchObject({ size: '≤20', sensitive: true })
    expect(rowOf('CEB311', 'buyerIdNumber')?.values).toEqual([])
  })

  it('tells where schema and text part', () => {
    const texts = (code: string) =>
      pageOf(code).differences.map(({ fields, text }) => `${fields.join(' ')}: ${text.en}`)
    expect(texts('CEB621')).toEqual([
      'copNo: optional in the schema, required by the text: sent',
      'itemNo: two lengths (20 / 30): the shorter is sent, the longer read',
    ])
    expect(texts('CEB816')[0]).toMatch(/^orderNo logisticsNo: .*read, never written$/)
    expect(texts('CEB900')[0]).toContain('17 / 50')
  })
})

describe('the index', () => {
  it('has every message once, as itself or as a reply', () => {
    const codes = kindFlows().flatMap(({ rows }) =>
      rows.flatMap(({ code, reply }) => (reply === undefined ? [code] : [code, reply])),
    )
    expect(codes.toSorted()).toEqual(entries.map(({ code }) => code).toSorted())
    const markdown = kindIndexMarkdown()
    for (const code of codes) expect(markdown).toContain(`[${code}](${code}.md)`)
  })
})
