/**
 * Monthly summaries of export lists: what is due until when, and the application that names the lists,
 * built from them and handed in.
 */
import { z } from '@hono/zod-openapi'
import { dueSummaries, readCursor, summarise } from '../../flow/summary.ts'
import { dueAnswer, monthText, summaryAnswer, summaryRequest } from '../action-schemas.ts'
import { reader, writer } from '../callers.ts'
import { idempotencyHeader, intakeOptions, replayedHeader } from '../idempotency.ts'
import { problemResponse } from '../problems.ts'
import { route } from '../route.ts'
import { enterpriseQuery } from '../schemas.ts'

const CURSOR_LENGTH_MAX = 200

export const dueSummariesRoute = route(
  {
    method: 'get',
    path: '/api/v1/summaries/due',
    summary: { zh: '待汇总清单', en: 'Lists that are due in a summary' },
    access: 'documents:read',
    limit: 'report',
    query: z.object({
      month: monthText,
      enterprise: enterpriseQuery,
      cursor: z
        .string()
        .max(CURSOR_LENGTH_MAX)
        .refine((cursor) => readCursor(cursor) !== undefined)
        .optional()
        .openapi({ description: '上一页的 next / `next` of the page before' }),
    }),
    answers: { 200: { description: { zh: '待汇总', en: 'What is due' }, schema: dueAnswer } },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const { month, cursor } = query
    return c.json(await dueSummaries(deps.flow, found.caller, { month, cursor }))
  },
)

export const summariseRoute = route(
  {
    method: 'post',
    path: '/api/v1/summaries',
    summary: { zh: '汇总申请', en: 'Summarise released lists' },
    access: 'documents:write',
    query: z.object({
      dryRun: z
        .enum(['true', 'false'])
        .optional()
        .openapi({ description: '只生成并检查,不保存 / builds and checks, stores nothing' }),
      enterprise: enterpriseQuery,
    }),
    json: summaryRequest,
    headers: idempotencyHeader,
    answers: {
      200: {
        description: {
          zh: '已汇总;没有待汇总清单时为零份',
          en: 'Summarised; none when none is due',
        },
        schema: summaryAnswer,
      },
    },
    problems: [
      'SUMMARY-WRONG',
      'DOCUMENTS-REFUSED',
      'IDEMPOTENCY-KEY-REUSED',
      'IDEMPOTENCY-KEY-WRONG',
      'ENTERPRISE-NOT-CHOSEN',
      'NOT-FOUND',
    ],
  },
  async ({ c, deps, query, body, identity, refuse }) => {
    const found = writer(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const dryRun = query.dryRun === 'true'
    const options = intakeOptions(c, Buffer.from(JSON.stringify(body)), dryRun)
    if (options === undefined) return refuse('IDEMPOTENCY-KEY-WRONG')
    const { month, customsCode, ebcCode, agentCode, ...others } = body
    const fields = Object.fromEntries(
      Object.entries(others).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    )
    const request = { month, customsCode, ebcCode, agentCode, fields }
    const given = await summarise(deps.flow, found.caller, request, options)
    if (given.kind === 'wrong') return refuse('SUMMARY-WRONG', given.faults)
    if (given.kind === 'key-reused') return refuse('IDEMPOTENCY-KEY-REUSED')
    const { results, lists, left, deadline, faults, documents, replayed } = given
    const refused = results.filter((result) => result.state === undefined).length
    const members = {
      // All or none: a part that is refused keeps the others from being stored.
      ...{ taken: refused > 0 ? 0 : results.length, refused, results, lists, left, deadline },
      ...(dryRun ? { documents } : {}),
    }
    const headers = replayed ? replayedHeader : {}
    return refused > 0
      ? problemResponse(c, 'DOCUMENTS-REFUSED', { faults, members, headers })
      : c.json(members, 200, headers)
  },
)
