import { describe, expect, it } from 'vitest'
import { consignment, testOffice } from './office.ts'

const statuses = (
  arrived: readonly { kind: string; fields: Readonly<Record<string, string>> }[],
  kind: string,
) => arrived.filter((each) => each.kind === kind).map((each) => each.fields.returnStatus)

describe('a good consignment', () => {
  it('is stored, released and closed', async () => {
    const office = testOffice()
    const made = consignment(1)
    await office.sendConsignment(made)
    const arrived = office.settle()
    expect(statuses(arrived, 'CEB312')).toEqual(['2', '120'])
    expect(statuses(arrived, 'CEB412')).toEqual(['2', '120'])
    expect(statuses(arrived, 'CEB512')).toEqual(['2', '120'])
    expect(statuses(arrived, 'CEB622')).toEqual(['2', '120', '800', '899'])
  })
})
