/**
 * What stands in example documents, by field name: one made-up parcel each way, whose amounts add up
 * and whose documents fit together. Enterprises have the codes of the simulator's cast; names and
 * numbers say that they are made up, persons among them. `line.country` is the country of a line,
 * where it differs from that of the head.
 */
export type ExampleValues = Readonly<Record<string, string>>

export interface ExampleCase {
  readonly direction: 'import' | 'export'
  /** Out of or into a bonded zone (1210); else straight across the border (9610). */
  readonly bonded: boolean
}

export const exampleValues = ({ direction, bonded }: ExampleCase): ExampleValues => ({
  ...parties,
  ...persons,
  ...numbers,
  ...moments,
  ...answers,
  ...small,
  ...parcels[direction].goods,
  ...(bonded ? parcels[direction].bonded : parcels[direction].direct),
})

/** Sender's account at the exchange, in the trailer of a message. */
export const EXAMPLE_DXP_ID = 'DXPENT9900000001'
/** Where no value is known for a text: `示例` says that it is made up. */
export const EXAMPLE_TEXT = '合成示例'
/** A moment for fields whose name says nothing. */
export const EXAMPLE_MOMENT = '20260701093000000'

const parties = {
  ebpCode: '500196S001',
  ebpName: '渝关合成电商平台有限公司',
  ebcCode: '500196S011',
  ebcName: '渝关合成跨境商贸有限公司甲',
  ebcTelephone: '15400000011',
  ownerCode: '500196S011',
  ownerName: '渝关合成跨境商贸有限公司甲',
  payCode: '500196S021',
  payName: '渝关合成支付有限公司',
  logisticsCode: '500196S031',
  logisticsName: '渝关合成物流有限公司',
  agentCode: '500196S041',
  agentName: '渝关合成报关有限公司甲',
  declAgentCode: '500196S041',
  declAgentName: '渝关合成报关有限公司甲',
  assureCode: '500196S041',
  operatorCode: '500196S051',
  operatorName: '渝关合成监管场所有限公司',
  areaCode: '500166S101',
  areaName: '重庆两路果园港综合保税区合成仓储有限公司',
  iacCode: '500166S101',
  iacName: '重庆两路果园港综合保税区合成仓储有限公司',
} as const satisfies ExampleValues

/** The number is the specimen printed in GB 11643; the prefix 154 is given to no operator. */
const persons = {
  buyerRegNo: 'SYN-0001',
  buyerName: '测试买家0001',
  buyerTelephone: '15400000001',
  buyerIdType: '1',
  buyerIdNumber: '11010519491231002X',
  payerName: '测试买家0001',
  payerIdType: '1',
  payerIdNumber: '11010519491231002X',
  telephone: '15400000001',
  consignee: '测试买家0001',
  consigneeTelephone: '15400000001',
  consigneeAddress: '重庆市合成区测试路0001号（合成地址）',
  consigneeDistrict: '500105',
} as const satisfies ExampleValues

const numbers = {
  orderNo: 'SYN-ORDER-0001',
  payTransactionId: 'SYN-PAY-0001',
  payNo: 'SYN-PAY-0001',
  logisticsNo: 'SYN-WB-0001',
  copNo: 'SYN-COP-0001',
  coElNo: 'SYN-RETURN-0001',
  billNo: 'SYN-20260701',
  totalPackageNo: 'SYN-PACK-0001',
  batchNumbers: 'SYN-BATCH-0001',
  licenseNo: 'SYN-LICENCE-0001',
  loctNo: 'SYN8011001',
  emsNo: 'T8011W000001',
  itemNo: 'SYN00001',
  itemRecordNo: 'SYN00001',
  preNo: 'B20260701000000001',
  rkdNo: 'R20260701000000001',
  sumNo: '801120260000000001',
  declSeqNo: '801120260000000002',
  decTmpNo: '801120260000000003',
  decPreNo: '801120260000000004',
  entryId: '801120260000000005',
  entDutyNo: 'SYN-DUTY-0001',
  voyageNo: 'SY0701',
  trafNo: 'SYN001',
  trafName: '合成航班SYN001',
  domesticTrafNo: 'SYN-CAR-0001',
  location: '合成仓A区01架',
  unloadLocation: '合成仓A区01架',
} as const satisfies ExampleValues

