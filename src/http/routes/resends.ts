/**
 * Sending again what could not be delivered: the message of one document by whoever may hand it in,
 * or everything at once by the operator. Always the whole message, with the same id and bytes.
 */
import { z } from '@hono/zod-openapi'
import { resendAll, resendDocument } from '../../flow/resend.ts'
import { reader } from '../callers.ts'
import { route } from '../route.ts'
import { enterpriseQuery, resentAnswer, resentMessages } from '../schemas.ts'

export const resendRoute = route(
  {
    method: 'post',
    path: '/api/v1/documents/{id}/resend',
    summary: { zh: '重发单证所在报文', en: 'Send the message of a document again' },
    access: 'documents:write',
    query: z.object({ enterprise: enterpriseQuery }),
    answers: {
      200: {
        description: {
          zh: '整个报文已重新排队，编号与内容不变',
          en: 'The whole message is queued again, id and bytes unchanged',
        },
        schema: resentAnswer,
      },
    },
    problems: [
      'ENTERPRISE-NOT-CHOSEN',
      'NOT-FOUND',
      'RESEND-NOT-NEEDED',
      'RESEND-SUPERSEDED',
      'RESEND-TOO-OFTEN',
    ],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const answer = await resendDocument(deps.flow, found.caller, param('id'))
    switch (answer.kind) {
      case 'not-found':
        return refuse('NOT-FOUND')
      case 'not-needed':
        return refuse('RESEND-NOT-NEEDED')
      case 'superseded':
        return refuse('RESEND-SUPERSEDED')
      case 'too-often':
        return refuse('RESEND-TOO-OFTEN')
      case 'queued': {
        const { messageId, documents } = answer
        return c.json({ messageId, documents, state: 'ready' })
      }
    }
  },
)

const resendAllRequest = z
  .strictObject({
    link: z.string().min(1).max(40).optional().openapi({
      description: '仅重发走该通道的报文 / only messages that take this link',
    }),
    after: z.uuid().optional().openapi({
      description:
        '上一次答复的 next，从其后继续 / the next of the answer before: goes on after it',
    }),
  })
  .openapi('ResendRequest')

export const resendAllRoute = route(
  {
    method: 'post',
    path: '/api/v1/messages/resend',
    summary: { zh: '重发所有发送失败的报文', en: 'Send all undelivered messages again' },
    access: 'operator',
    json: resendAllRequest,
    answers: {
      200: {
        description: {
          zh: '重新排队的报文数；more 为真时请以 after 填 next 再次调用，remaining 为尚未查看的报文数',
          en: 'How many messages are queued again; call again with the next as after while more is true; remaining were not looked at yet',
        },
        schema: resentMessages,
      },
    },
  },
  async ({ c, deps, body }) => c.json(await resendAll(deps.flow, body)),
)
