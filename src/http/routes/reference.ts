/**
 * Reference tables: whoever is known may look at them, operators load them from CSV. A file is taken
 * whole or not at all, and the same file a second time changes nothing.
 */
import { z } from '@hono/zod-openapi'
import { findReferenceTable, referenceTables } from '../../catalogue/reference/index.ts'
import { encodingOf } from '../../codec/sheet/encoding.ts'
import { loadReference, readCursor, referenceCsv, showReference } from '../../flow/reference.ts'
import { readStamp } from '../../kernel/clock.ts'
import { REFERENCE_BYTES_MAX, REFERENCE_PAGE_ROWS_MAX } from '../../kernel/reference-limits.ts'
import { isEncoded, mediaTypeOf, readBytes } from '../body.ts'
import { charsetOf } from '../form.ts'
import { problemResponse } from '../problems.ts'
import { referenceLoaded, referenceView } from '../reference-schemas.ts'
import { route } from '../route.ts'
import { dryRunQuery } from '../schemas.ts'

const CSV = 'text/csv'

const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .refine((text) => readStamp(text.replaceAll('-', '')) !== undefined)

const names = referenceTables.map(({ name }) => name).join(', ')

const showQuery = z.object({
  on: day.optional().openapi({ description: '适用日，默认今天 / day the rows hold on, today' }),
  all: z
    .enum(['true', 'false'])
    .optional()
    .openapi({ description: '显示所有日期的行 / rows of every day' }),
  hs: z
    .string()
    .regex(/^\d{2,10}$/)
    .optional()
    .openapi({
      description: '商品编码；显示适用于它的行 / tariff code; shows the rows that it falls under',
    }),
  format: z.enum(['json', 'csv']).optional().openapi({
    description: 'csv：可修改后重新上传的文件 / csv: a file that can be edited and loaded again',
  }),
  cursor: z
    .string()
    .max(2_000)
    .refine((text) => referenceTables.some((table) => readCursor(table, text) !== undefined))
    .optional()
    .openapi({ description: '上一页的 next / `next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(REFERENCE_PAGE_ROWS_MAX).optional(),
})

export const showReferenceRoute = route(
  {
    method: 'get',
    path: '/api/v1/reference/{name}',
    summary: { zh: `参考数据表(${names})`, en: `A reference table (${names})` },
    access: 'signed-in',
    query: showQuery,
    answers: {
      200: {
        description: { zh: '一页行及其列', en: 'A page of rows, and the columns' },
        schema: referenceView,
        or: CSV,
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, query, param, identity, refuse }) => {
    const table = findReferenceTable(param('name'))
    if (table === undefined) return refuse('NOT-FOUND')
    // Of what speaks of others an enterprise learns not even that it is there.
    if (table.sight === 'operator' && !identity().operator) return refuse('NOT-FOUND')
    const { format, all, ...asked } = query
    const shown = await showReference(deps.flow, table, { ...asked, all: all === 'true' })
    // Who among the operators loaded it is nothing to the enterprises.
    const loadedBy = identity().operator ? shown.loadedBy : null
    if (format !== 'csv') return c.json({ ...shown, loadedBy })
    return c.body(referenceCsv(table, shown.rows), 200, {
      'content-type': `${CSV}; charset=utf-8`,
      'content-disposition': `attachment; filename="yuguan-${table.name}.csv"`,
      ...(shown.next === null ? {} : { 'yuguan-next': shown.next }),
    })
  },
)

const loadQuery = z.object({
  dryRun: dryRunQuery,
  replace: z.enum(['true', 'false']).optional().openapi({
    description:
      '同一生效日而文件未列出的行一并删除 / rows with the same first day that the file lacks go',
  }),
  source: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: '未填来源的行的来源 / source of rows that name none' }),
  from: day
    .optional()
    .openapi({ description: '未填生效日的行的生效日 / first day of rows that name none' }),
})

export const loadReferenceRoute = route(
  {
    method: 'post',
    path: '/api/v1/reference/{name}',
    summary: { zh: '装载参考数据', en: 'Load a reference table' },
    access: 'operator',
    query: loadQuery,
    raw: {
      mediaTypes: [CSV],
      description: {
        zh: 'CSV(UTF-8、GB18030)，第一行为列名；有一处错误则全部不装载',
        en: 'CSV (UTF-8, GB18030) with the names of its columns first; nothing is loaded of a file with an error',
      },
    },
    answers: {
      200: { description: { zh: '已装载', en: 'Loaded' }, schema: referenceLoaded },
    },
    problems: ['NOT-FOUND', 'REFERENCE-REFUSED'],
  },
  async ({ c, deps, query, param, identity, refuse, audit }) => {
    const table = findReferenceTable(param('name'))
    const { raw } = c.req
    if (isEncoded(raw) || mediaTypeOf(raw) !== CSV) return refuse('CONTENT-TYPE-WRONG')
    const read = await readBytes(raw, REFERENCE_BYTES_MAX)
    if (read.kind === 'problem') return refuse(read.code)
    if (table === undefined) return refuse('NOT-FOUND')
    const { source, from: validFrom } = query
    const dryRun = query.dryRun === 'true'
    const loaded = await loadReference(deps.flow, {
      table,
      bytes: once(read.bytes),
      declared: encodingOf(charsetOf(raw)),
      given: { source, validFrom },
      replace: query.replace === 'true',
      dryRun,
      by: identity().userId ?? 'key',
    })
    if (loaded.kind === 'refused')
      return problemResponse(c, 'REFERENCE-REFUSED', {
        faults: loaded.faults,
        members: { errors: loaded.errors },
      })
    if (!dryRun) await audit(deps.flow.db, { what: 'reference-loaded', subject: table.name })
    const { counts, faults } = loaded
    return c.json({ name: table.name, dryRun, ...counts, faults })
  },
)

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
