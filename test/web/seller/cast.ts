/**
 * A seller at his desk, with a gateway and synthetic enterprises around him: the platform holds the
 * mandates of the others, so that he sees all documents of a consignment.
 */
import type { AnyDocument } from '../../../src/catalogue/message.ts'
import type { SyntheticEnterprise } from '../../../src/sim/consignments.ts'
import { json, type TestApp, testApp } from '../../http/app.ts'
import { movingClock, START } from '../../support/gateway.ts'

export type Seller = Awaited<ReturnType<typeof sellerApp>>

const ROUNDS_MAX = 50

export const sellerApp = async () => {
  const clock = movingClock(START)
  const app = await testApp({ clock })
  const { platform, payer, carrier, declarants } = app.cast
  const owners: Readonly<Record<string, SyntheticEnterprise>> = {
    CEB311: platform,
    CEB411: payer,
    CEB511: carrier,
    CEB621: declarants[0],
  }
  const settle = async (): Promise<void> => {
    for (let round = 0; round < ROUNDS_MAX; round += 1) if ((await app.runStages()) === 0) return
    throw new Error('never settles')
  }
  const handIn = async (kind: string, document: AnyDocument): Promise<string> => {
    const owner = owners[kind]
    if (owner === undefined) throw new Error(kind)
    const taken = await app.fetch(
      '/api/v1/documents',
      json(app.account(owner).key, { kind, documents: [document] }),
    )
    // The interface's own shape.
    const said = (await taken.json()) as { results: { id?: string }[] }
    if (taken.status !== 200) throw new Error(JSON.stringify(said).slice(0, 2_000))
    await settle()
    return said.results[0]?.id ?? ''
  }
  return { app, clock, settle, handIn, close: app.close }
}

/** Lets the platform see and file what the others own. */
export const mandated = async (app: TestApp): Promise<void> => {
  const { platform, payer, carrier, declarants } = app.cast
  for (const [principal, kind] of [
    [payer, 'CEB411'],
    [carrier, 'CEB511'],
    [declarants[0], 'CEB621'],
  ] as const) {
    const answer = await app.fetch(
      '/api/v1/mandates',
      json(app.operatorKey, {
        principalId: app.account(principal).id,
        agentId: app.account(platform).id,
        kinds: [kind],
        validFrom: '2020-01-01',
      }),
    )
    if (answer.status >= 300) throw new Error(await answer.text())
  }
}
