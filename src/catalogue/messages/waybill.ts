/**
 * CEB511 物流运单数据报文（进口）. Source: XSD and field table of the 202205 edition.
 * Schema against text — orderNo: in schema, absent from spec table.
 * Schema against text — freight: schema optional, spec table required.
 * Schema against text — insuredFee: schema optional, spec table required.
 * Schema against text — consignee: misspelt consingee in the spec table.
 */
import { appTime, appType, guid, note } from '../common-fields.ts'
import { decimal, int, optionalDecimal, optionalText, text } from '../field.ts'
import { message, one } from '../message.ts'

export const waybill = message({
  code: 'CEB511',
  sort: 'declaration',
  zh: '物流运单数据报文（进口）',
  en: 'Import waybill',
  direction: 'import',
  node: 'Logistics',
  nodeMax: 100,
  reply: 'CEB512',
  key: ['logisticsNo', 'logisticsCode'],
  owners: [{ role: 'carrier', field: 'logisticsCode' }],
  signature: 'optional',
  consignment: 'orderNo',
  offers: { part: 'waybill', on: ['logisticsCode', 'logisticsNo'] },
  done: ['stored', 'approved'],
  body: {
    groups: {
      LogisticsHead: one('运单表头', {
        guid,
        appType,
        appTime,
        appStatus: text({
          zh: '业务状态',
          max: 3,
          values: { '1': '暂存', '2': '申报' },
          note: 'Default 2.',
        }),
        logisticsCode: text({
          zh: '物流企业代码',
          identity: 'enterprise',
          max: 18,
          note: 'Customs code or credit code of the logistics enterprise.',
        }),
        logisticsName: text({ zh: '物流企业名称', max: 100 }),
        logisticsNo: text({
          zh: '物流运单编号',
          max: 60,
          note: 'Unique per logistics enterprise within 6 months.',
        }),
        billNo: optionalText({
          zh: '提运单号',
          max: 37,
          note: 'Direct purchase (9610): sea/air master bill or road manifest.',
        }),
        orderNo: text({
          zh: '订单编号',
          max: 60,
          note: 'In the schema (required, after billNo) but absent from the 202205 spec table.',
        }),
        freight: optionalDecimal({
          zh: '运费',
          textRequires: true,
          note: 'Optional in the schema, required in the spec table; 0 when none.',
        }),
        insuredFee: optionalDecimal({
          zh: '保价费',
          textRequires: true,
          note: 'Optional in the schema, required in the spec table; 0 when none.',
        }),
        currency: text({
          zh: '币制',
          length: 3,
          fixed: '142',
          list: 'currency',
          note: 'Fixed 142 (CNY).',
        }),
        weight: decimal({ zh: '毛重', note: 'Gross kg.' }),
        packNo: int({ zh: '件数', digits: 9, note: 'Limited to 1.' }),
        goodsInfo: optionalText({ zh: '主要货物信息', max: 200 }),
        consignee: text({
          zh: '收货人姓名',
          max: 100,
          sensitive: true,
          note: 'Spec table misspells it consingee.',
        }),
        consigneeAddress: text({ zh: '收货地址', max: 200, sensitive: true }),
        consigneeTelephone: text({ zh: '收货人电话', max: 50, sensitive: true }),
        note,
      }),
    },
  },
})
