/**
 * Fixed phrases that customs writes into `returnInfo` without a code: the acknowledgement, which
 * names the guid of the document, and hints at companions that are missing. Source: replies as seen
 * in practice. They quote numbers of the document and nothing personal.
 */
import { declarations } from './index.ts'

/** What customs calls a document there: the end of its message's name, or a short form of practice. */
const SHORT_FORMS = ['支付单', '撤单', '退货单']

const endsOf = (name: string): readonly string[] =>
  Array.from({ length: Math.max(0, name.length - 1) }, (_, from) => name.slice(from))

const NOUNS = new Set([
  ...SHORT_FORMS,
  ...declarations.flatMap(({ zh }) => endsOf(zh.replace(/数据报文|报文|（.*）/gu, ''))),
])

const GUID = '\\[[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\\]'
const ORDER = '\\[电商企业编码：[0-9A-Za-z]{0,18} 订单编号：[0-9A-Za-z_-]{0,60}\\]'

const PHRASE = new RegExp(
  [
    '^(?:[\\s,，;；、。]',
    `(?:${[...NOUNS].join('|')})?(?:新增|变更|删除)申报成功(?:${GUID})?(?:${ORDER})?`,
    '对应(?:订单|支付|物流)信息不存在',
    '撤单申请审核通过',
    '收件地址不详)*$',
  ].join('|'),
  'u',
)

/** Longer ones are no phrases; bounds the work on a text. */
const LENGTH_MAX = 400

/** Whether a text is made of known phrases only; the empty one is. */
export const knownPhrase = (text: string): boolean =>
  text === '' || (text.length <= LENGTH_MAX && PHRASE.test(text))
