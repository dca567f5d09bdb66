/** Synthetic export lists (CEB603) of one parcel; names and numbers belong to nobody. */
import type { DocumentOf } from '../../src/catalogue/message.ts'
import type { exportList } from '../../src/catalogue/messages/export-list.ts'
import { stamp14 } from '../../src/kernel/clock.ts'
import { derivedId } from '../../src/kernel/ids.ts'
import type { Cast } from '../../src/sim/enterprises.ts'

export type ExportList = DocumentOf<typeof exportList>

export interface ExportListSettings {
  readonly n: number
  readonly cast: Cast
  readonly at: Date
  readonly head?: Partial<ExportList['InventoryHead']>
  readonly line?: Partial<ExportList['InventoryList'][number]>
}

/** Two lines: three cups of 0.25 kg each, and ten pens without a second unit. */
export const makeExportList = ({ n, cast, at, head, line }: ExportListSettings): ExportList => {
  const { platform, carrier, merchants, declarants } = cast
  const serial = String(n).padStart(7, '0')
  const shared = { itemNo: `SKU${serial}`, barCode: '无', country: '502', currency: '142' }
  return {
    InventoryHead: {
      guid: derivedId('export list', serial).toUpperCase(),
      appType: '1',
      appTime: stamp14(at),
      appStatus: '2',
      customsCode: '8012',
      ebpCode: platform.customsCode,
      ebpName: platform.name,
      orderNo: `EO${serial}`,
      logisticsCode: carrier.customsCode,
      logisticsName: carrier.name,
      logisticsNo: `EW${serial}`,
      copNo: `EL${serial}`,
      ieFlag: 'E',
      portCode: '8011',
      ieDate: stamp14(at).slice(0, 8),
      statisticsFlag: 'B',
      agentCode: declarants[0].customsCode,
      agentName: declarants[0].name,
      ebcCode: merchants[0].customsCode,
      ebcName: merchants[0].name,
      ownerCode: merchants[0].customsCode,
      ownerName: merchants[0].name,
      tradeMode: '9610',
      trafMode: '5',
      trafName: 'SYN001',
      voyageNo: 'SY001',
      billNo: `SYNMAWB${serial}`,
      country: '502',
      POD: '3121',
      freight: '0',
      fCurrency: '142',
      fFlag: '3',
      insuredFee: '0',
      iCurrency: '142',
      iFlag: '3',
      wrapType: '2',
      packNo: '1',
      grossWeight: '1.2',
      netWeight: '0.95',
      ...head,
    },
    InventoryList: [
      {
        gnum: '1',
        ...shared,
        gcode: '6912001000',
        gname: '合成陶瓷杯',
        gmodel: '瓷|无品牌|350ml',
        qty: '3',
        qty1: '0.75',
        unit: '011',
        unit1: '035',
        price: '40',
        totalPrice: '120',
        ...line,
      },
      {
        gnum: '2',
        ...shared,
        gcode: '9608100000',
        gname: '合成圆珠笔',
        gmodel: '塑料|无品牌',
        qty: '10',
        qty1: '10',
        unit: '011',
        unit1: '011',
        price: '2',
        totalPrice: '20',
      },
    ],
  }
}

/** The number customs would give such a list: office, year, direction, nine digits. */
export const listNumber = (direction: 'I' | 'E', n: number): string =>
  `80122026${direction}${String(n).padStart(9, '0')}`
