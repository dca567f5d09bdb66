/** What customs tells unasked: tax bills of released lists, and what comes of a summary. */
import { describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { keyOf } from '../../src/codec/document.ts'
import { add, readDecimal, writeDecimal, ZERO } from '../../src/kernel/decimal.ts'
import { LINES_PER_DOCUMENT_MAX } from '../../src/kernel/limits.ts'
import type { Declared } from '../../src/sim/afterwards.ts'
import { makeSummary } from '../../src/sim/export-afterwards.ts'
import { type ExportSettings, makeExportConsignment } from '../../src/sim/export-consignments.ts'
import { fileDocument } from '../../src/sim/filed.ts'
import { makeImportReturn } from '../../src/sim/import-afterwards.ts'
import { openingNotices } from '../../src/sim/notices.ts'
import { createNumbers } from '../../src/sim/numbers.ts'
import type { CustomsOptions } from '../../src/sim/types.ts'
import { type Arrived, consignment, enterprises, statuses, testOffice } from './office.ts'

const AT = new Date('2025-06-18T02:00:00.000Z')
const bills = (arrived: readonly Arrived[]) =>
  arrived.filter(({ kind }) => kind === 'CEB816' || kind === 'CEB818')
const said = (arrived: readonly Arrived[]) =>
  bills(arrived).map(({ kind, fields }) => `${kind} ${fields.status}`)

const sum = (texts: readonly (string | undefined)[]): string =>
  writeDecimal(add(...texts.map((text) => readDecimal(text ?? '') ?? ZERO)))

const released = async (n: number, fate: string, options: Partial<CustomsOptions> = {}) => {
  const office = testOffice({ verify: 'none', ...options })
  const made = consignment(n, fate)
  await office.sendConsignment(made)
  return { office, made, arrived: office.settle() }
}

describe('a tax bill', () => {
  it('has the tax of the order, line by line, and the numbers of its list', async () => {
    for (let n = 0; n < 40; n += 1) {
      const { office, made, arrived } = await released(n, '', { taxBills: 'all' })
      const [bill, settled] = bills(arrived)
      expect(said(arrived)).toEqual(['CEB816 1', 'CEB818 2'])
      const { given } =
        office.customs.books().document('CEB621', keyOf(getDeclaration('CEB621'), made.list)) ?? {}
      const { assureCode, ebcCode, agentCode, customsCode } = made.list.InventoryHead
      expect(bill?.fields).toMatchObject({
        ...{ assureCode, ebcCode, agentCode, customsCode, customsTax: '0' },
        ...{ invtNo: given?.invtNo, taxNo: `${given?.invtNo}_0` },
      })
      const { valueAddedTax, consumptionTax } = bill?.fields ?? {}
      expect(sum([valueAddedTax, consumptionTax])).toBe(sum([made.order.OrderHead.taxTotal]))
      const lines = bill?.lines ?? []
      expect(lines.map(({ gnum, gcode }) => [gnum, gcode])).toEqual(
        made.list.InventoryList.map(({ gnum, gcode }) => [gnum, gcode]),
      )
      expect(sum(lines.map((line) => line.valueAddedTax))).toBe(sum([valueAddedTax]))
      expect(sum(lines.map((line) => line.consumptionTax))).toBe(sum([consumptionTax]))
      expect(sum(lines.map((line) => line.taxPrice))).toBe(
        sum([made.order.OrderHead.goodsValue, made.order.OrderHead.freight]),
      )
      expect(bill?.fields.entDutyNo).toBeUndefined()
      expect(settled?.fields).toMatchObject({ invtNo: given?.invtNo, taxNo: bill?.fields.taxNo })
      expect(settled?.fields.entDutyNo).toContain(assureCode)
    }
  })

  it('is made out for marked lists only, when the office was told so', async () => {
    expect(said((await released(1, '')).arrived)).toEqual([])
    expect(said((await released(1, '-TAX')).arrived)).toEqual(['CEB816 1', 'CEB818 2'])
    expect(said((await released(1, '-TAXVOID')).arrived)).toEqual(['CEB816 1', 'CEB818 3'])
    const { office } = await released(1, '', { taxBills: 'all' })
    expect(office.customs.books().summary().notices).toEqual({ CEB816: 1, CEB818: 1 })
  })

  it.each(['-PENDING', '-R1300', '-SILENT', '-HELD'])(
    'is not made out for a list with %s',
    async (fate) => {
      expect(said((await released(2, fate, { taxBills: 'all' })).arrived)).toEqual([])
    },
  )

  it('travels as its list does', async () => {
    const all = { taxBills: 'all' } as const
    expect(said((await released(3, '-TWICE', all)).arrived)).toHaveLength(8)
    const backwards = said((await released(3, '-BACKWARDS', all)).arrived)
    expect(backwards).toEqual(['CEB818 2', 'CEB816 1'])
  })

  it('is void once goods of its list go back, whether it was consolidated or not', async () => {
    const pace = { received: 0, stored: 50, released: 100, closed: 100, notice: 3_600_000, late: 0 }
    for (const wait of [0, 10_000_000]) {
      const office = testOffice({ verify: 'none', taxBills: 'all', pace })
      const made = consignment(4)
      await office.sendConsignment(made)
      office.clock.advance(1_000)
      for (const { copMsgId } of office.customs.due()) office.customs.delivered(copMsgId)
      const before = wait === 0 ? [] : office.settle()
      const entry = getDeclaration('CEB621')
      const { given = {} } =
        office.customs.books().document('CEB621', keyOf(entry, made.list)) ?? {}
      const list: Declared = { entry, document: made.list, given }
      await office.send('CEB625', [makeImportReturn({ n: 1, seed: 2, enterprises, at: AT }, list)])
      const arrived = [...before, ...office.settle()]
      const wanted = wait === 0 ? ['CEB816 1', 'CEB818 3'] : ['CEB816 1', 'CEB818 2', 'CEB818 3']
      expect(said(arrived)).toEqual(wanted)
      const times = bills(arrived).map(({ fields }) => fields.returnTime ?? '')
      expect(times).toEqual([...new Set(times)].sort())
    }
  })
})

describe('the result of a summary', () => {
  const exported = async (
    office: ReturnType<typeof testOffice>,
    n: number,
    settings: Partial<ExportSettings> = {},
  ) => {
    const [zone] = zones
    if (zone === undefined) throw new Error('no zone')
    const made = makeExportConsignment({
      ...{ n, seed: 1, zone, mode: '9610', flag: 'B', currency: 'CNY', enterprises, at: AT },
      ...settings,
    })
    await office.send('CEB303', [made.order])
    await office.send('CEB505', [made.waybill])
    await office.send('CEB603', [made.list])
    office.settle()
    const entry = getDeclaration('CEB603')
    const { given = {} } = office.customs.books().document('CEB603', keyOf(entry, made.list)) ?? {}
    return { made, declared: { entry, document: made.list, given } satisfies Declared }
  }
  const settings = (n: number) => ({ n, seed: 3, enterprises, at: AT })

  it('names every line of every list, then the number of the declaration', async () => {
    const office = testOffice({ verify: 'none' })
    const lists = [await exported(office, 0), await exported(office, 2), await exported(office, 4)]
    await office.send('CEB701', [
      makeSummary(
        settings(1),
        lists.map(({ declared }) => declared),
      ),
    ])
    const arrived = office.settle()
    expect(statuses(arrived, 'CEB702')).toEqual(['2', '399'])
    const sumNo = arrived.find(({ fields }) => fields.returnStatus === '399')?.fields.sumNo
    const [first, second] = arrived.filter(({ kind }) => kind === 'CEB792')
    expect(first?.fields).toMatchObject({ sumNo, msgCount: '1', msgSeqNo: '1' })
    expect(first?.fields.declSeqNo).toMatch(/^.{18}$/)
    expect(first?.fields.entryId).toBeUndefined()
    expect(
      first?.lines.map(({ invtNo, logisticsNo, gnum, gcode }) => [
        invtNo,
        logisticsNo,
        gnum,
        gcode,
      ]),
    ).toEqual(
      lists.flatMap(({ made, declared }) =>
        made.list.InventoryList.map(({ gnum, gcode }) => [
          ...[declared.given.invtNo, made.list.InventoryHead.logisticsNo, gnum, gcode],
        ]),
      ),
    )
    for (const name of ['grossWeight', 'netWeight'] as const)
      expect(first?.fields[name]).toBe(sum(lists.map(({ made }) => made.list.InventoryHead[name])))
    const { declSeqNo } = first?.fields ?? {}
    expect(second?.fields).toMatchObject({ sumNo, declSeqNo })
    expect(second?.fields.entryId).toMatch(/^80\d\d20250\d{9}$/)
    expect(second?.lines).toEqual([])
    expect(arrived.filter(({ kind }) => kind === 'CEB792')).toHaveLength(2)
  })

  it('comes once for a list: flag B, released, not summed up before', async () => {
    const office = testOffice({ verify: 'none' })
    const ask = async (n: number, list: Declared) => {
      await office.send('CEB701', [makeSummary(settings(n), [list])])
      return office.settle()
    }
    const simple = await exported(office, 1, { flag: 'A' })
    const refusedA = await ask(1, simple.declared)
    expect(refusedA.at(-1)?.fields.returnInfo).toContain('不须汇总')
    const pending = await exported(office, 2, { fate: '-PENDING' })
    expect((await ask(2, pending.declared)).at(-1)?.fields.returnInfo).toContain('未放行')
    const good = await exported(office, 3)
    expect(statuses(await ask(3, good.declared), 'CEB702')).toEqual(['2', '399'])
    const again = await ask(4, good.declared)
    expect(again.at(-1)?.fields).toMatchObject({ returnStatus: '100' })
    expect(again.filter(({ kind }) => kind === 'CEB792')).toEqual([])
  })

  it('is that of all lists of a time, when a time is named', async () => {
    const office = testOffice({ verify: 'none' })
    const inTime = [await exported(office, 0), await exported(office, 2)]
    await exported(office, 4, { at: new Date('2025-05-18T02:00:00Z') })
    await exported(office, 6, { flag: 'A' })
    // Of another merchant and declarant.
    await exported(office, 1)
    const summary = makeSummary(settings(1), [inTime[0]?.declared as Declared])
    const { SummaryApplyHead } = summary
    const asked = {
      SummaryApplyHead: {
        ...(SummaryApplyHead as Record<string, string>),
        ...{ startTime: '20250601000000', endTime: '20250630235959' },
      },
    }
    await office.send('CEB701', [asked])
    const [result] = office.settle().filter(({ kind }) => kind === 'CEB792')
    const named = new Set(result?.lines.map(({ invtNo }) => invtNo))
    expect(named).toEqual(new Set(inTime.map(({ declared }) => declared.given.invtNo)))
    await office.send('CEB701', [{ SummaryApplyHead: { ...asked.SummaryApplyHead, copNo: 'Z2' } }])
    expect(office.settle().at(-1)?.fields.returnInfo).toBe('没有可汇总的清单')
  })

  it('is split when it has more lines than a document holds', async () => {
    const office = testOffice({ verify: 'none' })
    const { made, declared } = await exported(office, 0)
    const list = fileDocument(declared.entry, declared.document, 'X')
    const lines = made.list.InventoryList.length
    const count = Math.floor(LINES_PER_DOCUMENT_MAX / lines) + 1
    const summary = fileDocument(
      getDeclaration('CEB701'),
      makeSummary(settings(9), [declared]),
      'X',
    )
    const numbers = createNumbers('test')
    const deps = { numbers, pause: 1, taxBills: 'marked', stampOf: String } as const
    const targets = Array.from({ length: count }, () => list)
    const notices = openingNotices(deps, { filed: summary, targets, at: 1, due: 1 })
    const parts = notices.flatMap(({ saying }) =>
      saying.kind === 'notice' && saying.lines !== undefined ? [saying] : [],
    )
    expect(parts.map(({ values }) => values().msgSeqNo)).toEqual(['1', '2'])
    expect(parts.map(({ values }) => values().msgCount)).toEqual(['2', '2'])
    const held = parts.map(({ lines }) => lines?.().length ?? 0)
    expect(held).toEqual([LINES_PER_DOCUMENT_MAX, count * lines - LINES_PER_DOCUMENT_MAX])
  })
})
