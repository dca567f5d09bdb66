/** The first page as a reader gets it: languages, figures, and what must not be in it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMeter } from '../../src/flow/meter.ts'
import type { Totals } from '../../src/flow/types.ts'
import { addTarget } from '../../src/store/year-targets.ts'
import { exactAmount, wholeCount } from '../../src/web/figures.ts'
import { createPages } from '../../src/web/pages.ts'
import { type TestApp, testApp } from '../http/app.ts'
import { movingClock, START } from '../support/gateway.ts'
import { sampleTargets, sampleTotals } from './sample-totals.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp({ register: 'none', clock: movingClock(START) })
  const row = {
    ...{ recorded: '202610', scope: 'released', dim: '', key: '', direction: 'import' },
    currency: '142',
  }
  await app.database.db
    .insertInto('ledger_sum')
    .values([
      {
        ...row,
        zone: 'CQ-LLGY',
        trade_mode: '1210',
        month: '202603',
        count: '41',
        amount: '8200.5',
      },
      { ...row, zone: 'CQ-XY', trade_mode: '9610', month: '202610', count: '3', amount: '612.75' },
      { ...row, zone: '', trade_mode: '9610', month: '202603', count: '1', amount: '0.01' },
      // As many merchants as a figure that anybody sees is to be of; of what no rule places, too few.
      ...['CQ-LLGY', 'CQ-XY'].flatMap((zone) =>
        ['5000000001', '5000000002', '5000000003'].map((key) => ({
          ...{ ...row, dim: 'merchant', key, zone, count: '1', amount: '1' },
          ...(zone === 'CQ-XY'
            ? { trade_mode: '9610', month: '202610' }
            : { trade_mode: '1210', month: '202603' }),
        })),
      ),
    ])
    .execute()
  await addTarget(app.database.db, {
    ...{ year: '2026', zone: '', amount: '50000000000', validFrom: '2026-01-01', validTo: null },
    ...{ confidence: 'I', source: 'synthetic', note: '' },
  })
})
afterAll(() => app.close())

const page = async (path = '/', headers: Record<string, string> = {}): Promise<string> =>
  (await app.fetch(path, { headers })).text()

/** Text between tags, as a reader sees it. */
const textOf = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

describe('the theme', () => {
  it.each(['/', '/status', '/docs', '/docs/messages/CEB311', '/problems/NOT-FOUND'])(
    'chosen at a desk is that of %s too',
    async (path) => {
      const themeOf = async (cookie: string) =>
        /<html[^>]* data-theme="(\w+)"/.exec(await page(path, { cookie }))?.[1]
      expect(await themeOf('yuguan_theme=dark')).toBe('dark')
      expect(await themeOf('yuguan_theme=light')).toBe('light')
      expect(await themeOf('yuguan_theme="><b>')).toBeUndefined()
    },
  )
})

describe('the first page', () => {
  it('leads to the wall, the desks, the status and the interface', async () => {
    const html = await page()
    for (const path of ['/wall', '/desk', '/status', '/docs'])
      expect(html).toContain(`href="${path}"`)
  })
})

describe('one measure', () => {
  it.each(['/', '/wall'])(
    'is that of the target, with its forecast and outcome: %s',
    async (path) => {
      const pages = createPages({
        ...{ clock: movingClock(START), meter: createMeter(), version: 'test' },
        targets: async (query) => sampleTargets(query),
        totals: async (query) => sampleTotals(query),
      })
      const text = textOf(await (await pages.request(path)).text())
      expect(text).toContain('交易及结算')
      expect(text).not.toContain('已放行')
      expect(text).toContain('32 亿元')
      expect(text).toContain('30 亿元 至 34 亿元')
      expect(text).toContain('按日推算')
      expect(text).toContain('按推算年底差 46,800,000,000.00 元')
    },
  )

  it('says so where its parts may not be told', async () => {
    const pages = createPages({
      ...{ clock: movingClock(START), meter: createMeter(), version: 'test' },
      targets: async (query) => sampleTargets(query),
      totals: async (query) => ({ ...sampleTotals(query), scope: 'released' as const }),
    })
    for (const path of ['/', '/wall'])
      expect(textOf(await (await pages.request(path)).text())).toContain('以下分项为已放行')
  })
})

describe('language', () => {
  it('is Chinese unless somebody asks for another', async () => {
    const html = await page('/', { 'accept-language': 'en' })
    expect(html).toContain('<html lang="zh-CN">')
    expect(html).toContain('<title>渝关 · 重庆跨境电商单一窗口</title>')
  })

  it('is English when asked for, and stays so', async () => {
    const response = await app.fetch('/?lang=en')
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^yuguan_lang=en; .*HttpOnly; SameSite=Lax$/)
    const html = await page('/', { cookie: cookie.split(';')[0] ?? '' })
    expect(html).toContain('<html lang="en">')
    expect(textOf(html)).toContain('Progress to the 2026 target')
  })

  it('is not set by a value that is no language', async () => {
    const response = await app.fetch('/?lang=%3Cscript%3E')
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(await response.text()).toContain('<html lang="zh-CN">')
  })

  it('has every Chinese word replaced in the English page but names and sources', async () => {
    const html = await page('/?lang=en')
    const { definition } = (await (await app.fetch('/api/v1/targets')).json()) as Totals
    // The document that the definition goes back to has a Chinese name.
    const chinese =
      textOf(html)
        .replace(definition.en, '')
        .match(/[\u4e00-\u9fff]+/g) ?? []
    expect(chinese).toEqual(['中文'])
  })
})

