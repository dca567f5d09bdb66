/**
 * Monthly reports: published by the operator; read and signed off by him and by whom he gave a key for
 * the totals, for they name enterprises. Every edition can be fetched as PDF, workbook and JSON.
 */
import { z } from '@hono/zod-openapi'
import { XLSX } from '../../codec/sheet/parts.ts'
import {
  draftReport,
  findEdition,
  listReports,
  publishReport,
  signOffReport,
} from '../../flow/reports.ts'
import { isId } from '../../kernel/ids.ts'
import { PAGE_ROWS } from '../../kernel/limits.ts'
import type { ReportWriter } from '../../reports/model.ts'
import type { Identity } from '../accounts.ts'
import {
  languageQuery,
  publication,
  publishRequest,
  reportAnswer,
  reportDraft,
  reportList,
  reportQuery,
  signOffRequest,
} from '../report-schemas.ts'
import { type RouteInput, route } from '../route.ts'
import { dryRunQuery } from '../schemas.ts'

const PDF = 'application/pdf'

export const publishReportRoute = route(
  {
    method: 'post',
    path: '/api/v1/reports',
    summary: { zh: '发布月度报告', en: 'Publish the report of a month' },
    access: 'operator',
    limit: 'report',
    query: z.object({ dryRun: dryRunQuery }),
    json: publishRequest,
    answers: {
      200: {
        description: {
          zh: '与上一版没有差异，未产生新版，返回上一版；dryRun 时为草稿的数字，月度未结束也可',
          en: 'No line differs from the last edition, which is told; there is no new one. With dryRun the figures of a draft, also of a month that has not ended',
        },
        schema: z.union([publication, reportDraft]),
      },
      201: {
        description: {
          zh: '已发布；首版为初报，以后为修订，列出每行的前后数字',
          en: 'Published: the first edition is preliminary, later ones are revised and tell each line that differs',
        },
        schema: publication,
      },
    },
    problems: ['REPORT-REFUSED'],
  },
  async ({ c, deps, query, body, identity, refuse, audit }) => {
    const { month, asOf } = body
    const request = { month, asOf: asOf === undefined ? undefined : new Date(asOf) }
    if (query.dryRun === 'true') {
      const draft = await draftReport(deps.flow, request)
      return 'faults' in draft ? refuse('REPORT-REFUSED', draft.faults) : c.json(draft)
    }
    const answer = await publishReport(deps.flow, request, nameOf(identity()))
    if (answer.kind === 'wrong') return refuse('REPORT-REFUSED', answer.faults)
    if (answer.kind !== 'published') return c.json(answer.publication, 200)
    await audit(deps.flow.db, { what: 'report-published', subject: answer.publication.id })
    return c.json(answer.publication, 201)
  },
)

export const listReportsRoute = route(
  {
    method: 'get',
    path: '/api/v1/reports',
    summary: { zh: '月度报告及其版次', en: 'Monthly reports and their editions' },
    access: 'totals:read',
    query: reportQuery,
    answers: {
      200: {
        description: { zh: '一页，最近的月份和版次在前', en: 'A page, the latest first' },
        schema: reportList,
      },
    },
  },
  async ({ c, deps, query, identity, refuse }) => {
    if (!identity().opensTotals) return refuse('SCOPE-MISSING')
    const { month, cursor, limit = PAGE_ROWS } = query
    return c.json(await listReports(deps.flow, { month, cursor, limit }))
  },
)

export const reportJsonRoute = route(
  {
    method: 'get',
    path: '/api/v1/reports/{id}.json',
    summary: { zh: '一版报告的数字', en: 'The figures of an edition' },
    access: 'totals:read',
    limit: 'report',
    answers: {
      200: { description: { zh: '版次与数字', en: 'Edition and figures' }, schema: reportAnswer },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, identity, refuse, audit }) => {
    if (!identity().opensTotals) return refuse('SCOPE-MISSING')
    const report = await findAsked(deps.flow, param('id'))
    if (report === undefined) return refuse('NOT-FOUND')
    const { publication, figures } = report
    const headers = publication == null ? {} : namedFile(publication.number, 'json')
    await audit(deps.flow.db, { what: 'report-opened', subject: ofFile(param('id')) })
    return c.json({ publication, figures }, 200, headers)
  },
)

