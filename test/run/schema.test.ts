/** `yuguan schema`: every kind as XSD, JSON schema and example, and help for whoever mistypes a code. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { messages } from '../../src/catalogue/index.ts'
import { main } from '../../src/run/cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuguan-schema-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.restoreAllMocks())

const run = async (...argv: readonly string[]) => {
  let [out, err] = ['', '']
  vi.spyOn(console, 'log').mockImplementation((text) => {
    out += `${text}\n`
  })
  vi.spyOn(console, 'error').mockImplementation((text) => {
    err += `${text}\n`
  })
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  const code = await main(argv, {})
  vi.restoreAllMocks()
  return { code, out, err }
}

describe('yuguan schema', () => {
  it('lists every kind once, with both names', async () => {
    const { code, out } = await run('schema')
    expect(code).toBe(0)
    for (const entry of messages) {
      expect(out.split('\n')).toContain(`  ${entry.code}  ${entry.zh} / ${entry.en}`)
      expect(out.match(new RegExp(`^ {2}${entry.code} `, 'gm'))).toHaveLength(1)
    }
    const listed = JSON.parse((await run('schema', '--json')).out) as { code: string }[]
    expect(listed.map((kind) => kind.code)).toEqual(messages.map((entry) => entry.code))
  })

  it.each(messages.map((entry) => entry.code))('%s in every form', async (code) => {
    const committed = readFileSync(new URL(`../../schemas/${code}.xsd`, import.meta.url), 'utf8')
    expect((await run('schema', code)).out).toBe(committed)
    const json = JSON.parse((await run('schema', code, '--json')).out) as { title: string }
    expect(json.title).toBe(code)
    for (const minimal of [[], ['--minimal']]) {
      for (const [flag, name] of [
        ['--example', 'x.json'],
        ['--xml', 'x.xml'],
      ] as const) {
        const example = await run('schema', code, flag, ...minimal)
        expect(example.code).toBe(0)
        const path = join(folder, name)
        writeFileSync(path, example.out)
        const validated = await run('validate', path)
        expect([validated.code, validated.err]).toEqual([0, ''])
      }
    }
  })

  it('understands a code by its digits, in small letters, or as the root element', async () => {
    const { out } = await run('schema', 'CEB621')
    for (const name of ['621', 'ceb621', 'CEB621Message'])
      expect((await run('schema', name)).out).toBe(out)
  })

  it('names the nearest kinds to whoever mistypes one', async () => {
    const { code, err } = await run('schema', 'CEB612')
    expect(code).toBe(2)
    expect(err).toMatch(/CEB612/)
    expect(err.match(/^ {2}CEB\d{3} {2}.+ \/ .+$/gm)?.length).toBe(3)
    expect((await run('schema', 'constructor')).err).toMatch(/constructor.*yuguan schema/)
  })

  it('refuses what does not go together', async () => {
    for (const argv of [
      ['CEB311', 'CEB312'],
      ['CEB311', '--json', '--xml'],
      ['CEB311', '--minimal'],
      ['--example'],
      ['CEB311', '--fly'],
    ]) {
      const { code, out } = await run('schema', ...argv)
      expect([code, out]).toEqual([2, ''])
    }
  })
})
