/**
 * Mandates (委托): who may hand in for whom, which kinds, for which zones, from when until when. The
 * principal gives and ends one, or the operator for him; principal and agent both see it. And `/me`:
 * who am I here.
 */
import { z } from '@hono/zod-openapi'
import { endMandateOf, giveMandate, mandateFor, mandatesOf } from '../../flow/mandates.ts'
import { MANDATE_KINDS_MAX, MANDATE_LAPSING_DAYS_MAX } from '../../kernel/mandate-limits.ts'
import { findEnterprise } from '../../store/accounts.ts'
import { inTransaction } from '../../store/transaction.ts'
import { reader, seenBy, standingTo } from '../callers.ts'
import { mandateAnswer, mandateList } from '../mandate-schemas.ts'
import { route } from '../route.ts'
import { enterpriseQuery, meAnswer, pageQuery, plainText } from '../schemas.ts'

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/)

const wantedMandate = z.strictObject({
  principalId: plainText.min(1).max(64),
  agentId: plainText.min(1).max(64).optional(),
  agentCode: plainText.min(1).max(18).optional().openapi({
    description:
      '受托企业的海关编码或信用代码，代替 agentId / customs code or credit code of the agent instead of its id',
  }),
  kinds: z.array(plainText.max(10)).min(1).max(MANDATE_KINDS_MAX),
  zones: z
    .array(plainText.max(32))
    .max(MANDATE_KINDS_MAX)
    .optional()
    .openapi({ description: '监管区域;不填为全部 / zones; none is all of them' }),
  validFrom: day,
  validTo: day.nullable().optional(),
})

export const createMandateRoute = route(
  {
    method: 'post',
    path: '/api/v1/mandates',
    summary: { zh: '出具委托', en: 'Give a mandate' },
    access: 'signed-in',
    json: wantedMandate,
    answers: { 201: { description: { zh: '已出具', en: 'Given' }, schema: mandateAnswer } },
    problems: ['SCOPE-MISSING', 'NOT-FOUND', 'MANDATE-INVALID'],
  },
  async ({ c, deps, body, identity, refuse, audit }) => {
    const standing = standingTo(identity(), body.principalId)
    if (standing !== 'manager') return refuse(standing === 'member' ? 'SCOPE-MISSING' : 'NOT-FOUND')
    const { zones = [], validTo = null, ...wanted } = body
    const given = await inTransaction(deps.flow.db, async (db) => {
      const made = await giveMandate({ ...deps.flow, db }, { ...wanted, zones, validTo })
      if (made.kind === 'mandate') await audit(db, deedOf('mandate-given', made.mandate))
      return made
    })
    if (given.kind === 'wrong') return refuse('MANDATE-INVALID', given.faults)
    return c.json(given.mandate, 201)
  },
)

export const listMandatesRoute = route(
  {
    method: 'get',
    path: '/api/v1/mandates',
    summary: { zh: '委托列表', en: 'List mandates' },
    access: 'signed-in',
    query: z.object({
      enterprise: enterpriseQuery,
      state: z.enum(['coming', 'in-force', 'over']).optional(),
      lapsing: z.coerce
        .number()
        .int()
        .min(0)
        .max(MANDATE_LAPSING_DAYS_MAX)
        .optional()
        .openapi({ description: '有效且在这些天内到期 / in force, with no more days left' }),
      ...pageQuery,
    }),
    answers: { 200: { description: { zh: '委托', en: 'Mandates' }, schema: mandateList } },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const { enterprise, ...filter } = query
    const enterpriseId = found.caller.operator ? enterprise : found.caller.enterpriseId
    return c.json(await mandatesOf(deps.flow, enterpriseId, filter))
  },
)

export const findMandateRoute = route(
  {
    method: 'get',
    path: '/api/v1/mandates/{id}',
    summary: { zh: '查看委托', en: 'One mandate' },
    access: 'signed-in',
    answers: { 200: { description: { zh: '委托', en: 'The mandate' }, schema: mandateAnswer } },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, identity, param, refuse }) => {
    const mandate = await mandateFor(deps.flow, seenBy(identity()), param('id'))
    return mandate === undefined ? refuse('NOT-FOUND') : c.json(mandate)
  },
)

export const endMandateRoute = route(
  {
    method: 'delete',
    path: '/api/v1/mandates/{id}',
    summary: { zh: '终止委托', en: 'End a mandate' },
    access: 'signed-in',
    query: z.object({
      on: day.optional().openapi({
        description: '最后有效日;不填为立即终止 / its last day; left out it ends at once',
      }),
    }),
    answers: {
      200: {
        description: { zh: '已终止，记录保留', en: 'Ended, and kept' },
        schema: mandateAnswer,
      },
    },
    problems: ['SCOPE-MISSING', 'NOT-FOUND', 'MANDATE-INVALID', 'MANDATE-OVER'],
  },
  async ({ c, deps, query, identity, param, refuse, audit }) => {
    const mandate = await mandateFor(deps.flow, seenBy(identity()), param('id'))
    if (mandate === undefined) return refuse('NOT-FOUND')
    // The agent sees it, and may no more end it than give it.
    if (standingTo(identity(), mandate.principalId) !== 'manager') return refuse('SCOPE-MISSING')
    const ended = await inTransaction(deps.flow.db, async (db) => {
      const done = await endMandateOf({ ...deps.flow, db }, mandate, query.on)
      if (done.kind === 'mandate') await audit(db, deedOf('mandate-ended', done.mandate))
      return done
    })
    if (ended.kind === 'over') return refuse('MANDATE-OVER')
    if (ended.kind === 'wrong') return refuse('MANDATE-INVALID', ended.faults)
    return c.json(ended.mandate)
  },
)

const deedOf = (
  what: 'mandate-given' | 'mandate-ended',
  { id, principalId }: { readonly id: string; readonly principalId: string },
) => ({ what, enterpriseId: principalId, subject: id })

export const meRoute = route(
  {
    method: 'get',
    path: '/api/v1/me',
    summary: { zh: '当前身份', en: 'Who I am here' },
    access: 'signed-in',
    answers: { 200: { description: { zh: '身份', en: 'The identity' }, schema: meAnswer } },
  },
  async ({ c, deps, identity }) => {
    const { via, name, operator, scopes, memberships } = identity()
    const enterprises = await Promise.all(
      memberships.map(async ({ enterpriseId, role }) => {
        const found = await findEnterprise(deps.flow.db, enterpriseId)
        if (found === undefined) return []
        const { id, name, roles, customsCode, creditCode, dxpId } = found
        return [{ id, name, role, roles, customsCode, creditCode, dxpId }]
      }),
    )
    return c.json({
      via,
      name: name ?? null,
      operator,
      scopes: [...scopes],
      enterprises: enterprises.flat(),
    })
  },
)
