/**
 * Totals of what was declared, released and settled, with their meaning, their gaps and their distance
 * to the year's target. The operator, and whoever has a key of his for totals, see all; an enterprise
 * sees what names its own code; anybody sees what open data may show, small cells put together.
 */
import { z } from '@hono/zod-openapi'
import { MERGED, PUBLIC_BY, type PublicQuery, publicTotals } from '../../flow/public-totals.ts'
import { mayReadEnterprises, type TotalsQuery, totals } from '../../flow/totals.ts'
import { documentsLink, rowLink } from '../../flow/totals-links.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Fault } from '../../kernel/fault.ts'
import { seenBy } from '../callers.ts'
import { whoLooks } from '../identify.ts'
import { route } from '../route.ts'
import { plainText, totalsAnswer } from '../schemas.ts'

const code = plainText.min(1).max(30).optional()

export const asOfMember = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .optional()
  .openapi({
    type: 'string',
    description: '按该时刻所知，不得晚于现在 / as known at this moment, which is not in the future',
  })

const query = z.object({
  year: z.coerce.number().int().min(2000).max(2999).optional(),
  by: z
    .enum(['zone', 'mode', 'month', 'direction', 'enterprise', 'country', 'chapter', 'institution'])
    .optional(),
  scope: z.enum(['declared', 'released', 'settled', 'policy']).optional().openapi({
    description: '口径，缺省为已放行 / what counts; released when left out',
  }),
  role: z.enum(['merchant', 'platform', 'declarant', 'carrier', 'warehouse']).optional().openapi({
    description:
      '企业以何角色计，缺省为电商企业 / as whose an enterprise counts; merchant when left out',
  }),
  month: z
    .string()
    .regex(/^2\d{3}-?(?:0[1-9]|1[0-2])$/)
    .transform((text) => text.replace('-', ''))
    .optional(),
  zone: plainText.max(30).optional().openapi({
    description: '监管区域；空值为未归属 / the zone; empty for undecided',
  }),
  mode: code,
  direction: z.enum(['import', 'export']).optional(),
  enterprise: code.openapi({
    description: '企业的海关代码或统一社会信用代码 / customs or credit code of the enterprise',
  }),
  country: code,
  chapter: z
    .string()
    .regex(/^\d\d$/)
    .optional(),
  institution: code,
  asOf: asOfMember,
})

export const totalsRoute = route(
  {
    method: 'get',
    path: '/api/v1/totals',
    summary: { zh: '统计', en: 'Totals' },
    access: 'public',
    limit: 'report',
    query,
    answers: { 200: { description: { zh: '统计', en: 'Figures' }, schema: totalsAnswer } },
    problems: ['SCOPE-MISSING'],
  },
  async ({ c, deps, query: asked, refuse }) => {
    const { by = 'zone', year, ...rest } = asked
    if (isToCome(deps.flow, rest.asOf)) return refuse('QUERY-WRONG', [futureFault])
    const identity = await whoLooks(c)
    const seen = identity === undefined ? [] : identity.opensTotals ? 'all' : seenBy(identity)
    const inYear = rest.month === undefined ? year : Number(rest.month.slice(0, 4))
    const whole = { ...rest, by, year: inYear }
    const answer = (await mayReadEnterprises(deps.flow, seen, rest.enterprise))
      ? await totals(deps.flow, whole)
      : isPublic(whole)
        ? await publicTotals(deps.flow, whole)
        : undefined
    if (answer === undefined) return refuse('SCOPE-MISSING')
    const figure = { ...rest, scope: answer.scope, year: answer.year }
    return c.json({
      ...answer,
      rows: answer.rows.map((row) => {
        const documents = row.key === MERGED ? undefined : rowLink(figure, by, row.key)
        return { ...row, links: documents === undefined ? {} : { documents } }
      }),
      links: { documents: documentsLink(figure) },
    })
  },
)

/** Whether anybody may ask it: by nothing that open data does not tell. */
const isPublic = (query: TotalsQuery): query is PublicQuery =>
  PUBLIC_BY.some((name) => name === query.by) &&
  [query.enterprise, query.country, query.chapter, query.institution].every(
    (value) => value === undefined,
  )

export const isToCome = ({ clock }: { readonly clock: Clock }, asOf: Date | undefined): boolean =>
  asOf !== undefined && asOf > clock.now()

/** A moment of `asOf` that is still to come. */
export const futureFault: Fault = {
  code: 'QUERY-asOf-FUTURE',
  pointer: '/asOf',
  severity: 'error',
  text: { zh: '时刻尚未到来', en: 'This moment is still to come' },
  cure: { zh: '填写不晚于现在的时刻，或不填', en: 'Give one that is not in the future, or none' },
}
