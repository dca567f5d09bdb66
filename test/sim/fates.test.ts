/** Every fate does what its table says, and the page shows this very table. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { importList } from '../../src/catalogue/messages/import-list.ts'
import { officialStatus } from '../../src/catalogue/statuses.ts'
import { endOf, fateOf, fateOfMark, fates, fateTable, usualFate } from '../../src/sim/fates.ts'
import { consignment, last, statuses, testOffice } from './office.ts'

const listsOf = async (mark: string, n = 7) => {
  const office = testOffice()
  const start = office.clock.now().getTime()
  await office.sendConsignment(consignment(n, mark))
  const arrived = office.settle()
  return { office, arrived, took: office.clock.now().getTime() - start }
}

/** Fates whose list gets replies that say how it ends. */
const answered = fates.filter(({ befalls, mark }) => befalls === undefined && mark !== '-SILENT')

describe('every fate', () => {
  it.each(answered.map((fate) => [fate.mark, fate] as const))(
    '%s leads the list where the table says',
    async (mark, fate) => {
      const { office, arrived } = await listsOf(mark)
      if (fate.refusesMessage) {
        const refusal = last(arrived, 'CEB900')
        expect(officialStatus(refusal?.returnStatus ?? '').state).toBe(endOf(fate, importList))
        return
      }
      const end = last(arrived, 'CEB622')
      const wanted = endOf(fate, importList)
      expect(officialStatus(end?.returnStatus ?? '').state).toBe(wanted)
      const { count } = office.customs.books().summary().released
      expect(count).toBe(wanted === 'closed' || wanted === 'released' ? 1 : 0)
      for (const kind of ['CEB312', 'CEB412', 'CEB512'])
        expect(statuses(arrived, kind)).toEqual(['2', '120'])
    },
  )

  it('has a mark of its own that an order number shows', () => {
    const marks = fates.map(({ mark }) => mark)
    expect(new Set(marks).size).toBe(marks.length)
    for (const fate of fates) {
      if (fate.befalls === undefined) expect(fateOfMark(fate.mark)).toBe(fate)
      expect(fate.mark).toMatch(/^-[A-Z0-9]+(-[A-Z0-9]+)?$/)
    }
  })

  it('is the usual one without a mark or with one nobody knows', () => {
    for (const orderNo of ['YG1-0000001', 'ORDER', '', '-', 'A-NOSUCH', 'A-REVIEW-1', '-ORDER-'])
      expect(fateOf(importList, { orderNo })).toBe(usualFate)
  })
})

