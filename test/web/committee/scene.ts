/** A gateway with figures for the pages of the committee: lists that customs released, and one refused. */

import { type Broker, broker } from '../../http/broker.ts'
import { type Reader, signedIn } from '../../support/desk.ts'
import { listNumber } from '../../support/export-lists.ts'

export interface Scene {
  readonly test: Broker
  readonly committee: Reader
  readonly operator: Reader
  readonly merchant: Reader
  close(): Promise<void>
}

/** Lists handed in; the first is refused. */
export const LISTS = 6

export const openScene = async (): Promise<Scene> => {
  const test = await broker()
  const made = Array.from({ length: LISTS }, (_, n) => test.app.consignment(n + 1).list)
  await test.handIn('CEB621', made)
  const keys = made.map(({ InventoryHead: { copNo = '', agentCode } }, n) => ({
    ...{ copNo, agentCode, invtNo: listNumber('I', n + 1) },
  }))
  await test.says('CEB621', '120', keys)
  await test.says('CEB621', '100', keys.slice(0, 1))
  await test.says('CEB621', '800', keys.slice(1))
  const { app } = test
  return {
    test,
    committee: await signedIn(app, 'committee'),
    operator: await signedIn(app, 'operator'),
    merchant: await signedIn(app, app.cast.platform),
    close: test.close,
  }
}
