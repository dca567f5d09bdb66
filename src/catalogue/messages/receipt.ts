/**
 * CEB403 收款单数据报文（出口）. Source: XSD and field table of the 202205 edition.
 */
import { appTime, appType, guid, note } from '../common-fields.ts'
import { decimal, optionalText, text } from '../field.ts'
import { message } from '../message.ts'

export const receipt = message({
  code: 'CEB403',
  sort: 'declaration',
  zh: '收款单数据报文（出口）',
  en: 'Receipt of money',
  direction: 'export',
  node: 'Receipts',
  nodeMax: 100,
  reply: 'CEB404',
  key: ['orderNo', 'ebcCode', 'payNo'],
  owners: [
    { role: 'payer', field: 'payCode' },
    { role: 'merchant', field: 'ebcCode' },
  ],
  signature: 'optional',
  consignment: 'orderNo',
  offers: { part: 'receipt', on: ['ebcCode'] },
  done: ['stored', 'approved'],
  body: {
    fields: {
      guid,
      appType,
      appTime,
      appStatus: text({
        zh: '报送状态',
        length: 1,
        schemaDefault: '1',
        values: { '1': '暂存', '2': '申报' },
        note: '1 save only, 2 declare.',
      }),
      ebpCode: text({
        zh: '电商平台代码',
        identity: 'enterprise',
        min: 0,
        max: 18,
        note: 'Foreign platform without a code: the word 无. (Spec table lists ebpName before ebpCode, schema the other way round.)',
      }),
      ebpName: text({ zh: '电商平台/海外仓名称', min: 0, max: 100 }),
      ebcCode: text({
        zh: '电商企业代码',
        identity: 'enterprise',
        min: 0,
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
      }),
      ebcName: text({ zh: '电商企业名称', min: 0, max: 100 }),
      orderNo: text({
        zh: '电商订单/海外仓订仓单编号',
        min: 0,
        max: 60,
        note: 'Unique within one platform.',
      }),
      payCode: optionalText({
        zh: '支付企业代码',
        identity: 'enterprise',
        max: 18,
        note: 'Required for a domestic payer institution.',
      }),
      payName: text({
        zh: '支付企业名称',
        min: 0,
        max: 100,
        note: 'Offline payment: the words 现金支付.',
      }),
      payNo: optionalText({ zh: '支付交易编号', max: 60 }),
      charge: decimal({ zh: '收款金额', note: 'Amount received.' }),
      currency: text({
        zh: '币制',
        length: 3,
        list: 'currency',
        note: '3-digit customs currency code.',
      }),
      accountingDate: text({
        zh: '到账时间',
        length: 14,
        moment: 14,
        note: 'Time the money arrived, YYYYMMDDhhmmss.',
      }),
      note,
    },
  },
})
