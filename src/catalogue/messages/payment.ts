/**
 * CEB411 支付凭证数据报文. Source: XSD and field table of the 202205 edition.
 */
import { appTime, appType, guid, note } from '../common-fields.ts'
import { decimal, optionalText, text } from '../field.ts'
import { message, one } from '../message.ts'

export const payment = message({
  code: 'CEB411',
  sort: 'declaration',
  zh: '支付凭证数据报文',
  en: 'Payment voucher',
  direction: 'import',
  node: 'Payment',
  nodeMax: 100,
  reply: 'CEB412',
  key: ['payTransactionId', 'payCode'],
  owners: [{ role: 'payer', field: 'payCode' }],
  signature: 'optional',
  consignment: 'orderNo',
  buyer: 'payerIdNumber',
  offers: { part: 'payment', on: ['ebpCode'] },
  done: ['stored', 'approved'],
  body: {
    groups: {
      PaymentHead: one('支付表头', {
        guid,
        appType,
        appTime,
        appStatus: text({
          zh: '业务状态',
          max: 3,
          values: { '1': '暂存', '2': '申报' },
          note: 'Default 2.',
        }),
        payCode: text({ zh: '支付企业代码', identity: 'enterprise', max: 18 }),
        payName: text({ zh: '支付企业名称', max: 100 }),
        payTransactionId: text({ zh: '支付交易编号', max: 60 }),
        orderNo: text({ zh: '订单编号', max: 60, note: 'Unique within one platform.' }),
        ebpCode: text({
          zh: '电商平台代码',
          identity: 'enterprise',
          max: 18,
          note: 'Customs registration code (10) or unified social credit code (18) of the platform.',
        }),
        ebpName: text({ zh: '电商平台名称', max: 100 }),
        payerIdType: text({
          zh: '支付人证件类型',
          length: 1,
          values: { '1': '身份证', '2': '其它' },
          note: 'Only 1 is accepted.',
        }),
        payerIdNumber: text({
          zh: '支付人证件号码',
          identity: { type: 'payerIdType', residentId: '1' },
          max: 60,
          sensitive: true,
        }),
        payerName: text({
          zh: '支付人姓名',
          max: 60,
          sensitive: true,
          note: 'Real name; must equal the buyer.',
        }),
        telephone: optionalText({ zh: '支付人电话', max: 60, sensitive: true }),
        amountPaid: decimal({ zh: '支付金额', note: 'Must equal acturalPaid.' }),
        currency: text({
          zh: '支付币制',
          length: 3,
          fixed: '142',
          list: 'currency',
          note: 'Fixed 142 (CNY).',
        }),
        payTime: text({ zh: '支付时间', length: 14, moment: 14, note: 'YYYYMMDDhhmmss.' }),
        note,
      }),
    },
  },
})
