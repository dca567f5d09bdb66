/**
 * As of which moment figures of settlements are told, and from where they are read then: a moment that is
 * asked for is sealed first, so that the same question always has the same answer.
 */
import { chinaDay } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import { findEditionStart } from '../store/settlements-editions.ts'
import { type SettlementSource, settlementsAt, settlementsNow } from '../store/settlements-then.ts'
import { momentOf, sealUpTo } from './totals.ts'
import type { FlowDeps, Moment } from './types.ts'

export interface Standing {
  /** The moment that was asked for. */
  readonly asOf: Date | undefined
  readonly now: Date
  /** What the figures are of: that moment, else now. */
  readonly at: Date
  readonly source: SettlementSource
  /** How lines were matched, and what was open, is known of that moment. */
  readonly isKept: boolean
  /** Why not. */
  readonly untold: Text | null
}

/** Not later than now. */
export const standingAt = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  asOf: Date | undefined,
): Promise<Standing> => {
  const now = deps.clock.now()
  if (asOf === undefined)
    return { asOf, now, at: now, source: settlementsNow, isKept: true, untold: null }
  await sealUpTo(deps, asOf)
  const since = await findEditionStart(deps.db)
  const isKept = since <= asOf
  const source = settlementsAt(asOf)
  return { asOf, now, at: asOf, source, isKept, untold: isKept ? null : untoldBefore(since) }
}

export const momentOfStanding = ({ asOf, at }: Standing): Moment => momentOf(asOf, at)

/** Texts told one after the other; null where there is none. */
export const toldTogether = (texts: readonly (Text | null)[]): Text | null => {
  const told = texts.filter((each) => each !== null)
  return told.length === 0
    ? null
    : { zh: told.map(({ zh }) => zh).join('；'), en: told.map(({ en }) => en).join('; ') }
}

const untoldBefore = (since: Date): Text => ({
  zh: `明细与清单的对应、未结项目自 ${chinaDay(since)} 起才留存何时如此，所问时刻早于此，故不给出`,
  en: `How lines were matched and what was open is kept since ${chinaDay(since)}, after the moment that is asked for, so that it is not told`,
})
