/**
 * Settlement records: payment institutions and banks hand them in, change and withdraw them; whoever
 * they name looks at them, at what is open, and at their totals.
 */
import { z } from '@hono/zod-openapi'
import { settlement } from '../../catalogue/settlement.ts'
import type { HandedRow } from '../../flow/bonded-rows.ts'
import { type SettlementResult, takeSettlements } from '../../flow/settlements.ts'
import {
  openItems,
  readOpenCursor,
  registrationLine,
  settlementTotals,
} from '../../flow/settlements-totals.ts'
import { findSettlementView, listSettlementViews } from '../../flow/settlements-views.ts'
import { withdrawSettlement } from '../../flow/settlements-withdraw.ts'
import { chinaDay } from '../../kernel/clock.ts'
import { PAGE_ROWS_MAX } from '../../kernel/limits.ts'
import {
  SETTLEMENT_BODY_BYTES_MAX,
  SETTLEMENT_LINES_PER_REQUEST_MAX,
  SETTLEMENTS_PER_REQUEST_MAX,
} from '../../kernel/settlement-limits.ts'
import { isRecord, mediaTypeOf } from '../body.ts'
import { figuresReader, reader, writer } from '../callers.ts'
import { problemResponse } from '../problems.ts'
import { type RouteInput, route } from '../route.ts'
import { enterpriseQuery, pageQuery, plainText } from '../schemas.ts'
import {
  openItemsAnswer,
  registrationAnswer,
  settlementAnswer,
  settlementList,
  settlementsBody,
  settlementsTaken,
  settlementTotalsAnswer,
  settlementWithdrawn,
} from '../settlement-schemas.ts'
import { readTable, TABLE_MEDIA_TYPES } from '../table-rows.ts'
import { asOfMember, futureFault, isToCome } from './totals.ts'

const PATH = '/api/v1/settlements'
const OF_CALLER = ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'] as const
const BOUNDS = { rowsMax: SETTLEMENTS_PER_REQUEST_MAX, bytesMax: SETTLEMENT_BODY_BYTES_MAX }

export const handInSettlementsRoute = route(
  {
    method: 'post',
    path: PATH,
    summary: { zh: '提交或变更结算记录', en: 'Hand in settlement records, or change them' },
    access: 'documents:write',
    query: z.object({ enterprise: enterpriseQuery }),
    raw: {
      mediaTypes: TABLE_MEDIA_TYPES,
      schema: settlementsBody,
      description: {
        zh: `结算记录，最多 ${SETTLEMENTS_PER_REQUEST_MAX} 条；或按模板 ${settlement.code} 填写的表格`,
        en: `Records, at most ${SETTLEMENTS_PER_REQUEST_MAX}; or a sheet as the template ${settlement.code} says`,
      },
    },
    answers: {
      200: { description: { zh: '全部接收', en: 'All were taken' }, schema: settlementsTaken },
      207: { description: { zh: '部分接收', en: 'Some were taken' }, schema: settlementsTaken },
    },
    problems: [
      ...OF_CALLER,
      ...(['BODY-NOT-UTF8', 'BODY-NOT-JSON', 'BODY-WRONG-SHAPE', 'SHEET-UNREADABLE'] as const),
      ...(['SETTLEMENTS-TOO-MANY', 'SETTLEMENTS-REFUSED'] as const),
    ],
  },
  (input) =>
    // Opening a workbook takes memory and a core; JSON is as quick as any batch of documents.
    mediaTypeOf(input.c.req.raw) === 'application/json'
      ? takeIn(input)
      : input.inPlace('sheet', () => takeIn(input)),
)

type HandingIn = RouteInput<{ readonly enterprise?: string | undefined }, unknown>

const takeIn = async ({
  c,
  deps,
  query,
  identity,
  refuse,
  charge,
}: HandingIn): Promise<Response> => {
  const found = writer(identity(), query.enterprise)
  if (found.kind === 'refused') return refuse(found.code)
  const read = await readTable(c.req.raw, settlement, 'settlements', BOUNDS)
  if (read.kind === 'refused')
    return read.code === 'ROWS-TOO-MANY'
      ? refuse('SETTLEMENTS-TOO-MANY')
      : refuse(read.code, read.faults)
  if (linesOf(read.rows) > SETTLEMENT_LINES_PER_REQUEST_MAX) return refuse('SETTLEMENTS-TOO-MANY')
  const usedUp = await charge(read.rows.length)
  if (usedUp !== undefined) return usedUp
  const results = await takeSettlements(deps.flow, found.caller, read.rows)
  const taken = results.filter(({ id }) => id !== undefined).length
  const members = { taken, refused: results.length - taken, results }
  return taken === 0
    ? problemResponse(c, 'SETTLEMENTS-REFUSED', { faults: read.place(faultsOf(results)), members })
    : c.json(members, taken === results.length ? 200 : 207)
}

