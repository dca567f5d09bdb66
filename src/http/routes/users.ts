/**
 * Changes to users: owners and admins give those of their enterprise other roles and take them out; the
 * operator lets in again who lost password or second factor.
 */
import { z } from '@hono/zod-openapi'
import { isNoText } from '../../flow/queries.ts'
import { listMembers } from '../../store/people.ts'
import { inTransaction } from '../../store/transaction.ts'
import { changeMember, findUser } from '../../store/users.ts'
import { memberAnswer } from '../operator-schemas.ts'
import { type RouteInput, route } from '../route.ts'
import { firstPassword, memberRole } from '../user-schemas.ts'

export const findMemberRoute = route(
  {
    method: 'get',
    path: '/api/v1/enterprises/{id}/members/{userId}',
    summary: { zh: '查看企业用户', en: 'One user of an enterprise' },
    access: 'enterprise-admin',
    answers: { 200: { description: { zh: '用户', en: 'The user' }, schema: memberAnswer } },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse }) => {
    if (isNoText(param('userId'))) return refuse('NOT-FOUND')
    const [found] = await listMembers(deps.flow.db, param('id'), {
      ...{ userId: param('userId'), limit: 1 },
    })
    if (found === undefined) return refuse('NOT-FOUND')
    const { memberId: _, ...row } = found
    return c.json({ ...row, since: row.since.toISOString() })
  },
)

export const changeMemberRoute = route(
  {
    method: 'put',
    path: '/api/v1/enterprises/{id}/members/{userId}',
    summary: { zh: '变更企业用户的角色', en: 'Give a user of an enterprise another role' },
    access: 'enterprise-admin',
    json: z.strictObject({ role: memberRole }),
    answers: { 204: { description: { zh: '已变更', en: 'Changed' } } },
    problems: ['NOT-FOUND', 'LAST-OWNER'],
  },
  async (input) => {
    const { c, body, param, refuse } = input
    if (isNoText(param('userId'))) return refuse('NOT-FOUND')
    const changed = await change(input, 'member-changed', body.role)
    return changed === 'done' ? c.body(null, 204) : refuse(REFUSED[changed])
  },
)

export const removeMemberRoute = route(
  {
    method: 'delete',
    path: '/api/v1/enterprises/{id}/members/{userId}',
    summary: { zh: '移除企业用户', en: 'Take a user out of an enterprise' },
    access: 'enterprise-admin',
    answers: {
      204: {
        description: {
          zh: '已移除;账户本身保留',
          en: 'Taken out; the account itself stays',
        },
      },
    },
    problems: ['NOT-FOUND', 'LAST-OWNER'],
  },
  async (input) => {
    const { c, param, refuse } = input
    if (isNoText(param('userId'))) return refuse('NOT-FOUND')
    const changed = await change(input, 'member-removed', undefined)
    return changed === 'done' ? c.body(null, 204) : refuse(REFUSED[changed])
  },
)

/** Gives the user of the address another role, or takes him out, and writes it down. */
const change = (
  { deps, param, audit }: Pick<RouteInput<unknown, unknown>, 'deps' | 'param' | 'audit'>,
  what: 'member-changed' | 'member-removed',
  role: z.infer<typeof memberRole> | undefined,
) =>
  inTransaction(deps.flow.db, async (db) => {
    const [enterpriseId, subject] = [param('id'), param('userId')]
    const changed = await changeMember(db, enterpriseId, subject, role)
    if (changed === 'done') await audit(db, { what, enterpriseId, subject })
    return changed
  })

const REFUSED = { 'not-found': 'NOT-FOUND', 'last-owner': 'LAST-OWNER' } as const

export const resetUserRoute = route(
  {
    method: 'post',
    path: '/api/v1/users/{id}/reset',
    summary: { zh: '重设密码并关闭两步验证', en: 'Let a user in again' },
    access: 'operator',
    answers: {
      200: {
        description: {
          zh: '新密码只显示这一次;两步验证已关闭,各处登录均已退出',
          en: 'The new password is told this once; the second factor is off, all sessions are over',
        },
        schema: firstPassword,
      },
    },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse, audit }) => {
    const user = await findUser(deps.flow.db, param('id'))
    if (user === undefined) return refuse('NOT-FOUND')
    const password = await deps.accounts.resetUser(user.id)
    await audit(deps.flow.db, { what: 'user-reset', subject: user.id })
    return c.json({ email: user.email, password })
  },
)