describe('marks', () => {
  it('-R takes any customs code, known or not', async () => {
    const { arrived } = await listsOf('-R4711')
    expect(statuses(arrived, 'CEB622')).toEqual(['2', '100'])
    expect(last(arrived, 'CEB622')?.returnInfo).toContain('[Code:4711;')
  })

  it('-N takes any error code, and the list never gets to customs', async () => {
    const { arrived } = await listsOf('-N621017')
    expect(statuses(arrived, 'CEB622')).toEqual(['-621017'])
  })

  it('-REVIEW, -INSPECT, -HELD and -BACK go their whole way', async () => {
    const way = async (mark: string) => statuses((await listsOf(mark)).arrived, 'CEB622')
    expect(await way('-REVIEW')).toEqual(['2', '120', '300', '399', '800', '899'])
    expect(await way('-INSPECT')).toEqual(['2', '120', '500', '800', '899'])
    expect(await way('-HELD')).toEqual(['2', '120', '500', '501'])
    expect(await way('-BACK')).toEqual(['2', '120', '500', '700'])
  })

  it('-SILENT gets no reply to the list, and the companions get theirs', async () => {
    const { arrived } = await listsOf('-SILENT')
    expect(statuses(arrived, 'CEB622')).toEqual([])
    expect(statuses(arrived, 'CEB312')).toEqual(['2', '120'])
  })

  it('-ORDER-R22001 rejects the order, so that a list sent all the same waits for it', async () => {
    const { arrived } = await listsOf('-ORDER-R22001')
    expect(statuses(arrived, 'CEB312')).toEqual(['2', '100'])
    expect(statuses(arrived, 'CEB622')).toEqual(['2'])
    expect(last(arrived, 'CEB622')?.returnInfo).toContain('对应订单信息不存在')
  })

  it('-LATE keeps the replies back and dates them early', async () => {
    const usual = await listsOf('', 8)
    const late = await listsOf('-LATE', 8)
    expect(late.took - usual.took).toBe(1_000)
    const times = (arrived: typeof late.arrived) =>
      arrived.filter(({ kind }) => kind === 'CEB622').map(({ fields }) => fields.returnTime)
    expect(times(late.arrived)).toEqual(times(usual.arrived))
  })

  it('-TWICE sends every message twice with the same bytes, and every reply twice in it', async () => {
    const { arrived } = await listsOf('-TWICE')
    const lists = arrived.filter(({ kind }) => kind === 'CEB622')
    const perMessage = new Map<string, number>()
    const bytes = new Map<string, string>()
    for (const { message, fields } of lists) {
      const id = message.copMsgId
      perMessage.set(id, (perMessage.get(id) ?? 0) + 1)
      const hex = Buffer.from(message.envelope).toString('hex')
      expect(bytes.get(id) ?? hex).toBe(hex)
      bytes.set(id, hex)
      expect(fields.returnTime).toBeDefined()
    }
    // Two replies in a message, and each message two times.
    expect([...perMessage.values()]).toEqual([4, 4, 4, 4])
    const distinct = new Set(
      lists.map(({ fields }) => `${fields.returnStatus} ${fields.returnTime}`),
    )
    expect(distinct.size).toBe(4)
  })

  it('-BACKWARDS brings the last step first, its official time the latest all the same', async () => {
    const { arrived } = await listsOf('-BACKWARDS')
    expect(statuses(arrived, 'CEB622')).toEqual(['2', '899', '800', '120'])
    expect(last(arrived, 'CEB622')?.returnStatus).toBe('899')
  })

  it('-SAMETIME gives two steps one official time', async () => {
    const { arrived } = await listsOf('-SAMETIME')
    const [, closed, released] = arrived.filter(({ kind }) => kind === 'CEB622')
    expect(closed?.fields.returnStatus).toBe('899')
    expect(released?.fields.returnStatus).toBe('800')
    expect(closed?.fields.returnTime).toBe(released?.fields.returnTime)
  })

  it('-GARBAGE sends something unreadable first, and then what is right', async () => {
    const { arrived } = await listsOf('-GARBAGE')
    const kinds = arrived.map(({ kind }) => kind).filter((kind) => !/^CEB[345]12$/.test(kind))
    expect(kinds[0]).toBe('unreadable')
    expect(statuses(arrived, 'CEB622')).toEqual(['2', '120', '800', '899'])
  })

  it('-CEB900 refuses every document of its message', async () => {
    const office = testOffice()
    const [good, marked] = [consignment(1), consignment(2, '-CEB900')]
    await office.send('CEB621', [good.list, marked.list])
    const arrived = office.settle()
    expect(arrived.map(({ kind }) => kind)).toEqual(['CEB900'])
    expect([...office.customs.books().documents()]).toEqual([])
  })

  it('do not change what a match finds', async () => {
    const office = testOffice()
    const made = consignment(9, '-REVIEW')
    const payment = { PaymentHead: { ...made.payment.PaymentHead, payerName: '测试他人' } }
    await office.sendConsignment({ ...made, payment })
    const arrived = office.settle()
    expect(statuses(arrived, 'CEB622')).toEqual(['2', '100'])
    expect(last(arrived, 'CEB622')?.returnInfo).toContain('Code:1327')
  })
})

describe('docs/simulator.md', () => {
  it('shows the table of fates as it is', () => {
    const page = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8')
    expect(page).toContain(fateTable())
  })
})
