/**
 * Sheets: a template for every kind, and handing in what was filled into one. The answer tells every
 * fault at its cell, as JSON or in the same workbook with the faults marked.
 */
import { z } from '@hono/zod-openapi'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { findDeclaration } from '../../catalogue/index.ts'
import type { Declaration } from '../../catalogue/message.ts'
import { findSheetEntry } from '../../catalogue/sheet-entries.ts'
import { encodingOf } from '../../codec/sheet/encoding.ts'
import { markSheets } from '../../codec/sheet/mark.ts'
import { XLSX } from '../../codec/sheet/parts.ts'
import { type Reading, readSheets } from '../../codec/sheet/read.ts'
import { writeTemplate } from '../../codec/sheet/template.ts'
import { takeDocuments } from '../../flow/intake.ts'
import type { Caller, IntakeAnswer, IntakeOptions } from '../../flow/types.ts'
import { date8, stamp14 } from '../../kernel/clock.ts'
import { SHEET_BYTES_MAX, SHEET_CSV_BYTES_MAX, SHEET_MARKS_MAX } from '../../kernel/limits.ts'
import { isEncoded, mediaTypeOf } from '../body.ts'
import { writer } from '../callers.ts'
import { charsetOf, FORM, fileOf } from '../form.ts'
import { idempotencyHeader, intakeOptions, replayedHeader } from '../idempotency.ts'
import { problemResponse } from '../problems.ts'
import { type RouteInput, route } from '../route.ts'
import { dryRunQuery, enterpriseQuery } from '../schemas.ts'
import { sheetAnswer } from '../sheet-schemas.ts'
import { type SheetBatch, type SheetsTaken, takeSheets } from '../sheets.ts'

/** What a template is called, and how long it may be kept: codes change by the day. */
const TEMPLATE_SECONDS = 3_600

export const templateRoute = route(
  {
    method: 'get',
    path: '/api/v1/sheets/{kind}.xlsx',
    summary: { zh: '下载单证模板', en: 'The template of a kind' },
    access: 'public',
    query: z.object({
      with: z
        .string()
        .max(200)
        .optional()
        .openapi({ description: '更多单证,以逗号分隔 / more kinds, with commas between' }),
    }),
    answers: {
      200: { description: { zh: '模板工作簿', en: 'A workbook' }, mediaType: XLSX },
    },
    problems: ['NOT-FOUND'],
  },
  ({ c, deps, query, param, refuse }) => {
    const codes = [param('kind').replace(/\.xlsx$/, ''), ...(query.with ?? '').split(',')]
    const wanted = [...new Set(codes.filter((code) => code !== ''))]
    const entries = wanted.map((code) => findSheetEntry(code))
    if (!entries.every((entry) => entry !== undefined)) return refuse('NOT-FOUND')
    const template = writeTemplate(entries, date8(deps.flow.clock.now()))
    return c.body(template, 200, {
      'content-type': XLSX,
      'content-disposition': `attachment; filename="yuguan-${wanted[0]}.xlsx"`,
      'cache-control': `public, max-age=${TEMPLATE_SECONDS}`,
    })
  },
)

const query = z.object({
  dryRun: dryRunQuery,
  answer: z.enum(['json', 'workbook']).optional().openapi({
    description:
      'workbook 返回标出错误的同一工作簿,也可用 Accept 头 / workbook: the same workbook with its faults marked; Accept says the same',
  }),
  enterprise: enterpriseQuery,
})

type Input = RouteInput<z.infer<typeof query>, unknown>

const answers = {
  200: { description: { zh: '全部接收', en: 'All were taken' }, schema: sheetAnswer, or: XLSX },
  207: {
    description: {
      zh: '部分接收;标出错误的工作簿也以此返回',
      en: 'Some were taken, or the workbook with its faults',
    },
    schema: sheetAnswer,
    or: XLSX,
  },
}

export const handInSheetRoute = route(
  {
    method: 'post',
    path: '/api/v1/sheets/{kind}',
    summary: { zh: '提交表格(XLSX、CSV)', en: 'Hand in a sheet (XLSX, CSV)' },
    access: 'documents:write',
    place: 'sheet',
    query,
    raw: {
      mediaTypes: [XLSX, 'text/csv', 'application/vnd.ms-excel', FORM],
      description: {
        zh: '按模板填写的工作簿或 CSV(UTF-8、GB18030);表单中为一个文件',
        en: 'A workbook or CSV (UTF-8, GB18030) filled in as the template says; one file in a form',
      },
    },
    headers: idempotencyHeader,
    answers,
    problems: [
      'KIND-UNKNOWN',
      'SHEET-UNREADABLE',
      'DOCUMENTS-REFUSED',
      'IDEMPOTENCY-KEY-REUSED',
      'IDEMPOTENCY-KEY-WRONG',
      'ENTERPRISE-NOT-CHOSEN',
      'NOT-FOUND',
    ],
  },
  async (input) => {
    const found = writer(input.identity(), input.query.enterprise)
    if (found.kind === 'refused') return input.refuse(found.code)
    const { raw } = input.c.req
    if (isEncoded(raw) || !takes(raw)) return input.refuse('CONTENT-TYPE-WRONG')
    const isWorkbook = mediaTypeOf(raw) === XLSX || wantsWorkbook(input)
    const bytesMax = isWorkbook ? SHEET_BYTES_MAX : SHEET_CSV_BYTES_MAX
    if (Number(raw.headers.get('content-length') ?? 0) > bytesMax)
      return input.refuse('BODY-TOO-LARGE')
    const entry = findDeclaration(input.param('kind'))
    if (entry === undefined) return input.refuse('KIND-UNKNOWN')
    if (batchOptions(input, undefined) === undefined) return input.refuse('IDEMPOTENCY-KEY-WRONG')
    return handIn(input, found.caller, entry)
  },
)

