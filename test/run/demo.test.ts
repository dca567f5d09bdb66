/**
 * The demonstration: its plan, its clock, and the command itself as a newcomer runs it, twice on the
 * same folder.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { declarations, notices } from '../../src/catalogue/index.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { stamp17 } from '../../src/kernel/clock.ts'
import { planDemo } from '../../src/run/demo/plan.ts'
import { createYearClock } from '../../src/run/demo/year-clock.ts'
import { fates } from '../../src/sim/fates.ts'
import { type DemoProcess, startDemo } from '../browser/demo-process.ts'
import { movingClock } from '../support/gateway.ts'

const NOW = new Date('2026-11-22T06:00:00.000Z')

const allOf = (plan: ReturnType<typeof planDemo>) => [
  ...plan.waves.flatMap((wave) => wave.consignments),
  ...plan.alone,
]

describe('the plan', () => {
  it('of 500 uses every zone, every mode of both directions and every mark of the office', () => {
    const all = allOf(planDemo(500, NOW))
    expect(new Set(all.map(({ zone }) => zone.code))).toEqual(
      new Set(zones.map(({ code }) => code)),
    )
    expect(new Set(all.map(({ direction, mode }) => `${direction} ${mode}`))).toEqual(
      new Set([
        ...['import 1210', 'import 9610'],
        ...['export 9610', 'export 1210', 'export 9710', 'export 9810'],
      ]),
    )
    const exports = all.filter(({ direction }) => direction === 'export')
    expect(exports).toHaveLength(125)
    expect(
      new Set(exports.map((each) => 'flag' in each && `${each.flag} ${each.currency}`)).size,
    ).toBe(4)
    const marks = new Set(all.map(({ fate }) => fate.mark))
    expect(fates.filter(({ mark }) => !marks.has(mark))).toEqual([])
  })

  it('makes exactly as many as asked for, in order of time, a fifth of them marked at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000 }),
        fc.date({ min: new Date('2025-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }),
        (count, now) => {
          const plan = planDemo(count, now)
          const all = allOf(plan)
          expect(new Set(all.map(({ n }) => n)).size).toBe(count)
          expect(all.filter(({ fate }) => fate.mark !== '').length).toBeLessThanOrEqual(count / 5)
          const moments = plan.waves.map(({ at }) => at?.getTime() ?? Number.POSITIVE_INFINITY)
          expect(moments).toEqual([...moments].sort((a, b) => a - b))
          expect(plan.waves.at(-1)?.at).toBeUndefined()
          expect(plan.start.getTime()).toBeLessThanOrEqual(now.getTime())
          expect(stamp17(plan.start).slice(0, 4)).toBe(stamp17(now).slice(0, 4))
        },
      ),
      { seed: 20261122, numRuns: 60 },
    )
  })

  it('places direct purchases only where a customs office decides the zone', () => {
    const direct = allOf(planDemo(800, NOW)).filter(
      ({ direction, mode }) => direction === 'import' && mode === '9610',
    )
    expect(direct.length).toBe(100)
    for (const { zone } of direct) expect(zone.offices.length).toBeGreaterThan(0)
  })
})

describe('the clock', () => {
  it('plays the year and ends at the real time, never ahead of it', () => {
    const real = movingClock('2026-11-22T06:00:00.000Z')
    const clock = createYearClock(real)
    expect(clock.now()).toEqual(real.now())
    clock.goTo(new Date('2026-03-10T02:00:00.000Z'))
    real.advance(5_000)
    expect(clock.now()).toEqual(new Date('2026-03-10T02:00:05.000Z'))
    clock.goTo(new Date('2027-01-01T00:00:00.000Z'))
    expect(clock.now()).toEqual(real.now())
    clock.goTo(new Date('2026-04-10T02:00:00.000Z'))
    clock.catchUp()
    expect(clock.now()).toEqual(real.now())
  })
})

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at by the tests alone
type Answer = any

/** Reads the interface as somebody of a desk. */
const readerOf = async (
  demo: DemoProcess,
  desk: Parameters<DemoProcess['personOf']>[0],
): Promise<(path: string) => Promise<Answer>> => {
  const headers = { 'content-type': 'application/json', origin: demo.url }
  const signedIn = await fetch(`${demo.url}/api/auth/sign-in/email`, {
    ...{ method: 'POST', headers, body: JSON.stringify(await demo.personOf(desk)) },
  })
  const cookie = signedIn.headers.getSetCookie().map((each) => each.split(';')[0])
  return async (path) => {
    const answer = await fetch(`${demo.url}/api/v1/${path}`, {
      headers: { cookie: cookie.join('; ') },
    })
    expect(answer.status, path).toBe(200)
    return answer.json()
  }
}

