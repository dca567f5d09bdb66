/** Words and faults, which every other shape is made of. */
import { z } from '@hono/zod-openapi'

export const text = z.object({ zh: z.string(), en: z.string() })

/** For when figures are told. */
export const moment = {
  asOf: z.string(),
  provisional: z.boolean().openapi({
    description:
      '按现在所知，尚未封存：此刻之前的事仍可能记入；指定 asOf 的答复不再变化 / told as of now: what is on its way may still be recorded before that moment; an answer as of a moment that was asked for never changes',
  }),
}

export const fault = z
  .object({
    code: z.string(),
    pointer: z.string(),
    severity: z.enum(['error', 'warning']),
    text,
    cure: text,
    values: z.record(z.string(), z.string()).optional().openapi({
      description:
        '两份单证各自的值，个人信息已遮盖 / what two documents say, by kind, personal values masked',
    }),
  })
  .openapi('Fault')
