/** Shapes of clients in answers. */
import { z } from '@hono/zod-openapi'

const client = z.string().openapi({
  description: '查询其单证所用的代码 / code by which its documents are asked for',
})

export const clientNameList = z
  .object({
    clients: z.array(
      z.object({
        client,
        name: z.string(),
        customsCode: z.string().nullable(),
        creditCode: z.string().nullable(),
        own: z.boolean(),
      }),
    ),
    more: z.boolean(),
  })
  .openapi('ClientNameList')

export const clientList = z
  .object({
    asOf: z.string(),
    /** A number like this one means so many or more. */
    countedTo: z.int(),
    clients: z.array(
      z.object({
        client,
        id: z.string().nullable(),
        name: z.string(),
        customsCode: z.string().nullable(),
        creditCode: z.string().nullable(),
        own: z.boolean(),
        mandated: z.boolean(),
        rejected: z.int(),
        actionNeeded: z.int(),
        underWay: z.int(),
        stuck: z.int(),
        lastDay: z.string().nullable(),
      }),
    ),
    more: z.boolean(),
  })
  .openapi('ClientList')
