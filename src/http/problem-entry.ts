/** What one refusal of the interface is told by. */
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Text } from '../kernel/fault.ts'

export interface ProblemEntry {
  readonly status: ContentfulStatusCode
  readonly title: Text
  readonly cure: Text
}

export const entry = (
  status: ContentfulStatusCode,
  title: readonly [zh: string, en: string],
  cure: readonly [zh: string, en: string],
): ProblemEntry => ({
  status,
  title: { zh: title[0], en: title[1] },
  cure: { zh: cure[0], en: cure[1] },
})
