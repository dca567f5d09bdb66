/**
 * Zones side by side, and one zone: for the operator, and for whom he gave a key for the totals. Others
 * see what of zones open data may show in the totals: cells of few enterprises would be told here.
 */
import { z } from '@hono/zod-openapi'
import { UNDECIDED_PATH } from '../../flow/zone-links.ts'
import { zonesView, zoneView } from '../../flow/zones.ts'
import { whoLooks } from '../identify.ts'
import { route } from '../route.ts'
import { zoneAnswer, zonesAnswer } from '../zone-schemas.ts'
import { asOfMember, futureFault, isToCome } from './totals.ts'

const query = z.object({
  asOf: asOfMember,
  month: z
    .string()
    .regex(/^2\d{3}-?(?:0[1-9]|1[0-2])$/)
    .transform((text) => text.replace('-', ''))
    .optional()
    .openapi({
      type: 'string',
      description: '月份 yyyyMM 或 yyyy-MM，缺省为本月 / this month unless told, China time',
    }),
})

export const zonesRoute = route(
  {
    method: 'get',
    path: '/api/v1/zones',
    summary: { zh: '监管区域对比与排名', en: 'Zones side by side' },
    access: 'public',
    limit: 'report',
    query,
    answers: {
      200: {
        description: {
          zh: '各监管区域及未归属部分的当月数字，按已放行货值排名',
          en: 'Figures of a month of every zone and of undecided lists, ranked by released value',
        },
        schema: zonesAnswer,
      },
    },
    problems: ['SCOPE-MISSING'],
  },
  async ({ c, deps, query: asked, refuse }) => {
    if ((await whoLooks(c))?.opensTotals !== true) return refuse('SCOPE-MISSING')
    return isToCome(deps.flow, asked.asOf)
      ? refuse('QUERY-WRONG', [futureFault])
      : c.json(await zonesView(deps.flow, asked))
  },
)

export const zoneRoute = route(
  {
    method: 'get',
    path: '/api/v1/zones/{code}',
    summary: { zh: '一个监管区域', en: 'One zone' },
    access: 'public',
    limit: 'report',
    query,
    answers: {
      200: {
        description: {
          zh: '该区域当月数字，分方向、监管方式、退单原因；code 为 undecided 即未归属',
          en: 'Its figures of a month by direction, mode and cause of refusals; undecided lists under the code undecided',
        },
        schema: zoneAnswer,
      },
    },
    problems: ['NOT-FOUND', 'SCOPE-MISSING'],
  },
  async ({ c, deps, query: asked, param, refuse }) => {
    const code = param('code')
    const reader = await whoLooks(c)
    if (reader?.opensTotals !== true) return refuse('SCOPE-MISSING')
    if (isToCome(deps.flow, asked.asOf)) return refuse('QUERY-WRONG', [futureFault])
    const zone = code === UNDECIDED_PATH ? '' : code
    const found = await zoneView(deps.flow, zone, asked, { books: reader.operator })
    return found === undefined ? refuse('NOT-FOUND') : c.json(found)
  },
)
