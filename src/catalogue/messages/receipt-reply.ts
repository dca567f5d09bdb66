/**
 * CEB404 收款单回执报文. Source: XSD and field table of the 202205 edition.
 */
import { guid, returnInfoOrEmpty, returnStatus, returnTime } from '../common-fields.ts'
import { optionalText, text } from '../field.ts'
import { message } from '../message.ts'

export const receiptReply = message({
  code: 'CEB404',
  sort: 'reply',
  zh: '收款单回执报文',
  en: 'Reply to a receipt of money',
  direction: 'export',
  node: 'ReceiptsReturn',
  nodeMax: 100,
  answers: 'CEB403',
  key: ['orderNo', 'ebcCode', 'payNo'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '120', '399'],
  way: ['2', '120'],
  body: {
    fields: {
      guid,
      ebcCode: text({
        zh: '电商企业代码',
        min: 0,
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
      }),
      orderNo: text({
        zh: '电商订单/海外仓订仓单编号',
        min: 0,
        max: 60,
        note: 'Unique within one platform.',
      }),
      payNo: optionalText({ zh: '支付交易编号', max: 60 }),
      returnStatus,
      returnTime,
      returnInfo: returnInfoOrEmpty,
    },
  },
})
