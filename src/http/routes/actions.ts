/**
 * Cancelling and returning a list: `POST /documents/{id}/cancel` and `…/return` make the document
 * that asks customs for it and hand it in. A refusal says what to do instead.
 */
import { z } from '@hono/zod-openapi'
import { type ActionRequest, type ActionVerb, act } from '../../flow/actions.ts'
import { isId } from '../../kernel/ids.ts'
import { actionAnswer, cancelRequest, returnRequest } from '../action-schemas.ts'
import { writer } from '../callers.ts'
import { idempotencyHeader, intakeOptions, replayedHeader } from '../idempotency.ts'
import { type ProblemCode, problemResponse } from '../problems.ts'
import { type RouteInput, route } from '../route.ts'
import { enterpriseQuery } from '../schemas.ts'

const query = z.object({
  dryRun: z
    .enum(['true', 'false'])
    .optional()
    .openapi({ description: '只生成并检查,不保存 / builds and checks, stores nothing' }),
  enterprise: enterpriseQuery,
})

const shared = {
  method: 'post',
  access: 'documents:write',
  query,
  headers: idempotencyHeader,
  answers: {
    200: { description: { zh: '已生成并接收', en: 'Made and taken' }, schema: actionAnswer },
  },
} as const

const problems: readonly ProblemCode[] = [
  'ACTION-NOT-OFFERED',
  'ACTION-NOT-NOW',
  'ACTION-WRONG',
  'DOCUMENTS-REFUSED',
  'IDEMPOTENCY-KEY-REUSED',
  'IDEMPOTENCY-KEY-WRONG',
  'ENTERPRISE-NOT-CHOSEN',
  'NOT-FOUND',
]

export const cancelRoute = route(
  {
    ...shared,
    path: '/api/v1/documents/{id}/cancel',
    summary: { zh: '撤销清单', en: 'Cancel a list' },
    json: cancelRequest,
    problems,
  },
  (input) => answer(input, 'cancel', plain(input.body)),
)

export const returnRoute = route(
  {
    ...shared,
    path: '/api/v1/documents/{id}/return',
    summary: { zh: '退货申请', en: 'Return a list, or parts of it' },
    json: returnRequest,
    problems,
  },
  (input) => answer(input, 'return', plain(input.body)),
)

type Body = z.infer<typeof returnRequest>

const plain = ({ reason, fields, lines, force }: Body): ActionRequest => ({
  reason,
  ...(fields === undefined ? {} : { fields }),
  ...(lines === undefined ? {} : { lines }),
  ...(force === undefined ? {} : { force }),
})

const answer = async (
  input: RouteInput<z.infer<typeof query>, unknown>,
  verb: ActionVerb,
  request: ActionRequest,
): Promise<Response> => {
  const { c, deps, refuse } = input
  const found = writer(input.identity(), input.query.enterprise)
  if (found.kind === 'refused') return refuse(found.code)
  if (!isId(input.param('id'))) return refuse('NOT-FOUND')
  const bytes = Buffer.from(JSON.stringify(input.body))
  const options = intakeOptions(c, bytes, input.query.dryRun === 'true')
  if (options === undefined) return refuse('IDEMPOTENCY-KEY-WRONG')
  const given = await act(deps.flow, found.caller, verb, input.param('id'), request, options)
  switch (given.kind) {
    case 'not-found':
      return refuse('NOT-FOUND')
    case 'not-offered':
      return refuse('ACTION-NOT-OFFERED', given.faults)
    case 'not-now':
      return refuse('ACTION-NOT-NOW', given.faults)
    case 'wrong':
      return refuse('ACTION-WRONG', given.faults)
    case 'key-reused':
      return refuse('IDEMPOTENCY-KEY-REUSED')
    case 'handed-in': {
      const { results, document, window, faults, replayed } = given
      const refused = results.some((result) => result.state === undefined) ? 1 : 0
      const members = { taken: 1 - refused, refused, results, document, window }
      const headers = replayed ? replayedHeader : {}
      return refused === 1
        ? problemResponse(c, 'DOCUMENTS-REFUSED', { faults, members, headers })
        : c.json(members, 200, headers)
    }
  }
}