/** One in ten lists and fewer: not in so short a demonstration. */
const RARE = [
  ...['Cancellation of an import list', 'Cancellation of an export list'],
  ...['Export return', 'Tally of returned exports'],
]

describe('the command', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yuguan-demo-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** A first start makes a database; on a busy machine that takes a while. */
  const PATIENCE_MS = 240_000
  /** As the suites of the browser wait for a demonstration. */
  const START_MS = 420_000
  const PROGRAM = resolve(import.meta.dirname, '../../bin/yuguan.js')

  const demo = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
      const env = {
        PATH: process.env.PATH ?? '',
        DATA_DIR: folder,
        PORT: '0',
        DATABASE_URL: '',
      }
      execFile(process.execPath, [PROGRAM, 'demo', ...args], { env }, (error, stdout, stderr) => {
        done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
      })
    })

  it(
    'ends with every list as announced and the totals equal to the released lists',
    async () => {
      const { code, stdout, stderr } = await demo('--consignments', '60', '--exit', '--json')
      expect(stderr).toBe('')
      expect(code).toBe(0)
      const figures = JSON.parse(stdout)
      expect(figures).toMatchObject({ consignments: 60 })
      // Four documents of 45 imports, three of 15 exports, and what was done with their lists.
      expect(figures.documents).toBeGreaterThan(225)
      expect(figures.released + figures.rejected + figures.waiting).toBe(60)
      expect(figures.released).toBeGreaterThanOrEqual(48)
      expect(Number(figures.totals.trade)).toBeGreaterThan(0)
      expect(figures.totals.target).toBe('50000000000')
    },
    PATIENCE_MS,
  )

  it(
    'may be run again on the same folder and adds to its year',
    async () => {
      const { code, stdout } = await demo('--consignments', '24', '--exit')
      expect(stdout).toContain('全部符合预期')
      expect(code).toBe(0)
      // Of every kind that one or many lists are met with, and what customs told unasked.
      const missing = [...declarations.filter(({ acts }) => acts !== undefined), ...notices]
        .map(({ en }) => en)
        .filter((en) => !stdout.includes(en) && !RARE.includes(en))
      expect(missing).toEqual([])
    },
    PATIENCE_MS,
  )

  it(
    'leaves something to do on every desk: mandates, differences, settlements, a book, summaries',
    async () => {
      const running = await startDemo(60)
      try {
        const broker = await readerOf(running, 'broker')
        const mandates = await broker('mandates?lapsing=30')
        expect(mandates.mandates).toHaveLength(1)
        expect((await broker('mandates')).mandates).toHaveLength(2)
        const blocked = async () => (await broker('documents?state=blocked')).documents
        // Their companions are still on their way to customs and back.
        await expect.poll(blocked, { timeout: START_MS, interval: 500 }).toHaveLength(2)
        const documents = await blocked()
        for (const { orderNo } of documents) {
          const { comparisons } = await broker(`consignments/${orderNo}`)
          const verdicts = comparisons.map(({ verdict }: { verdict: string }) => verdict)
          expect(verdicts).toContain('differs')
        }
        const seller = await readerOf(running, 'seller')
        const { books } = await seller('bonded-books')
        expect(books).toHaveLength(1)
        const { items } = await seller(`bonded-books/${books[0].emsNo}`)
        expect(items.some(({ reserved }: { reserved: string }) => reserved !== '0')).toBe(true)
        const operator = await readerOf(running, 'operator')
        const { settlements } = await operator('settlements')
        expect(new Set(settlements.map(({ nature }: { nature: string }) => nature))).toEqual(
          new Set(['1', '3']),
        )
        // Nothing that was counted lacks a rate, and whoever looks sees that the rates are made up.
        for (const scope of ['declared', 'released', 'settled'])
          expect((await operator(`totals?by=month&scope=${scope}`)).gaps).toEqual([])
        const { rows } = await operator('reference/exchange-rates')
        expect(rows.length).toBeGreaterThan(0)
        for (const { source } of rows) expect(source).toContain('演示数据')
        const { openLines } = await operator('settlements/open?of=lines')
        expect(openLines.length).toBeGreaterThan(0)
      } finally {
        await running.stop()
      }
    },
    START_MS,
  )

  it('names a wrong number of consignments and does nothing', async () => {
    const { code, stderr } = await demo('--consignments', '0')
    expect(code).toBe(2)
    expect(stderr).toContain('--consignments')
  })
})
