/** Days in queries, China time. */
import { z } from '@hono/zod-openapi'
import { DAY_MS, readStamp } from '../kernel/clock.ts'

/** `yyyy-MM-dd` as its first moment. */
export const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .transform((text, context) => {
    const start = readStamp(text.replaceAll('-', ''))
    if (start !== undefined) return start
    context.addIssue({ code: 'custom', message: 'this day does not exist' })
    return z.NEVER
  })

/** The first moment after a day, of its first moment. */
export const afterDay = (start: Date | undefined): Date | undefined =>
  start === undefined ? undefined : new Date(start.getTime() + DAY_MS)
