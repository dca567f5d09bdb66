/** Cases of the contract test: what the operator alone looks after. */
import { bearer, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

export const operatorCases = (test: () => TestApp): readonly Case[] => {
  const asOperator = () => ({ headers: bearer(test().operatorKey) })
  const staff = { name: '合成管委会', email: 'zone-office@yuguan.example', role: 'committee' }
  const key = { name: 'figures', scopes: ['totals:read'] }
  return [
    ...[
      'GET /api/v1/messages/troubled',
      'GET /api/v1/enterprises/{id}/members',
      'GET /api/v1/users',
      'GET /api/v1/operator-keys',
      'GET /api/v1/reference',
      'GET /api/v1/reference-loads',
    ].map((route): Case => ({ route, status: 200, init: asOperator })),
    ...(
      [
        [200, 'a'],
        [400, ''],
      ] as const
    ).map(
      ([status, q]): Case => ({
        ...{ route: 'GET /api/v1/users', status, init: asOperator },
        path: () => `/api/v1/users?q=${q}`,
      }),
    ),
    ...([200, 404] as const).map(
      (status): Case => ({
        ...{ route: 'PATCH /api/v1/enterprises/{id}', status },
        path: () =>
          `/api/v1/enterprises/${status === 404 ? 'none' : test().account(test().cast.platform).id}`,
        // The account that it has.
        init: () => ({
          ...json(test().operatorKey, { dxpId: test().cast.platform.dxpId }),
          method: 'PATCH',
        }),
      }),
    ),
    { route: 'POST /api/v1/users', status: 201, init: () => json(test().operatorKey, staff) },
    { route: 'POST /api/v1/users', status: 409, init: () => json(test().operatorKey, staff) },
    { route: 'POST /api/v1/operator-keys', status: 201, init: () => json(test().operatorKey, key) },
    { route: 'DELETE /api/v1/operator-keys/{keyId}', status: 404, init: asOperator },
  ]
}

/** Of rehearsals: one is begun, and then another may not be. */
export const rehearsalCases = (test: () => TestApp): readonly Case[] => {
  const asOperator = () => ({ headers: bearer(test().operatorKey) })
  const begin = () => json(test().operatorKey, { times: 1, seconds: 10 })
  return [
    { route: 'GET /api/v1/rehearsals', status: 200, init: asOperator },
    { route: 'GET /api/v1/rehearsals/{id}', status: 404, init: asOperator },
    { route: 'POST /api/v1/rehearsals/{id}/stop', status: 404, init: asOperator },
    { route: 'POST /api/v1/rehearsals', status: 202, init: begin },
    { route: 'POST /api/v1/rehearsals', status: 409, init: begin },
  ]
}
