/** Metrics for Prometheus, which sends an operator's key as its bearer. */
import { route } from '../route.ts'

export const metricsRoute = route(
  {
    method: 'get',
    path: '/metrics',
    summary: { zh: '监控指标(Prometheus)', en: 'Metrics for Prometheus' },
    access: 'operator',
    // Whoever watches must not go blind because an operator is busy.
    limit: 'none',
    pool: 'report',
    answers: {
      200: { description: { zh: '文本格式', en: 'In the text format' }, mediaType: 'text/plain' },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, refuse }) => {
    if (deps.metrics === undefined) return refuse('NOT-FOUND')
    const { mediaType, text } = await deps.metrics.page()
    return c.body(text, 200, { 'content-type': mediaType, 'cache-control': 'no-store' })
  },
)
