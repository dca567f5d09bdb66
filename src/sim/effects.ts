/**
 * What follows for documents that another one was granted to act upon: a list stands cancelled and
 * hears no more, gets the reply that the catalogue promises, keeps count of what went back, loses
 * its tax bill, or is summed up.
 */
import { YUAN } from '../catalogue/measures.ts'
import { ZERO } from '../kernel/decimal.ts'
import { type Asked, sumQuantities } from './acts.ts'
import type { Answers } from './answers.ts'
import type { Ledger } from './books.ts'
import { type Filed, goodsOf, laterOf } from './filed.ts'
import type { Registry } from './registry.ts'
import { returnedPrices, returnedUse, type Years } from './years.ts'

/** `filed` is the acting document, its replies planned. */
export const actUpon = (
  office: {
    readonly registry: Registry
    readonly answers: Answers
    readonly years: Years
    readonly ledger: Ledger
  },
  filed: Filed,
  asked: Asked,
  targets: readonly Filed[],
): void => {
  const { registry, answers, years, ledger } = office
  const { makes, answered, verb } = asked.acts
  const moment = { at: filed.repliedAt, due: filed.busyUntil }
  for (const target of targets) {
    if (makes !== undefined) {
      registry.freeCompanionsOf(target)
      target.made = makes
      target.standing = 'deleted'
      target.way.endsAt = moment.at
      if (target.use !== undefined) years.giveBack(target.use)
      target.use = undefined
    }
    if (answered !== undefined && !laterOf(target).closed) {
      laterOf(target).closed = true
      answers.follow(target, [{ status: answered, pause: 'closed' }], {
        ...{ appType: '', manner: 'plain', from: moment.due },
      })
    }
    if (verb === 'summarise') laterOf(target).summarised = true
    if (verb === 'return') {
      const { returned } = laterOf(target)
      for (const [gnum, sum] of sumQuantities(asked.lines, returned)) returned.set(gnum, sum)
      const currency = target.foreign?.currency ?? (target.amount === ZERO ? undefined : YUAN)
      if (currency !== undefined)
        ledger.wentBack(currency, returnedPrices(goodsOf(target), asked.lines))
      if (target.use !== undefined)
        years.giveBack(returnedUse(target.use, goodsOf(target), asked.lines))
      answers.tellVoid(target, moment)
    }
  }
}
