/** When something ends, told from 30 days before with the day and how many are left. */
import { DAY_MS } from '../../kernel/clock.ts'
import type { Text } from '../../kernel/fault.ts'
import { chinaTime } from '../figures.ts'
import { fill } from '../texts.ts'
import { enterpriseTexts as texts } from './enterprise-texts.ts'

/** Days before an end from which it is told of. */
export const WARN_DAYS = 30
/** Whole days from `now`; negative once it is over. */
export const daysUntil = (iso: string, now: Date): number =>
  Math.floor((Date.parse(iso) - now.getTime()) / DAY_MS)

export const Ends = ({
  t,
  iso,
  now,
}: {
  readonly t: (text: Text) => string
  readonly iso: string | null
  readonly now: Date
}) => {
  if (iso === null) return <span class="none">{t(texts.never)}</span>
  const days = daysUntil(iso, now)
  const day = chinaTime(iso).slice(0, 10)
  if (days < 0) return <span class="ends" data-ends="over">{`${t(texts.expired)} ${day}`}</span>
  if (days > WARN_DAYS) return <time datetime={iso}>{day}</time>
  return (
    <strong class="ends" data-ends="soon">
      {fill(t(texts.expiresSoon), { day, days: String(days) })}
    </strong>
  )
}
