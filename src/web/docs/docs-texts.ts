/**
 * Every text of the documentation pages, once, in Chinese and English. Apart from `texts.ts`, so that
 * nobody loads them who never opens the documentation.
 */
import type { Text } from '../../kernel/fault.ts'

export const docsTexts = {
  title: { zh: '接口文档', en: 'Interface' },
  description: {
    zh: '渝关的接口、42 种海关报文的字段、代码表和问题代码。',
    en: 'The interface of Yuguan, the fields of all customs messages, code lists and problem codes.',
  },
  footer: {
    zh: '示例均为合成数据，不属于任何人。页面由程序自身的报文目录和路由生成。',
    en: 'All examples are synthetic. The pages are made from the program’s own catalogue and routes.',
  },
  contents: { zh: '文档目录', en: 'Documentation' },
  interface: { zh: '接口', en: 'Interface' },
  messages: { zh: '报文', en: 'Messages' },
  fields: { zh: '字段', en: 'Fields' },
  codeLists: { zh: '代码表', en: 'Code lists' },
  problems: { zh: '问题代码', en: 'Problem codes' },

  search: { zh: '查字段或报文', en: 'Find a field or message' },
  searchHint: {
    zh: '字段名、中文名或报文代码，例如 acturalPaid、毛重、623',
    en: 'A name, Chinese name or code, such as acturalPaid or 623',
  },
  searchNone: { zh: '没有符合的字段或报文', en: 'Nothing of that name' },
  searchMore: { zh: '还有更多，请输入更多字', en: 'There is more; type on' },
  copy: { zh: '复制', en: 'Copy' },
  copied: { zh: '已复制', en: 'Copied' },

  // ---- the interface ----
  call: { zh: '怎样调用', en: 'How to call' },
  callText: {
    zh: '请求带上企业的 API 密钥。字段名与标准逐字一致，JSON 与 XML 同构，所有值写成文本。加 ?dryRun=true 只检查、不保存。',
    en: 'Send the API key of the enterprise. Field names are the standard’s own, JSON mirrors the XML, every value is text. ?dryRun=true checks and stores nothing.',
  },
  forMachines: { zh: '供程序读取的描述', en: 'For machines' },
  who: { zh: '调用方', en: 'Who may call' },
  parameters: { zh: '参数', en: 'Parameters' },
  body: { zh: '请求体', en: 'Body' },
  example: { zh: '示例', en: 'Example' },
  answers: { zh: '应答', en: 'Answers' },
  refusals: { zh: '拒绝', en: 'Refusals' },
  name: { zh: '名称', en: 'Name' },
  type: { zh: '类型', en: 'Type' },
  required: { zh: '必填', en: 'Required' },
  meaning: { zh: '含义', en: 'Meaning' },
  yes: { zh: '必填', en: 'required' },
  examplesOfKinds: {
    zh: '各类单证的示例见报文页',
    en: 'Examples of every kind stand on the pages of the messages',
  },
  accessPublic: { zh: '任何人', en: 'anybody' },
  accessCustoms: { zh: '海关一方（约定的令牌）', en: 'the customs side, with the token agreed on' },
  accessSignedIn: { zh: '已登录用户或 API 密钥', en: 'whoever is signed in, or any API key' },
  accessEnterprise: {
    zh: '该企业的管理员或平台运营者',
    en: 'an administrator of the enterprise, or the operator',
  },
  accessScope: { zh: '权限 {scope}', en: 'scope {scope}' },

  // ---- messages ----
  messagesText: {
    zh: '海关跨境统一版 202205 版的全部 {count} 种报文。',
    en: 'All {count} messages of the customs standard, edition 202205.',
  },
  code: { zh: '代码', en: 'Code' },
  sentBy: { zh: '报送', en: 'Sent by' },
  reply: { zh: '回执', en: 'Reply' },
  allMessages: { zh: '全部报文', en: 'All messages' },
  schema: { zh: 'XSD 架构', en: 'XSD schema' },
  usualWay: { zh: '正常流程', en: 'Usual way' },
  statuses: { zh: '回执状态', en: 'Statuses' },
  statusesText: {
    zh: '★ 为正常流程。负数为处理失败；其他代码照样保存并显示。',
    en: '★ is the usual way. Negative codes are processing errors; any other code is kept and shown.',
  },
  state: { zh: '网关状态', en: 'State here' },
  fieldsOf: { zh: '字段', en: 'Fields' },
  field: { zh: '字段', en: 'Field' },
  typeAndSize: { zh: '类型、长度', en: 'Type, size' },
  values: { zh: '取值', en: 'Values' },
  notes: { zh: '说明', en: 'Notes' },
  personal: { zh: '个人信息', en: 'personal' },
  differences: { zh: '架构与标准文本的差异', en: 'Where schema and text part' },
  examples: { zh: '示例', en: 'Examples' },
  examplesText: {
    zh: '合成数据，未签名：网关签名后发送。',
    en: 'Synthetic and unsigned: the gateway signs what it sends.',
  },
  check: { zh: '检查一份单证', en: 'Check a document' },

  // ---- fields and lists ----
  fieldsText: {
    zh: '全部字段及其所在的报文。',
    en: 'Every field, and the messages it stands in.',
  },
  standsIn: { zh: '所在报文', en: 'Stands in' },
  chineseName: { zh: '中文名', en: 'Chinese name' },
  englishName: { zh: '英文名', en: 'English name' },
  codeListsText: {
    zh: '报文字段所用的海关代码表，均注明来源和日期；数据来自公开资料，可能不全。',
    en: 'Customs’ code lists for the fields of messages, each with source and date; they come from public copies and may lack codes.',
  },
  list: { zh: '代码表', en: 'List' },
  count: { zh: '条数', en: 'Codes' },
  asOf: { zh: '截至', en: 'As of' },
  source: { zh: '来源', en: 'Sources' },
  validity: { zh: '有效期', en: 'In force' },

  whatToDo: { zh: '怎么办', en: 'What to do' },
} as const satisfies Readonly<Record<string, Text>>
