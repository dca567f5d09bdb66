/**
 * CEB625 退货申请单数据报文（进口）. Source: XSD and field table of the 202205 edition.
 * Schema against text — copNo: schema optional, spec table required.
 * Schema against text — buyerIdNumber: schema C..60, spec table C..20.
 */
import { appTime, appType, guid, note } from '../common-fields.ts'
import { decimal, int, optionalText, text } from '../field.ts'
import { many, message, one } from '../message.ts'

export const importReturn = message({
  code: 'CEB625',
  sort: 'declaration',
  zh: '退货申请单数据报文（进口）',
  en: 'Import return',
  direction: 'import',
  node: 'InvtRefund',
  nodeMax: 100,
  reply: 'CEB626',
  key: ['copNo', 'agentCode'],
  owners: [{ role: 'declarant', field: 'agentCode' }],
  signature: 'required',
  consignment: 'orderNo',
  buyer: 'buyerIdNumber',
  acts: {
    on: 'CEB621',
    verb: 'return',
    by: 'invtNo',
    merchant: 'ebcCode',
    making: {
      lines: {
        group: 'InvtRefundList',
        of: 'InventoryList',
        number: 'gnum',
        quantity: 'qty',
        scaled: [],
      },
    },
  },
  done: ['approved', 'released'],
  body: {
    groups: {
      InvtRefundHead: one('退货申请单表头', {
        guid,
        appType,
        appTime,
        appStatus: text({
          zh: '业务状态',
          max: 3,
          values: { '1': '暂存', '2': '申报' },
          note: 'Default 1; 2 needs ds:Signature.',
        }),
        customsCode: text({
          zh: '申报海关代码',
          length: 4,
          list: 'customs',
          note: '4-digit customs district that accepts the declaration.',
        }),
        orderNo: text({ zh: '订单编号', max: 60, note: 'Unique within one platform.' }),
        ebpCode: text({
          zh: '电商平台代码',
          identity: 'enterprise',
          max: 18,
          note: 'Customs registration code (10) or unified social credit code (18) of the platform.',
        }),
        ebpName: text({ zh: '电商平台名称', max: 100 }),
        ebcCode: text({
          zh: '电商企业代码',
          identity: 'enterprise',
          max: 18,
          note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
        }),
        ebcName: text({ zh: '电商企业名称', max: 100 }),
        logisticsNo: text({ zh: '物流运单编号', max: 60 }),
        logisticsCode: text({
          zh: '物流企业代码',
          identity: 'enterprise',
          max: 18,
          note: 'Customs code or credit code of the logistics enterprise.',
        }),
        logisticsName: text({ zh: '物流企业名称', max: 100 }),
        copNo: optionalText({
          zh: '企业内部编号',
          max: 20,
          textRequires: true,
          note: 'Optional in the schema, required in the spec table.',
        }),
        preNo: optionalText({
          zh: '预录入编号',
          max: 18,
          note: 'Number given by 电子口岸: one letter + YYYYMMDD + 9 digits = 18 (letters seen: B list, C import cancellation, T import return, R warehousing note, O tally, P other export samples). Leave out on first submission.',
        }),
        invtNo: text({ zh: '清单编号', max: 18, note: 'List the return refers to.' }),
        buyerIdType: text({
          zh: '订购人证件类型',
          length: 1,
          values: { '1': '身份证', '2': '其它' },
        }),
        buyerIdNumber: text({
          zh: '订购人证件号码',
          max: 60,
          textMax: 20,
          sensitive: true,
          note: 'Schema 60, spec table 20.',
        }),
        buyerName: text({ zh: '订购人姓名', max: 60, sensitive: true }),
        buyerTelephone: text({ zh: '订购人电话', max: 30, sensitive: true }),
        agentCode: text({
          zh: '申报企业代码',
          identity: 'enterprise',
          max: 18,
          note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
        }),
        agentName: text({ zh: '申报企业名称', max: 100 }),
        reason: text({ zh: '退货原因', max: 1000 }),
        note,
      }),
      InvtRefundList: many('退货申请单表体', 99, {
        gnum: int({ zh: '序号', note: 'Line number of the ORIGINAL list.' }),
        gcode: text({ zh: '商品编码', length: 10, list: 'hs', note: '10-digit HS code.' }),
        gname: text({ zh: '商品名称', max: 250, note: 'As on the list.' }),
        qty: decimal({ zh: '数量', note: 'Not above the original quantity.' }),
        unit: text({
          zh: '计量单位',
          length: 3,
          list: 'unit',
          note: 'Customs 3-digit unit of the traded quantity.',
        }),
        note,
      }),
    },
  },
})
