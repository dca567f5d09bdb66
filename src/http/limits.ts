/**
 * Published limits: how much a caller may ask for, what is left of it, and the refusal when nothing
 * is. Headers follow draft-ietf-httpapi-ratelimit-headers (RateLimit-Policy, RateLimit). What counts
 * is handed in as `Limiter`; without one (Workers, whose platform has its own) nothing is limited.
 */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { Text } from '../kernel/fault.ts'
import {
  PLACE_RETRY_SECONDS,
  type PLACES,
  RATE_ADDRESS_SLOTS,
  type RATE_LIMITS,
} from '../kernel/limits.ts'
import { problemResponse } from './problems.ts'
import type { AppEnv } from './route.ts'
import { untilEnd } from './until-end.ts'

export type LimitClass = keyof typeof RATE_LIMITS
export type LimitFigures = Readonly<
  Record<LimitClass, { readonly points: number; readonly seconds: number }>
>
/** Work of which only so much may be under way at the same time. */
export type Place = keyof typeof PLACES
export type PlaceFigures = Readonly<Record<Place, { readonly each: number; readonly all: number }>>

/** How a caller's quota stands after he took of it. */
export interface Quota {
  readonly limit: LimitClass
  /** Something was left before; whoever takes more than is left is let through this once. */
  readonly isLeft: boolean
  readonly remaining: number
  readonly resetMs: number
}

/** Counts what callers ask for; for tests of all answers it can be one that refuses everything. */
export interface Limiter {
  readonly figures: LimitFigures
  readonly places: PlaceFigures
  /** `already` points of the same request were taken before. */
  take(limit: LimitClass, key: string, points: number, already?: number): Promise<Quota>
  /** Points that were taken turn out not to be this one's to pay. */
  giveBack(limit: LimitClass, key: string, points: number): Promise<void>
  /** Takes a place; the function that gives it back, or undefined when all are taken. */
  enter(place: Place, key: string): (() => void) | undefined
  /** Resolves after so many milliseconds. */
  pause(ms: number): Promise<void>
}

/** Takes of the caller's quota; the refusal when nothing was left. The answer's headers tell of it. */
export const takeQuota = async (
  c: Context<AppEnv>,
  limit: LimitClass,
  key: string,
  points: number,
  already = 0,
): Promise<Response | undefined> => {
  const { limiter } = c.get('deps')
  if (limiter === undefined) return undefined
  const quota = await limiter.take(limit, key, points, already)
  const figures = limiter.figures[limit]
  const resetSeconds = Math.ceil(quota.resetMs / 1000)
  c.set('quotaHeaders', {
    'RateLimit-Policy': `"${limit}";q=${figures.points};w=${figures.seconds}`,
    RateLimit: `"${limit}";r=${quota.remaining};t=${resetSeconds}`,
  })
  return quota.isLeft ? undefined : rateLimited(c, limit, Math.max(1, resetSeconds))
}

/**
 * Waits until the caller's quota has room for a part of what he is already sending. Meanwhile nothing
 * more is read from him, so he is slowed down and not refused in the middle.
 */
export const awaitQuota = async (
  c: Context<AppEnv>,
  limit: LimitClass,
  key: string,
  points: number,
): Promise<void> => {
  const { limiter } = c.get('deps')
  const quota = await limiter?.take(limit, key, points)
  if (limiter === undefined || quota === undefined || quota.isLeft) return
  await limiter.pause(quota.resetMs)
  await limiter.take(limit, key, points)
}

/** Does the work in one of the bounded places, until its answer is over. */
export const inPlace = async (
  c: Context<AppEnv>,
  place: Place,
  key: string,
  work: () => Promise<Response> | Response,
): Promise<Response> => {
  const { limiter } = c.get('deps')
  if (limiter === undefined) return work()
  const leave = limiter.enter(place, key)
  if (leave === undefined) return rateLimited(c, place, PLACE_RETRY_SECONDS)
  try {
    const answer = await work()
    // An answer in JSON is whole already; streams and workbooks are made while they are read.
    if (/^application\/(problem\+)?json\b/.test(answer.headers.get('content-type') ?? '')) {
      leave()
      return answer
    }
    const { response, ended } = untilEnd(answer)
    ended.then(leave, leave)
    return response
  } catch (error) {
    leave()
    throw error
  }
}

const rateLimited = (c: Context<AppEnv>, what: LimitClass | Place, seconds: number): Response => {
  c.get('deps').metrics?.refused(what)
  return problemResponse(c, 'RATE-LIMITED', {
    headers: { 'retry-after': String(seconds) },
    cure: waitFor(seconds),
    members: { limit: what, retryAfterSeconds: seconds },
  })
}

const waitFor = (seconds: number): Text => ({
  zh: `等待 ${seconds} 秒后重试;各类限额见 GET /api/v1/limits`,
  en: `Try again in ${seconds} s; GET /api/v1/limits lists all limits`,
})

/** Addresses are kept as one of a bounded number of slots, never as themselves. */
export const addressKey = (c: Context<AppEnv>): string => {
  const address = c.get('deps').addressOf?.(c) ?? ''
  const hash = createHash('sha256').update(networkOf(address)).digest()
  return `address ${hash.readUInt32BE() % RATE_ADDRESS_SLOTS}`
}

/** A caller may use any address of his own IPv6 network, so the network (/64) counts. */
const networkOf = (address: string): string => {
  if (!address.includes(':') || address.includes('.')) return address
  const [head = '', tail] = address.split('::')
  const left = head.split(':').filter((part) => part !== '')
  const right = tail === undefined ? [] : tail.split(':').filter((part) => part !== '')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4).join(':')
}
