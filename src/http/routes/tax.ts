/** Import taxes: what goods would bear, before anything is declared. */
import { estimateTax } from '../../flow/tax.ts'
import { route } from '../route.ts'
import { taxAnswer, taxQuestion } from '../tax-schemas.ts'

export const estimateTaxRoute = route(
  {
    method: 'post',
    path: '/api/v1/tax/estimate',
    summary: { zh: '试算跨境电商综合税', en: 'Estimate the taxes of a retail import' },
    access: 'documents:read',
    limit: 'read',
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
