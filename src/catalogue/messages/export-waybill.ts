/**
 * CEB505 物流运单数据报文（出口）. Source: XSD and field table of the 202205 edition.
 */
import { appTime, appType, guid, note } from '../common-fields.ts'
import { decimal, int, optionalText, text } from '../field.ts'
import { message } from '../message.ts'

export const exportWaybill = message({
  code: 'CEB505',
  sort: 'declaration',
  zh: '物流运单数据报文（出口）',
  en: 'Export waybill',
  direction: 'export',
  node: 'Logistics',
  nodeMax: 100,
  reply: 'CEB506',
  key: ['logisticsNo', 'logisticsCode'],
  owners: [{ role: 'carrier', field: 'logisticsCode' }],
  signature: 'optional',
  consignment: 'logisticsNo',
  offers: { part: 'export-waybill', on: ['logisticsCode'] },
  done: ['stored', 'approved'],
  body: {
    fields: {
      guid,
      appType,
      appTime,
      appStatus: text({
        zh: '报送状态',
        length: 1,
        schemaDefault: '2',
        values: { '1': '暂存', '2': '申报' },
        note: 'Schema default 2.',
      }),
      logisticsCode: text({
        zh: '物流企业代码',
        identity: 'enterprise',
        min: 0,
        max: 18,
        note: 'Customs code or credit code of the logistics enterprise.',
      }),
      logisticsName: text({ zh: '物流企业名称', min: 0, max: 100 }),
      logisticsNo: text({
        zh: '物流运单编号',
        min: 0,
        max: 32,
        note: 'Unique per logistics enterprise within 6 months. Was 80 long in 2018, now 32.',
      }),
      freight: decimal({ zh: '运费' }),
      insuredFee: decimal({ zh: '保价费' }),
      currency: text({
        zh: '币制',
        length: 3,
        list: 'currency',
        note: '3-digit customs currency code.',
      }),
      grossWeight: decimal({ zh: '毛重', note: 'Gross kg.' }),
      packNo: int({ zh: '件数', digits: 9, note: 'Number of parcels.' }),
      goodsInfo: text({
        zh: '主要货物信息',
        min: 0,
        max: 200,
        collapse: true,
        note: 'Whitespace is collapsed by the schema.',
      }),
      ebcCode: optionalText({
        zh: '电商企业代码',
        identity: 'enterprise',
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
      }),
      ebcName: optionalText({ zh: '电商企业名称', max: 100 }),
      ebcTelephone: optionalText({ zh: '电商企业电话', max: 50, sensitive: true }),
      note,
    },
  },
})
