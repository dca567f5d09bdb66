/**
 * Steps of ours whose state alone would not tell a reader what happened, told by the key of their
 * event: what was sent again, and what went out otherwise than it was handed in.
 */
import { rules } from '../catalogue/rules/index.ts'
import type { Text } from '../kernel/fault.ts'
import { rulesInKey } from './blocking.ts'

/** By what stands before the first colon of the key. */
const words: Readonly<Record<string, Text>> = {
  resend: { zh: '重新排队发送（原报文、原编号）', en: 'Queued again: same message, same id' },
  'as-new': {
    zh: '海关未收到过此前版本，按新增（appType 1）发送',
    en: 'Goes out as new (appType 1): customs never got an earlier version',
  },
  blocked: { zh: '比对不符，暂不发送', en: 'Held back, for it should hold that' },
  anyway: { zh: '按要求仍要发送，不计', en: 'Sent on as asked, although it should hold that' },
  withdrawn: {
    zh: '此前版本从未发往海关，删除在本地完成，不再发送',
    en: 'Deleted here: no earlier version ever went to customs, so nothing is sent',
  },
}

/** Undefined where the state says it all. */
export const stepWords = ({ key }: { readonly key: string }): Text | undefined => {
  const [name = ''] = key.split(':', 1)
  const said = Object.hasOwn(words, name) ? words[name] : undefined
  const held = rulesInKey(key)
  if (said === undefined || held === undefined) return said
  return {
    zh: `${said.zh}：${held.map((rule) => rules[rule].zh).join('；')}`,
    en: `${said.en}: ${held.map((rule) => rules[rule].en).join('; ')}`,
  }
}
