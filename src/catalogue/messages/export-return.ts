/**
 * CEB213 零售出口退货申请单数据报文. Source: XSD and field table of the 202205 edition.
 * Schema against text — tradeMode: schema optional, spec table required.
 * Schema against text — reason: schema C..500, spec table C..1000.
 * Schema against text — note: schema C..500, spec table C..1000.
 */
import { appTime, appType, guid } from '../common-fields.ts'
import { decimal, int, optionalDecimal, optionalText, text } from '../field.ts'
import { many, message, one } from '../message.ts'

export const exportReturn = message({
  code: 'CEB213',
  sort: 'declaration',
  zh: '零售出口退货申请单数据报文',
  en: 'Export return',
  direction: 'export',
  node: 'InvtRefund',
  nodeMax: 100,
  reply: 'CEB214',
  key: ['coElNo', 'agentCode'],
  owners: [{ role: 'declarant', field: 'agentCode' }],
  signature: 'optional',
  acts: {
    on: 'CEB603',
    verb: 'return',
    by: 'invtNo',
    merchant: 'ebcCode',
    making: {
      // The journey back is another journey: nothing of the one out may be declared for it.
      own: ['billNo', 'trafMode', 'trafName', 'voyageNo', 'portCode', 'country'],
      derived: {
        ieFlag: { from: 'ieFlag', values: { E: 'I' } },
        // As the note on tradeMode says; which mode returns of 9710 and 9810 take is not published.
        tradeMode: {
          from: 'tradeMode',
          values: { '9610': '9661', '1210': '1261', '1239': '1261' },
        },
      },
      lines: {
        group: 'InvtRefundList',
        of: 'InventoryList',
        number: 'gnum',
        quantity: 'qty',
        scaled: ['qty1', 'qty2'],
      },
    },
  },
  done: ['released'],
  body: {
    groups: {
      InvtRefundHead: one('零售出口退货申请单表头', {
        guid,
        appType,
        appTime,
        appStatus: text({
          zh: '报送状态',
          length: 1,
          values: { '1': '暂存', '2': '申报' },
          note: '1 save only, 2 declare.',
        }),
        customsCode: text({
          zh: '关区代码',
          length: 4,
          list: 'customs',
          note: '4-digit customs district that accepts the declaration.',
        }),
        loctNo: optionalText({
          zh: '监管场所代码',
          max: 10,
          note: 'Only when one customs district has several e-commerce supervised sites.',
        }),
        ebpCode: text({
          zh: '电商平台代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Customs registration code (10) or unified social credit code (18) of the platform.',
        }),
        ebpName: text({ zh: '电商平台名称', min: 0, max: 100 }),
        ebcCode: text({
          zh: '电商企业（收发货人）代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
        }),
        ebcName: text({ zh: '电商企业（收发货人）名称', min: 0, max: 100 }),
        logisticsNo: text({
          zh: '物流运单编号',
          min: 0,
          max: 80,
          note: 'May be the original or the inbound waybill.',
        }),
        logisticsCode: text({
          zh: '物流企业代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Customs code or credit code of the logistics enterprise.',
        }),
        logisticsName: text({ zh: '物流企业名称', min: 0, max: 100 }),
        coElNo: text({
          zh: '企业内部标识',
          min: 0,
          max: 30,
          note: 'Declarant-internal number (plays the role of copNo in 213–216).',
        }),
        preNo: optionalText({
          zh: '电子口岸编号',
          max: 18,
          note: 'Number given by 电子口岸: one letter + YYYYMMDD + 9 digits = 18 (letters seen: B list, C import cancellation, T import return, R warehousing note, O tally, P other export samples). Leave out on first submission.',
        }),
        invtNo: text({ zh: '原清单号', min: 0, max: 20, note: 'Original export list.' }),
        tradeMode: optionalText({
          zh: '退货监管方式',
          length: 4,
          textRequires: true,
          list: 'tradeMode',
          note: '9661 for ordinary export returns, 1261 for special-area returns (schema note still names 9610/1210/1239).',
        }),
        agentCode: text({
          zh: '申报企业代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
        }),
        agentName: text({ zh: '申报企业名称', min: 0, max: 100 }),
        billNo: text({
          zh: '提运单号',
          min: 0,
          max: 37,
          note: 'The waybill number when there is no master bill.',
        }),
        ieFlag: text({
          zh: '进出口标识',
          min: 0,
          max: 1,
          values: { I: '进口', E: '出口' },
          note: 'I for an export return.',
        }),
        trafMode: text({
          zh: '运输方式',
          min: 0,
          max: 1,
          list: 'transport',
          note: 'One-character transport mode.',
        }),
        trafName: text({ zh: '运输工具名称', min: 0, max: 100 }),
        portCode: text({
          zh: '进出口岸',
          min: 0,
          max: 4,
          list: 'customs',
          note: '4-digit customs district of the actual border crossing.',
        }),
        reason: text({ zh: '退货原因', min: 0, max: 500, readMax: 1000 }),
        country: text({
          zh: '启运国（地区）',
          min: 0,
          max: 3,
          list: 'country',
          note: 'Country of departure of the returned goods; not China.',
        }),
        voyageNo: text({ zh: '航班航次', min: 0, max: 32 }),
        note: optionalText({ zh: '备注', max: 500, readMax: 1000 }),
      }),
      InvtRefundList: many('零售出口退货申请单表体', 100, {
        gnum: int({ zh: '商品项号', digits: 4, note: 'Line number of the ORIGINAL list.' }),
        gcode: text({ zh: '商品编码', min: 0, max: 10, list: 'hs', note: '10-digit HS code.' }),
        gname: text({ zh: '商品名称', min: 0, max: 250, note: 'Goods name as declared.' }),
        gmodel: text({
          zh: '规格型号',
          min: 0,
          max: 250,
          note: 'Goods name, brand, spec., model, composition … as needed for classification.',
        }),
        qty: decimal({ zh: '申报数量', note: 'Not above the original declared quantity.' }),
        qty1: decimal({ zh: '法定数量', note: 'Not above the original first legal quantity.' }),
        unit: text({
          zh: '申报计量单位',
          length: 3,
          list: 'unit',
          note: 'Customs 3-digit unit of the traded quantity.',
        }),
        unit1: text({
          zh: '法定计量单位',
          length: 3,
          list: 'unit',
          note: 'Customs 3-digit first legal unit (fixed by the HS code).',
        }),
        qty2: optionalDecimal({
          zh: '法定第二数量',
          requiredWhen: { present: 'unit2' },
          note: 'Not above the original second legal quantity.',
        }),
        unit2: optionalText({
          zh: '法定第二计量单位',
          length: 3,
          list: 'unit',
          note: 'Second legal unit; only when the HS code has one.',
        }),
        note: optionalText({ zh: '备注', max: 500 }),
      }),
    },
  },
})