type FileInput = RouteInput<z.infer<typeof languageQuery>, unknown>

/** The same edition in the same language is the same file. */
const fileOf = async (
  { c, deps, query, param, identity, refuse, audit }: FileInput,
  mediaType: string,
  writer: ReportWriter | undefined,
): Promise<Response> => {
  if (!identity().opensTotals) return refuse('SCOPE-MISSING')
  const report = await findAsked(deps.flow, param('id'))
  if (report?.publication == null) return refuse('NOT-FOUND')
  if (writer === undefined) return refuse('FORMAT-NOT-HERE')
  const bytes = await writer(report, query.lang ?? 'zh')
  await audit(deps.flow.db, { what: 'report-opened', subject: ofFile(param('id')) })
  const ending = mediaType === PDF ? 'pdf' : 'xlsx'
  return c.body(bytes, 200, {
    'content-type': mediaType,
    ...namedFile(report.publication.number, ending),
  })
}

/** An edition is kept under its number, whatever the address it came from. */
const namedFile = (number: string, ending: string) => ({
  'content-disposition': `attachment; filename="${number}.${ending}"`,
})

export const reportPdfRoute = route(
  {
    method: 'get',
    path: '/api/v1/reports/{id}.pdf',
    summary: { zh: '一版报告(PDF)', en: 'An edition as PDF' },
    access: 'totals:read',
    limit: 'report',
    place: 'report',
    query: languageQuery,
    answers: {
      200: { description: { zh: '可签发的报告', en: 'The report, to be signed' }, mediaType: PDF },
    },
    problems: ['NOT-FOUND', 'FORMAT-NOT-HERE'],
  },
  (input) => fileOf(input, PDF, input.deps.reportPdf),
)

export const reportXlsxRoute = route(
  {
    method: 'get',
    path: '/api/v1/reports/{id}.xlsx',
    summary: { zh: '一版报告(工作簿)', en: 'An edition as a workbook' },
    access: 'totals:read',
    limit: 'report',
    place: 'report',
    query: languageQuery,
    answers: {
      200: {
        description: { zh: '数字与图表', en: 'Its figures and charts' },
        mediaType: XLSX,
      },
    },
    problems: ['NOT-FOUND'],
  },
  async (input) => {
    // Loaded with the first that is asked for.
    const { xlsxWriter } = await import('../../reports/xlsx.ts')
    return fileOf(input, XLSX, xlsxWriter)
  },
)

export const signOffReportRoute = route(
  {
    method: 'post',
    path: '/api/v1/reports/{id}/sign-offs',
    summary: { zh: '签发一版报告', en: 'Sign an edition off' },
    access: 'totals:read',
    json: signOffRequest,
    answers: {
      201: {
        description: {
          zh: '已签发，即为定稿；仍可发布新版',
          en: 'Signed: the edition is final; a new one may still follow',
        },
        schema: publication,
      },
    },
    problems: ['NOT-FOUND', 'REPORT-SIGNED', 'REPORT-SUPERSEDED'],
  },
  async ({ c, deps, body, param, identity, refuse }) => {
    const id = param('id')
    const who = identity()
    if (!who.opensTotals) return refuse('SCOPE-MISSING')
    if (!isId(id)) return refuse('NOT-FOUND')
    const by = nameOf(who)
    const answer = await signOffReport(deps.flow, id.toLowerCase(), { role: body.role, by })
    switch (answer.kind) {
      case 'signed':
        return c.json(answer.publication, 201)
      case 'unknown':
        return refuse('NOT-FOUND')
      case 'superseded':
        return refuse('REPORT-SUPERSEDED')
      case 'signed-already':
      case 'too-many':
        return refuse('REPORT-SIGNED')
      default:
        return answer satisfies never
    }
  },
)

/** Of `id.pdf`, as the parameter of such a path is given. */
const ofFile = (name: string): string => name.replace(/\.\w+$/, '').toLowerCase()

const findAsked = async (flow: Parameters<typeof findEdition>[0], name: string) =>
  isId(ofFile(name)) ? findEdition(flow, ofFile(name)) : undefined

/** Name of the key, or the account. */
const nameOf = ({ name, userId, keyId }: Identity): string => name ?? userId ?? keyId ?? 'operator'
