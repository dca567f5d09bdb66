/**
 * The links to customs for those who look after them: how each stands, and which of them an
 * enterprise's messages take. The operator or an admin of the enterprise chooses, among those that
 * the settings make.
 */
import { z } from '@hono/zod-openapi'
import { viewStanding } from '../../flow/link-status.ts'
import { chooseLink, enterpriseLinks } from '../../flow/links.ts'
import { findEnterprise } from '../../store/accounts.ts'
import { route } from '../route.ts'
import { enterpriseLinksAnswer, linkChosenAnswer, linkList } from '../status-schemas.ts'

const LINK_CODE_LENGTH_MAX = 32

export const listLinksRoute = route(
  {
    method: 'get',
    path: '/api/v1/links',
    summary: { zh: '链路列表', en: 'The links to customs' },
    access: 'operator',
    answers: {
      200: {
        description: {
          zh: '所设置的每条链路：状态、起始时间、连续失败、下次尝试、排队',
          en: 'Every link that the settings make: how it stands, since when, failures, next try, queue',
        },
        schema: linkList,
      },
    },
  },
  async ({ c, deps }) => {
    const { asOf, links } = viewStanding(await deps.flow.standing(), true)
    return c.json({ asOf, links })
  },
)

export const enterpriseLinksRoute = route(
  {
    method: 'get',
    path: '/api/v1/enterprises/{id}/links',
    summary: { zh: '企业所用的链路', en: 'The links an enterprise takes' },
    access: 'enterprise-admin',
    answers: {
      200: {
        description: {
          zh: '可选的链路和各方向所用的',
          en: 'Those there are, and the one of each direction',
        },
        schema: enterpriseLinksAnswer,
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse }) => {
    const { db } = deps.flow
    if ((await findEnterprise(db, param('id'))) === undefined) return refuse('NOT-FOUND')
    return c.json(await enterpriseLinks(deps.flow, db, param('id')))
  },
)

export const chooseLinkRoute = route(
  {
    method: 'post',
    path: '/api/v1/enterprises/{id}/links',
    summary: { zh: '为企业选择链路', en: 'Choose the link of an enterprise' },
    access: 'enterprise-admin',
    json: z.strictObject({
      direction: z.enum(['import', 'export', 'both']),
      link: z
        .string()
        .min(1)
        .max(LINK_CODE_LENGTH_MAX)
        .nullable()
        .openapi({ description: 'null：由系统设置决定 / null leaves it to the settings' }),
      moveQueue: z
        .boolean()
        .optional()
        .openapi({ description: '排队中的报文一并改走 / what waits takes it too' }),
    }),
    answers: {
      200: {
        description: {
          zh: '已选择；此后的报文走该链路',
          en: 'Chosen; messages from now on take it',
        },
        schema: linkChosenAnswer,
      },
    },
    problems: ['NOT-FOUND', 'LINK-UNKNOWN'],
  },
  async ({ c, deps, body, param, refuse, audit }) => {
    const enterprise = await findEnterprise(deps.flow.db, param('id'))
    if (enterprise === undefined) return refuse('NOT-FOUND')
    const { direction, link, moveQueue = false } = body
    const chosen = await chooseLink(deps.flow, enterprise.id, { direction, link, moveQueue })
    if (chosen.kind === 'unknown') return refuse('LINK-UNKNOWN', chosen.faults)
    const deed = { what: 'enterprise-changed', enterpriseId: enterprise.id } as const
    await audit(deps.flow.db, { ...deed, subject: 'links' })
    return c.json({ ...chosen.links, moved: chosen.moved })
  },
)
