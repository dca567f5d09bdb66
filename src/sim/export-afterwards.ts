/**
 * Synthetic documents about export lists: arrival at the site (CEB507), master and house note
 * (CEB607), departure (CEB509), summary of a month (CEB701), cancellation (CEB605), return (CEB213)
 * and the tally of what came back (CEB215).
 */
import type { AnyDocument, FieldRecord } from '../catalogue/message.ts'
import { arrival } from '../catalogue/messages/arrival.ts'
import { departure } from '../catalogue/messages/departure.ts'
import { exportCancellation } from '../catalogue/messages/export-cancellation.ts'
import { exportReturn } from '../catalogue/messages/export-return.ts'
import { masterNote } from '../catalogue/messages/master-note.ts'
import { returnTally } from '../catalogue/messages/return-tally.ts'
import { summary } from '../catalogue/messages/summary.ts'
import { linesOf } from '../codec/document.ts'
import { stamp14 } from '../kernel/clock.ts'
import { add, readDecimal, writeDecimal, ZERO } from '../kernel/decimal.ts'
import {
  type AfterwardsSettings,
  type Declared,
  factOf,
  headFrom,
  ownNumber,
  WHOLE,
} from './afterwards.ts'
import { flightOf } from './export-consignments.ts'

/** The parcels reached the supervised site by lorry. */
export const makeArrival = (
  settings: AfterwardsSettings,
  lists: readonly Declared[],
): AnyDocument => ({
  ArrivalHead: headFrom(arrival, settings, lists, {
    copNo: ownNumber('A', settings),
    ...siteOf(settings),
    ...journeyOf(settings, lists),
    domesticTrafNo: 'SYN-CAR-01',
    ...WHOLE,
  }),
  ArrivalList: parcels(lists),
})

/** Which parcels lie under one master bill. */
export const makeMasterNote = (
  settings: AfterwardsSettings,
  lists: readonly Declared[],
): AnyDocument => ({
  WayBillHead: headFrom(masterNote, settings, lists, {
    copNo: ownNumber('M', settings),
    ...journeyOf(settings, lists),
    grossWeight: sumOf(lists, 'grossWeight'),
    ...WHOLE,
  }),
  WayBillList: parcels(lists).map((line, i) => {
    const list = lists[i]
    const invtNo = list === undefined ? '' : factOf(list, 'invtNo')
    return invtNo === '' ? line : { ...line, invtNo }
  }),
})

/** The aeroplane with the parcels left. */
export const makeDeparture = (
  settings: AfterwardsSettings,
  lists: readonly Declared[],
): AnyDocument => ({
  DepartureHead: headFrom(departure, settings, lists, {
    copNo: ownNumber('D', settings),
    ...journeyOf(settings, lists),
    leaveTime: stamp14(settings.at),
    ...WHOLE,
  }),
  DepartureList: parcels(lists),
})

/** Sums up released lists of one declarant, merchant and customs office. */
export const makeSummary = (
  settings: AfterwardsSettings,
  lists: readonly Declared[],
): AnyDocument => {
  const [first] = lists
  const declarant = (name: string) => (first === undefined ? '' : factOf(first, name))
  return {
    SummaryApplyHead: headFrom(summary, settings, lists, {
      copNo: ownNumber('Z', settings),
      declAgentCode: declarant('agentCode'),
      declAgentName: declarant('agentName'),
      summaryFlag: '1',
      itemNameFlag: '1',
      ...WHOLE,
    }),
    SummaryApplyList: lists.map((list) => ({ invtNo: factOf(list, 'invtNo') })),
  }
}

/** Cancels a list that is not released yet. */
export const makeExportCancellation = (settings: AfterwardsSettings, list: Declared): AnyDocument =>
  headFrom(exportCancellation, settings, [list], {
    copNo: ownNumber('C', settings),
    invtNo: factOf(list, 'invtNo'),
    reason: '买家取消订单（合成）',
  })

/** Special areas have a mode of their own for goods that come back. */
const RETURN_MODES: Readonly<Record<string, string>> = { '1210': '1261', '1239': '1261' }
const RETURN_MODE = '9661'

/** Asks to bring the first line of a released list back, all of it. */
export const makeExportReturn = (settings: AfterwardsSettings, list: Declared): AnyDocument => ({
  InvtRefundHead: headFrom(exportReturn, settings, [list], {
    coElNo: ownNumber('T', settings),
    invtNo: factOf(list, 'invtNo'),
    tradeMode: RETURN_MODES[factOf(list, 'tradeMode')] ?? RETURN_MODE,
    ...flightOf(stamp14(settings.at)),
    ieFlag: 'I',
    reason: '境外买家退货（合成）',
  }),
  InvtRefundList: linesOf(list.entry, list.document, 'InventoryList')
    .slice(0, 1)
    .map((line) => pickFields(line, RETURNED)),
})

/** The goods of a return were counted at the site. */
export const makeReturnTally = (settings: AfterwardsSettings, returned: Declared): AnyDocument =>
  headFrom(returnTally, settings, [returned], {
    ...siteOf(settings),
    invtNo: factOf(returned, 'invtNo'),
    location: '合成仓A区',
  })

/** Fields of a line that comes back, in wire order. */
const RETURNED = [
  ...['gnum', 'gcode', 'gname', 'gmodel', 'qty', 'qty1', 'unit', 'unit1', 'qty2', 'unit2'],
]

const pickFields = (line: FieldRecord, names: readonly string[]): FieldRecord =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = line[name]
      return value === undefined ? [] : [[name, value] as const]
    }),
  )

const siteOf = ({ enterprises: { site } }: AfterwardsSettings) => ({
  operatorCode: site.customsCode,
  operatorName: site.name,
})

/** The flight that the first list names, else one of the day. */
const journeyOf = ({ at }: AfterwardsSettings, [first]: readonly Declared[]): FieldRecord => {
  const flight: FieldRecord = flightOf(stamp14(at))
  if (first === undefined) return flight
  return Object.fromEntries(
    Object.entries(flight).map(([name, value]) => [name, factOf(first, name) || value]),
  )
}

const parcels = (lists: readonly Declared[]): readonly FieldRecord[] =>
  lists.map((list, i) => ({ gnum: String(i + 1), logisticsNo: factOf(list, 'logisticsNo') }))

const sumOf = (lists: readonly Declared[], name: string): string =>
  writeDecimal(add(...lists.map((list) => readDecimal(factOf(list, name)) ?? ZERO)))
