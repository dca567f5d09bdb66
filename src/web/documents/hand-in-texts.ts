/** Texts of the ways of handing in: the kinds of an enterprise, sheets, the request of a kind. */
import type { Text } from '../../kernel/fault.ts'

export const handInTexts = {
  handIn: { zh: '提交', en: 'Hand in' },
  handInTitle: { zh: '提交单证', en: 'Hand in documents' },
  handInNote: {
    zh: '三种方式同样检查、同样接收：填表适合一两份，表格适合成批，接口适合系统对接。',
    en: 'Three ways, the same checks: a form for one or two, a sheet for many, the interface for systems.',
  },
  whole: { zh: '一票单证一起填', en: 'A whole consignment' },
  kind: { zh: '单证', en: 'Document' },
  byForm: { zh: '填表', en: 'Form' },
  bySheet: { zh: '上传表格', en: 'Sheet' },
  byApi: { zh: '接口', en: 'Interface' },
  fields: { zh: '字段说明', en: 'Fields' },
  underMandate: { zh: '凭委托', en: 'under a mandate' },
  noKinds: {
    zh: '本企业的角色没有可提交的单证',
    en: 'The roles of this enterprise hand in no documents',
  },

  apiTitle: { zh: '用接口提交：{kind}', en: 'By the interface: {kind}' },
  apiNote: {
    zh: '下面是可直接运行的请求：企业代码和名称取自本企业，其余为虚构数据。把 YUGUAN_KEY 换成本企业的 API 密钥；带 ?dryRun=true 只检查不保存，去掉即为提交。',
    en: 'A request that runs as it stands: code and name are your enterprise’s, the rest is synthetic. Put an API key of yours for YUGUAN_KEY; ?dryRun=true checks and stores nothing, without it the document is handed in.',
  },
  apiKeys: { zh: '管理 API 密钥', en: 'API keys' },
  apiDocs: { zh: '接口文档', en: 'The documentation' },
  apiRequest: { zh: '请求', en: 'Request' },

  sheetTitle: { zh: '上传表格：{kind}', en: 'By sheet: {kind}' },
  sheetNote: {
    zh: '下载模板，填好后上传 XLSX 或 CSV。好的单证即刻接收，有问题的逐格列出，可在页面上改正。',
    en: 'Download the template, fill it in and upload it as XLSX or CSV. Good documents are taken at once; faults are told cell by cell and can be corrected here.',
  },
  template: { zh: '下载模板', en: 'Download the template' },
  file: { zh: '文件（XLSX、CSV）', en: 'File (XLSX, CSV)' },
  upload: { zh: '提交', en: 'Hand in' },
  uploadCheck: { zh: '只检查', en: 'Check only' },
  uploadMarked: {
    zh: '检查并下载标出问题的表格',
    en: 'Check and download it with its faults marked',
  },
  sheetTaken: {
    zh: '接收 {taken} 份，未接收 {refused} 份',
    en: '{taken} taken, {refused} not taken',
  },
  sheetChecked: {
    zh: '检查完毕，未保存：{taken} 份可接收，{refused} 份有问题',
    en: 'Checked, nothing stored: {taken} could be taken, {refused} have faults',
  },
  sheetFaults: { zh: '问题明细（共 {count} 处）', en: 'What is wrong ({count} in all)' },
  cell: { zh: '单元格', en: 'Cell' },
  head: { zh: '列', en: 'Column' },
  fault: { zh: '问题', en: 'Fault' },
  correctTitle: { zh: '在此改正', en: 'Correct them here' },
  correctNote: {
    zh: '只列出有问题的单元格，其余内容不变。改完后提交，仍有问题的会再次列出。',
    en: 'Only faulty cells are listed; the rest stays. Hand in when done; what is still wrong is listed again.',
  },
  correctRow: { zh: '第 {first} 行', en: 'Row {first}' },
  correctRows: { zh: '第 {first}–{last} 行', en: 'Rows {first}–{last}' },
  correctMore: {
    zh: '其余有问题的单证请在表格中改正后重新上传。',
    en: 'Correct the other faulty documents in the sheet and upload it again.',
  },
  correctChecked: {
    zh: '表格中另有 {count} 份合格的单证只检查过，不会随改正的单证提交。要提交它们，请重新上传该表格并点“提交”。',
    en: '{count} sound documents of the sheet were only checked and are not handed in with the corrected ones. To hand them in, upload the sheet again with “Hand in”.',
  },
  correctGo: { zh: '改正后提交', en: 'Hand in the corrected ones' },
  correctDone: { zh: '改正的单证已全部接收', en: 'All corrected documents were taken' },
  correctDoneChecked: {
    zh: '改正的单证已全部接收。表格中另有 {count} 份合格的单证只检查过，尚未提交：请在此重新上传该表格并点“提交”；已改正的行会再次列为有问题，不必再改。',
    en: 'All corrected documents were taken. {count} sound documents of the sheet were only checked and are not handed in yet: upload the sheet here again with “Hand in”. The rows corrected here will be listed as faulty again; leave them.',
  },
} as const satisfies Readonly<Record<string, Text>>
