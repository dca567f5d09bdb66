/**
 * Bonded account books (1210): registering one, its items with their stock, what is entered by hand,
 * the log, and physical counts. Warehouses and their agents keep them; the operator looks on.
 */
import { z } from '@hono/zod-openapi'
import { bondedCount, bondedItems, bondedLines } from '../../catalogue/bonded-book.ts'
import type { Table } from '../../catalogue/message.ts'
import {
  findBookView,
  listBookViews,
  readBookCursor,
  registerBook,
  visibleBook,
} from '../../flow/bonded-books.ts'
import { type CountTaken, takeCount } from '../../flow/bonded-counts.ts'
import { putBookItems } from '../../flow/bonded-items.ts'
import { type Entering, enterMovements, listMovementViews } from '../../flow/bonded-movements.ts'
import { isId } from '../../kernel/ids.ts'
import { PAGE_ROWS_MAX } from '../../kernel/limits.ts'
import type { BookRow } from '../../store/bonded-books.ts'
import {
  bookAnswer,
  bookItems,
  bookList,
  countBody,
  countReport,
  entryFacts,
  entryQuery,
  itemsBody,
  itemsPut,
  movementKindQuery,
  movementList,
  movementsBody,
  movementsEntered,
  wantedBook,
} from '../bonded-schemas.ts'
import { reader, writer } from '../callers.ts'
import { problemResponse } from '../problems.ts'
import { checkShape, type RouteInput, type RouteSpec, route } from '../route.ts'
import { enterpriseQuery } from '../schemas.ts'
import { readTable, TABLE_MEDIA_TYPES, TABLE_PROBLEMS, type TableRead } from '../table-rows.ts'

/** Of 30 characters, each of at most three bytes. */
const CURSOR_LENGTH_MAX = 120

