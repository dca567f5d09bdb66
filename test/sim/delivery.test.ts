/** How replies leave the office: packed, at least once, with the same bytes, the same under a seed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  SIM_BACKOFF_MAX_MS,
  SIM_LEASE_MS,
  SIM_MESSAGES_PACKED_MAX,
} from '../../src/kernel/limits.ts'
import { createAgenda } from '../../src/sim/agenda.ts'
import { pumpReplies } from '../../src/sim/pump.ts'
import { paces } from '../../src/sim/types.ts'
import { consignment, read, statuses, testOffice } from './office.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('reply messages', () => {
  it('hold up to a hundred replies of one kind, for one receiver', async () => {
    const office = testOffice()
    const made = Array.from({ length: 250 }, (_, n) => consignment(n))
    for (const [kind, part] of [
      ['CEB311', 'order'],
      ['CEB411', 'payment'],
    ] as const)
      for (let i = 0; i < 250; i += 100)
        await office.send(
          kind,
          made.slice(i, i + 100).map((each) => each[part]),
        )
    const arrived = office.settle()
    expect(statuses(arrived, 'CEB312')).toHaveLength(500)
    const sizes = new Map<string, number>()
    for (const { kind, message } of arrived) {
      const name = `${kind} ${message.receiverId} ${message.copMsgId}`
      sizes.set(name, (sizes.get(name) ?? 0) + 1)
    }
    // 2 × 2 steps of 250: three messages each.
    expect(sizes.size).toBe(12)
    expect(Math.max(...sizes.values())).toBe(100)
  })

  it('are in the default namespace, as real ones are', async () => {
    const office = testOffice()
    await office.send('CEB311', [consignment(1).order])
    const [reply] = office.settle()
    expect(Buffer.from(reply?.xml ?? '').toString()).toContain(
      '<CEB312Message xmlns="http://www.chinaport.gov.cn/ceb"',
    )
    expect(Buffer.from(reply?.message.envelope ?? '').toString()).toContain(
      '<DxpMsg xmlns="http://www.chinaport.gov.cn/dxp"',
    )
  })

  it('are the same for the same seed and messages, and others for another seed', async () => {
    const run = async (seed: string) => {
      const office = testOffice({ seed })
      for (let n = 0; n < 5; n += 1)
        await office.sendConsignment(consignment(n, n === 2 ? '-TWICE' : ''))
      return office.settle().map(({ message }) => hex(message.envelope))
    }
    expect(await run('a')).toEqual(await run('a'))
    expect(await run('a')).not.toEqual(await run('b'))
  })
})

describe('delivery', () => {
  const one = async () => {
    const office = testOffice({ pace: paces.instant })
    await office.send('CEB621', [consignment(1).list])
    const [first] = office.customs.due()
    if (first === undefined) throw new Error('nothing is due')
    return { ...office, first }
  }

  it('that nobody settles is tried again after the lease, with the same bytes', async () => {
    const { customs, clock, first } = await one()
    expect(customs.due()).toEqual([])
    clock.advance(SIM_LEASE_MS - 1)
    expect(customs.due()).toEqual([])
    clock.advance(1)
    const [again] = customs.due()
    expect(again).toEqual(first)
  })

  it('that fails is tried again after a pause that grows to a bound, and never given up', async () => {
    const { customs, clock, first } = await one()
    const pauses: number[] = []
    for (let i = 0; i < 40; i += 1) {
      customs.failed(first.copMsgId)
      const next = customs.nextDueAt()
      if (next === undefined) throw new Error('given up')
      pauses.push(next.getTime() - clock.now().getTime())
      clock.set(next)
      const [again] = customs.due()
      expect(hex(again?.envelope ?? new Uint8Array())).toBe(hex(first.envelope))
    }
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
    expect(pauses.at(-1)).toBe(SIM_BACKOFF_MAX_MS)
  })

  it('that is confirmed is over; confirming it again changes nothing', async () => {
    const { customs, first } = await one()
    customs.delivered(first.copMsgId)
    customs.delivered(first.copMsgId)
    customs.failed(first.copMsgId)
    expect(customs.nextDueAt()).toBeUndefined()
    expect(customs.books().summary().replyMessages).toEqual({
      made: 1,
      handedOut: 1,
      delivered: 1,
      waiting: 0,
    })
  })

  it('packs only so many messages ahead; the rest waits as facts', async () => {
    const office = testOffice()
    for (let n = 0; n < 200; n += 1) await office.send('CEB621', [consignment(n, '-TWICE').list])
    const out = []
    for (;;) {
      const due = office.customs.due()
      if (due.length === 0) break
      out.push(...due)
    }
    expect(out).toHaveLength(SIM_MESSAGES_PACKED_MAX)
    expect(office.customs.books().summary().replies.waiting).toBe(
      2 * (200 - SIM_MESSAGES_PACKED_MAX),
    )
    for (const { copMsgId } of out) office.customs.delivered(copMsgId)
    expect(office.settle().length).toBeGreaterThan(0)
  })

  it('hands out at most what is asked for', async () => {
    const office = testOffice({ pace: paces.instant })
    await office.sendConsignment(consignment(1))
    expect(office.customs.due(1)).toHaveLength(1)
    expect(office.customs.due(2)).toHaveLength(2)
    expect(office.customs.due(0)).toHaveLength(0)
  })
})

describe('the pump', () => {
  it('delivers everything, and again what failed or threw', async () => {
    // Every look at this clock is a moment later, so that what failed falls due again.
    let moment = 1_750_000_000_000
    const clock = {
      now: () => {
        moment += 100
        return new Date(moment)
      },
    }
    const office = testOffice({ pace: paces.instant, clock })
    await office.sendConsignment(consignment(1))
    // At least once: by guid, each counts once.
    const seen = new Map<string, string>()
    let calls = 0
    let finish: () => void = () => undefined
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    const pump = pumpReplies(office.customs, async (delivery) => {
      calls += 1
      if (calls % 3 === 1) throw new Error('down')
      if (calls % 3 === 2) return { kind: 'unavailable', reason: 'busy' }
      for (const { fields } of read(delivery)) seen.set(`${fields.guid}`, `${fields.returnStatus}`)
      if (seen.size === 10) finish()
      return { kind: 'sent' }
    })
    await finished
    await pump.close()
    const ends = [...seen.values()].sort().join(' ')
    expect(ends).toBe('120 120 120 120 2 2 2 2 800 899')
  })
})

describe('the agenda', () => {
  it('gives everything due in order of time, and of entry at the same time', () => {
    const entries = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 200 })
    fc.assert(
      fc.property(entries, fc.array(fc.nat(60)), (planned, looks) => {
        const agenda = createAgenda<readonly [number, number]>()
        planned.forEach(([at], i) => {
          agenda.add(at, [at, i])
        })
        const taken = [...looks]
          .sort((a, b) => a - b)
          .flatMap((now) => {
            const due = agenda.take(now)
            expect(due.every(([at]) => at <= now)).toBe(true)
            expect(agenda.next() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now)
            return due
          })
        taken.push(...agenda.take(60))
        const wanted = planned
          .map(([at], i) => [at, i] as const)
          .sort((a, b) => a[0] - b[0] || a[1] - b[1])
        expect(taken).toEqual(wanted)
        expect(agenda.size()).toBe(0)
      }),
      { seed: 20250618, numRuns: 200 },
    )
  })
})
