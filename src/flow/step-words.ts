/**
 * Steps of ours whose state alone would not tell a reader what happened, told by the key of their
 * event: what was sent again, and what went out otherwise than it was handed in.
 */
import type { Text } from '../kernel/fault.ts'

/** By what stands before the first colon of the key. */
const words: Readonly<Record<string, Text>> = {
  resend: { zh: '重新排队发送（原报文、原编号）', en: 'Queued again: same message, same id' },
  'as-new': {
    zh: '海关未收到过此前版本，按新增（appType 1）发送',
    en: 'Goes out as new (appType 1): customs never got an earlier version',
  },
  withdrawn: {
    zh: '此前版本从未发往海关，删除在本地完成，不再发送',
    en: 'Deleted here: no earlier version ever went to customs, so nothing is sent',
  },
}

/** Undefined where the state says it all. */
export const stepWords = ({ key }: { readonly key: string }): Text | undefined => {
  const [name = ''] = key.split(':', 1)
  return Object.hasOwn(words, name) ? words[name] : undefined
}
