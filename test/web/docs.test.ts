/**
 * The documentation pages as a reader without script gets them: every kind, every field, every link,
 * in both languages, from our own process alone.
 */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { codeLists } from '../../src/catalogue/code-lists/index.ts'
import { messages } from '../../src/catalogue/index.ts'
import type { Message } from '../../src/catalogue/message.ts'
import { exampleOf } from '../../src/codec/example.ts'
import { fieldPageOf } from '../../src/codec/field-page.ts'
import { createMeter } from '../../src/flow/meter.ts'
import { routes } from '../../src/http/app.ts'
import { problems } from '../../src/http/problems.ts'
import { createPages } from '../../src/web/pages.ts'
import { movingClock, START } from '../support/gateway.ts'
import { sampleTargets, sampleTotals } from './sample-totals.ts'

const entries: readonly Message[] = messages
const pages = createPages({
  clock: movingClock(START),
  meter: createMeter(),
  version: 'test',
  targets: async (query) => sampleTargets(query),
  totals: async (query) => sampleTotals(query),
  routes,
})

const known = new Map<string, Promise<{ status: number; html: string }>>()
const fetchPage = (path: string) => {
  const kept = known.get(path)
  if (kept !== undefined) return kept
  const fresh = (async () => {
    const response = await pages.request(path)
    return { status: response.status, html: await response.text() }
  })()
  known.set(path, fresh)
  return fresh
}

const unescaped = (html: string): string =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

/** Text between tags, as a reader sees it. */
const textOf = (html: string): string =>
  unescaped(html.replaceAll(/<[^>]+>/g, ' ')).replaceAll(/\s+/g, ' ')

describe('a page of a kind', () => {
  it.each(entries.map((entry) => [entry.code, entry] as const))(
    '%s tells every field with an anchor, every note, and an example to copy',
    async (code, entry) => {
      const { status, html } = await fetchPage(`/docs/messages/${code}`)
      expect(status).toBe(200)
      expect(html).toContain('<html lang="zh-CN">')
      expect(html).toContain(`<title>${code} ${entry.zh} · 渝关</title>`)
      const text = textOf(html)
      for (const { name: group, rows } of fieldPageOf(entry).groups)
        for (const { name, zh, note } of rows) {
          expect(html).toContain(`id="${group === undefined ? name : `${group}.${name}`}"`)
          expect(text).toContain(` ${name} ${zh} `)
          if (note !== undefined) expect(text).toContain(note.replaceAll(/\s+/g, ' '))
        }
      expect(unescaped(html)).toContain(JSON.stringify(exampleOf(entry), null, 2))
      expect(unescaped(html)).toContain(`<ceb:${code}Message `)
    },
  )

  it('is English when asked for', async () => {
    const { html } = await fetchPage('/docs/messages/CEB621?lang=en')
    expect(html).toContain('<html lang="en">')
    expect(html).toContain('<title>CEB621 Import list · Yuguan</title>')
    const text = textOf(html)
    expect(text).toContain('Handed in by declarant ( agentCode )')
    expect(text).toContain('when tradeMode = 1210')
    expect(text).not.toMatch(/必填|报送企业|办结/)
  })

  it('gives the schema as it is committed', async () => {
    for (const name of ['CEB311', 'CEB900', 'xmldsig']) {
      const { html: xsd } = await fetchPage(`/docs/messages/${name}.xsd`)
      const committed = new URL(`../../schemas/${name}.xsd`, import.meta.url)
      expect(xsd).toBe(readFileSync(committed, 'utf8'))
    }
  })
})

describe('the lists', () => {
  it('name every message, field, code list, route and problem', async () => {
    const { html: kinds } = await fetchPage('/docs/messages')
    for (const { code, zh } of entries) {
      expect(kinds).toContain(`href="/docs/messages/${code}"`)
      if (!/回执/.test(zh)) expect(kinds).toContain(zh)
    }
    const { html: fields } = await fetchPage('/docs/fields')
    const names = new Set(
      entries.flatMap((entry) =>
        fieldPageOf(entry).groups.flatMap(({ rows }) => rows.map(({ name }) => name)),
      ),
    )
    for (const name of names) expect(fields).toContain(`<code>${name}</code>`)
    const { html: lists } = await fetchPage('/docs/code-lists')
    for (const { id, count } of codeLists) {
      expect(lists).toContain(`href="/docs/code-lists/${id}"`)
      const { html } = await fetchPage(`/docs/code-lists/${id}`)
      expect(html.match(/<tr>/g)).toHaveLength(count + 1)
    }
    const { html: interfacePage } = await fetchPage('/docs')
    for (const { spec } of routes) expect(textOf(interfacePage)).toContain(spec.path)
    const { html: problemsPage } = await fetchPage('/problems')
    for (const code of Object.keys(problems)) expect(problemsPage).toContain(code)
  })

  it('are searched by name, Chinese name and code', async () => {
    const response = await pages.request('/docs/fields.json?v=test')
    expect(response.headers.get('cache-control')).toContain('max-age')
    // The shape that the script of the pages reads.
    const { fields, kinds } = (await response.json()) as {
      fields: { name: string; zh: string[]; at: string[] }[]
      kinds: { code: string }[]
    }
    expect(kinds).toHaveLength(entries.length)
    expect(fields.find(({ name }) => name === 'acturalPaid')).toEqual({
      name: 'acturalPaid',
      zh: ['实际支付金额'],
      at: ['CEB311#OrderHead.acturalPaid'],
    })
  })

  it('say that there is no such thing', async () => {
    for (const path of [
      '/docs/messages/CEB999',
      '/docs/messages/CEB999.xsd',
      '/docs/code-lists/hs',
      '/problems/NOTHING',
      '/docs/messages/constructor',
    ])
      expect((await fetchPage(path)).status).toBe(404)
  })
})

describe('all pages', () => {
  const found = new Set(['/docs', '/docs?lang=en'])

  beforeAll(async () => {
    // A set can grow while it is walked.
    for (const path of found) {
      const { html } = await fetchPage(path)
      for (const [, href = ''] of html.matchAll(/ href="([^"]+)"/g)) {
        const [address = ''] = href.split('#')
        if (/^\/(?:docs|problems)(?:\/|$)/.test(address)) found.add(address)
      }
    }
  })

  it('are reached from the first, and no link is dead', async () => {
    expect(found.size).toBeGreaterThan(entries.length + codeLists.length)
    for (const path of found) {
      const { status, html } = await fetchPage(path)
      expect(`${path} ${status}`).toBe(`${path} 200`)
      for (const [, href = ''] of html.matchAll(/ href="([^"]*#[^"]+)"/g)) {
        const [address = '', anchor] = href.split('#')
        if (anchor === 'main') continue
        const target = address === '' ? { html } : await fetchPage(address)
        expect(target.html, `${path}: ${href}`).toContain(`id="${anchor}"`)
      }
    }
  })

  it('hold nothing inline and nothing from elsewhere', async () => {
    for (const path of found) {
      const { html } = await fetchPage(path)
      expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i)
      expect(html).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//)
    }
  })

  it('are short enough to be read on a slow line', async () => {
    for (const { code } of entries) {
      const { html } = await fetchPage(`/docs/messages/${code}`)
      expect(html.length).toBeLessThan(64 * 1024)
    }
  })
})
