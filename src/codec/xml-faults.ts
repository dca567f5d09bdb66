/**
 * Why bytes could not be read as a message at all, in one table: codes `XML-<word>` with text and
 * cure. None of these says anything about a document; nothing of the bytes is taken.
 */
import { declarations, formatReplies, replies } from '../catalogue/index.ts'
import type { Fault } from '../kernel/fault.ts'
import { XML_DEPTH_MAX, XML_ELEMENTS_MAX } from '../kernel/limits.ts'
import type { FaultText } from './texts.ts'

const spoken = [...declarations, ...replies, ...formatReplies].map((entry) => entry.code).sort()

export const xmlFaultTexts = {
  EMPTY: {
    text: { zh: '内容为空', en: 'There is nothing to read' },
    cure: { zh: '提交一个完整的 CEB 报文', en: 'Hand in one complete CEB message' },
  },
  ENCODING: {
    text: {
      zh: '报文声明了 UTF-8 以外的编码',
      en: 'The message declares an encoding other than UTF-8',
    },
    cure: {
      zh: '转换成 UTF-8，并在 XML 声明中写 encoding="UTF-8"',
      en: 'Convert it to UTF-8 and declare encoding="UTF-8"',
    },
  },
  NOT_UTF8: {
    text: { zh: '报文含有不合法的 UTF-8 字节', en: 'The message holds bytes that are not UTF-8' },
    cure: {
      zh: '确认文件真正以 UTF-8 保存（常见原因是 GBK/GB18030）',
      en: 'Save it as UTF-8; the usual cause is GBK or GB18030',
    },
  },
  MALFORMED: {
    text: { zh: '不是格式良好的 XML', en: 'This is not well-formed XML' },
    cure: {
      zh: '检查标签是否成对、属性是否加引号、& 和 < 是否转义、文件是否被截断',
      en: 'Look for unpaired tags, unquoted attributes, a bare & or <, or a file cut short',
    },
  },
  DOCTYPE: {
    text: {
      zh: '报文含有 DOCTYPE，一律拒收',
      en: 'The message has a DOCTYPE, which is never taken',
    },
    cure: { zh: '删除 DOCTYPE 声明', en: 'Remove the DOCTYPE declaration' },
  },
  ENTITY: {
    text: {
      zh: '报文引用了五个预定义实体以外的实体',
      en: 'The message refers to an entity other than the five predefined ones',
    },
    cure: {
      zh: '只使用 &amp; &lt; &gt; &quot; &apos; 和字符引用',
      en: 'Use only &amp; &lt; &gt; &quot; &apos; and character references',
    },
  },
  TOO_DEEP: {
    text: {
      zh: `元素嵌套超过 ${XML_DEPTH_MAX} 层`,
      en: `Elements are nested more than ${XML_DEPTH_MAX} deep`,
    },
    cure: { zh: '按标准的结构组织报文', en: 'Build the message as the standard lays it out' },
  },
  TOO_MANY_ELEMENTS: {
    text: {
      zh: `报文的元素超过 ${XML_ELEMENTS_MAX} 个`,
      en: `The message has more than ${XML_ELEMENTS_MAX} elements`,
    },
    cure: { zh: '拆分成多个报文', en: 'Split it into several messages' },
  },
  NAMESPACE: {
    text: { zh: '命名空间不正确', en: 'The namespace is wrong' },
    cure: {
      zh: '所有业务元素使用 http://www.chinaport.gov.cn/ceb，前缀必须先声明',
      en: 'Put all elements into http://www.chinaport.gov.cn/ceb and declare every prefix',
    },
  },
  UNKNOWN_MESSAGE: {
    text: { zh: '不认识的报文类型', en: 'This kind of message is not spoken here' },
    cure: {
      zh: `根元素应为 CEB…Message，支持：${spoken.join('、')}`,
      en: `The root must be CEB…Message with one of ${spoken.join(', ')}`,
    },
  },
} as const satisfies Record<string, FaultText>

export type XmlFault = keyof typeof xmlFaultTexts

export const xmlFault = (what: XmlFault): Fault => ({
  code: `XML-${what}`,
  pointer: '',
  severity: 'error',
  ...xmlFaultTexts[what],
})
