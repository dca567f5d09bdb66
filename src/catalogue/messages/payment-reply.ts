/**
 * CEB412 支付凭证回执报文. Source: XSD and field table of the 202205 edition.
 */
import { guid, returnInfo, returnStatus, returnTime } from '../common-fields.ts'
import { text } from '../field.ts'
import { message } from '../message.ts'

export const paymentReply = message({
  code: 'CEB412',
  sort: 'reply',
  zh: '支付凭证回执报文',
  en: 'Reply to a payment voucher',
  direction: 'import',
  node: 'PaymentReturn',
  nodeMax: 100,
  answers: 'CEB411',
  key: ['payTransactionId', 'payCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['2', '3', '4', '100', '120', '399'],
  way: ['2', '120'],
  body: {
    fields: {
      guid,
      payCode: text({ zh: '支付企业代码', max: 18 }),
      payTransactionId: text({ zh: '支付交易编号', max: 60 }),
      returnStatus,
      returnTime,
      returnInfo,
    },
  },
})
