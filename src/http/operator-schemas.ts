/** Shapes of what only operators ask for, for the OpenAPI document and the contract test. */
import { z } from '@hono/zod-openapi'

export const troubledMessages = z
  .object({
    messages: z.int().openapi({
      description: '有单证未送达的报文数 / messages that could not be delivered',
    }),
    /** Counting ended there. */
    more: z.boolean(),
  })
  .openapi('TroubledMessages')

const person = {
  name: z.string(),
  email: z.string(),
  twoFactor: z.boolean().openapi({ description: '已启用双重验证 / signs in with a second factor' }),
  since: z.string(),
}

export const memberAnswer = z
  .object({ ...person, id: z.string(), role: z.enum(['owner', 'admin', 'member']) })
  .openapi('Member')

export const memberList = z
  .object({
    members: z.array(memberAnswer),
    next: z.string().nullable(),
  })
  .openapi('MemberList')

export const staffList = z
  .object({
    people: z.array(
      z.object({
        ...{ ...person, id: z.string(), role: z.enum(['operator', 'committee', 'user']) },
        enterprises: z.array(z.object({ id: z.string(), name: z.string() })).openapi({
          description: '所属企业，查找时列出 / enterprises of one who was looked for',
        }),
      }),
    ),
    more: z.boolean(),
  })
  .openapi('StaffList')

export const personMade = z
  .object({ email: z.string(), password: z.string(), role: z.string() })
  .openapi('PersonMade')

const named = { name: z.string(), zh: z.string(), en: z.string() }

export const referenceIndex = z
  .object({
    tables: z.array(
      z.object({
        ...named,
        dating: z.enum(['edition', 'row', 'none']),
        /** Null while nothing was loaded beside what the gateway brings along. */
        loaded: z
          .object({
            at: z.string(),
            by: z.string(),
            rows: z.int(),
            added: z.int(),
            changed: z.int(),
            removed: z.int(),
          })
          .nullable(),
      }),
    ),
  })
  .openapi('ReferenceIndex')

export const referenceLoads = z
  .object({
    loads: z.array(
      z.object({
        ...named,
        id: z.string(),
        at: z.string(),
        by: z.string(),
        rows: z.int(),
        added: z.int(),
        changed: z.int(),
        removed: z.int(),
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('ReferenceLoads')