const takes = (request: Request): boolean =>
  [XLSX, 'text/csv', 'application/vnd.ms-excel', FORM].includes(mediaTypeOf(request))

const wantsWorkbook = ({ c, query: { answer } }: Input): boolean =>
  answer === undefined ? (c.req.header('accept') ?? '').includes(XLSX) : answer === 'workbook'

const handIn = async (input: Input, caller: Caller, entry: Declaration): Promise<Response> => {
  const { c, deps } = input
  const { clock, ids } = deps.flow
  const asWorkbook = wantsWorkbook(input)
  const reading = await readSheets(fileOf(c.req.raw), {
    entry,
    name: entry.code,
    declared: encodingOf(charsetOf(c.req.raw)),
    keep: asWorkbook,
    blanks: { guid: () => ids.next().toUpperCase(), appTime: () => stamp14(clock.now()) },
  })
  const taken = await takeSheets(reading, {
    marksMax: asWorkbook ? SHEET_MARKS_MAX : 0,
    take: (batch) => takeBatch(input, caller, batch),
  })
  if (taken.kind === 'key-reused') return input.refuse('IDEMPOTENCY-KEY-REUSED')
  return asWorkbook && reading.canBeMarked()
    ? workbookAnswer(input, entry, reading, taken)
    : jsonAnswer(input, reading, taken)
}

/** Each batch has a key and a hash of its own: a repeated upload repeats them one by one. */
const takeBatch = async (
  input: Input,
  caller: Caller,
  batch: SheetBatch,
): Promise<IntakeAnswer> => {
  const options = batchOptions(input, batch)
  if (options === undefined) throw new Error('the key was looked at before')
  await input.slowDown(batch.handed.length)
  return takeDocuments(input.deps.flow, caller, batch.handed, options)
}

/** Undefined when the key is not usable. A blank keeps it apart from keys that users can choose. */
const batchOptions = (input: Input, batch: SheetBatch | undefined): IntakeOptions | undefined => {
  const { c, query: asked } = input
  const hasKey = c.req.header('idempotency-key') !== undefined
  const content = new TextEncoder().encode(hasKey ? (batch?.content() ?? '') : '')
  const options = intakeOptions(c, content, asked.dryRun === 'true')
  if (options?.idempotency === undefined || batch === undefined) return options
  const { key, requestHash } = options.idempotency
  return { ...options, idempotency: { key: `${key} ${batch.number}`, requestHash } }
}

type Taken = Extract<SheetsTaken, { kind: 'taken' }>

const jsonAnswer = ({ c }: Input, reading: Reading, { summary, replayed }: Taken): Response => {
  const headers = replayed ? replayedHeader : {}
  const { taken, refused, errors, faults, ...members } = summary
  if (taken === 0 && errors > 0) {
    const isTooLong = reading.opened === undefined && faults[0]?.code === 'SHEET-TOO_LONG'
    const code = refused > 0 ? 'DOCUMENTS-REFUSED' : 'SHEET-UNREADABLE'
    return problemResponse(c, isTooLong ? 'BODY-TOO-LARGE' : code, {
      faults,
      members: { taken, refused, errors, ...members },
      headers,
    })
  }
  return c.body(JSON.stringify(summary), statusOf(summary), {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  })
}

const statusOf = ({ refused, errors }: Taken['summary']): ContentfulStatusCode =>
  refused + errors === 0 ? 200 : 207

const workbookAnswer = (
  { c }: Input,
  entry: Declaration,
  reading: Reading,
  { summary, marks, replayed }: Taken,
): Response =>
  c.body(markSheets(reading, marks, summary), statusOf(summary), {
    'content-type': XLSX,
    'content-disposition': `attachment; filename="yuguan-${entry.code}-result.xlsx"`,
    'yuguan-taken': String(summary.taken),
    'yuguan-refused': String(summary.refused),
    'yuguan-errors': String(summary.errors),
    'yuguan-warnings': String(summary.warnings),
    ...(replayed ? replayedHeader : {}),
  })
