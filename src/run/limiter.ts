/**
 * What counts requests on Node: rate-limiter-flexible in the memory of this process. Each gateway
 * process counts on its own, so that no request waits for a shared count.
 */
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import type { LimitClass, Limiter, LimitFigures, Place, PlaceFigures } from '../http/limits.ts'
import { PLACES } from '../kernel/limits.ts'

export interface LimiterOptions {
  readonly figures: LimitFigures
  readonly places?: PlaceFigures
  readonly pause?: Limiter['pause']
}

export const createLimiter = ({ figures, places = PLACES, ...others }: LimiterOptions): Limiter => {
  const limiters = new Map<LimitClass, RateLimiterMemory>()
  const limiterOf = (limit: LimitClass): RateLimiterMemory => {
    const known = limiters.get(limit)
    if (known !== undefined) return known
    const { points, seconds } = figures[limit]
    const made = new RateLimiterMemory({ points, duration: seconds })
    limiters.set(limit, made)
    return made
  }
  const taken = new Map<string, number>()
  const count = (name: string, by: number): void => {
    const next = (taken.get(name) ?? 0) + by
    if (next === 0) taken.delete(name)
    else taken.set(name, next)
  }
  return {
    figures,
    places,
    take: async (limit, key, points, already = 0) => {
      // Not `consume`: a batch that is larger than what is left goes through, and the next waits.
      const after: RateLimiterRes = await limiterOf(limit).penalty(key, points)
      return {
        limit,
        isLeft: after.consumedPoints - points - already < figures[limit].points,
        remaining: after.remainingPoints,
        resetMs: Math.max(0, after.msBeforeNext),
      }
    },
    giveBack: async (limit, key, points) => {
      await limiterOf(limit).reward(key, points)
    },
    enter: (place: Place, key) => {
      const { each, all } = places[place]
      const own = `${place} ${key}`
      if ((taken.get(own) ?? 0) >= each || (taken.get(place) ?? 0) >= all) return undefined
      count(own, 1)
      count(place, 1)
      let isHeld = true
      return () => {
        if (isHeld) for (const name of [own, place]) count(name, -1)
        isHeld = false
      }
    },
    pause: others.pause ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
  }
}
