/**
 * Synthetic documents about import lists: cancellation (CEB623), return (CEB625), entry into the
 * supervised site (CEB711) and delivery to the buyer (CEB513).
 */
import type { AnyDocument } from '../catalogue/message.ts'
import { importCancellation } from '../catalogue/messages/import-cancellation.ts'
import { importReturn } from '../catalogue/messages/import-return.ts'
import { siteEntry } from '../catalogue/messages/site-entry.ts'
import { waybillStatus } from '../catalogue/messages/waybill-status.ts'
import { linesOf } from '../codec/document.ts'
import { stamp14 } from '../kernel/clock.ts'
import {
  type AfterwardsSettings,
  type Declared,
  factOf,
  headFrom,
  ownNumber,
} from './afterwards.ts'

/** Cancels a list that is not released yet. */
export const makeImportCancellation = (settings: AfterwardsSettings, list: Declared): AnyDocument =>
  headFrom(importCancellation, settings, [list], {
    copNo: ownNumber('C', settings),
    invtNo: factOf(list, 'invtNo'),
    reason: '买家取消订单（合成）',
  })

/** Sends the first line of a released list back, all of it. */
export const makeImportReturn = (settings: AfterwardsSettings, list: Declared): AnyDocument => ({
  InvtRefundHead: headFrom(importReturn, settings, [list], {
    copNo: ownNumber('R', settings),
    invtNo: factOf(list, 'invtNo'),
    reason: '买家退货（合成）',
  }),
  InvtRefundList: linesOf(list.entry, list.document, 'InventoryList')
    .slice(0, 1)
    .map(({ gnum = '', gcode = '', gname = '', qty = '', unit = '' }) => ({
      ...{ gnum, gcode, gname, qty, unit },
    })),
})

/** Tells which parcels of a master bill the site received. */
export const makeSiteEntry = (
  settings: AfterwardsSettings,
  lists: readonly Declared[],
): AnyDocument => {
  const { site } = settings.enterprises
  const [first] = lists
  // Goods out of a bonded zone have no master bill of their own.
  const flight = (name: string, otherwise: string) =>
    (first === undefined ? '' : factOf(first, name)) || otherwise
  return {
    DeliveryHead: headFrom(siteEntry, settings, lists, {
      copNo: ownNumber('S', settings),
      operatorCode: site.customsCode,
      operatorName: site.name,
      trafNo: flight('trafNo', 'SYN001'),
      voyageNo: flight('voyageNo', 'SY0001'),
      billNo: flight('billNo', 'SYN-0001'),
    }),
    DeliveryList: lists.map((list, i) => ({
      gnum: String(i + 1),
      logisticsNo: factOf(list, 'logisticsNo'),
    })),
  }
}

/** The buyer signed for the parcel. */
export const makeWaybillStatus = (settings: AfterwardsSettings, list: Declared): AnyDocument =>
  headFrom(waybillStatus, settings, [list], {
    logisticsStatus: 'S',
    logisticsTime: stamp14(settings.at),
  })
