/** Import taxes: what goods would bear before anything is declared, and what lists were billed. */
import { z } from '@hono/zod-openapi'
import { taxVariances } from '../../flow/list-tax.ts'
import { estimateTax } from '../../flow/tax.ts'
import { reader } from '../callers.ts'
import { route } from '../route.ts'
import { enterpriseQuery, pageQuery } from '../schemas.ts'
import { taxAnswer, taxQuestion, taxVerdicts, varianceList } from '../tax-schemas.ts'

export const estimateTaxRoute = route(
  {
    method: 'post',
    path: '/api/v1/tax/estimate',
    summary: { zh: '试算跨境电商综合税', en: 'Estimate the taxes of a retail import' },
    // It tells of published figures alone, and of nobody.
    access: 'public',
    limit: 'stranger',
    json: taxQuestion,
    answers: {
      200: {
        description: {
          zh: '试算结果；不能以零售进口申报时 admitted 为 false，原因见 reason',
          en: 'The estimate; not admitted when no retail import, reason says why',
        },
        schema: taxAnswer,
      },
    },
    problems: ['TAX-WRONG'],
  },
  async ({ c, deps, body, refuse }) => {
    const answered = await estimateTax(deps.flow, body)
    return answered.kind === 'wrong'
      ? refuse('TAX-WRONG', answered.faults)
      : c.json(answered.answer)
  },
)

export const taxVariancesRoute = route(
  {
    method: 'get',
    path: '/api/v1/tax/variances',
    summary: { zh: '税单与试算的差异', en: 'Billed taxes beside their estimates' },
    access: 'documents:read',
    query: z.object({
      verdict: z
        .enum(taxVerdicts)
        .optional()
        .openapi({ description: '只看某一结论 / those with this verdict alone' }),
      enterprise: enterpriseQuery,
      ...pageQuery,
    }),
    answers: {
      200: {
        description: { zh: '一页,最新的清单在前', en: 'A page, the newest list first' },
        schema: varianceList,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const { enterprise, ...filter } = query
    return c.json(
      await taxVariances(deps.flow, found.caller, {
        ...filter,
        // For a member it says who he is; for the operator, whose lists he wants.
        enterprise: found.caller.operator === true ? enterprise : undefined,
      }),
    )
  },
)
