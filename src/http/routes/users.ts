/**
 * Changes to users: owners and admins give those of their enterprise other roles and take them out; the
 * operator lets in again who lost password or second factor.
 */
import { z } from '@hono/zod-openapi'
import { isNoText } from '../../flow/queries.ts'
import { listMembers } from '../../store/people.ts'
import { changeMember, findUser } from '../../store/users.ts'
import { memberAnswer } from '../operator-schemas.ts'
import { route } from '../route.ts'
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
  async ({ c, deps, body, param, refuse }) => {
    if (isNoText(param('userId'))) return refuse('NOT-FOUND')
    const changed = await changeMember(deps.flow.db, param('id'), param('userId'), body.role)
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
  async ({ c, deps, param, refuse }) => {
    if (isNoText(param('userId'))) return refuse('NOT-FOUND')
    const changed = await changeMember(deps.flow.db, param('id'), param('userId'), undefined)
    return changed === 'done' ? c.body(null, 204) : refuse(REFUSED[changed])
  },
)

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
  async ({ c, deps, param, refuse }) => {
    const user = await findUser(deps.flow.db, param('id'))
    if (user === undefined) return refuse('NOT-FOUND')
    return c.json({ email: user.email, password: await deps.accounts.resetUser(user.id) })
  },
)
