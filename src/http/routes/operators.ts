/**
 * What the operator alone looks after: messages that could not be delivered, people with a role of
 * the gateway, his own API keys, and who loaded which reference table. Secrets are told once.
 */
import { z } from '@hono/zod-openapi'
import { findReferenceTable, referenceTables } from '../../catalogue/reference/index.ts'
import { countStuck } from '../../flow/resend.ts'
import { PAGE_ROWS } from '../../kernel/limits.ts'
import {
  KEY_DAYS_MAX,
  PEOPLE_FOUND_MAX,
  PERSON_ENTERPRISES_MAX,
  PERSON_Q_LENGTH_MAX,
  STAFF_MAX,
} from '../../kernel/operator-limits.ts'
import { findUserWithRole, listApiKeys } from '../../store/accounts.ts'
import { type FoundPerson, findPeople, listStaff } from '../../store/people.ts'
import { findLastLoads, listLoads, type ReferenceLoad } from '../../store/reference-loads.ts'
import { COMMITTEE_ROLE, OPERATOR_ROLE } from '../auth.ts'
import {
  personMade,
  referenceIndex,
  referenceLoads,
  staffList,
  troubledMessages,
} from '../operator-schemas.ts'
import { route } from '../route.ts'
import { keyList, keyMade, pageQuery, plainText } from '../schemas.ts'
import { operatorScopes } from '../scopes.ts'
import { toldKey } from './enterprises.ts'

export const troubledRoute = route(
  {
    method: 'get',
    path: '/api/v1/messages/troubled',
    summary: { zh: '未送达的报文', en: 'Messages that could not be delivered' },
    access: 'operator',
    answers: { 200: { description: { zh: '数目', en: 'How many' }, schema: troubledMessages } },
  },
  async ({ c, deps }) => c.json(await countStuck(deps.flow)),
)

// ---- people ----------------------------------------------------------------------------------

export const listStaffRoute = route(
  {
    method: 'get',
    path: '/api/v1/users',
    summary: { zh: '运营方与管委会用户', en: 'People of the operator and the committee' },
    access: 'operator',
    query: z.object({
      q: plainText.min(1).max(PERSON_Q_LENGTH_MAX).optional().openapi({
        description:
          '邮箱或姓名片段：在所有用户中查找 / part of an e-mail address or a name: found among all users',
      }),
    }),
    answers: { 200: { description: { zh: '用户', en: 'They' }, schema: staffList } },
  },
  async ({ c, deps, query: { q } }) => {
    const { db } = deps.flow
    const most = q === undefined ? STAFF_MAX : PEOPLE_FOUND_MAX
    const rows: readonly (Omit<FoundPerson, 'enterprises'> & Partial<FoundPerson>)[] =
      q === undefined
        ? await listStaff(db, [OPERATOR_ROLE, COMMITTEE_ROLE], most + 1)
        : await findPeople(db, q, { limit: most + 1, enterprises: PERSON_ENTERPRISES_MAX })
    return c.json({
      people: rows.slice(0, most).map((row) => ({
        ...{ ...row, since: row.since.toISOString() },
        enterprises: row.enterprises ?? [],
      })),
      more: rows.length > most,
    })
  },
)

export const createStaffRoute = route(
  {
    method: 'post',
    path: '/api/v1/users',
    summary: { zh: '添加管委会或运营方用户', en: 'Make a person of the committee or the operator' },
    access: 'operator',
    json: z.strictObject({
      name: z.string().min(1).max(100),
      email: z.email().max(200),
      role: z.enum([COMMITTEE_ROLE, OPERATOR_ROLE]),
    }),
    answers: {
      201: {
        description: { zh: '已添加；密码只显示这一次', en: 'Made; the password is told this once' },
        schema: personMade,
      },
    },
    problems: ['USER-EXISTS'],
  },
  async ({ c, deps, body, refuse, audit }) => {
    const { name, email, role } = body
    const made = await deps.accounts.createUser(name, email, role)
    if (made.kind === 'exists') return refuse('USER-EXISTS')
    await audit(deps.flow.db, { what: 'staff-added', subject: made.userId })
    deps.flow.log.info('staff-made', { role, requestId: c.get('requestId') })
    return c.json({ email, password: made.password, role }, 201)
  },
)

// ---- keys ------------------------------------------------------------------------------------

