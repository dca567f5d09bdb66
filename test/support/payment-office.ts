/**
 * The gateway and the simulated customs of the 179 interface in one process, with a clock that the
 * test moves: customs calls the application itself, and uploads go straight to customs.
 */

import { stages } from '../../src/flow/stages.ts'
import { createPaymentData, officeUploads } from '../../src/sim/payment-data.ts'
import { FORM_TYPE, type FormAnswer, formOf, readAnswer } from '../../src/wire/real-time-data.ts'
import { json, testApp } from '../http/app.ts'
import { movingClock, START } from './gateway.ts'

export type PaymentTest = Awaited<ReturnType<typeof paymentTest>>

export const ALL = '/customs/179/platDataOpen'

export const paymentTest = async () => {
  const clock = movingClock(START)
  /** Bodies in the order in which they were sent, and what a test puts in customs' place. */
  const sent: string[] = []
  const faults: (() => FormAnswer | Promise<FormAnswer>)[] = []
  const office = createPaymentData({
    ...{ clock, seed: 'test' },
    calls: { open: (url, request) => open(new URL(url).pathname, request) },
  })
  const uploads = officeUploads(office)
  const test = await testApp({
    clock,
    realTimeData: {
      upload: async (body) => {
        sent.push(body)
        const fault = faults.shift()
        return fault === undefined ? uploads.upload(body) : fault()
      },
    },
  })
  const post = (path: string, body: string) =>
    test.fetch(path, { method: 'POST', headers: { 'content-type': FORM_TYPE }, body })
  const open = async (path: string, request: string): Promise<FormAnswer> =>
    readAnswer(await (await post(path, formOf('openReq', request))).text())
  const platform = test.account(test.cast.platform)
  const code = test.cast.platform.customsCode

  /** The key of an enterprise that lies here. */
  const signerOf = async (id: string) => {
    const signer = await test.gateway.flow.signerOf(id)
    if (signer === undefined || signer === 'called-out') throw new Error(`${id} has no key here`)
    return signer
  }
  /** Registers the platform's key at customs; with `false` another certificate number. */
  const registerKey = async (isRight = true): Promise<void> => {
    const { certificate, keyName } = await signerOf(platform.id)
    const certNo = isRight ? keyName : `${keyName}00`
    office.register({ ebpCode: code, address: `http://gateway.test${ALL}`, certNo, certificate })
  }
  await registerKey()

  return {
    ...test,
    ...{ clock, office, signerOf, sent, faults, post, open, platform, code, registerKey },
    handIn: (payments: readonly unknown[], key = platform.key) =>
      test.fetch('/api/v1/original-payments', json(key, { payments })),
    /** Customs asks; gives what it was answered, and its session. */
    ask: async (orderNo: string, sessionId?: string) => {
      const asked = await office.ask(code, orderNo, sessionId)
      if (asked === undefined) throw new Error('customs does not know the platform')
      return asked
    },
    /** One run of the stage over the uploads that are due; how many it took up. */
    disclose: () => stages.disclose.runBatch(test.gateway.flow, stages.disclose.batchMax),
  }
}
