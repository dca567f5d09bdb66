/** Orders of the platform handed in, and refused by customs, for tests of what comes after. */
import { stamp17 } from '../../src/kernel/clock.ts'
import type { Consignment } from '../../src/sim/consignments.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp } from '../http/app.ts'
import { customsSays } from './customs-says.ts'
import type { movingClock } from './gateway.ts'

const ROUNDS_MAX = 100

export const settled = async (app: TestApp): Promise<void> => {
  for (let round = 0; round < ROUNDS_MAX; round += 1) if ((await app.runStages()) === 0) return
  throw new Error('it never settles')
}

/** Ids of the orders, in their order. */
export const takeOrders = async (
  app: TestApp,
  consignments: readonly Consignment[],
): Promise<readonly string[]> => {
  const { key } = app.account(app.cast.platform)
  const documents = consignments.map(({ order }) => order)
  const answer = await app.fetch('/api/v1/documents', json(key, { kind: 'CEB311', documents }))
  if (answer.status !== 200) throw new Error(await answer.text())
  const { results } = (await answer.json()) as { results: readonly { id: string }[] }
  await settled(app)
  return results.map(({ id }) => id)
}

/** Customs rejects them (100), a second later. */
export const refuseOrders = async (
  app: TestApp,
  clock: ReturnType<typeof movingClock>,
  consignments: readonly Consignment[],
): Promise<void> => {
  clock.advance(1000)
  const receiver = app.cast.platform.dxpId
  const said = customsSays({
    ...{ kind: 'CEB311', status: '100', time: stamp17(clock.now()), receiver },
    about: consignments.map(({ order }) => order.OrderHead),
  })
  const answer = await app.fetch('/api/v1/customs/replies', {
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body: new Uint8Array(said),
  })
  if (answer.status !== 202) throw new Error(await answer.text())
  await settled(app)
}
