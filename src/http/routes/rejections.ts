/**
 * Rejections: any selection folded into its causes, the documents of one of them, and one correction
 * for all of them at once. What a code or a text means that nobody published, the operator tells.
 */
import { z } from '@hono/zod-openapi'
import { applyOnce, correctionSize } from '../../flow/apply-corrections.ts'
import { previewCorrection } from '../../flow/corrections.ts'
import { giveMeaning } from '../../flow/meanings.ts'
import { foldOf, listRejected, type RejectionSelection } from '../../flow/rejections.ts'
import type { Caller } from '../../flow/types.ts'
import { PAGE_ROWS } from '../../kernel/limits.ts'
import { reader, writer } from '../callers.ts'
import { afterDay } from '../days.ts'
import { idempotencyHeader, intakeOptions, replayedHeader } from '../idempotency.ts'
import {
  correctionAnswer,
  correctionRequest,
  meaningAnswer,
  meaningRequest,
  rejectedList,
  rejectionFold,
  selectionMembers,
} from '../rejection-schemas.ts'
import { type RouteInput, route } from '../route.ts'
import { enterpriseQuery, pageQuery } from '../schemas.ts'

const foldQuery = z.object({ ...selectionMembers, enterprise: enterpriseQuery })
const listQuery = z.object({ ...selectionMembers, enterprise: enterpriseQuery, ...pageQuery })

export const foldRoute = route(
  {
    method: 'get',
    path: '/api/v1/rejections',
    summary: { zh: '退单归因', en: 'Rejections folded into their causes' },
    access: 'documents:read',
    query: foldQuery,
    answers: {
      200: {
        description: {
          zh: '各原因及份数、样例、字段、处理办法和处理人',
          en: 'Causes with counts, samples, fields, cure and who acts',
        },
        schema: rejectionFold,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const { enterprise, ...selection } = query
    return c.json(
      await foldOf(deps.flow, found.caller, wholeDays(selection, found.caller, enterprise)),
    )
  },
)

/** For a member `enterprise` says who he is; for the operator, whose documents he wants. */
const wholeDays = (
  { to, ...selection }: RejectionSelection,
  { operator }: Caller,
  enterprise: string | undefined,
): RejectionSelection => ({
  ...selection,
  to: afterDay(to),
  sender: selection.sender ?? (operator === true ? enterprise : undefined),
})

export const listRejectedRoute = route(
  {
    method: 'get',
    path: '/api/v1/rejections/documents',
    summary: { zh: '退单明细', en: 'Refused documents' },
    access: 'documents:read',
    query: listQuery,
    answers: {
      200: {
        description: {
          zh: '一页退单，含回执原因和相关字段的两方取值',
          en: 'A page, with the reason and both values of the fields it is about',
        },
        schema: rejectedList,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const { enterprise, cursor, limit = PAGE_ROWS, ...selection } = query
    const chosen = wholeDays(selection, found.caller, enterprise)
    return c.json(await listRejected(deps.flow, found.caller, chosen, { cursor, limit }))
  },
)

const correctQuery = z.object({ enterprise: enterpriseQuery })

export const correctRoute = route(
  {
    method: 'post',
    path: '/api/v1/rejections/corrections',
    summary: {
      zh: '批量更正退单并重新报送',
      en: 'Correct refused documents and hand them in again',
    },
    access: 'documents:write',
    query: correctQuery,
    headers: idempotencyHeader,
    json: correctionRequest,
    answers: {
      200: {
        description: {
          zh: '预览：将作的更正；执行：已重新报送的和未动的',
          en: 'Preview: what would change; applied: what was handed in again, and what was left',
        },
        schema: correctionAnswer,
      },
    },
    problems: [
      'CORRECTION-EXPIRED',
      'IDEMPOTENCY-KEY-REUSED',
      'IDEMPOTENCY-KEY-WRONG',
      'ENTERPRISE-NOT-CHOSEN',
      'NOT-FOUND',
    ],
  },
  async (input) => {
    const found = writer(input.identity(), input.query.enterprise)
    if (found.kind === 'refused') return input.refuse(found.code)
    const { select, change, token } = input.body
    if (token !== undefined) return apply(input, found.caller, token.toLowerCase())
    const { to, ...rest } = select ?? {}
    const preview = await previewCorrection(
      input.deps.flow,
      found.caller,
      { select: { ...rest, to: afterDay(to) }, change },
      input.identity().userId ?? null,
    )
    return (
      (await input.charge(preview.documents.length + preview.left.length)) ?? input.c.json(preview)
    )
  },
)

type Correcting = RouteInput<z.infer<typeof correctQuery>, z.infer<typeof correctionRequest>>

const apply = async (input: Correcting, caller: Caller, token: string): Promise<Response> => {
  const { c, deps, refuse, charge } = input
  const options = intakeOptions(c, Buffer.from(token), false)
  if (options === undefined) return refuse('IDEMPOTENCY-KEY-WRONG')
  const size = await correctionSize(deps.flow, caller, token)
  if (size === undefined) return refuse('NOT-FOUND')
  const usedUp = await charge(size)
  if (usedUp !== undefined) return usedUp
  const answer = await applyOnce(deps.flow, caller, token, options.idempotency)
  switch (answer.kind) {
    case 'not-found':
      return refuse('NOT-FOUND')
    case 'expired':
      return refuse('CORRECTION-EXPIRED')
    case 'key-reused':
      return refuse('IDEMPOTENCY-KEY-REUSED')
    case 'applied': {
      const { documents, left, replayed } = answer
      return c.json({ documents, left }, 200, replayed ? replayedHeader : {})
    }
  }
}

export const giveMeaningRoute = route(
  {
    method: 'put',
    path: '/api/v1/codes/unknown/{kind}/{sort}/{code}',
    summary: {
      zh: '登记未知代码或回执文字的含义',
      en: 'Tell what an unknown code or text means',
    },
    access: 'operator',
    json: meaningRequest,
    answers: {
      200: {
        description: {
          zh: '已登记，新旧退单均按此归因；附历次登记',
          en: 'Told, and in force for old and new; with all that was told before',
        },
        schema: meaningAnswer,
      },
    },
    problems: ['NOT-FOUND', 'CODE-PUBLISHED'],
  },
  async ({ c, deps, body, param, identity, refuse }) => {
    const sort = sorts.find((each) => each === param('sort'))
    if (sort === undefined) return refuse('NOT-FOUND')
    const of = { kind: param('kind'), sort, code: param('code').toLowerCase() }
    if (of.kind.includes('\0') || of.code.includes('\0')) return refuse('NOT-FOUND')
    const answer = await giveMeaning(deps.flow, of, body, identity().userId ?? null)
    if (answer.kind === 'not-found') return refuse('NOT-FOUND')
    if (answer.kind === 'published') return refuse('CODE-PUBLISHED')
    return c.json({ history: answer.history })
  },
)

const sorts = ['status', 'result', 'exchange', 'text'] as const