/** Pages go by the numbers of books and items. */
const numberPage = {
  cursor: z
    .string()
    .max(CURSOR_LENGTH_MAX)
    .refine((cursor) => readBookCursor(cursor) !== undefined)
    .optional()
    .openapi({ description: '上一页的 next / `next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).optional(),
}

const OF_CALLER = ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'] as const

export const listBooksRoute = route(
  {
    method: 'get',
    path: '/api/v1/bonded-books',
    summary: { zh: '保税账册列表', en: 'List bonded books' },
    access: 'documents:read',
    query: z.object({
      zone: z.string().min(1).max(40).optional(),
      enterprise: enterpriseQuery,
      ...numberPage,
    }),
    answers: { 200: { description: { zh: '一页', en: 'A page' }, schema: bookList } },
    problems: OF_CALLER,
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    return c.json(await listBookViews(deps.flow, found.caller, query))
  },
)

export const registerBookRoute = route(
  {
    method: 'post',
    path: '/api/v1/bonded-books',
    summary: { zh: '登记保税账册', en: 'Register a bonded book' },
    access: 'documents:write',
    query: z.object({ enterprise: enterpriseQuery }),
    json: wantedBook,
    answers: {
      200: { description: { zh: '早已如此登记', en: 'It was registered so' }, schema: bookAnswer },
      201: { description: { zh: '已登记', en: 'Registered' }, schema: bookAnswer },
    },
    problems: [...OF_CALLER, 'BOOK-INVALID', 'BOOK-EXISTS'],
  },
  async ({ c, deps, query, body, identity, refuse }) => {
    const found = writer(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const given = await registerBook(deps.flow, found.caller, body)
    switch (given.kind) {
      case 'registered':
        return c.json(given.book, 201)
      case 'known':
        return c.json(given.book)
      case 'taken':
        return refuse('BOOK-EXISTS')
      case 'wrong':
        return refuse('BOOK-INVALID', given.faults)
    }
  },
)

export const findBookRoute = route(
  {
    method: 'get',
    path: '/api/v1/bonded-books/{emsNo}',
    summary: { zh: '账册料件与库存', en: 'A bonded book: its items and their stock' },
    access: 'documents:read',
    query: z.object({ enterprise: enterpriseQuery, ...numberPage }),
    answers: {
      200: { description: { zh: '一页料件', en: 'A page of its items' }, schema: bookItems },
    },
    problems: OF_CALLER,
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const view = await findBookView(deps.flow, found.caller, param('emsNo'), query)
    return view === undefined ? refuse('NOT-FOUND') : c.json(view)
  },
)

export const listMovementsRoute = route(
  {
    method: 'get',
    path: '/api/v1/bonded-books/{emsNo}/movements',
    summary: { zh: '账册变动日志', en: 'The log of a bonded book' },
    access: 'documents:read',
    query: z.object({
      item: z.string().min(1).max(30).optional(),
      document: z
        .string()
        .refine(isId)
        .optional()
        .openapi({ description: '单证编号 / id of the document' }),
      kind: movementKindQuery,
      enterprise: enterpriseQuery,
      cursor: z
        .string()
        .regex(/^\d{1,18}$/)
        .optional()
        .openapi({ description: '上一页的 next / `next` of the page before' }),
      limit: numberPage.limit,
    }),
    answers: {
      200: {
        description: { zh: '一页,最新的在前', en: 'A page, newest first' },
        schema: movementList,
      },
    },
    problems: OF_CALLER,
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const book = await visibleBook(deps.flow, found.caller, param('emsNo'))
    if (book === undefined) return refuse('NOT-FOUND')
    return c.json(await listMovementViews(deps.flow, book, query))
  },
)

/** What the routes that take rows have in common. */
const rowsSpec = (what: { readonly zh: string; readonly en: string }, schema: z.ZodType) =>
  ({
    access: 'documents:write',
    place: 'sheet',
    raw: { mediaTypes: TABLE_MEDIA_TYPES, description: what, schema },
    problems: [...OF_CALLER, ...TABLE_PROBLEMS],
  }) as const satisfies Partial<RouteSpec<unknown, unknown>>

type Input<Q> = RouteInput<Q & { readonly enterprise?: string | undefined }, unknown>
type Rows = Extract<TableRead, { kind: 'rows' }>

/** Finds the book and reads the rows, or refuses; then `keep` does what is asked for. */
const withRows = async <Q>(
  { c, deps, query, identity, param, refuse, charge }: Input<Q>,
  table: Table,
  member: string,
  keep: (book: BookRow, entering: Entering, read: Rows) => Promise<Response>,
): Promise<Response> => {
  const found = writer(identity(), query.enterprise)
  if (found.kind === 'refused') return refuse(found.code)
  const { caller } = found
  const read = await readTable(c.req.raw, table, member)
  if (read.kind === 'refused') return refuse(read.code, read.faults)
  const usedUp = await charge(read.rows.length)
  if (usedUp !== undefined) return usedUp
  const book = await visibleBook(deps.flow, caller, param('emsNo'))
  if (book === undefined) return refuse('NOT-FOUND')
  return keep(book, { caller, userId: identity().userId }, read)
}

export const putItemsRoute = route(
  {
    ...rowsSpec(
      {
        zh: '料件,或按模板 BONDED-ITEMS 填写的表格',
        en: 'Items, or a sheet filled in as the template BONDED-ITEMS says',
      },
      itemsBody,
    ),
    method: 'put',
    path: '/api/v1/bonded-books/{emsNo}/items',
    summary: {
      zh: '登记或更改料件(未列出的保持不变)',
      en: 'Register or change items; those not named stay',
    },
    query: z.object({ enterprise: enterpriseQuery }),
    answers: { 200: { description: { zh: '已保存', en: 'Stored' }, schema: itemsPut } },
  },
  (input) =>
    withRows(input, bondedItems, 'items', async (book, _entering, { rows, place }) => {
      const given = await putBookItems(input.deps.flow, book, rows)
      return given.kind === 'put'
        ? input.c.json({ items: given.items })
        : input.refuse('ROWS-REFUSED', place(given.faults))
    }),
)

const LINES = {
  zh: '料号与数量,或同样内容的表格',
  en: 'Items and quantities, or a sheet of them',
}

const lines = rowsSpec(LINES, movementsBody)

export const enterMovementsRoute = route(
  {
    ...lines,
    method: 'post',
    path: '/api/v1/bonded-books/{emsNo}/movements',
    summary: { zh: '记入入区或调整', en: 'Enter goods that came in, or an adjustment' },
    query: z.object({ ...entryQuery, enterprise: enterpriseQuery }),
    answers: {
      200: { description: { zh: '早已记入', en: 'Entered before' }, schema: movementsEntered },
      201: { description: { zh: '已记入', en: 'Entered' }, schema: movementsEntered },
    },
    problems: [...lines.problems, 'MOVEMENT-NUMBER-USED'],
  },
  (input) =>
    withRows(input, bondedLines, 'lines', async (book, entering, { rows, place, beside }) => {
      const { enterprise: _, ...asked } = input.query
      const facts = checkShape(entryFacts, { ...asked, ...beside }, 'BODY')
      if (facts.kind === 'faults') return input.refuse('BODY-WRONG-SHAPE', facts.faults)
      const { number, kind, reason } = facts.value
      const wanted = { number, kind, reason, rows }
      const given = await enterMovements(input.deps.flow, book, entering, wanted)
      if (given.kind === 'number-used') return input.refuse('MOVEMENT-NUMBER-USED')
      if (given.kind === 'wrong')
        return input.refuse('ROWS-REFUSED', [...given.ofAll, ...place(given.faults)])
      const { movements, duplicate } = given
      return input.c.json({ number, movements, duplicate }, duplicate ? 200 : 201)
    }),
)

const count = rowsSpec(
  {
    zh: '实盘数量,或按模板 BONDED-COUNT 填写的表格',
    en: 'What was found, or a sheet filled in as the template BONDED-COUNT says',
  },
  countBody,
)

export const takeCountRoute = route(
  {
    ...count,
    method: 'post',
    path: '/api/v1/bonded-books/{emsNo}/counts',
    summary: {
      zh: '盘点:查看差异,或将其入账',
      en: 'A physical count: look at the differences, or book them',
    },
    query: z.object({
      apply: z.enum(['true', 'false']).optional().openapi({
        description:
          '入账;须附预览答复中的 at 与 token / books it; with at and token of the report',
      }),
      token: z.string().min(1).max(60).optional(),
      at: z.iso.datetime({ offset: true }).optional().openapi({
        description: '盘点时间,缺省为现在 / the moment of the count; now when left out',
      }),
      enterprise: enterpriseQuery,
    }),
    answers: {
      200: {
        description: { zh: '差异报告', en: 'The report of differences' },
        schema: countReport,
      },
    },
    problems: [...count.problems, 'COUNT-CHANGED'],
  },
  (input) =>
    withRows(input, bondedCount, 'lines', async (book, entering, { rows, place }) => {
      const { apply, token = '', at } = input.query
      const wanted = {
        rows,
        at: at === undefined ? undefined : new Date(at),
        apply: apply === 'true' ? { token } : undefined,
      }
      return countAnswer(input, await takeCount(input.deps.flow, book, entering, wanted), place)
    }),
)

const countAnswer = (
  { c }: Pick<RouteInput<unknown, unknown>, 'c'>,
  given: CountTaken,
  place: Rows['place'],
): Response => {
  switch (given.kind) {
    case 'report':
      return c.json(given.report)
    case 'changed':
      return problemResponse(c, 'COUNT-CHANGED', { members: { report: given.report } })
    case 'wrong':
      return problemResponse(c, 'ROWS-REFUSED', {
        faults: [...given.ofAll, ...place(given.faults)],
      })
  }
}
