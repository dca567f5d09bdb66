/**
 * Enterprises and what belongs to them: users and API keys. The operator registers
 * enterprises; owners and admins look after their own. Secrets are told once or never.
 */
import { z } from '@hono/zod-openapi'
import { PAGE_ROWS } from '../../kernel/limits.ts'
import { ENTERPRISE_Q_LENGTH_MAX, KEY_DAYS_MAX } from '../../kernel/operator-limits.ts'
import {
  type ApiKeyRow,
  changeDxpAccount,
  type EnterpriseRow,
  findEnterprise,
  listApiKeys,
  listEnterprises,
} from '../../store/accounts.ts'
import { listMembers } from '../../store/people.ts'
import { inTransaction } from '../../store/transaction.ts'
import { findUserByEmail, type KnownUser } from '../../store/users.ts'
import { grantedScopes } from '../accounts.ts'
import { isRecord, parseJson } from '../body.ts'
import { createEnterprise } from '../enterprises.ts'
import { memberList } from '../operator-schemas.ts'
import { route } from '../route.ts'
import {
  enterpriseAnswer,
  enterpriseList,
  enterpriseMade,
  keyList,
  keyMade,
  pageQuery,
  plainText,
  roleNames,
} from '../schemas.ts'
import { enterpriseScopes } from '../scopes.ts'
import { memberMade } from '../user-schemas.ts'

const person = z.strictObject({ name: z.string().min(1).max(100), email: z.email().max(200) })

const dxpAccount = z.string().regex(/^[A-Za-z0-9]{1,30}$/)

const wantedEnterprise = z.strictObject({
  name: z.string().min(1).max(100),
  customsCode: z.string().max(10).optional(),
  creditCode: z.string().max(18).optional(),
  roles: z.array(z.enum(roleNames)).min(1).max(roleNames.length),
  dxpId: dxpAccount.optional(),
  waitsForCompanions: z.boolean().optional(),
  owner: person.optional(),
})

export const createEnterpriseRoute = route(
  {
    method: 'post',
    path: '/api/v1/enterprises',
    summary: { zh: '登记企业', en: 'Register an enterprise' },
    access: 'operator',
    json: wantedEnterprise,
    answers: { 201: { description: { zh: '已登记', en: 'Registered' }, schema: enterpriseMade } },
    problems: ['ENTERPRISE-INVALID', 'ENTERPRISE-EXISTS', 'USER-EXISTS'],
  },
  async ({ c, deps, body, refuse, audit }) => {
    const made = await createEnterprise(deps.flow, deps.accounts, body)
    switch (made.kind) {
      case 'invalid':
        return refuse('ENTERPRISE-INVALID', made.faults)
      case 'enterprise-exists':
        return refuse('ENTERPRISE-EXISTS')
      case 'user-exists':
        return refuse('USER-EXISTS')
      case 'made':
        await audit(deps.flow.db, {
          ...{ what: 'enterprise-registered', enterpriseId: made.enterprise.id, subject: '' },
        })
        return c.json(
          { enterprise: told(made.enterprise), faults: made.faults, owner: made.owner },
          201,
        )
    }
  },
)

export const listEnterprisesRoute = route(
  {
    method: 'get',
    path: '/api/v1/enterprises',
    summary: { zh: '企业列表', en: 'List enterprises' },
    access: 'operator',
    query: z.object({
      q: plainText.max(ENTERPRISE_Q_LENGTH_MAX).optional().openapi({
        description:
          '名称片段，或海关编码、信用代码、DXP 传输编号 / part of a name, or a whole code',
      }),
      ...pageQuery,
    }),
    answers: { 200: { description: { zh: '一页企业', en: 'A page' }, schema: enterpriseList } },
  },
  async ({ c, deps, query }) => {
    const limit = query.limit ?? PAGE_ROWS
    const rows = await listEnterprises(deps.flow.db, limit + 1, query.cursor, query.q)
    const page = rows.slice(0, limit)
    const next = rows.length > limit ? (page.at(-1)?.id ?? null) : null
    return c.json({ enterprises: page.map(told), next })
  },
)

