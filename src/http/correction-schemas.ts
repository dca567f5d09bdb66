/** Shapes of corrections as they are read back. */
import { z } from '@hono/zod-openapi'
import { summary } from './schemas.ts'

const correctionSummary = {
  token: z.string(),
  state: z.enum(['previewed', 'expired', 'under-way', 'finished']),
  createdAt: z.string(),
  until: z.string(),
  appliedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  items: z.int(),
  cause: z.string().nullable(),
  change: z
    .object({
      kind: z.string().nullable(),
      field: z.string(),
      way: z.enum(['value', 'mapping', 'from']),
      from: z.string().nullable(),
    })
    .nullable(),
}

export const correctionList = z
  .object({ corrections: z.array(z.object(correctionSummary)) })
  .openapi('CorrectionList')

export const correctionView = z
  .object({
    ...correctionSummary,
    done: z.int(),
    documents: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        number: z.string(),
        version: z.int(),
        companion: z.boolean(),
        appType: z.string(),
        changes: z.array(
          z.object({
            pointer: z.string(),
            before: z.string().nullable(),
            after: z.string().nullable(),
          }),
        ),
        outcome: z.enum(['planned', 'done', 'changed-since', 'left']),
        state: summary.state,
        group: summary.group,
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('CorrectionView')
