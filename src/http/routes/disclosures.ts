/**
 * The 179 interface: customs calls for the original payment data of an order and is answered at once
 * in its own form, whatever it sends; what became of the uploads; and sending one that ended again.
 */
import { z } from '@hono/zod-openapi'
import {
  listDisclosures,
  refusedCall,
  retryDisclosure,
  takeOpenCall,
} from '../../flow/disclosure.ts'
import { failureFacts } from '../../kernel/failure.ts'
import { OPEN_REQUEST_BYTES_MAX } from '../../kernel/payment-limits.ts'
import { decodeUtf8, isEncoded, parseJson, readBytes } from '../body.ts'
import { reader, writer } from '../callers.ts'
import { addressKey } from '../limits.ts'
import {
  disclosureList,
  disclosureResumed,
  disclosureStates,
  openAnswer,
} from '../payment-schemas.ts'
import { type RouteInput, type RouteSpec, route } from '../route.ts'
import { enterpriseQuery, pageQuery } from '../schemas.ts'

const call = {
  method: 'post',
  access: 'public',
  // Counted by the handler: the refusal, too, has the form of the interface.
  limit: 'none',
  pool: 'link',
  form: {
    description: {
      zh: 'openReq:JSON {orderNo, sessionID, serviceTime}',
      en: 'openReq: JSON {orderNo, sessionID, serviceTime}',
    },
    schema: z.object({ openReq: z.string() }),
  },
  answers: {
    200: {
      description: {
        zh: '10000 已受理,随后上传;20000 未受理,原因见 message',
        en: '10000: taken, the upload follows; 20000: not, message says why',
      },
      schema: openAnswer,
    },
  },
} as const satisfies Partial<RouteSpec<unknown, unknown>>

export const openCallRoute = route(
  {
    ...call,
    path: '/customs/179/platDataOpen',
    summary: { zh: '海关调取支付原始数据', en: 'Customs asks for original payment data' },
  },
  (input) => answerCall(input, undefined),
)

export const openPlatformCallRoute = route(
  {
    ...call,
    path: '/customs/179/{platform}/platDataOpen',
    summary: {
      zh: '海关向某平台调取支付原始数据',
      en: 'Customs asks a platform for original payment data',
    },
  },
  (input) => answerCall(input, input.param('platform')),
)

const BUSY = '系统繁忙,请稍后再试'

/** Customs knows no problems: whatever goes wrong is its code 20000 with a message. */
const answerCall = async (
  { c, deps }: RouteInput<unknown, unknown>,
  platform: string | undefined,
): Promise<Response> => {
  const { flow, limiter } = deps
  const refused = (message: string): Response => c.json(refusedCall(message, flow.clock.now()))
  try {
    const quota = await limiter?.take('stranger', addressKey(c), 1)
    if (quota?.isLeft === false) return refused(BUSY)
    if (isEncoded(c.req.raw)) return refused('请求体不得压缩')
    const read = await readBytes(c.req.raw, OPEN_REQUEST_BYTES_MAX)
    if (read.kind === 'problem') return refused('请求过大')
    const text = decodeUtf8(read.bytes)
    const openReq = text === undefined ? null : new URLSearchParams(text).get('openReq')
    if (openReq === null) return refused('缺少 openReq 参数')
    const parsed = parseJson(openReq)
    if (parsed.kind === 'not-json') return refused('openReq 不是有效的 JSON')
    const requestId = c.get('requestId')
    return c.json(await takeOpenCall(flow, { request: parsed.value, platform, requestId }))
  } catch (error) {
    const requestId = c.get('requestId')
    flow.log.error('open-call-failed', { requestId, ...failureFacts(error) })
    return refused(BUSY)
  }
}

export const listDisclosuresRoute = route(
  {
    method: 'get',
    path: '/api/v1/disclosures',
    summary: { zh: '海关调取及上传情况', en: 'What customs asked for, and the uploads' },
    access: 'documents:read',
    query: z.object({
      state: z.enum(disclosureStates).optional(),
      enterprise: enterpriseQuery,
      ...pageQuery,
    }),
    answers: {
      200: {
        description: { zh: '一页,最新的在前', en: 'A page, newest first' },
        schema: disclosureList,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    return c.json(await listDisclosures(deps.flow, found.caller, query))
  },
)

export const retryDisclosureRoute = route(
  {
    method: 'post',
    path: '/api/v1/disclosures/{id}/retry',
    summary: { zh: '重新上传(内容不变)', en: 'Send an upload that ended again, unchanged' },
    access: 'signed-in',
    query: z.object({ enterprise: enterpriseQuery }),
    answers: {
      202: { description: { zh: '将再次上传', en: 'It will be sent' }, schema: disclosureResumed },
    },
    problems: ['SCOPE-MISSING', 'ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND', 'UPLOAD-NOT-ENDED'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const caller = identity()
    // The operator hands in nothing, but looks after uploads that ended.
    const found = (caller.operator ? reader : writer)(caller, query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (!caller.operator && !caller.scopes.has('documents:write')) return refuse('SCOPE-MISSING')
    const id = param('id')
    switch (await retryDisclosure(deps.flow, found.caller, id)) {
      case 'not-found':
        return refuse('NOT-FOUND')
      case 'not-ended':
        return refuse('UPLOAD-NOT-ENDED')
      case 'resumed':
        return c.json({ id, state: 'resumed' }, 202)
    }
  },
)
