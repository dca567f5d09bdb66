/**
 * CEB304 电子订单回执报文（出口）. Source: XSD and field table of the 202205 edition.
 */
import { guid, returnInfoOrEmpty, returnStatus, returnTime } from '../common-fields.ts'
import { text } from '../field.ts'
import { message } from '../message.ts'

export const exportOrderReply = message({
  code: 'CEB304',
  sort: 'reply',
  zh: '电子订单回执报文（出口）',
  en: 'Reply to an export order',
  direction: 'export',
  node: 'OrderReturn',
  nodeMax: 100,
  answers: 'CEB303',
  key: ['orderNo', 'ebpCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '120', '399'],
  way: ['2', '120'],
  body: {
    fields: {
      guid,
      ebpCode: text({
        zh: '电商平台代码',
        min: 0,
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the platform.',
      }),
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
      returnStatus,
      returnTime,
      returnInfo: returnInfoOrEmpty,
    },
  },
})
