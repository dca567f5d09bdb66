/** Texts of the status page, in Chinese and English, and how ages and estimates are written there. */
import { protocols } from '../flow/link-status.ts'
import type { Text } from '../kernel/fault.ts'
import { wholeCount } from './figures.ts'
import { fill, type Lang, say } from './texts.ts'

export const statusTexts = {
  description: {
    zh: '通往海关的各链路是否正常、自何时起、有多少报文在排队、最久已等多久，以及申报企业现在该怎么做。',
    en: 'Whether the links to customs work, since when, what waits and how long, and what senders do now.',
  },
  normal: { zh: '正常', en: 'Normal' },
  degraded: { zh: '部分受影响', en: 'Degraded' },
  down: { zh: '链路中断', en: 'Links down' },
  refreshed: { zh: '每 {seconds} 秒自动刷新', en: 'refreshes every {seconds} seconds' },
  link: { zh: '通往海关的链路', en: 'Links to customs' },
  noLink: { zh: '尚未设置', en: 'None is set up' },
  since: { zh: '自 {time} 起，已 {age}', en: 'since {time}, {age}' },
  unused: { zh: '尚未发送过报文', en: 'nothing was sent over it yet' },
  waiting: { zh: '排队报文', en: 'Messages waiting' },
  oldest: { zh: '最久已等', en: 'Oldest waits' },
  drain: { zh: '排完预计', en: 'Drained in about' },
  sentAt: { zh: '最近一次发出', en: 'Last sent' },
  advice: { zh: '申报企业', en: 'Senders' },
  none: { zh: '无', en: 'none' },
  unknown: { zh: '未知', en: 'unknown' },
  atOnce: { zh: '即时', en: 'no wait' },
  least: { zh: '{count} 以上', en: 'more than {count}' },
  failures: { zh: '连续失败', en: 'Failures in a row' },
  retryAt: { zh: '下次试发', en: 'Next try' },
  problem: { zh: '原因', en: 'Problem' },
  pace: { zh: '近期速度', en: 'Pace of lately' },
  perMinute: { zh: '每分钟 {count} 条', en: '{count} a minute' },
  stages: { zh: '网关内部各环节', en: 'Stages of the gateway' },
  stagesNote: {
    zh: '签名未就绪的单证停在“组报签名”，链路中断的停在“发送”',
    en: 'What cannot be signed stays before “Compose and sign”, what cannot be sent before “Dispatch”',
  },
  stage: { zh: '环节', en: 'Stage' },
  state: { zh: '状态', en: 'State' },
  work: { zh: '待办', en: 'Waiting' },
  clear: { zh: '无积压', en: 'Clear' },
  moving: { zh: '处理中', en: 'Moving' },
  held: { zh: '链路中断，暂存', en: 'Held: link down' },
  behind: { zh: '落后', en: 'Behind' },
  unanswered: { zh: '已发出而超时未获答复的报文', en: 'Messages sent and unanswered for long' },
  unansweredNote: {
    zh: '网关会以原编号、原内容自动重发；居高不下时请联系交换平台，回执队列可能已被删除',
    en: 'They go again by themselves, same id and bytes. If their number stays, call the exchange: a reply queue may have been deleted',
  },
  signers: { zh: '签名证书与设备', en: 'Signers' },
  signersNone: { zh: '没有登记签名证书', en: 'No signing key is registered' },
  signersMore: { zh: '另有 {count} 个未列出', en: '{count} more are not listed' },
  subject: { zh: '证书主体', en: 'Subject' },
  unsigned: { zh: '待签报文', en: 'To be signed' },
  ends: { zh: '有效期至', en: 'Ends' },
  ok: { zh: '可用', en: 'In use' },
  quarantined: { zh: '故障，暂停使用', en: 'Failing, not used' },
  expired: { zh: '已过期', en: 'Ended' },
  'not-yet': { zh: '尚未生效', en: 'Not in force yet' },
  webhooks: { zh: '未送达的推送订阅', en: 'Web hooks that do not arrive' },
  webhooksNone: {
    zh: '没有推送失败或已停用的订阅',
    en: 'No web hook fails or was given up',
  },
  webhooksCount: {
    zh: '推送失败 {failing} 个，已停用 {disabled} 个',
    en: '{failing} failing, {disabled} disabled',
  },
  webhooksMore: { zh: '另有 {count} 个未列出', en: '{count} more are not listed' },
  webhooksSee: { zh: '查看推送订阅', en: 'See the web hooks' },
  enterprise: { zh: '企业', en: 'Enterprise' },
  subscription: { zh: '用途', en: 'For' },
  standsSince: { zh: '自', en: 'Since' },
  cure: { zh: '办法', en: 'Cure' },
  own: { zh: '本企业排队中的单证', en: 'Your documents that wait' },
  ownNone: { zh: '没有排队中的单证', en: 'None of your documents waits' },
  kind: { zh: '单证', en: 'Document' },
  documents: { zh: '份数', en: 'Documents' },
  what: { zh: '等待什么', en: 'Waits for' },
  footer: {
    zh: '本页不含个人信息；所有内容与接口 /api/v1/status 一致。预计按最近几分钟实际发送速度计算，中断期间不作预计。',
    en: 'This page holds no personal data; all it says is what /api/v1/status says. Estimates follow from what was really sent in the last minutes; while a link is down there are none.',
  },
  banner: { zh: '查看运行状况', en: 'See the status' },
} as const satisfies Readonly<Record<string, Text>>

const UNITS = [
  { seconds: 86_400, zh: '天', en: 'd' },
  { seconds: 3_600, zh: '小时', en: 'h' },
  { seconds: 60, zh: '分', en: 'min' },
  { seconds: 1, zh: '秒', en: 's' },
] as const

/** `3 小时 12 分`, `3 h 12 min`: the greatest unit that counts and the one below it. */
export const age = (seconds: number, lang: Lang): string => {
  const from = UNITS.findIndex((unit) => seconds >= unit.seconds)
  if (from === -1) return `0 ${lang === 'zh' ? '秒' : 's'}`
  let rest = seconds
  return UNITS.slice(from, from + 2)
    .flatMap((unit) => {
      const count = Math.floor(rest / unit.seconds)
      rest -= count * unit.seconds
      return count === 0 ? [] : [`${count} ${unit[lang]}`]
    })
    .join(' ')
}

/** `模拟海关 simulator`: what a link is called, with the code that settings and requests name it by. */
export const linkNamed = (code: string, lang: Lang): string => {
  const name = Object.entries(protocols).find(([known]) => known === code)?.[1]
  return name === undefined ? code : `${name[lang]} ${code}`
}

/** A count that ended at a bound says so. */
export const countOf = (count: number, more: boolean, lang: Lang): string =>
  more
    ? fill(say(statusTexts.least, lang), { count: wholeCount(count) })
    : count === 0
      ? say(statusTexts.none, lang)
      : wholeCount(count)
