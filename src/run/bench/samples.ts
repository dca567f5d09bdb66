/**
 * Documents to measure with: consignments as a platform sends them, of the size and mixture of real
 * ones (Chinese names and addresses, three lines of goods, optional fields mostly filled). All
 * identities are synthetic: names say so, and numbers are counted up, not drawn from anywhere.
 */

import { messages } from '../../catalogue/index.ts'
import type { AnyDocument, DocumentOf, FieldRecord, Message } from '../../catalogue/message.ts'
import { importList } from '../../catalogue/messages/import-list.ts'
import { importListReply } from '../../catalogue/messages/import-list-reply.ts'
import { order } from '../../catalogue/messages/order.ts'
import { payment } from '../../catalogue/messages/payment.ts'
import { waybill } from '../../catalogue/messages/waybill.ts'
import { headOfDocument } from '../../codec/document.ts'
import { exampleOf } from '../../codec/example.ts'
import { mostOf } from '../../codec/rule.ts'
import { shapeOf } from '../../codec/shape.ts'

/** One kind with documents of it. */
export interface Sample {
  readonly entry: Message
  readonly documents: readonly AnyDocument[]
}

const LINES = 3
const goods = [
  {
    name: '进口婴幼儿配方奶粉三段',
    model: '品牌：合成样品；规格：900克/罐；适用年龄：1-3岁',
    code: '1901101000',
    price: '218',
  },
  {
    name: '保湿面霜',
    model: '品牌：合成样品；规格：50毫升/瓶；成分：甘油、角鲨烷',
    code: '3304990039',
    price: '156.5',
  },
  {
    name: '复合维生素咀嚼片',
    model: '品牌：合成样品；规格：120片/瓶；食用方法：每日两片',
    code: '2106909090',
    price: '99.9',
  },
] as const

const guid = (kind: string, n: number): string =>
  `${kind.padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`
const numbered = (prefix: string, n: number): string => `${prefix}${String(n).padStart(10, '0')}`

const orderOf = (n: number): DocumentOf<typeof order> => ({
  OrderHead: {
    guid: guid('311', n),
    appType: '1',
    appTime: '20240618093015',
    appStatus: '2',
    orderType: 'I',
    orderNo: numbered('YGDD20240618', n),
    ebpCode: '5000000001',
    ebpName: '合成跨境电商平台有限公司',
    ebcCode: '5000000002',
    ebcName: '合成跨境电子商务（重庆）有限公司',
    goodsValue: '474.4',
    freight: '0',
    discount: '20',
    taxTotal: '43.17',
    acturalPaid: '497.57',
    currency: '142',
    buyerRegNo: numbered('buyer', n),
    buyerName: '合成买家',
    buyerTelephone: '13000000000',
    buyerIdType: '1',
    buyerIdNumber: '500000190001010000',
    payCode: '5000000003',
    payName: '合成支付科技有限公司',
    payTransactionId: numbered('ZF20240618', n),
    consignee: '合成收货人',
    consigneeTelephone: '13000000000',
    consigneeAddress: `重庆市渝中区合成路${n % 300}号合成大厦${n % 40}层`,
    consigneeDistrict: '500103',
    note: '样品',
  },
  OrderList: goods.slice(0, LINES).map((item, i) => ({
    gnum: String(i + 1),
    itemNo: `SKU-${i + 1}-${n % 1000}`,
    itemName: item.name,
    gmodel: item.model,
    barCode: `690000000000${i}`,
    unit: '011',
    qty: '1',
    price: item.price,
    totalPrice: item.price,
    currency: '142',
    country: '601',
  })),
})

const paymentOf = (n: number): DocumentOf<typeof payment> => ({
  PaymentHead: {
    guid: guid('411', n),
    appType: '1',
    appTime: '20240618093020',
    appStatus: '2',
    payCode: '5000000003',
    payName: '合成支付科技有限公司',
    payTransactionId: numbered('ZF20240618', n),
    orderNo: numbered('YGDD20240618', n),
    ebpCode: '5000000001',
    ebpName: '合成跨境电商平台有限公司',
    payerIdType: '1',
    payerIdNumber: '500000190001010000',
    payerName: '合成买家',
    telephone: '13000000000',
    amountPaid: '497.57',
    currency: '142',
    payTime: '20240618093010',
  },
})

const waybillOf = (n: number): DocumentOf<typeof waybill> => ({
  LogisticsHead: {
    guid: guid('511', n),
    appType: '1',
    appTime: '20240618101500',
    appStatus: '2',
    logisticsCode: '5000000004',
    logisticsName: '合成物流（重庆）有限公司',
    logisticsNo: numbered('YD20240618', n),
    orderNo: numbered('YGDD20240618', n),
    freight: '0',
    insuredFee: '0',
    currency: '142',
    weight: '1.85',
    packNo: '1',
    goodsInfo: '奶粉、面霜、维生素',
    consignee: '合成收货人',
    consigneeAddress: `重庆市渝中区合成路${n % 300}号合成大厦${n % 40}层`,
    consigneeTelephone: '13000000000',
  },
})

