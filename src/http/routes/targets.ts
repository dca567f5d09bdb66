/** How far the year is from its target. It names no enterprise, so anybody may read it. */
import { z } from '@hono/zod-openapi'
import { targetsOf } from '../../flow/targets.ts'
import { whoLooks } from '../identify.ts'
import { route } from '../route.ts'
import { plainText } from '../schemas.ts'
import { targetsAnswer } from '../target-schemas.ts'
import { futureFault } from './totals.ts'

const query = z.object({
  year: z.coerce
    .number()
    .int()
    .min(2000)
    .max(2999)
    .optional()
    .openapi({ description: '缺省为今年(北京时间) / this year in China unless told' }),
  zone: plainText.min(1).max(32).optional().openapi({
    description: '监管区域代码；缺省为全市 / code of a zone; the whole city unless told',
  }),
  scope: z.enum(['policy', 'released', 'declared', 'settled']).optional().openapi({
    description:
      '统计口径，缺省为 policy（交易及结算） / what counts; trade and settlement unless told',
  }),
  asOf: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional()
    .openapi({ type: 'string', description: '截至时刻，不晚于现在 / a moment that has come' }),
})

export const targetsRoute = route(
  {
    method: 'get',
    path: '/api/v1/targets',
    summary: { zh: '目标进度与推算', en: 'Progress to the target, and forecast' },
    access: 'public',
    limit: 'report',
    query,
    answers: {
      200: {
        description: {
          zh: '目标、已完成、差额、所需日均、年底推算及其区间与方法、完成日或差额',
          en: 'Target, done, left, pace needed, forecast of the year with its range and method, and when it is reached or by how much it is missed',
        },
        schema: targetsAnswer,
      },
    },
    problems: ['NOT-FOUND', 'SCOPE-MISSING'],
  },
  async ({ c, deps, query: asked, refuse }) => {
    // What the city reached is told to anybody; of zones and of money alone few enterprises may be behind.
    const isNarrow = asked.zone !== undefined || asked.scope === 'settled'
    if (isNarrow && (await whoLooks(c))?.opensTotals !== true) return refuse('SCOPE-MISSING')
    if (asked.asOf !== undefined && asked.asOf > deps.flow.clock.now())
      return refuse('QUERY-WRONG', [futureFault])
    const answer = await targetsOf(deps.flow, asked)
    return answer.kind === 'zone-unknown' ? refuse('NOT-FOUND') : c.json(answer.view)
  },
)
