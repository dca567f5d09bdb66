/**
 * What can be wrong with an envelope, in one table: the last part of a fault's code, its text and
 * its cure in Chinese and English. Codes read `DXP-<element>-<what>`; they are a public contract,
 * and a retired one is never used again. `{name}` is the element's name, never its content.
 */
import { at, type Fault, type Text } from '../kernel/fault.ts'

export type EnvelopeFaultKind = keyof typeof TEXTS

/** The fault of one element, at its place under `pointer`. */
export const envelopeFault = (kind: EnvelopeFaultKind, name: string, pointer: string): Fault => {
  const fill = (text: Text): Text => ({
    zh: text.zh.replaceAll('{name}', name),
    en: text.en.replaceAll('{name}', name),
  })
  const { text, cure } = TEXTS[kind]
  return {
    code: `DXP-${name}-${kind}`,
    pointer: at(pointer, name),
    severity: 'error',
    text: fill(text),
    cure: fill(cure),
  }
}

/** The fault of the envelope as a whole. */
export const wholeFault = (kind: EnvelopeFaultKind): Fault => ({
  ...envelopeFault(kind, 'XML', ''),
  pointer: '',
})

const TEXTS = {
  DOCTYPE: {
    text: { zh: '信封含有 DOCTYPE 声明', en: 'The envelope holds a DOCTYPE' },
    cure: { zh: '去掉 DOCTYPE 和实体定义', en: 'Leave out DOCTYPE and entity definitions' },
  },
  ENCODING: {
    text: { zh: '信封不是 UTF-8 编码', en: 'The envelope is not in UTF-8' },
    cure: { zh: '按 UTF-8 编码并如此声明', en: 'Encode it in UTF-8 and declare it so' },
  },
  MALFORMED: {
    text: { zh: '信封不是格式良好的 XML', en: 'The envelope is not well-formed XML' },
    cure: {
      zh: '用 XML 工具检查标签、引号、实体和命名空间前缀',
      en: 'Check tags, quotes, references and namespace prefixes with an XML tool',
    },
  },
  TOO_LARGE: {
    text: { zh: '信封的元素过多或嵌套过深', en: 'The envelope has too many or too deep elements' },
    cure: { zh: '按 DXP 报文定义组织信封', en: 'Build the envelope by the DXP schema' },
  },
  UNKNOWN_ROOT: {
    text: {
      zh: '根元素不是 DxpMsg、DxpMsgSv 或 DxpRep',
      en: 'The root is none of DxpMsg, DxpMsgSv and DxpRep',
    },
    cure: {
      zh: '使用命名空间 http://www.chinaport.gov.cn/dxp 中的这三个元素之一',
      en: 'Use one of them, in the namespace http://www.chinaport.gov.cn/dxp',
    },
  },
  MISSING: {
    text: { zh: '缺少元素 {name}', en: '{name} is missing' },
    cure: { zh: '补上 {name}', en: 'Add {name}' },
  },
  REPEATED: {
    text: { zh: '元素 {name} 重复', en: '{name} is there more than once' },
    cure: { zh: '只保留一个 {name}', en: 'Keep one {name}' },
  },
  LENGTH: {
    text: { zh: '{name} 的长度不符', en: '{name} is too short or too long' },
    cure: {
      zh: '按 DXP 报文定义：CopMsgId 1–255，SenderId 和 ReceiverId 1–16，MsgType 至多 30 个字符',
      en: 'By the schema: CopMsgId 1–255, SenderId and ReceiverId 1–16, MsgType up to 30 characters',
    },
  },
  COUNT: {
    text: { zh: '接收方应为 1 至 5 个', en: 'There are not 1 to 5 receivers' },
    cure: { zh: '每个信封写 1 至 5 个 ReceiverId', en: 'Name 1 to 5 ReceiverId in one envelope' },
  },
  WRONG_TIME: {
    text: { zh: '{name} 不是有效的日期时间', en: '{name} is no date and time that exists' },
    cure: { zh: '写成 yyyy-MM-ddTHH:mm:ss', en: 'Write it as yyyy-MM-ddTHH:mm:ss' },
  },
  NOT_BASE64: {
    text: { zh: '{name} 不是有效的 base64', en: '{name} is not base64' },
    cure: {
      zh: '把完整的业务报文按 base64 编码',
      en: 'Encode the whole business message as base64',
    },
  },
  EMPTY: {
    text: { zh: '{name} 没有内容', en: '{name} holds nothing' },
    cure: { zh: '放入完整的业务报文', en: 'Put the whole business message into it' },
  },
} as const satisfies Record<string, { readonly text: Text; readonly cure: Text }>