const listOf = (n: number): DocumentOf<typeof importList> => ({
  InventoryHead: {
    guid: guid('621', n),
    appType: '1',
    appTime: '20240618103000',
    appStatus: '2',
    orderNo: numbered('YGDD20240618', n),
    ebpCode: '5000000001',
    ebpName: '合成跨境电商平台有限公司',
    ebcCode: '5000000002',
    ebcName: '合成跨境电子商务（重庆）有限公司',
    logisticsNo: numbered('YD20240618', n),
    logisticsCode: '5000000004',
    logisticsName: '合成物流（重庆）有限公司',
    copNo: numbered('QD20240618', n),
    assureCode: '5000000005',
    emsNo: 'T8000W000001',
    ieFlag: 'I',
    declTime: '20240618',
    customsCode: '8013',
    portCode: '8013',
    ieDate: '20240618',
    buyerIdType: '1',
    buyerIdNumber: '500000190001010000',
    buyerName: '合成买家',
    buyerTelephone: '13000000000',
    consigneeAddress: `重庆市渝中区合成路${n % 300}号合成大厦${n % 40}层`,
    agentCode: '5000000006',
    agentName: '合成报关（重庆）有限公司',
    areaCode: '5000000007',
    areaName: '合成保税仓储（重庆）有限公司',
    tradeMode: '1210',
    trafMode: 'Y',
    country: '142',
    freight: '0',
    insuredFee: '0',
    currency: '142',
    wrapType: '2',
    packNo: '1',
    grossWeight: '1.85',
    netWeight: '1.6',
  },
  InventoryList: goods.slice(0, LINES).map((item, i) => ({
    gnum: String(i + 1),
    itemRecordNo: `LH${String(i + 1).padStart(6, '0')}`,
    itemNo: `SKU-${i + 1}-${n % 1000}`,
    itemName: item.name,
    gcode: item.code,
    gname: item.name,
    gmodel: item.model,
    barCode: `690000000000${i}`,
    country: '601',
    tradeCountry: '110',
    currency: '142',
    qty: '1',
    unit: '011',
    qty1: '0.9',
    unit1: '035',
    price: item.price,
    totalPrice: item.price,
  })),
})

const replyOf = (n: number): DocumentOf<typeof importListReply> => ({
  guid: guid('622', n),
  customsCode: '8013',
  ebpCode: '5000000001',
  ebcCode: '5000000002',
  agentCode: '5000000006',
  copNo: numbered('QD20240618', n),
  preNo: `B${String(n).padStart(17, '0')}`,
  invtNo: `80132024I${String(n).padStart(9, '0')}`,
  returnStatus: '800',
  returnTime: '20240618103512345',
  returnInfo: `清单放行[Code:2600;Desc:放行]${n % 7 === 0 ? '，布控指令已解除' : ''}`,
})

const many = (count: number, make: (n: number) => AnyDocument): readonly AnyDocument[] =>
  Array.from({ length: count }, (_, n) => make(n))

/** `count` consignments as four samples: orders, payments, waybills and lists. */
export const declarationSamples = (count: number): readonly Sample[] => [
  { entry: order, documents: many(count, orderOf) },
  { entry: payment, documents: many(count, paymentOf) },
  { entry: waybill, documents: many(count, waybillOf) },
  { entry: importList, documents: many(count, listOf) },
]

/** `count` replies to lists, the longest of the ordinary replies. */
export const replySample = (count: number): Sample => ({
  entry: importListReply,
  documents: many(count, replyOf),
})

/** Lines of a list in the samples of every kind, as in most real documents. */
const KIND_LINES = 2
/** Digits that number a sample. */
const NUMBER_DIGITS = 6

/**
 * `count` documents of each kind, made from the catalogue: its example, two lines to a list, the
 * numbers that name it counted up.
 */
export const kindSamples = (count: number): readonly Sample[] =>
  messages.map((entry) => {
    const example = exampleOf(entry)
    return { entry, documents: many(count, (n) => kindDocument(entry, example, n)) }
  })

const kindDocument = (entry: Message, example: AnyDocument, n: number): AnyDocument => {
  const { head, groups } = shapeOf(entry)
  const named: FieldRecord = Object.fromEntries(
    Object.entries(headOfDocument(entry, example)).map(([name, value]) => {
      const field = head.byName.get(name)?.field
      const isNumber = name === 'guid' || entry.key.includes(name)
      const isFree = field?.kind === 'text' && field.values === undefined
      return [name, isNumber && isFree ? counted(value, n, mostOf(field)) : value]
    }),
  )
  if (head.name === undefined) return named
  const lists = groups.flatMap(({ name = '' }) => {
    const lines = example[name]
    const [line] = Array.isArray(lines) ? lines : []
    return line === undefined ? [] : [[name, Array(KIND_LINES).fill(line)] as const]
  })
  return { ...example, [head.name]: named, ...Object.fromEntries(lists) }
}

/** The same length as before; digits at the end make room for the number. */
const counted = (value: string, n: number, most = value.length): string => {
  const digits = String(n).padStart(NUMBER_DIGITS, '0').slice(-Math.min(NUMBER_DIGITS, most))
  return `${value.slice(0, Math.max(0, value.length - digits.length))}${digits}`
}
