/** Cases of the contract test for users. */
import { bearer, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

/** Users of the platform, as the cases ask for them. */
export interface PreparedUsers {
  /** Its owner; the last one there is. */
  owner: string
  /** A member, changed first and taken out then. */
  member: string
}

export const prepareUsers = async (test: TestApp): Promise<PreparedUsers> => {
  const { id } = test.account(test.cast.platform)
  const path = `/api/v1/enterprises/${id}/members`
  const person = { name: '成员', email: 'users-case@yuguan.example', role: 'member' }
  await test.fetch(path, json(test.operatorKey, person))
  const listed = await test.fetch(path, { headers: bearer(test.operatorKey) })
  // The route's own shape.
  const { members } = (await listed.json()) as {
    members: { id: string; email: string; role: string }[]
  }
  return {
    owner: members.find(({ role }) => role === 'owner')?.id ?? '',
    member: members.find(({ email }) => email === person.email)?.id ?? '',
  }
}

export const userCases = (test: () => TestApp, known: PreparedUsers): readonly Case[] => {
  const asOperator = () => ({ headers: bearer(test().operatorKey) })
  const members = (rest: string) => () =>
    `/api/v1/enterprises/${test().account(test().cast.platform).id}/members${rest}`
  const put = (body: unknown) => () => ({ ...json(test().operatorKey, body), method: 'PUT' })
  const remove = () => ({ ...asOperator(), method: 'DELETE' })
  const one = `/api/v1/enterprises/{id}/members/{userId}`
  return [
    {
      ...{ route: `GET ${one}`, status: 200, init: asOperator },
      path: () => members(`/${known.owner}`)(),
    },
    { route: `GET ${one}`, status: 404, path: members('/nobody'), init: asOperator },
    { route: `GET ${one}`, status: 404, path: members('/%00'), init: asOperator },
    {
      route: `PUT ${one}`,
      status: 204,
      path: () => members(`/${known.member}`)(),
      init: put({ role: 'admin' }),
    },
    { route: `PUT ${one}`, status: 404, path: members('/nobody'), init: put({ role: 'admin' }) },
    {
      route: `PUT ${one}`,
      status: 409,
      path: () => members(`/${known.owner}`)(),
      init: put({ role: 'member' }),
    },
    { route: `DELETE ${one}`, status: 409, path: () => members(`/${known.owner}`)(), init: remove },
    {
      route: `DELETE ${one}`,
      status: 204,
      path: () => members(`/${known.member}`)(),
      init: remove,
    },
    { route: `DELETE ${one}`, status: 404, path: members('/nobody'), init: remove },
    {
      route: 'POST /api/v1/users/{id}/reset',
      status: 200,
      path: () => `/api/v1/users/${known.member}/reset`,
      init: () => ({ ...asOperator(), method: 'POST' }),
    },
    {
      route: 'POST /api/v1/users/{id}/reset',
      status: 404,
      path: () => '/api/v1/users/nobody/reset',
      init: () => ({ ...asOperator(), method: 'POST' }),
    },
  ]
}