const faultsOf = (results: readonly SettlementResult[]) =>
  results.flatMap(({ index, faults = [] }) => faults.map((fault) => ({ index, fault })))

const linesOf = (rows: readonly HandedRow[]): number =>
  rows.reduce((sum, { record }) => {
    const lines = isRecord(record) ? record.SettlementList : undefined
    return sum + (Array.isArray(lines) ? lines.length : 0)
  }, 0)

/** Letters and digits of the two sorts of codes. */
const sellerQuery = z
  .string()
  .regex(/^[0-9A-Z]{10}$|^[0-9A-Z]{18}$/)
  .optional()
const monthQuery = z.string().regex(/^\d{4}(?:0[1-9]|1[0-2])$/)

export const listSettlementsRoute = route(
  {
    method: 'get',
    path: PATH,
    summary: { zh: '结算记录列表', en: 'List settlement records' },
    access: 'documents:read',
    query: z.object({
      year: z.coerce.number().int().min(2000).max(2999).optional(),
      month: monthQuery.optional().openapi({ description: '起息月份 yyyyMM / of the value date' }),
      direction: z.enum(['1', '2', '3', '4']).optional(),
      seller: sellerQuery,
      number: z
        .string()
        .min(1)
        .max(60)
        .regex(/^[^\0]*$/)
        .optional(),
      state: z.enum(['in-force', 'withdrawn']).optional(),
      currency: z
        .string()
        .regex(/^\d{3}$/)
        .optional(),
      institution: plainText.min(1).max(64).optional().openapi({
        description: '结算机构，即 institution / the institution, as the answer names it',
      }),
      counted: z
        .enum(['true', 'false'])
        .transform((given) => given === 'true')
        .optional()
        .openapi({
          type: 'string',
          description:
            '只看计入统计的：未撤销，且非还原 / only what counts: in force, and not restored',
        }),
      asOf: asOfMember,
      enterprise: enterpriseQuery,
      ...pageQuery,
    }),
    answers: {
      200: {
        description: { zh: '一页，最新的在前', en: 'A page, newest first' },
        schema: settlementList,
      },
    },
    problems: OF_CALLER,
  },
  async ({ c, deps, query: { enterprise, ...asked }, identity, refuse }) => {
    const found = reader(identity(), enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (isToCome(deps.flow, asked.asOf)) return refuse('QUERY-WRONG', [futureFault])
    return c.json(await listSettlementViews(deps.flow, found.caller, asked))
  },
)

export const findSettlementRoute = route(
  {
    method: 'get',
    path: `${PATH}/{id}`,
    summary: { zh: '结算记录及其明细、变更', en: 'A settlement record, its lines and its history' },
    access: 'documents:read',
    query: z.object({ enterprise: enterpriseQuery }),
    answers: {
      200: { description: { zh: '结算记录', en: 'The record' }, schema: settlementAnswer },
    },
    problems: OF_CALLER,
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const view = await findSettlementView(deps.flow, found.caller, param('id'))
    return view === undefined ? refuse('NOT-FOUND') : c.json(view)
  },
)

export const withdrawSettlementRoute = route(
  {
    method: 'post',
    path: `${PATH}/{id}/withdraw`,
    summary: { zh: '撤销结算记录', en: 'Withdraw a settlement record' },
    access: 'documents:write',
    query: z.object({ enterprise: enterpriseQuery }),
    json: z.strictObject({ reason: z.string().trim().min(1).max(200) }),
    answers: {
      200: { description: { zh: '已撤销', en: 'Withdrawn' }, schema: settlementWithdrawn },
    },
    problems: [...OF_CALLER, 'SETTLEMENT-OVER', 'SETTLEMENT-NOT-WITHDRAWN'],
  },
  async ({ c, deps, query, body, identity, param, refuse }) => {
    const found = writer(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const done = await withdrawSettlement(deps.flow, found.caller, param('id'), body.reason)
    switch (done.kind) {
      case 'withdrawn':
        return c.json({ id: done.id, version: done.version })
      case 'unknown':
        return refuse('NOT-FOUND')
      case 'over':
        return refuse('SETTLEMENT-OVER')
      case 'wrong':
        return refuse('SETTLEMENT-NOT-WITHDRAWN', done.faults)
    }
  },
)

export const settlementTotalsRoute = route(
  {
    method: 'get',
    path: `${PATH}/totals`,
    summary: { zh: '结算统计（逐项勾稽）', en: 'Totals of settlements, which tie' },
    access: 'totals:read',
    limit: 'report',
    query: z.object({
      year: z.coerce.number().int().min(2000).max(2999).optional(),
      month: monthQuery.optional(),
      asOf: asOfMember,
      enterprise: enterpriseQuery,
    }),
    answers: {
      200: {
        description: {
          zh: '按月份、币制、机构；总额 = 费用 + 净额 = 已对应 + 未对应明细',
          en: 'By month, currency and institution: gross = costs + net = lines with and without a list',
        },
        schema: settlementTotalsAnswer,
      },
    },
    problems: OF_CALLER,
  },
  async ({ c, deps, query: { year, month, asOf, enterprise }, identity, refuse }) => {
    const who = identity()
    const found = figuresReader(who, enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (isToCome(deps.flow, asOf)) return refuse('QUERY-WRONG', [futureFault])
    const of = year ?? Number(chinaDay(asOf ?? deps.flow.clock.now()).slice(0, 4))
    const months =
      month === undefined ? { from: `${of}01`, to: `${of}12` } : { from: month, to: month }
    const opensRecords = who.operator || !who.opensTotals
    const asked = { ...months, asOf, enterprise }
    return c.json(await settlementTotals(deps.flow, found.caller, asked, opensRecords))
  },
)

/** A day or a position, and an id. */
const CURSOR_LENGTH_MAX = 60

export const openItemsRoute = route(
  {
    method: 'get',
    path: `${PATH}/open`,
    summary: { zh: '未结项目', en: 'What is open: lists not settled, lines without a list' },
    access: 'totals:read',
    limit: 'report',
    query: z
      .object({
        of: z.enum(['lists', 'lines']).optional().openapi({
          description: '分页列出清单（缺省）或明细 / the page lists open lists, or open lines',
        }),
        cursor: z
          .string()
          .max(CURSOR_LENGTH_MAX)
          .optional()
          .openapi({ description: '上一页的 next / `next` of the page before' }),
        limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).optional(),
        asOf: asOfMember,
        enterprise: enterpriseQuery,
      })
      .refine(
        ({ of = 'lists', cursor }) =>
          cursor === undefined || readOpenCursor(cursor, of) !== undefined,
        { path: ['cursor'] },
      ),
    answers: {
      200: {
        description: { zh: '按账龄与币制汇总，及一页明细', en: 'By age and currency, and a page' },
        schema: openItemsAnswer,
      },
    },
    problems: OF_CALLER,
  },
  async ({ c, deps, query: { enterprise, of = 'lists', ...page }, identity, refuse }) => {
    const found = figuresReader(identity(), enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (isToCome(deps.flow, page.asOf)) return refuse('QUERY-WRONG', [futureFault])
    return c.json(await openItems(deps.flow, found.caller, { of, ...page }))
  },
)

export const registrationLineRoute = route(
  {
    method: 'get',
    path: `${PATH}/registration-line`,
    summary: {
      zh: '年度收付汇接近或超过登记线的商户',
      en: 'Sellers near or above the line of registration',
    },
    access: 'totals:read',
    limit: 'report',
    query: z.object({
      year: z.coerce.number().int().min(2000).max(2999).optional(),
      asOf: asOfMember,
      enterprise: enterpriseQuery,
    }),
    answers: {
      200: {
        description: {
          zh: '金额大者在前；缺少汇率的写明缺口',
          en: 'The greatest first; missing rates are told',
        },
        schema: registrationAnswer,
      },
    },
    problems: OF_CALLER,
  },
  async ({ c, deps, query: { enterprise, ...asked }, identity, refuse }) => {
    const found = figuresReader(identity(), enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (isToCome(deps.flow, asked.asOf)) return refuse('QUERY-WRONG', [futureFault])
    return c.json(await registrationLine(deps.flow, found.caller, asked))
  },
)
