/**
 * Where a list lies: decided in one way when it is handed in and when stored lists are placed anew. What
 * it says of its warehouse, site and customs office is held against the rules of its own day.
 */
import type { FieldRecord, Trade } from '../catalogue/message.ts'
import { dayOfStamp } from '../kernel/clock.ts'
import { type DecidedZone, decideZone, type ZoneRule } from '../store/reference.ts'

export const decideList = (
  rules: readonly ZoneRule[],
  { parties: { warehouse }, site, office }: Pick<Trade, 'parties' | 'site' | 'office'>,
  head: FieldRecord,
): DecidedZone =>
  decideZone(rules, {
    warehouse: warehouse === undefined ? undefined : head[warehouse],
    ...{ site: head[site], office: head[office] },
    on: dayOfStamp(head.appTime ?? ''),
  })
