/**
 * CEB506 物流运单回执报文（出口）. Source: XSD and field table of the 202205 edition.
 */
import { guid, returnInfoOrEmpty, returnStatus, returnTime } from '../common-fields.ts'
import { text } from '../field.ts'
import { message } from '../message.ts'

export const exportWaybillReply = message({
  code: 'CEB506',
  sort: 'reply',
  zh: '物流运单回执报文（出口）',
  en: 'Reply to an export waybill',
  direction: 'export',
  node: 'LogisticsReturn',
  nodeMax: 100,
  answers: 'CEB505',
  key: ['logisticsNo', 'logisticsCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '399'],
  way: ['2', '399'],
  body: {
    fields: {
      guid,
      logisticsCode: text({
        zh: '物流企业代码',
        min: 0,
        max: 18,
        note: 'Customs code or credit code of the logistics enterprise.',
      }),
      logisticsNo: text({ zh: '物流运单编号', min: 0, max: 32 }),
      returnStatus,
      returnTime,
      returnInfo: returnInfoOrEmpty,
    },
  },
})
