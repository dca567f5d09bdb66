/** Texts of the monthly reports. */
import type { Text } from '../../kernel/fault.ts'

export const reportTexts = {
  reports: { zh: '月度报告', en: 'Monthly reports' },
  note: {
    zh: '首版为初报，以后为修订，签发后为定稿；已发布的版次不改不删。',
    en: 'The first edition is preliminary, later ones are revised, a signed one is final. Nothing published is changed or deleted.',
  },
  month: { zh: '月份', en: 'Month' },
  number: { zh: '报告编号', en: 'Report' },
  edition: { zh: '版次', en: 'Edition' },
  editionOf: { zh: '第 {n} 版', en: 'No. {n}' },
  status: { zh: '状态', en: 'Status' },
  preliminary: { zh: '初报', en: 'Preliminary' },
  revised: { zh: '修订', en: 'Revised' },
  final: { zh: '定稿', en: 'Final' },
  asOf: { zh: '数据截至', en: 'As of' },
  changes: { zh: '修订行数', en: 'Lines changed' },
  signOffs: { zh: '签发', en: 'Signed off' },
  files: { zh: '下载', en: 'Download' },
  sign: { zh: '签发', en: 'Sign off' },
  make: { zh: '发布报告', en: 'Publish' },
  monthMissing: {
    zh: '未发布：请选择已结束的月份（yyyy-MM）。',
    en: 'Not published: choose a month that has ended (yyyy-MM).',
  },
  makeNote: {
    zh: '只能发布已结束的月份；与上一版没有差异时不产生新版。',
    en: 'Of months that have ended. Where no line differs from the last edition there is no new one.',
  },
  makeBy: {
    zh: '报告由运营方发布；管委会在此下载和签发。',
    en: 'The operator publishes reports; the committee downloads and signs them here.',
  },
  none: { zh: '还没有发布过报告', en: 'No report was published yet' },
  confirmMake: { zh: '发布 {month} 月度报告', en: 'Publish the report of {month}' },
  makeWhat: {
    zh: '按此刻所知的数字生成并发布；首版为初报，已有版次时为修订。',
    en: 'It is made of the figures known now: preliminary at first, revised where there is an edition already.',
  },
  makeStays: {
    zh: '已发布的版次永久保留，不能撤回，只能再发修订。',
    en: 'An edition that is published stays for good; it can only be followed by a revised one.',
  },
  makeVerb: { zh: '发布', en: 'Publish' },
  published: {
    zh: '已发布。与上一版没有差异时显示上一版。',
    en: 'Published. Where nothing differed, the last edition stands.',
  },
  confirmSign: { zh: '签发 {number}', en: 'Sign off {number}' },
  signWhat: {
    zh: '以您的账户 {name} 和所填角色签发，记入报告并印在文件上。',
    en: 'You sign with your account {name} in the role you give; both are kept and printed on the files.',
  },
  signFinal: {
    zh: '该版成为定稿；同一角色只能签发一次，不能撤销。',
    en: 'The edition becomes final. A role signs once, and cannot take it back.',
  },
  role: { zh: '签发角色', en: 'Role' },
  roleHint: { zh: '如：审核、签发', en: 'such as: reviewed, issued' },
  roleMissing: { zh: '请填写签发角色。', en: 'Give the role in which you sign.' },
  signVerb: { zh: '确认签发', en: 'Sign off' },
  signed: { zh: '已签发', en: 'Signed off' },
  fingerprint: { zh: '指纹', en: 'Fingerprint' },
  back: { zh: '返回报告列表', en: 'Back to the reports' },
  lastOnly: {
    zh: '只有每月最后一版可以签发',
    en: 'Only the last edition of a month can be signed',
  },
} as const satisfies Readonly<Record<string, Text>>
