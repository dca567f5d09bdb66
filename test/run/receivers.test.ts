/** Receivers of all links: who is listened for, and that nothing is let go of before it is stored. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FlowDeps } from '../../src/flow/types.ts'
import { RECEIVE_TAKES_MAX } from '../../src/kernel/limits.ts'
import { startReceivers } from '../../src/run/receivers.ts'
import type { Link, Take } from '../../src/wire/types.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

/** A far side that tells who is listened for, and hands over what the test gives it. */
const farSide = (code: Link['code']) => {
  const heard: (readonly string[])[] = []
  const closed: true[] = []
  let take: Take = () => Promise.reject(new Error('nobody listens'))
  const link: Link = {
    code,
    transport: { name: code, send: async () => ({ kind: 'sent' }) },
    receiver: {
      listen: async (accounts, taking) => {
        heard.push(accounts)
        take = taking
      },
      close: async () => {
        closed.push(true)
      },
    },
  }
  return { link, heard, closed, arrive: (text: string) => take(Buffer.from(text)) }
}

/** Time passes when the test says so. */
const start = (deps: FlowDeps) => {
  const runs: (() => void)[] = []
  const receivers = startReceivers(deps, (_, run) => {
    runs.push(run)
    return () => {
      runs.length = 0
    }
  })
  const tick = (): void => {
    for (const run of runs) run()
  }
  return { ...receivers, tick, runs }
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const stored = async (): Promise<number> =>
  (await gateway.deps.db.selectFrom('reply').select('id').execute()).length

it('listens on every link for all accounts, and for those that come later', async () => {
  const [queues, folders] = [farSide('amqp'), farSide('folder')]
  const deps = { ...gateway.deps, links: [queues.link, folders.link] }
  const receivers = start(deps)
  await until(() => queues.heard.length === 1 && folders.heard.length === 1)
  const accounts = [...new Set(gateway.cast.all.map(({ dxpId }) => dxpId))].sort()
  expect([...(queues.heard[0] ?? [])].sort()).toEqual(accounts)
  expect(folders.heard).toEqual(queues.heard)
  const later = {
    ...{ id: 'later', name: 'Synthetic enterprise', customs_code: '5000999999' },
    ...{ credit_code: null, roles: [], dxp_id: 'DXPLATER00000001' },
  }
  await deps.db.insertInto('enterprise').values(later).execute()
  receivers.tick()
  await until(() => queues.heard.length === 2)
  expect(queues.heard[1]).toContain(later.dxp_id)
  await receivers.stop()
  expect([queues.closed.length, folders.closed.length, receivers.runs.length]).toEqual([1, 1, 0])
})

it('resolves when the bytes are stored, and rejects when they are not', async () => {
  const far = farSide('amqp')
  let isAway = true
  const { sealer } = gateway.deps
  const broken: FlowDeps = {
    ...gateway.deps,
    links: [far.link],
    sealer: {
      ...sealer,
      seal: (plain, context) => {
        if (isAway) throw new Error('no key')
        return sealer.seal(plain, context)
      },
    },
  }
  const receivers = start(broken)
  await until(() => far.heard.length === 1)
  const before = await stored()
  await expect(far.arrive('first')).rejects.toThrow('no key')
  expect(await stored()).toBe(before)
  isAway = false
  await far.arrive('first')
  expect(await stored()).toBe(before + 1)
  // More than are let in at a time, one of them twice.
  const many = Array.from({ length: RECEIVE_TAKES_MAX * 4 }, (_, i) => `reply ${i}`)
  await Promise.all([...many, 'first'].map((text) => far.arrive(text)))
  expect(await stored()).toBe(before + 1 + many.length)
  await receivers.stop()
})

it('does nothing where no link has a receiver', async () => {
  const receivers = start({ ...gateway.deps, links: [] })
  expect(receivers.runs).toEqual([])
  await receivers.stop()
})
