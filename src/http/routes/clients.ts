/** Clients: whom an agent acts for, and what has to be done for each of them. */
import { z } from '@hono/zod-openapi'
import { clientNamesOf, clientsOf } from '../../flow/clients.ts'
import { findEnterprise } from '../../store/accounts.ts'
import type { Db } from '../../store/tables.ts'
import { chosen } from '../callers.ts'
import { clientList, clientNameList } from '../client-schemas.ts'
import { route } from '../route.ts'
import { enterpriseQuery } from '../schemas.ts'

/** The enterprise whose clients are asked for. */
const agentOf = async (
  db: Db,
  identity: Parameters<typeof chosen>[0],
  wanted: string | undefined,
) => {
  const found = chosen(identity, wanted)
  if (found.kind === 'refused') return found
  const { enterpriseId } = found.caller
  return (await findEnterprise(db, enterpriseId)) === undefined
    ? ({ kind: 'refused', code: 'NOT-FOUND' } as const)
    : ({ kind: 'agent', enterpriseId } as const)
}

export const clientsRoute = route(
  {
    method: 'get',
    path: '/api/v1/clients',
    summary: { zh: '委托企业及其待办', en: 'Clients, and what has to be done for each' },
    access: 'documents:read',
    query: z.object({ enterprise: enterpriseQuery }),
    answers: {
      200: {
        description: {
          zh: '单证所指的电商企业、本企业和委托企业，待办多者在前；计数到上限为止',
          en: 'Merchants named by the documents, the enterprise and its principals, those with most to do first; counts end at a bound',
        },
        schema: clientList,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const agent = await agentOf(deps.flow.db, identity(), query.enterprise)
    if (agent.kind === 'refused') return refuse(agent.code)
    return c.json(await clientsOf(deps.flow, agent.enterpriseId))
  },
)

export const clientNamesRoute = route(
  {
    method: 'get',
    path: '/api/v1/clients/names',
    summary: { zh: '委托企业名称', en: 'Clients by name' },
    access: 'documents:read',
    query: z.object({ enterprise: enterpriseQuery }),
    answers: {
      200: {
        description: {
          zh: '与 /clients 相同的企业，不计数，本企业在前',
          en: 'The enterprises of /clients without any count, one’s own first',
        },
        schema: clientNameList,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const agent = await agentOf(deps.flow.db, identity(), query.enterprise)
    if (agent.kind === 'refused') return refuse(agent.code)
    return c.json(await clientNamesOf(deps.flow, agent.enterpriseId))
  },
)