/** In the order of the story; the period of a summary is the month before. */
const moments = {
  startTime: '20260601000000',
  endTime: '20260630235959',
  payTime: '20260701092500',
  appTime: '20260701093000',
  declTime: '20260701',
  ieDate: '20260701',
  accountingDate: '20260702100000',
  leaveTime: '20260702083000',
  logisticsTime: '20260704160000',
  returnTime: '20260701093215120',
  opDate: '20260702101500000',
} as const satisfies ExampleValues

/** What a refusal for its form repeats; the codes of other answers follow from the catalogue. */
const answers = {
  returnStatus: '-999999',
  returnInfo: '报文格式校验失败（合成示例）',
  oriCopMsgId: '00000000-0000-4000-8000-000000000001',
  oriMessageType: 'CEB311Message',
  oriBizMessage: '<ceb:CEB311Message guid="合成示例"/>',
  decState: '1',
} as const satisfies ExampleValues

const small = {
  appType: '1',
  appStatus: '2',
  summaryFlag: '1',
  itemNameFlag: '1',
  discount: '5.00',
  insuredFee: '0',
  packNo: '1',
  wrapType: '2',
  barCode: '无',
  customsTax: '0',
  consumptionTax: '0',
  reason: '买家取消订单（合成示例）',
  note: '合成示例',
} as const satisfies ExampleValues

const CHINA = '142'
const FRANCE = '305'
const AMERICA = '502'
const YUAN = '142'
const DOLLAR = '502'
const AIR = '5'
const BONDED_ZONE = 'Y'
/** Offices of the zone and of the airport. */
const ZONE_OFFICE = '8011'
const AIRPORT_OFFICE = '8003'

const parcels = {
  import: {
    goods: {
      orderType: 'I',
      ieFlag: 'I',
      invtNo: '80112026I000000001',
      taxNo: '80112026I000000001_0',
      customsCode: ZONE_OFFICE,
      itemName: '保湿面霜（合成示例）',
      gname: '保湿面霜（合成示例）',
      itemDescribe: '保湿面霜50毫升，合成示例',
      goodsInfo: '保湿面霜（合成示例）',
      gmodel: '合成牌|50毫升/瓶',
      gcode: '3304990039',
      'line.country': FRANCE,
      tradeCountry: FRANCE,
      currency: YUAN,
      unit: '142',
      qty: '2',
      unit1: '035',
      qty1: '0.11',
      unit2: '011',
      qty2: '2',
      price: '300.00',
      totalPrice: '600.00',
      goodsValue: '600.00',
      freight: '12.00',
      // 70 % of 13 % on goods and freight.
      taxTotal: '55.69',
      acturalPaid: '662.69',
      amountPaid: '662.69',
      taxPrice: '612.00',
      valueAddedTax: '55.69',
      weight: '0.26',
      grossWeight: '0.26',
      netWeight: '0.11',
    },
    direct: {
      tradeMode: '9610',
      trafMode: AIR,
      country: FRANCE,
      portCode: AIRPORT_OFFICE,
    },
    bonded: {
      tradeMode: '1210',
      trafMode: BONDED_ZONE,
      country: CHINA,
      portCode: ZONE_OFFICE,
    },
  },
  export: {
    goods: {
      orderType: 'E',
      ieFlag: 'E',
      statisticsFlag: 'B',
      invtNo: '80112026E000000001',
      customsCode: ZONE_OFFICE,
      portCode: AIRPORT_OFFICE,
      POD: '3154',
      trafMode: AIR,
      itemName: '运动鞋（合成示例）',
      gname: '运动鞋（合成示例）',
      itemDescribe: '纺织鞋面运动鞋，合成示例',
      goodsInfo: '运动鞋（合成示例）',
      gmodel: '合成牌|纺织鞋面|42码',
      gcode: '6404110000',
      country: AMERICA,
      currency: DOLLAR,
      fCurrency: DOLLAR,
      iCurrency: DOLLAR,
      unit: '025',
      qty: '2',
      unit1: '025',
      qty1: '2',
      unit2: '035',
      qty2: '1.6',
      price: '40.00',
      totalPrice: '80.00',
      goodsValue: '80.00',
      freight: '6.00',
      charge: '86.00',
      grossWeight: '1.75',
      netWeight: '1.6',
    },
    direct: { tradeMode: '9610' },
    bonded: { tradeMode: '1210' },
  },
} as const satisfies Record<
  ExampleCase['direction'],
  { goods: ExampleValues; direct: ExampleValues; bonded: ExampleValues }
>
