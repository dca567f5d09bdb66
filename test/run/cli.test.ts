/** The command line: what each command prints, and what it exits with. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { main } from '../../src/run/cli.ts'
import { version } from '../../src/run/version.ts'
import { verifyMessage } from '../../src/signing/verify.ts'
import { makeConsignment, syntheticEnterprises } from '../../src/sim/consignments.ts'
import { csvOf, rowsOf } from '../support/sheets.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuguan-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.restoreAllMocks())

const run = async (...argv: readonly string[]) => {
  const out: string[] = []
  const err: string[] = []
  vi.spyOn(console, 'log').mockImplementation((text) => out.push(`${text}\n`))
  vi.spyOn(console, 'error').mockImplementation((text) => err.push(`${text}\n`))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out.push(String(text))
    return true
  })
  const code = await main(argv, {})
  vi.restoreAllMocks()
  return { code, out: out.join(''), err: err.join('') }
}

const file = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const [zone] = zones
if (zone === undefined) throw new Error('no zones')
const { order } = makeConsignment({
  ...{ n: 1, seed: 3, zone, mode: '1210' },
  enterprises: syntheticEnterprises(zones),
  at: new Date('2026-10-15T02:00:00Z'),
})
const good = file('good.json', JSON.stringify({ kind: 'CEB311', documents: [order, order] }))
const bad = file('bad.json', JSON.stringify({ kind: 'CEB311', document: { OrderHead: {} } }))

describe('yuguan', () => {
  it('names its commands, and refuses what is none with exit code 2', async () => {
    const help = await run('help')
    expect(help.code).toBe(0)
    for (const name of ['serve', 'demo', 'migrate', 'sim', 'validate', 'sheet', 'bench']) {
      expect(help.out).toContain(`yuguan ${name}`)
    }
    expect((await run()).code).toBe(2)
    const unknown = await run('fly')
    expect([unknown.code, unknown.err.includes('fly')]).toEqual([2, true])
    expect((await run('constructor')).code).toBe(2)
    expect((await run('validate', '--fly')).code).toBe(2)
    expect((await run('validate')).code).toBe(2)
  })

  it('is of the release that the package names', async () => {
    const manifest = readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)))
    expect((JSON.parse(manifest.toString()) as { version: string }).version).toBe(version)
    expect((await run('--version')).out).toBe(`${version}\n`)
  })

  it('names all wrong settings before it starts anything', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const told = vi.mocked(console.error)
    expect(await main(['serve'], { PORT: 'x', DATABASE_URL: 'y' })).toBe(1)
    expect(String(told.mock.calls[0]?.[0])).toMatch(/DATABASE_URL[\s\S]*PORT/)
  })
})

describe('yuguan validate', () => {
  it('passes good files and fails bad ones, telling place, fault and cure', async () => {
    expect((await run('validate', good)).code).toBe(0)
    const refused = await run('validate', good, bad)
    expect(refused.code).toBe(1)
    expect(refused.out).toMatch(/CEB311-\w+-MISSING \/Order\/0\/OrderHead/)
    expect(refused.out).toMatch(/→ /)
  })

  it('answers machines in JSON', async () => {
    const { out } = await run('validate', good, bad, '--json')
    const [first, second] = JSON.parse(out) as { valid: boolean; faults: unknown[] }[]
    expect([first?.valid, second?.valid]).toEqual([true, false])
    expect(second?.faults.length).toBeGreaterThan(1)
  })

  it('says what is wrong with a file that is neither', async () => {
    expect((await run('validate', file('x.xml', '<!DOCTYPE a><a/>'))).code).toBe(1)
    expect((await run('validate', file('x.json', '{'))).code).toBe(1)
    const missing = await run('validate', join(folder, 'none.xml'))
    expect([missing.code, missing.err.length > 0]).toEqual([1, true])
  })
})

describe('yuguan sheet', () => {
  it('makes templates, which validate takes once they are filled in', async () => {
    const path = join(folder, 'template.xlsx')
    expect((await run('sheet', 'CEB311', 'CEB411', '-o', path)).code).toBe(0)
    const blank = await run('validate', path)
    expect([blank.code, blank.out.includes('SHEET-NO_DOCUMENTS')]).toEqual([1, true])
    const rows = rowsOf(getDeclaration('CEB311'), [order])
    const filled = file('CEB311.csv', csvOf(rows))
    expect((await run('validate', filled)).out).toMatch(/CEB311 × 1 合格/)
  })

  it('tells faults at their cells and marks them', async () => {
    const bad = { ...order, OrderHead: { ...order.OrderHead, orderType: 'X' } }
    const orders = file('orders.csv', csvOf(rowsOf(getDeclaration('CEB311'), [bad])))
    const nobody = await run('validate', orders)
    expect([nobody.code, nobody.out.includes('SHEET-KIND_UNKNOWN')]).toEqual([1, true])
    const marked = join(folder, 'marked.xlsx')
    const told = await run('validate', orders, '--kind', 'CEB311', '--marked', marked)
    expect(told.code).toBe(1)
    expect(told.out).toContain('CEB311-orderType-NOT_ALLOWED orders.csv!E3')
    // The marked workbook has the same fault, at the same cell.
    const again = await run('validate', marked, '--kind', 'CEB311', '--json')
    const [result] = JSON.parse(again.out) as { faults: { row: number; column: string }[] }[]
    expect(result?.faults.map(({ row, column }) => `${column}${row}`)).toEqual(['E3'])
  })

  it('knows what is handed in, and overwrites nothing unasked', async () => {
    for (const args of [['CEB312'], ['CEB31'], []])
      expect((await run('sheet', ...args)).code).toBe(2)
    const path = join(folder, 'there.xlsx')
    expect((await run('sheet', 'CEB411', '-o', path)).out).toBe(`${path}\n`)
    const piped = await run('sheet', 'CEB411', '-o', '-')
    expect([piped.code, piped.out.startsWith('PK')]).toEqual([0, true])
  })
})

describe('yuguan build, parse and schema', () => {
  it('go there and back without a loss', async () => {
    const built = await run('build', good)
    expect(built.code).toBe(0)
    expect(built.out).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<ceb:CEB311Message/)
    const parsed = await run('parse', file('built.xml', built.out))
    expect(parsed.code).toBe(0)
    const { kind, guid, documents } = JSON.parse(parsed.out) as Record<string, unknown>
    expect(kind).toBe('CEB311')
    expect(documents).toEqual([order, order])
    const again = await run('build', file('parsed.json', parsed.out), '--unsigned')
    expect(again.out).toBe(built.out.replace(/<ds:Signature.*<\/ds:Signature>/, ''))
    expect(typeof guid).toBe('string')
    // The signature is sound, though nobody knows its key.
    const verdict = verifyMessage(new TextEncoder().encode(built.out.trimEnd()))
    expect(verdict.kind).toBe('valid')
  })

  it('write no document with faults', async () => {
    const refused = await run('build', bad)
    expect([refused.code, refused.out]).toEqual([1, ''])
    expect(refused.err).toContain('CEB311-')
  })

  it('print a schema of a known kind', async () => {
    const schema = await run('schema', 'CEB621')
    expect([schema.code, schema.out.includes('CEB621Message')]).toEqual([0, true])
    expect((await run('schema', 'CEB999')).code).toBe(2)
  })
})

describe('yuguan totals', () => {
  it('is asked for one thing, and says what is wrong with months before it opens anything', async () => {
    for (const args of [
      [],
      ['place'],
      ['fly'],
      ['check', '--write'],
      ['rebuild', '--to', '2026-10'],
    ])
      expect((await run('totals', ...args)).code).toBe(2)
    for (const [code, ...months] of [
      ['PLACE-month-NO_SUCH', '2026-13'],
      ['PLACE-to-NO_SUCH', '2026-10', '--to', 'soon'],
      ['PLACE-to-BEFORE_MONTH', '2026-10', '--to', '2026-09'],
      ['PLACE-to-TOO_FAR', '2025-01', '--to', '2027-01'],
    ] as const) {
      const refused = await run('totals', 'place', '--month', ...months)
      expect([refused.code, refused.err.includes(code), refused.out]).toEqual([1, true, ''])
    }
  })
})
