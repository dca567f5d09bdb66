/** `yuguan report`: the report of a month as files, where the gateway runs. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { main } from '../../src/run/cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuguan-report-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A first start makes a database; on a busy machine that takes a while. */
const PATIENCE_MS = 120_000
const PROGRAM = resolve(import.meta.dirname, '../../bin/yuguan.js')

const run = (...args: readonly string[]) =>
  new Promise<{ code: number; out: string }>((done) => {
    const env = { PATH: process.env.PATH ?? '', DATA_DIR: join(folder, 'data'), DATABASE_URL: '' }
    execFile(process.execPath, [PROGRAM, 'report', ...args], { env }, (error, out) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, out })
    })
  })

it(
  'writes the files of an edition that it publishes',
  async () => {
    const out = join(folder, 'reports')
    const made = await run('--month', '2024-02', '--publish', '--out', out)
    expect(made.code).toBe(0)
    expect(readdirSync(out).sort()).toEqual([
      ...['YG-2024-02-01.json', 'YG-2024-02-01.pdf', 'YG-2024-02-01.xlsx'],
    ])
    const { publication } = JSON.parse(readFileSync(join(out, 'YG-2024-02-01.json'), 'utf8'))
    expect(made.out).toContain(publication.sha256)
  },
  PATIENCE_MS,
)

it('ends with 2 when the command line is wrong', async () => {
  for (const args of [
    [],
    ['--month', '2024-13'],
    ['--month', '2024-01', '--as-of', '2024-02-01'],
    ['--month', '2024-01', '--format', 'docx'],
  ])
    expect(await main(['report', ...args], {})).toBe(2)
})
