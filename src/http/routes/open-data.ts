/**
 * Open data for whoever wants it: without a key, kept by caches until the next edition, and asked for
 * again at no cost by its ETag.
 */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { OPEN_CATALOG, OPEN_CSV, OPEN_JSON, openCatalog, openCsv } from '../../flow/open-catalog.ts'
import { editionMoment, type OpenTotals, openTotals } from '../../flow/open-data.ts'
import { OPEN_AGE_SECONDS_MAX, OPEN_EDITION_HOURS } from '../../kernel/open-limits.ts'
import { openCatalogAnswer, openQuery, openTotalsAnswer } from '../open-schemas.ts'
import { type AppDeps, type AppEnv, route } from '../route.ts'

const UNCHANGED = {
  304: { description: { zh: '与 If-None-Match 所示相同', en: 'The same as If-None-Match names' } },
}
const headers = {
  'if-none-match': { zh: '已有版本的 ETag', en: 'ETag of the edition that is there already' },
}

export const openTotalsRoute = route(
  {
    method: 'get',
    path: OPEN_JSON,
    summary: { zh: '开放数据：统计', en: 'Open data: totals' },
    access: 'public',
    limit: 'report',
    query: openQuery,
    headers,
    answers: {
      200: {
        description: {
          zh: '按月、监管区域、监管方式、进出口；每日一版',
          en: 'By month, zone, mode and direction; an edition a day',
        },
        schema: openTotalsAnswer,
      },
      ...UNCHANGED,
    },
  },
  async ({ c, deps, query }) =>
    edition(c, deps, 'application/json; charset=utf-8', await openTotals(deps.flow, query.year)),
)

export const openCsvRoute = route(
  {
    method: 'get',
    path: OPEN_CSV,
    summary: { zh: '开放数据：统计，CSV', en: 'Open data: totals as CSV' },
    access: 'public',
    limit: 'report',
    query: openQuery,
    headers,
    answers: {
      200: {
        description: { zh: 'UTF-8（带 BOM）', en: 'UTF-8 with a byte order mark' },
        mediaType: 'text/csv',
      },
      ...UNCHANGED,
    },
  },
  async ({ c, deps, query }) => {
    const content = readEdition(await openTotals(deps.flow, query.year))
    return edition(c, deps, 'text/csv; charset=utf-8', openCsv(content))
  },
)

export const openCatalogRoute = route(
  {
    method: 'get',
    path: OPEN_CATALOG,
    summary: { zh: '开放数据目录（DCAT）', en: 'Catalogue of open data (DCAT)' },
    access: 'public',
    limit: 'report',
    query: openQuery,
    headers,
    answers: {
      200: {
        description: { zh: '数据集的说明与下载地址', en: 'What there is, and where it lies' },
        schema: openCatalogAnswer,
      },
      ...UNCHANGED,
    },
  },
  async ({ c, deps, query }) => {
    const content = readEdition(await openTotals(deps.flow, query.year))
    const base = deps.publicUrl?.replace(/\/$/, '') ?? ''
    const told = `${JSON.stringify(openCatalog(content, base))}\n`
    return edition(c, deps, 'application/json; charset=utf-8', told)
  },
)

const readEdition = (text: string): OpenTotals => JSON.parse(text)

const edition = (c: Context<AppEnv>, deps: AppDeps, type: string, body: string): Response => {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
  const shared = {
    etag,
    'cache-control': `public, max-age=${secondsLeft(deps)}`,
    'access-control-allow-origin': '*',
  }
  const known = (c.req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim())
  const isKnown = known.some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)
  return isKnown
    ? c.body(null, 304, shared)
    : c.body(body, 200, { ...shared, 'content-type': type })
}

/** Until the next edition, but no longer than a cache should believe us. */
const secondsLeft = ({ flow }: AppDeps): number => {
  const now = flow.clock.now()
  const next = editionMoment(now).getTime() + OPEN_EDITION_HOURS * 3_600_000
  return Math.min(OPEN_AGE_SECONDS_MAX, Math.max(1, Math.floor((next - now.getTime()) / 1000)))
}
