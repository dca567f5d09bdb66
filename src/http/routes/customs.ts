/**
 * The far side calling in: replies are stored as they come, acknowledged, and read later; the
 * operator sees which codes in them nobody published.
 */
import { listUnknownCodes } from '../../flow/queries.ts'
import { takeReply } from '../../flow/receive.ts'
import { REPLY_BYTES_MAX } from '../../kernel/limits.ts'
import { isEncoded, readBytes } from '../body.ts'
import { route } from '../route.ts'
import { replyTaken, unknownCodes } from '../schemas.ts'

export const takeReplyRoute = route(
  {
    method: 'post',
    path: '/api/v1/customs/replies',
    summary: { zh: '接收海关回执', en: 'Take a reply of customs' },
    access: 'customs',
    place: 'reply',
    raw: {
      mediaTypes: ['application/xml', 'text/xml', 'application/octet-stream'],
      holds: 'replies',
      description: {
        zh: '回执报文或 DXP 信封;无法读取的也会保存',
        en: 'A reply message or its DXP envelope; what cannot be read is kept too',
      },
    },
    answers: {
      202: { description: { zh: '已保存', en: 'Stored' }, schema: replyTaken },
      200: { description: { zh: '已有同一回执', en: 'It was there already' }, schema: replyTaken },
    },
    problems: ['REPLY-EMPTY'],
  },
  async ({ c, deps, refuse }) => {
    // Any media type is taken: an unreadable reply is a state to look at, not a refusal.
    if (isEncoded(c.req.raw)) return refuse('CONTENT-TYPE-WRONG')
    const read = await readBytes(c.req.raw, REPLY_BYTES_MAX)
    if (read.kind === 'problem') return refuse(read.code)
    if (read.bytes.length === 0) return refuse('REPLY-EMPTY')
    const answer = await takeReply(deps.flow, read.bytes)
    return c.json({ id: answer.id, state: answer.kind }, answer.kind === 'stored' ? 202 : 200)
  },
)

export const unknownCodesRoute = route(
  {
    method: 'get',
    path: '/api/v1/codes/unknown',
    summary: { zh: '未知代码', en: 'Codes of replies that nobody published' },
    access: 'operator',
    answers: {
      200: {
        description: {
          zh: '各代码及次数；* 为超出可分别统计数量的代码之和',
          en: 'Each code and how often it came; * sums up those beyond the number told apart',
        },
        schema: unknownCodes,
      },
    },
  },
  async ({ c, deps }) => c.json(await listUnknownCodes(deps.flow)),
)
