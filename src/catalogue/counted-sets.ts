/** Sets that figures of zones count and no filter of the totals names. */
import type { Text } from '../kernel/fault.ts'

/** Why a list lies in no zone. */
export const undecidedReasons = {
  'no-rule': { zh: '没有规则', en: 'No rule places them' },
  'several-rules': { zh: '多条规则指向不同区域', en: 'Rules place them in several zones' },
} as const satisfies Readonly<Record<string, Text>>

export type Undecided = keyof typeof undecidedReasons

/** Released lists by whether their clearance time is known, lists of which goods came back, and undecided ones by why. */
export const countedSets = {
  measured: { zh: '通关时长已知', en: 'clearance time known' },
  unmeasured: { zh: '通关时长未知', en: 'clearance time not known' },
  returned: { zh: '有货物退回', en: 'goods came back' },
  ...undecidedReasons,
} as const satisfies Readonly<Record<string, Text>>

export type CountedSet = keyof typeof countedSets
