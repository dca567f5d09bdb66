/**
 * Monthly summaries of export lists: until when the lists of a month must be summarised, and whether
 * a list may go the simplified way, which needs no summary. Pure; every figure is handed in with its
 * source. A list does not say all that decides: what it leaves open is told as open, never guessed.
 */
import { addDays, isWeekend } from '../kernel/clock.ts'
import type { Decimal } from '../kernel/decimal.ts'
import type { Text } from '../kernel/fault.ts'
import { REST_DAYS_IN_A_ROW_MAX } from '../kernel/limits.ts'

export interface Deadline {
  /** Last day, `yyyy-MM-dd` in China. */
  readonly date: string
  /** The day the rule names, before days of rest moved it. */
  readonly nominal: string
}

/**
 * Last day for the lists of a month (`yyyy-MM`): `day` of the following month, moved over days of
 * rest when the rule says so. `restDays` holds what differs from the weekend: true rests, false works.
 */
export const summaryDeadline = (
  month: string,
  rule: { readonly day: number; readonly moves: boolean },
  restDays: ReadonlyMap<string, boolean>,
): Deadline => {
  const [year = 0, number = 0] = month.split('-').map(Number)
  const nominal = new Date(Date.UTC(year, number, rule.day)).toISOString().slice(0, 10)
  let date = nominal
  for (let moved = 0; rule.moves && moved < REST_DAYS_IN_A_ROW_MAX; moved += 1) {
    if (!(restDays.get(date) ?? isWeekend(date))) break
    date = addDays(date, 1)
  }
  return { date, nominal }
}

export interface SimplifiedFacts {
  /** Whether its office lies in a comprehensive pilot zone; undefined when nobody told. */
  readonly inPilotZone: boolean | undefined
  /** Value of the parcel in CNY; undefined when it stands in another currency. */
  readonly amount: Decimal | undefined
  /** Greatest value that goes the simplified way; undefined when no such rule is in force. */
  readonly amountMax: Decimal | undefined
  readonly hasLicence: boolean
  /** Undefined throughout for a list alone: no field of it says so. */
  readonly needsInspection?: boolean | undefined
  readonly bearsDuty?: boolean | undefined
  readonly getsRefund?: boolean | undefined
}

export type SimplifiedFact = 'zone' | 'amount' | 'licence' | 'inspection' | 'duty' | 'refund'

export interface Reason {
  readonly fact: SimplifiedFact
  readonly verdict: 'for' | 'against' | 'unknown'
  readonly text: Text
}

export interface Simplified {
  readonly simplified: boolean | 'unknown'
  readonly reasons: readonly Reason[]
}

/** May go the simplified way when nothing speaks against it and nothing is left open. */
export const judgeSimplified = (facts: SimplifiedFacts): Simplified => {
  const { amount, amountMax } = facts
  const within = amount === undefined || amountMax === undefined ? undefined : amount <= amountMax
  const reasons = [
    reason('zone', facts.inPilotZone),
    reason('amount', within),
    reason('licence', !facts.hasLicence),
    reason('inspection', not(facts.needsInspection)),
    reason('duty', not(facts.bearsDuty)),
    reason('refund', not(facts.getsRefund)),
  ]
  const has = (verdict: Reason['verdict']) => reasons.some((item) => item.verdict === verdict)
  return { simplified: has('against') ? false : has('unknown') ? 'unknown' : true, reasons }
}

const not = (value: boolean | undefined): boolean | undefined =>
  value === undefined ? undefined : !value

const reason = (fact: SimplifiedFact, favours: boolean | undefined): Reason => {
  const verdict = favours === undefined ? 'unknown' : favours ? 'for' : 'against'
  return { fact, verdict, text: texts[fact][verdict] }
}

const texts: Readonly<Record<SimplifiedFact, Readonly<Record<Reason['verdict'], Text>>>> = {
  zone: {
    for: {
      zh: '申报地海关属于跨境电商综合试验区',
      en: 'The office lies in a comprehensive pilot zone',
    },
    against: {
      zh: '申报地海关不属于跨境电商综合试验区',
      en: 'The office lies in no comprehensive pilot zone',
    },
    unknown: {
      zh: '申报地海关是否属于综合试验区，没有资料',
      en: 'Whether the office lies in a comprehensive pilot zone is not known here',
    },
  },
  amount: {
    for: { zh: '单票价值不超过简化申报限额', en: 'The value is within the limit' },
    against: { zh: '单票价值超过简化申报限额', en: 'The value is above the limit' },
    unknown: {
      zh: '价值不以人民币计，或没有限额资料，无法比较',
      en: 'The value is not in CNY, or no limit is known: they cannot be compared',
    },
  },
  licence: {
    for: { zh: '清单未填许可证号', en: 'The list names no licence' },
    against: { zh: '清单填有许可证号，涉证商品不能简化申报', en: 'The list names a licence' },
    unknown: { zh: '是否涉证不明', en: 'Whether a licence is needed is not known' },
  },
  inspection: {
    for: { zh: '不涉检', en: 'No inspection is required' },
    against: { zh: '涉检商品不能简化申报', en: 'The goods require inspection' },
    unknown: {
      zh: '清单不说明商品是否涉检，请自行确认',
      en: 'The list does not say whether the goods require inspection',
    },
  },
  duty: {
    for: { zh: '不涉出口税', en: 'The goods bear no export duty' },
    against: { zh: '涉出口税商品不能简化申报', en: 'The goods bear export duty' },
    unknown: {
      zh: '清单不说明商品是否涉出口税，请自行确认',
      en: 'The list does not say whether the goods bear export duty',
    },
  },
  refund: {
    for: { zh: '不申请出口退税', en: 'No tax refund is claimed' },
    against: { zh: '需要出口退税的应汇总申报', en: 'A tax refund is claimed' },
    unknown: {
      zh: '清单不说明是否申请退税；需要退税的应汇总申报',
      en: 'The list does not say whether a tax refund is claimed',
    },
  },
}
