/** Words and faults, which every other shape is made of. */
import { z } from '@hono/zod-openapi'

export const text = z.object({ zh: z.string(), en: z.string() })

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
