/**
 * The DXP account of an enterprise changed by the operator: what is composed from then on bears the new
 * one, what was composed before keeps the old, and a reply to the old one still finds its document.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDxpAccounts } from '../../src/store/accounts.ts'
import { movingClock, START } from '../support/gateway.ts'
import { refuseOrders, takeOrders } from '../support/refused.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

const clock = movingClock(START)
let test: TestApp
beforeAll(async () => {
  test = await testApp({ clock })
})
afterAll(() => test.close())

const NEW_ACCOUNT = 'DXPENT9900000999'

// biome-ignore lint/suspicious/noExplicitAny: answers are read by name
const get = async (path: string, key = test.operatorKey): Promise<any> =>
  (await test.fetch(path, { headers: bearer(key) })).json()

const change = (key: string, dxpId: string) => {
  const path = `/api/v1/enterprises/${test.account(test.cast.platform).id}`
  return test.fetch(path, { ...json(key, { dxpId }), method: 'PATCH' })
}

const messageOf = async (id: string): Promise<string> => {
  const { key } = test.account(test.cast.platform)
  const path = `/api/v1/documents/${id}/message.xml`
  return (await test.fetch(path, { headers: bearer(key) })).text()
}

describe('the DXP account of an enterprise', () => {
  it('is changed by the operator alone, and only to an account', async () => {
    const owner = test.account(test.cast.platform).key
    expect((await change(owner, NEW_ACCOUNT)).status).toBe(403)
    expect((await change(test.operatorKey, 'no account')).status).toBe(400)
  })

  it('is that of messages composed later, and replies to the old one are taken', async () => {
    const { dxpId } = test.cast.platform
    const [before, after] = [test.consignment(1), test.consignment(2)]
    const [first = ''] = await takeOrders(test, [before])
    const changed = await change(test.operatorKey, NEW_ACCOUNT)
    expect(changed.status).toBe(200)
    expect(await changed.json()).toMatchObject({ dxpId: NEW_ACCOUNT, formerDxpIds: [dxpId] })
    const [second = ''] = await takeOrders(test, [after])
    expect(await messageOf(first)).toContain(`${dxpId}</`)
    expect(await messageOf(second)).toContain(`${NEW_ACCOUNT}</`)
    expect(await messageOf(second)).not.toContain(`${dxpId}</`)
    await refuseOrders(test, clock, [before])
    expect((await get(`/api/v1/documents/${first}`)).state).toBe('rejected')
    expect(await findDxpAccounts(test.database.db, 100)).toEqual(
      expect.arrayContaining([dxpId, NEW_ACCOUNT]),
    )
  })

  it('is written into the log of accesses, and not again where nothing changes', async () => {
    expect((await change(test.operatorKey, NEW_ACCOUNT)).status).toBe(200)
    const { accesses } = await get('/api/v1/access-log?what=enterprise-changed')
    expect(accesses).toMatchObject([{ actor: 'operator', subject: NEW_ACCOUNT }])
  })
})