export const findEnterpriseRoute = route(
  {
    method: 'get',
    path: '/api/v1/enterprises/{id}',
    summary: { zh: '查看企业', en: 'One enterprise' },
    access: 'enterprise-admin',
    answers: { 200: { description: { zh: '企业', en: 'It' }, schema: enterpriseAnswer } },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse }) => {
    const enterprise = await findEnterprise(deps.flow.db, param('id'))
    return enterprise === undefined ? refuse('NOT-FOUND') : c.json(told(enterprise))
  },
)

export const changeEnterpriseRoute = route(
  {
    method: 'patch',
    path: '/api/v1/enterprises/{id}',
    summary: { zh: '更改企业的 DXP 传输编号', en: 'Change the DXP account of an enterprise' },
    access: 'operator',
    json: z.strictObject({ dxpId: dxpAccount }),
    answers: {
      200: {
        description: {
          zh: '此后组报的报文使用新编号；此前的报文不变，其回执照收',
          en: 'Messages composed from now on bear the new one; those before keep theirs, and their replies are taken',
        },
        schema: enterpriseAnswer,
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, body, param, refuse, audit }) => {
    const id = param('id')
    await inTransaction(deps.flow.db, async (trx) => {
      if (await changeDxpAccount(trx, id, body.dxpId))
        await audit(trx, { what: 'enterprise-changed', enterpriseId: id, subject: body.dxpId })
    })
    const enterprise = await findEnterprise(deps.flow.db, id)
    return enterprise === undefined ? refuse('NOT-FOUND') : c.json(told(enterprise))
  },
)

export const createMemberRoute = route(
  {
    method: 'post',
    path: '/api/v1/enterprises/{id}/members',
    summary: { zh: '添加企业用户', en: 'Add a user to an enterprise' },
    access: 'enterprise-admin',
    json: person.extend({ role: z.enum(['owner', 'admin', 'member']) }),
    answers: {
      201: {
        description: { zh: '已添加;密码只显示这一次', en: 'Added; the password is told this once' },
        schema: memberMade,
      },
    },
    problems: ['NOT-FOUND', 'USER-EXISTS'],
  },
  async ({ c, deps, body, param, identity, refuse, audit }) => {
    if ((await findEnterprise(deps.flow.db, param('id'))) === undefined) return refuse('NOT-FOUND')
    const enterpriseId = param('id')
    const add = async (userId: string): Promise<void> => {
      await deps.accounts.addMember(enterpriseId, userId, body.role)
      await audit(deps.flow.db, { what: 'member-added', enterpriseId, subject: userId })
    }
    const user = await deps.accounts.createUser(body.name, body.email)
    if (user.kind === 'made') {
      await add(user.userId)
      return c.json({ email: body.email, password: user.password }, 201)
    }
    const known = await findUserByEmail(deps.flow.db, body.email)
    if (known === undefined || !mayJoin(known, enterpriseId, identity().operator))
      return refuse('USER-EXISTS')
    await add(known.id)
    return c.json({ email: body.email, password: null }, 201)
  },
)

/**
 * Whoever was taken out of an enterprise may be added again. One who belongs to another enterprise is
 * added to a second one by the operator alone: nobody is drawn into an enterprise by strangers.
 */
const mayJoin = (known: KnownUser, enterpriseId: string, isOperator: boolean): boolean =>
  !known.hasRole &&
  !known.enterpriseIds.includes(enterpriseId) &&
  (isOperator || known.enterpriseIds.length === 0)

export const listMembersRoute = route(
  {
    method: 'get',
    path: '/api/v1/enterprises/{id}/members',
    summary: { zh: '企业用户', en: 'Users of an enterprise' },
    access: 'enterprise-admin',
    query: z.object({
      cursor: z
        .string()
        .regex(/^[A-Za-z0-9_-]{8,64}$/)
        .optional(),
      limit: pageQuery.limit,
    }),
    answers: { 200: { description: { zh: '一页用户', en: 'A page' }, schema: memberList } },
  },
  async ({ c, deps, query, param }) => {
    const { cursor: after, limit = PAGE_ROWS } = query
    const rows = await listMembers(deps.flow.db, param('id'), { after, limit: limit + 1 })
    const shown = rows.slice(0, limit)
    return c.json({
      members: shown.map(({ memberId, ...row }) => ({ ...row, since: row.since.toISOString() })),
      next: rows.length > limit ? (shown.at(-1)?.memberId ?? null) : null,
    })
  },
)

export const createKeyRoute = route(
  {
    method: 'post',
    path: '/api/v1/enterprises/{id}/keys',
    summary: { zh: '创建 API 密钥', en: 'Make an API key' },
    access: 'enterprise-admin',
    json: z.strictObject({
      name: z.string().min(1).max(32),
      scopes: z.array(z.enum(enterpriseScopes)).min(1).max(enterpriseScopes.length),
      days: z.int().min(1).max(KEY_DAYS_MAX).optional(),
    }),
    answers: {
      201: {
        description: { zh: '密钥只显示这一次', en: 'The key is told this once' },
        schema: keyMade,
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, body, param, refuse, audit }) => {
    if ((await findEnterprise(deps.flow.db, param('id'))) === undefined) return refuse('NOT-FOUND')
    const enterpriseId = param('id')
    const made = await deps.accounts.createEnterpriseKey(enterpriseId, body)
    await audit(deps.flow.db, { what: 'key-made', enterpriseId, subject: made.id })
    return c.json({ ...made, scopes: body.scopes }, 201)
  },
)

export const listKeysRoute = route(
  {
    method: 'get',
    path: '/api/v1/enterprises/{id}/keys',
    summary: { zh: 'API 密钥列表', en: 'List API keys' },
    access: 'enterprise-admin',
    answers: { 200: { description: { zh: '密钥', en: 'Keys' }, schema: keyList } },
  },
  async ({ c, deps, param }) => {
    const rows = await listApiKeys(deps.flow.db, param('id'))
    return c.json({ keys: rows.map(toldKey) })
  },
)

export const revokeKeyRoute = route(
  {
    method: 'delete',
    path: '/api/v1/enterprises/{id}/keys/{keyId}',
    summary: { zh: '吊销 API 密钥', en: 'Revoke an API key' },
    access: 'enterprise-admin',
    answers: {
      204: {
        description: {
          zh: '已吊销;其他进程至多 10 秒后生效',
          en: 'Revoked; other processes follow within 10 seconds',
        },
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse, audit }) => {
    const [enterpriseId, subject] = [param('id'), param('keyId')]
    if (!(await deps.accounts.revokeEnterpriseKey(enterpriseId, subject)))
      return refuse('NOT-FOUND')
    await audit(deps.flow.db, { what: 'key-ended', enterpriseId, subject })
    return c.body(null, 204)
  },
)

/** Never the key itself. */
export const toldKey = (row: ApiKeyRow) => ({
  id: row.id,
  name: row.name,
  start: row.start,
  scopes: [...grantedScopes(readPermissions(row.permissions))],
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastRequest?.toISOString() ?? null,
  expiresAt: row.expiresAt?.toISOString() ?? null,
})

const told = (row: EnterpriseRow) => ({ ...row, createdAt: row.createdAt.toISOString() })

const readPermissions = (text: string | null): Readonly<Record<string, readonly string[]>> => {
  const parsed = text === null ? undefined : parseJson(text)
  if (parsed?.kind !== 'json' || !isRecord(parsed.value)) return {}
  return Object.fromEntries(
    Object.entries(parsed.value).map(([subject, acts]) => [
      subject,
      Array.isArray(acts) ? acts.filter((act) => typeof act === 'string') : [],
    ]),
  )
}
