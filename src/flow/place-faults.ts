/** Why the lists of some months cannot be placed anew: code, texts and cures. */
import type { Fault, Text } from '../kernel/fault.ts'
import { PLACED_MONTHS_MAX } from '../kernel/ledger-limits.ts'

const noSuch = {
  text: { zh: '没有这个月份', en: 'There is no such month' },
  cure: {
    zh: '按 yyyy-MM 填写，如 2026-10',
    en: 'Write it as yyyy-MM, such as 2026-10',
  },
} as const

const table = {
  'month-NO_SUCH': noSuch,
  'to-NO_SUCH': noSuch,
  'to-BEFORE_MONTH': {
    text: { zh: '止月早于起月', en: 'The last month is before the first' },
    cure: {
      zh: '对调两个月份，或省略 to，即只含一个月',
      en: 'Change their places, or leave `to` out for one month alone',
    },
  },
  'to-TOO_FAR': {
    text: {
      zh: `一次最多 ${PLACED_MONTHS_MAX} 个月`,
      en: `More than ${PLACED_MONTHS_MAX} months at once`,
    },
    cure: { zh: '分几次办理', en: 'Take them in several runs' },
  },
} as const satisfies Readonly<Record<string, { readonly text: Text; readonly cure: Text }>>

export const placeFault = (what: keyof typeof table): Fault => ({
  code: `PLACE-${what}`,
  pointer: `/${what.slice(0, what.indexOf('-'))}`,
  severity: 'error',
  ...table[what],
})
