/** Shapes of rehearsals: what is asked for, how far one is, what it found. */
import { z } from '@hono/zod-openapi'
import { plannedTotal } from '../kernel/rehearsal-curve.ts'
import {
  REHEARSAL_LISTS_MAX,
  REHEARSAL_SECONDS_MAX,
  REHEARSAL_SECONDS_MIN,
  REHEARSAL_TIMES_MAX,
} from '../kernel/rehearsal-limits.ts'
import { text } from './text-schemas.ts'

export const wantedRehearsal = z
  .strictObject({
    times: z.int().min(1).max(REHEARSAL_TIMES_MAX).openapi({
      description: '峰值为每秒 10 份清单的倍数 / the top of the curve, in 10 lists a second',
    }),
    seconds: z.int().min(REHEARSAL_SECONDS_MIN).max(REHEARSAL_SECONDS_MAX),
  })
  .refine((plan) => plannedTotal(plan) <= REHEARSAL_LISTS_MAX, {
    path: ['seconds'],
    message: `at most ${REHEARSAL_LISTS_MAX} lists in all`,
  })

const spread = z.object({
  ...{ count: z.int(), p50: z.number(), p90: z.number(), p99: z.number(), max: z.number() },
})

export const rehearsalReport = z
  .object({
    machine: z.string(),
    database: z.enum(['postgresql', 'embedded']),
    lists: z.int(),
    released: z.int(),
    /** From the first request to the last release. */
    seconds: z.number(),
    /** Lists released in the best second, and on average over all of them. */
    bestPerSecond: z.number(),
    meanPerSecond: z.number(),
    residentMb: z.int().nullable(),
    /** Lists by the end of each second. */
    curve: z.array(
      z.object({ second: z.int(), planned: z.int(), taken: z.int(), released: z.int() }),
    ),
    /** Milliseconds. */
    latencies: z.array(
      z.object({
        stage: z.enum(['intake', 'sent', 'replied', 'released', 'whole']),
        ...spread.shape,
      }),
    ),
  })
  .openapi('RehearsalReport')

export type RehearsalReport = z.infer<typeof rehearsalReport>

export const rehearsalView = z
  .object({
    id: z.string(),
    startedAt: z.string(),
    times: z.int(),
    seconds: z.int(),
    planned: z.int(),
    /** `broken-off`: its process is gone. */
    state: z.enum(['running', 'done', 'failed', 'stopped', 'broken-off']),
    phase: z.enum(['starting', 'handing-in', 'draining', 'reporting']),
    done: z.int(),
    endedAt: z.string().nullable(),
    problem: z.string().nullable(),
    report: rehearsalReport.nullable(),
  })
  .openapi('Rehearsal')

export const rehearsalList = z
  .object({
    /** Why none may begin here; null when one may. */
    hindrance: text.extend({ cure: text }).nullable(),
    rehearsals: z.array(rehearsalView),
    next: z.string().nullable(),
  })
  .openapi('RehearsalList')
