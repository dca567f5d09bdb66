/** Shapes of clients in answers. */
import { z } from '@hono/zod-openapi'

export const clientList = z
  .object({
    asOf: z.string(),
    /** A number like this one means so many or more. */
    countedTo: z.int(),
    clients: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        customsCode: z.string().nullable(),
        creditCode: z.string().nullable(),
        own: z.boolean(),
        rejected: z.int(),
        actionNeeded: z.int(),
        stuck: z.int(),
        lastDay: z.string().nullable(),
      }),
    ),
    more: z.boolean(),
  })
  .openapi('ClientList')
