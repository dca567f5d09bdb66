/**
 * Replies that could not be placed, for the operator: which there are, what is wrong with each and
 * what to do, their bytes as they came, and trying them again, one or all of a kind.
 */
import { z } from '@hono/zod-openapi'
import {
  findReply,
  listReplies,
  openReply,
  retryReplies,
  retryReply,
} from '../../flow/reply-trouble.ts'
import { isId } from '../../kernel/ids.ts'
import { askerOf } from '../audit.ts'
import { replyList, replyRetried, replyView } from '../reply-schemas.ts'
import { route } from '../route.ts'
import { pageQuery } from '../schemas.ts'

const listQuery = z.object({
  state: z.enum(['new', 'folded', 'unreadable', 'unmatched', 'failed']),
  cursor: pageQuery.cursor,
})

export const listRepliesRoute = route(
  {
    method: 'get',
    path: '/api/v1/replies',
    summary: { zh: '回执列表', en: 'List replies' },
    access: 'operator',
    query: listQuery,
    answers: { 200: { description: { zh: '一页回执', en: 'A page' }, schema: replyList } },
  },
  async ({ c, deps, query }) => c.json(await listReplies(deps.flow, query)),
)

export const findReplyRoute = route(
  {
    method: 'get',
    path: '/api/v1/replies/{id}',
    summary: { zh: '查看回执', en: 'One reply, and what is wrong with it' },
    access: 'operator',
    answers: { 200: { description: { zh: '回执', en: 'The reply' }, schema: replyView } },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse }) => {
    const found = isId(param('id')) ? await findReply(deps.flow, param('id')) : undefined
    return found === undefined ? refuse('NOT-FOUND') : c.json(found)
  },
)

export const rawReplyRoute = route(
  {
    method: 'get',
    path: '/api/v1/replies/{id}/raw',
    summary: { zh: '回执原始内容', en: 'The bytes of a reply as they came' },
    access: 'operator',
    answers: {
      200: {
        description: { zh: '原始内容', en: 'The bytes' },
        mediaType: 'application/octet-stream',
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse }) => {
    const id = param('id')
    const bytes = isId(id) ? await openReply(deps.flow, id, askerOf(c)) : undefined
    if (bytes === undefined) return refuse('NOT-FOUND')
    deps.flow.log.info('reply-opened', { reply: id, requestId: c.get('requestId') })
    return c.body(new Uint8Array(bytes), 200, {
      // Whatever it is, no browser shall take it for a page.
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${id}.xml"`,
      'cache-control': 'no-store',
    })
  },
)

export const retryReplyRoute = route(
  {
    method: 'post',
    path: '/api/v1/replies/{id}/retry',
    summary: { zh: '重新处理回执', en: 'Try a reply again' },
    access: 'operator',
    answers: {
      200: { description: { zh: '已重新排队', en: 'Queued again' }, schema: replyRetried },
    },
    problems: ['NOT-FOUND', 'REPLY-NOT-IN-TROUBLE'],
  },
  async ({ c, deps, param, refuse }) => {
    const answer = isId(param('id')) ? await retryReply(deps.flow, param('id')) : 'not-found'
    if (answer === 'not-found') return refuse('NOT-FOUND')
    if (answer === 'not-in-trouble') return refuse('REPLY-NOT-IN-TROUBLE')
    return c.json({ retried: 1, more: false })
  },
)

const retryRequest = z
  .strictObject({ state: z.enum(['unreadable', 'unmatched', 'failed']) })
  .openapi('RetryRequest', { example: { state: 'unmatched' } })

export const retryRepliesRoute = route(
  {
    method: 'post',
    path: '/api/v1/replies/retry',
    summary: { zh: '重新处理某一状态的全部回执', en: 'Try all replies in one state again' },
    access: 'operator',
    json: retryRequest,
    answers: {
      200: {
        description: {
          zh: '重新排队的份数；more 为真时请再次调用',
          en: 'How many are queued again; call again while more is true',
        },
        schema: replyRetried,
      },
    },
  },
  async ({ c, deps, body }) => c.json(await retryReplies(deps.flow, body.state)),
)
