/** Shapes of mandates in answers. */
import { z } from '@hono/zod-openapi'

export const mandateAnswer = z
  .object({
    id: z.string(),
    principalId: z.string(),
    principalName: z.string(),
    agentId: z.string(),
    agentName: z.string(),
    kinds: z.array(z.string()),
    /** Empty: all of them. Kinds that lie in no zone are not narrowed by it. */
    zones: z.array(z.string()),
    validFrom: z.string(),
    validTo: z.string().nullable(),
    state: z.enum(['coming', 'in-force', 'over']),
    endedAt: z.string().nullable(),
    lastDay: z.string().nullable(),
    daysLeft: z.int().nullable(),
    warning: z.int().nullable(),
    createdAt: z.string(),
  })
  .openapi('Mandate')

export const mandateList = z
  .object({ mandates: z.array(mandateAnswer), next: z.string().nullable() })
  .openapi('MandateList')

/** Who handed a version of a document in, and under which mandate. */
export const handedIn = z.object({ by: z.string(), mandate: mandateAnswer.nullable() })