export const listOperatorKeysRoute = route(
  {
    method: 'get',
    path: '/api/v1/operator-keys',
    summary: { zh: '运营方 API 密钥', en: 'API keys of the operator' },
    access: 'operator',
    answers: { 200: { description: { zh: '密钥', en: 'Keys' }, schema: keyList } },
  },
  async ({ c, deps }) => {
    const owner = await findUserWithRole(deps.flow.db, OPERATOR_ROLE)
    const rows = owner === undefined ? [] : await listApiKeys(deps.flow.db, owner)
    return c.json({ keys: rows.map(toldKey) })
  },
)

export const createOperatorKeyRoute = route(
  {
    method: 'post',
    path: '/api/v1/operator-keys',
    summary: { zh: '创建运营方 API 密钥', en: 'Make an API key of the operator' },
    access: 'operator',
    json: z.strictObject({
      name: z.string().min(1).max(32),
      scopes: z.array(z.enum(operatorScopes)).min(1).max(operatorScopes.length).openapi({
        description: '仅 totals:read 即为管委会所用 / totals:read alone is one for the committee',
      }),
      days: z.int().min(1).max(KEY_DAYS_MAX).optional(),
    }),
    answers: {
      201: {
        description: { zh: '密钥只显示这一次', en: 'The key is told this once' },
        schema: keyMade,
      },
    },
  },
  async ({ c, deps, body, audit }) => {
    const made = await deps.accounts.createOperatorKey(body)
    await audit(deps.flow.db, { what: 'key-made', subject: made.id })
    return c.json({ ...made, scopes: body.scopes }, 201)
  },
)

export const revokeOperatorKeyRoute = route(
  {
    method: 'delete',
    path: '/api/v1/operator-keys/{keyId}',
    summary: { zh: '吊销运营方 API 密钥', en: 'Revoke an API key of the operator' },
    access: 'operator',
    answers: {
      204: {
        description: {
          zh: '已吊销；其他进程至多 10 秒后生效',
          en: 'Revoked; other processes follow within 10 seconds',
        },
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse, audit }) => {
    if (!(await deps.accounts.revokeOperatorKey(param('keyId')))) return refuse('NOT-FOUND')
    await audit(deps.flow.db, { what: 'key-ended', subject: param('keyId') })
    return c.body(null, 204)
  },
)

// ---- reference tables ------------------------------------------------------------------------

export const referenceIndexRoute = route(
  {
    method: 'get',
    path: '/api/v1/reference',
    summary: { zh: '参考数据表一览', en: 'The reference tables' },
    access: 'operator',
    answers: {
      200: {
        description: { zh: '各表及最近一次装载', en: 'Each table, and its last load' },
        schema: referenceIndex,
      },
    },
  },
  async ({ c, deps }) => {
    const names = referenceTables.map(({ name }) => name)
    const loads = await findLastLoads(deps.flow.db, names)
    return c.json({
      tables: referenceTables.map(({ name, zh, en, dating }) => {
        const last = loads.find((load) => load.name === name)
        return { name, zh, en, dating, loaded: last === undefined ? null : toldLoad(last) }
      }),
    })
  },
)

export const referenceLoadsRoute = route(
  {
    method: 'get',
    path: '/api/v1/reference-loads',
    summary: { zh: '参考数据装载记录', en: 'Who loaded which reference table when' },
    access: 'operator',
    query: z.object({
      name: z.enum(referenceTables.map(({ name }) => name)).optional(),
      ...pageQuery,
    }),
    answers: {
      200: {
        description: { zh: '一页，最新的在前', en: 'A page, newest first' },
        schema: referenceLoads,
      },
    },
  },
  async ({ c, deps, query }) => {
    const { name, cursor, limit = PAGE_ROWS } = query
    const rows = await listLoads(deps.flow.db, { name, after: cursor, limit: limit + 1 })
    const shown = rows.slice(0, limit)
    return c.json({
      loads: shown.map((load) => {
        const { zh = load.name, en = load.name } = findReferenceTable(load.name) ?? {}
        return { id: load.id, name: load.name, zh, en, ...toldLoad(load) }
      }),
      next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    })
  },
)

const toldLoad = ({ at, by, byName, rows, added, changed, removed }: ReferenceLoad) => ({
  ...{ at: at.toISOString(), by: byName ?? by },
  ...{ rows, added, changed, removed },
})
