/**
 * What a figure of the totals counts: its documents page by page, or all of them as a file. Whom the
 * operator gave a key for the totals sees all of them, an enterprise its own.
 */

import { z } from '@hono/zod-openapi'
import { billedLists } from '../../flow/billed-lists.ts'
import { countedDocument } from '../../flow/counted-document.ts'
import { exportRows } from '../../flow/exports.ts'
import { csvOf } from '../../flow/exports-csv.ts'
import { parquetOf } from '../../flow/exports-parquet.ts'
import { countedDocuments, type TotalsReader } from '../../flow/totals-documents.ts'
import { PAGE_ROWS } from '../../kernel/limits.ts'
import type { Identity } from '../accounts.ts'
import { reader } from '../callers.ts'
import { bodyOf } from '../pieces.ts'
import type { ProblemCode } from '../problems.ts'
import { route } from '../route.ts'
import { enterpriseQuery } from '../schemas.ts'
import {
  billedAnswer,
  billedQuery,
  countedAnswer,
  countedDocumentAnswer,
  countedQuery,
  sliceOfQuery,
  sliceQuery,
} from '../totals-document-schemas.ts'

type ReaderFound =
  | { readonly kind: 'reader'; readonly reader: TotalsReader }
  | { readonly kind: 'refused'; readonly code: ProblemCode }

const totalsReader = (identity: Identity, as: string | undefined): ReaderFound => {
  if (identity.opensTotals && !identity.operator) return { kind: 'reader', reader: 'all' }
  const found = reader(identity, as)
  return found.kind === 'refused' ? found : { kind: 'reader', reader: found.caller }
}

export const totalsDocumentsRoute = route(
  {
    method: 'get',
    path: '/api/v1/totals/documents',
    summary: { zh: '统计数字所含单证', en: 'The documents that a figure counts' },
    access: 'totals:read',
    limit: 'report',
    query: countedQuery,
    answers: {
      200: {
        description: {
          zh: '一页单证和结算，及其合计；无个人信息',
          en: 'A page of documents and settlements with what they add up to; nothing personal',
        },
        schema: countedAnswer,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = totalsReader(identity(), query.as)
    if (found.kind === 'refused') return refuse(found.code)
    const { cursor, limit = PAGE_ROWS, ...slice } = query
    const page = { cursor, limit }
    return c.json(await countedDocuments(deps.flow, found.reader, sliceOfQuery(slice), page))
  },
)

export const countedDocumentRoute = route(
  {
    method: 'get',
    path: '/api/v1/totals/documents/{id}',
    summary: { zh: '统计所含的一份单证', en: 'One document that a figure counts' },
    access: 'totals:read',
    limit: 'report',
    query: z.object({ as: enterpriseQuery }),
    answers: {
      200: {
        description: {
          zh: '单证及历程，个人信息已遮盖，不含海关回执原文',
          en: 'The document with its story, personal values masked and free texts of customs left out',
        },
        schema: countedDocumentAnswer,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = totalsReader(identity(), query.as)
    if (found.kind === 'refused') return refuse(found.code)
    const document = await countedDocument(deps.flow, found.reader, param('id'))
    return document === undefined ? refuse('NOT-FOUND') : c.json(document)
  },
)

export const billedListsRoute = route(
  {
    method: 'get',
    path: '/api/v1/totals/billed',
    summary: { zh: '税款数字所含清单', en: 'The lists that a figure of taxes counts' },
    access: 'totals:read',
    limit: 'report',
    query: billedQuery,
    answers: {
      200: {
        description: {
          zh: '一页有税单的清单及其合计；无个人信息',
          en: 'A page of lists that were billed with what they add up to; nothing personal',
        },
        schema: billedAnswer,
      },
    },
    problems: ['SCOPE-MISSING'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    if (!identity().opensTotals) return refuse('SCOPE-MISSING')
    const { cursor, limit = PAGE_ROWS, ...asked } = query
    return c.json(await billedLists(deps.flow, asked, { cursor, limit }))
  },
)

const CSV = 'text/csv'
const PARQUET = 'application/vnd.apache.parquet'

export const exportCsvRoute = route(
  {
    method: 'get',
    path: '/api/v1/totals/export.csv',
    summary: { zh: '统计数字所含单证，CSV', en: 'The documents that a figure counts, as CSV' },
    access: 'totals:read',
    limit: 'report',
    place: 'export',
    query: sliceQuery,
    answers: {
      200: {
        description: {
          zh: 'UTF-8（带 BOM），每份单证每个币种一行',
          en: 'UTF-8 with a byte order mark, a row for each document and currency',
        },
        mediaType: CSV,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  ({ c, deps, query, identity, refuse }) => {
    const found = totalsReader(identity(), query.as)
    if (found.kind === 'refused') return refuse(found.code)
    const rows = exportRows(deps.flow, found.reader, sliceOfQuery(query))
    return c.body(bodyOf(csvOf(rows)), 200, fileHeaders(`${CSV}; charset=utf-8`, 'csv'))
  },
)

export const exportParquetRoute = route(
  {
    method: 'get',
    path: '/api/v1/totals/export.parquet',
    summary: {
      zh: '统计数字所含单证，Parquet',
      en: 'The documents that a figure counts, as Apache Parquet',
    },
    access: 'totals:read',
    limit: 'report',
    place: 'export',
    query: sliceQuery,
    answers: {
      200: {
        description: {
          zh: '有类型的列：金额为 DECIMAL，时刻为 UTC',
          en: 'Typed columns: amounts are DECIMAL, moments UTC',
        },
        mediaType: PARQUET,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  ({ c, deps, query, identity, refuse }) => {
    const found = totalsReader(identity(), query.as)
    if (found.kind === 'refused') return refuse(found.code)
    const rows = exportRows(deps.flow, found.reader, sliceOfQuery(query))
    const bytes = parquetOf(rows, `yuguan ${deps.version}`)
    return c.body(bodyOf(bytes), 200, fileHeaders(PARQUET, 'parquet'))
  },
)

const fileHeaders = (type: string, ending: string): Record<string, string> => ({
  'content-type': type,
  'content-disposition': `attachment; filename="yuguan-totals.${ending}"`,
  'cache-control': 'no-store',
})
