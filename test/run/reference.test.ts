/** `yuguan reference`: loading and showing reference data where the gateway runs. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'yuguan-reference-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A first start makes a database; on a busy machine that takes a while. */
const PATIENCE_MS = 120_000
const PROGRAM = resolve(import.meta.dirname, '../../bin/yuguan.js')

const run = (...args: readonly string[]) =>
  new Promise<{ code: number; out: string }>((done) => {
    const env = { PATH: process.env.PATH ?? '', DATA_DIR: join(folder, 'data'), DATABASE_URL: '' }
    const argv = [PROGRAM, 'reference', ...args]
    execFile(process.execPath, argv, { env }, (error, stdout) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout })
    })
  })

const file = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

it(
  'loads a file, tells the faults of another by the cell, and shows what is there as a file',
  async () => {
    const days = file('days.csv', '日期,休息\n2027-10-01,是\n2027-10-09,否\n')
    const loaded = await run('load', 'rest-days', days, '--source', 'sample')
    expect([loaded.code, loaded.out]).toEqual([0, expect.stringMatching(/\+2 ~0 =0 -0/)])
    const wrong = file('wrong.csv', 'day,rests\n2027-10-32,maybe\n')
    const refused = await run('load', 'rest-days', wrong, '--source', 'sample')
    expect(refused.code).toBe(1)
    expect(refused.out).toMatch(/REFERENCE-day-WRONG_FORM A2[\s\S]*REFERENCE-rests-WRONG_FORM B2/)
    expect((await run('show', 'rest-days')).out).toBe(
      'day,rests,source\r\n2027-10-01,yes,sample\r\n2027-10-09,no,sample\r\n',
    )
  },
  PATIENCE_MS,
)

it('ends with 2 when the command line is wrong', async () => {
  for (const args of [
    ['load', 'nothing', 'x.csv'],
    ['load', 'rest-days'],
    ['show', 'rest-days', '--on', 'today'],
  ])
    expect((await run(...args)).code).toBe(2)
})