describe('figures', () => {
  it('are those of the interface, to the fen', async () => {
    const text = textOf(await page())
    for (const by of ['zone', 'month'] as const) {
      const answer = await app.fetch(`/api/v1/totals?by=${by}&scope=policy`)
      // The route's own shape.
      const totals = (await answer.json()) as Totals
      expect(totals.rows.length).toBeGreaterThan(1)
      for (const row of totals.rows) {
        expect(text).toContain(
          `${row.label.zh} ${wholeCount(row.count)} ${exactAmount(row.amount)} `,
        )
      }
      expect(text).toContain(`合计 45 ${exactAmount(totals.total.amount)} `)
    }
  })

  it('name their scope, definition, sources, year and moment', async () => {
    const text = textOf(await page())
    expect(text).toContain('2026年目标进度 · 交易及结算')
    expect(text).toContain('截至 2026-10-15 10:00:00（北京时间）')
    expect(text).toContain('统计口径 交易及结算 ')
    expect(text).toContain('数据来源 CEB603、CEB604')
    expect(text).toContain('目标 500 亿元')
  })

  it('have a table beside each chart, with a caption and headed rows and columns', async () => {
    const html = await page()
    const tables = html.match(/<table.*?<\/table>/gs) ?? []
    expect(tables).toHaveLength(2)
    for (const table of tables) {
      expect(table).toMatch(/<caption>.+<\/caption>/)
      expect(table).toContain('<th scope="col">')
      expect(table).toContain('<th scope="row">')
    }
    expect(html.match(/<svg aria-hidden="true"/g)).toHaveLength(4)
  })

  it('are told without a target where the year has none', async () => {
    const pages = createPages({
      clock: movingClock(START),
      meter: createMeter(),
      version: 'test',
      targets: async (query) => ({
        ...sampleTargets(query),
        ...{ target: null, progress: null, left: null },
      }),
      totals: async (query) => sampleTotals(query),
    })
    const text = textOf(await (await pages.request('/')).text())
    expect(text).toContain('2026年交易及结算')
    expect(text).toContain('本年度未设目标')
  })

  it('stand on a page of a year without trade too', async () => {
    const pages = createPages({
      clock: movingClock(START),
      meter: createMeter(),
      version: 'test',
      targets: async (query) => sampleTargets(query),
      totals: async (query) => ({
        ...sampleTotals(query),
        rows: [],
        total: { count: 0, amount: '0' },
      }),
    })
    const text = textOf(await (await pages.request('/')).text())
    expect(text).toContain('本年度还没有数据')
  })
})

describe('the page', () => {
  it('is guarded by a policy without any inline or foreign source', async () => {
    const response = await app.fetch('/')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("style-src 'self'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
  })

  it('keeps within that policy: no inline style, script or handler', async () => {
    for (const html of [await page(), await page('/?lang=en')]) {
      expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i)
      for (const script of html.match(/<script.*?<\/script>/gs) ?? []) {
        expect(script).toMatch(/^<script type="module" src="\/assets\/[^"]+"><\/script>$/)
      }
    }
  })

  it('names no address of another host but the name spaces of SVG', async () => {
    const addresses = (await page()).match(/(?:https?:)?\/\/[\w.-]+[^"'\s<]*/g) ?? []
    const foreign = addresses.filter((address) => !address.startsWith('http://www.w3.org/'))
    expect(foreign).toEqual([])
  })

  it('writes names from the database as text, in tables and charts', async () => {
    const pages = createPages({
      clock: movingClock(START),
      meter: createMeter(),
      version: 'test',
      targets: async (query) => sampleTargets(query),
      totals: async (query) => sampleTotals(query),
    })
    for (const lang of ['zh', 'en']) {
      const html = await (await pages.request(`/?lang=${lang}`)).text()
      expect(html).not.toContain('<script>alert')
      expect(html).not.toContain('<b onclick')
      expect(html.match(/&lt;(?:script&gt;alert|b onclick)/g)?.length).toBeGreaterThan(1)
    }
  })

  it('says which rates are missing, and nothing where none is', async () => {
    const gap = { currency: '502', month: '202610', count: 3, amount: '12.5' }
    const pageWith = async (gaps: Totals['gaps'], lang: string) => {
      const pages = createPages({
        ...{ clock: movingClock(START), meter: createMeter(), version: 'test' },
        targets: async (query) => ({ ...sampleTargets(query), gaps }),
        totals: async (query) => sampleTotals(query),
      })
      return textOf(await (await pages.request(`/?lang=${lang}`)).text())
    }
    expect(await pageWith([gap], 'zh')).toContain('缺少海关汇率（美元 2026-10），这部分')
    expect(await pageWith([gap], 'en')).toMatch(/no customs rate is known for [^;]+ 2026-10; these/)
    const many = Array.from({ length: 7 }, (_, i) => ({ ...gap, month: `20260${i + 1}` }))
    expect(await pageWith(many, 'zh')).toContain('美元 2026-06、…）')
    expect(await pageWith([], 'zh')).not.toContain('缺少海关汇率')
  })

  it('offers its figures as events', async () => {
    const response = await app.fetch('/live')
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(await response.text()).toContain('event: totals\ndata: {"year":')
  })

  it('has an icon of its own', async () => {
    const response = await app.fetch('/icon.svg')
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
    expect(await response.text()).toMatch(/^<svg /)
  })
})
