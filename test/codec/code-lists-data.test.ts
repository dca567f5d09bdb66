/** The code lists themselves: whole, dated, searchable; and the generator that makes them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { generateCodeLists } from '../../scripts/generate-code-lists.ts'
import {
  type CodeListId,
  codeLists,
  codeOf,
  codesFor,
  findCodeList,
  nearestCodes,
} from '../../src/catalogue/code-lists/index.ts'
import { type CodeListFacts, codeList } from '../../src/catalogue/code-lists/list.ts'
import { CODE_NAME_LENGTH_MAX, CODES_SUGGESTED_MAX } from '../../src/kernel/limits.ts'

const list = (id: CodeListId) => {
  const found = findCodeList(id)
  if (found === undefined) throw new Error(`${id} is not at hand`)
  return found
}

describe('code lists', () => {
  it.each(codeLists.map((one) => [one.id, one] as const))(
    '%s has a source, a date, a reason and as many rows as it says',
    (id, one) => {
      expect(findCodeList(id)).toBe(one)
      expect(one.sources.length).toBeGreaterThan(0)
      expect(one.asOf).toMatch(/^20\d\d-(?:0[1-9]|1[0-2])$/)
      expect(one.reason.zh).not.toBe('')
      expect(one.rows.length).toBe(one.count)
      const codes = one.rows.map(({ code }) => code)
      expect(codes).toEqual([...new Set(codes)].sort())
      for (const { code, zh, aliases = [], letters = [] } of one.rows) {
        expect(
          [zh, ...aliases, ...letters].every((name) => name.trim() === name && name !== ''),
          code,
        ).toBe(true)
        expect(Math.max(zh.length, ...aliases.map(({ length }) => length))).toBeLessThanOrEqual(
          CODE_NAME_LENGTH_MAX,
        )
      }
    },
  )

  it('count what the sources have', () => {
    expect(Object.fromEntries(codeLists.map(({ id, count }) => [id, count]))).toEqual({
      currency: 28,
      country: 249,
      unit: 123,
      transport: 18,
      wrapType: 7,
      tradeMode: 7,
      customs: 1085,
      port: 2672,
    })
  })

  it('give letters to one country or currency only', () => {
    for (const id of ['country', 'currency'] as const) {
      const letters = list(id).rows.flatMap((row) => row.letters ?? [])
      expect(letters.filter((each, i) => letters.indexOf(each) !== i)).toEqual([])
      for (const each of letters) expect(each).toMatch(/^[A-Z]{2,3}$/)
    }
  })

  it('lay ports in countries of the list of countries', () => {
    const lost = list('port').rows.filter(
      ({ country }) => country !== undefined && codeOf(list('country'), country) === undefined,
    )
    expect(lost).toEqual([])
  })

  it('find a code on a day of its use only', () => {
    const { country, tradeMode } = { country: list('country'), tradeMode: list('tradeMode') }
    expect(codeOf(country, '142')?.zh).toBe('中国')
    expect(codeOf(country, '142', '20240618')?.zh).toBe('中国')
    expect(codeOf(country, '349')?.zh).toBe('塞尔维亚和黑山')
    expect(codeOf(country, '349', '20060603')).toBeDefined()
    expect(codeOf(country, '349', '20060604')).toBeUndefined()
    expect(codeOf(tradeMode, '9710', '20200630')).toBeUndefined()
    expect(codeOf(tradeMode, '9710', '20200701')).toBeDefined()
    expect(codeOf(country, '000')).toBeUndefined()
    expect(country.standing.has('349')).toBe(false)
    expect(tradeMode.standing.has('9710')).toBe(true)
  })

  it('narrow to a direction of trade', () => {
    const codes = (direction: 'import' | 'export' | 'both'): readonly string[] =>
      codesFor(list('tradeMode'), direction).rows.map(({ code }) => code)
    expect(codes('import')).toEqual(['1210', '1239', '9610'])
    expect(codes('export')).toEqual(['1210', '1239', '1261', '9610', '9661', '9710', '9810'])
    expect(codes('both')).toEqual(codes('export'))
    expect(codesFor(list('unit'), 'import')).toBe(list('unit'))
  })

  it('stop the program when one is torn', () => {
    const facts: CodeListFacts = { ...list('unit'), count: 2, rows: [one('001'), one('002')] }
    expect(codeList(facts).byCode.size).toBe(2)
    const torn = (change: Partial<CodeListFacts>) => () => codeList({ ...facts, ...change })
    expect(torn({ count: 3 })).toThrow('2 rows, said to be 3')
    expect(torn({ rows: [one('001'), one('001')] })).toThrow('twice')
    expect(torn({ rows: [one('001'), { ...one('002'), zh: '' }] })).toThrow('no name')
    expect(torn({ rows: [one('001'), { ...one('002'), replacedBy: ['003'] }] })).toThrow('003')
    const backwards = { ...one('002'), validFrom: '20200102', validTo: '20200101' }
    expect(torn({ rows: [one('001'), backwards] })).toThrow('ends before')
    expect(torn({ asOf: '2019' })).toThrow('no month')
  })
})

const one = (code: string) => ({ code, zh: '个' })

describe('nearestCodes', () => {
  it.each([
    ['unit', '千克', ['035']],
    ['unit', ' Ｋｇ ', ['035']],
    ['unit', '公斤', ['035']],
    ['unit', '35', ['035']],
    ['unit', '0035', ['035']],
    ['unit', '035 千克', ['035']],
    ['unit', '千克/kg', ['035']],
    ['unit', 'pcs', ['007', '011']],
    ['unit', '305', ['035', '005']],
    ['unit', '150', ['140', '130', '120']],
    ['currency', 'usd', ['502']],
    ['currency', '美金', ['502']],
    ['currency', '332', ['344']],
    ['country', 'CHN', ['142']],
    ['country', 'CN', ['142']],
    ['country', '刚果', ['213', '252']],
    ['country', 'united  states', ['502']],
    ['customs', '西永', ['8013', '8014']],
    ['customs', '两路空港', ['8011']],
    ['port', 'HONGKONG', ['1039']],
    ['tradeMode', '9160', ['9610']],
    ['tradeMode', '海外仓', ['9810']],
    ['transport', '空运', ['5']],
    ['transport', 'y', ['Y']],
    ['wrapType', '22', ['2']],
  ] as const)('%s: %s', (id, value, codes) => {
    expect(nearestCodes(list(id), value).map(({ code }) => code)).toEqual(codes)
  })

  it('gives few, and none for what resembles nothing', () => {
    for (const nothing of ['', ' ', '~', '不存在的名称', 'a b c d e', '9'.repeat(20)])
      expect(nearestCodes(list('customs'), nothing)).toEqual([])
    expect(nearestCodes(list('customs'), '海关').length).toBe(CODES_SUGGESTED_MAX)
    expect(nearestCodes(list('unit'), '千克'.repeat(CODE_NAME_LENGTH_MAX))).toEqual([])
  })

  it('finds every code by its name, and nothing of another name', () => {
    for (const one of codeLists)
      for (const row of one.rows.slice(0, 200)) {
        const named = nearestCodes(one, row.zh)
        if (row.replacedBy !== undefined) continue
        // Several rows may bear one name; then it is among the first, or cut off behind others.
        if (named.length < CODES_SUGGESTED_MAX) expect(named, row.zh).toContain(row)
        expect(named.every(({ zh, aliases = [] }) => [zh, ...aliases].includes(row.zh))).toBe(true)
      }
  })
})

describe('the generator of code lists', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'yuguan-code-lists-'))
  afterAll(() => rm(folder, { recursive: true }))
  const head = [
    '# zh: 试验代码',
    '# en: trials',
    '# asOf: 2024-01',
    '# confidence: none',
    '# source: here',
    '# complete: yes',
    '# reason.zh: 试验',
    '# reason.en: a trial',
  ]
  const made = async (lines: readonly string[]): Promise<string> => {
    await writeFile(join(folder, 'trial-list.csv'), lines.join('\r\n'))
    return (await generateCodeLists(folder)).get('src/catalogue/code-lists/trial-list.gen.ts') ?? ''
  }

  it('makes a module of the table, rows by code, and counts them', async () => {
    const text = await made([...head, 'code,zh,aliases', "002,'乙,", '"001","甲,一","a|b"', ''])
    expect(text).toContain("id: 'trialList'")
    expect(text).toContain('complete: true')
    expect(text).toContain('count: 2')
    expect(text).toContain(
      "    { code: '001', zh: '甲,一', aliases: ['a', 'b'] },\n    { code: '002', zh: '\\'乙' },",
    )
  })

  it('refuses a table that says too little or what it does not know', async () => {
    await expect(made([...head.slice(1), 'code,zh', '1,a'])).rejects.toThrow('says nothing of zh')
    await expect(made([...head, '# colour: red', 'code,zh', '1,a'])).rejects.toThrow('colour')
    await expect(made([...head, 'code,zh,colour', '1,a,b'])).rejects.toThrow('colour')
    await expect(
      made([...head.map((line) => line.replace('yes', 'maybe')), 'code,zh']),
    ).rejects.toThrow('neither yes nor no')
  })
})
