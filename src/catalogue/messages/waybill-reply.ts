/**
 * CEB512 物流运单回执报文（进口）. Source: XSD and field table of the 202205 edition.
 */
import { guid, returnInfo, returnStatus, returnTime } from '../common-fields.ts'
import { text } from '../field.ts'
import { message } from '../message.ts'

export const waybillReply = message({
  code: 'CEB512',
  sort: 'reply',
  zh: '物流运单回执报文（进口）',
  en: 'Reply to an import waybill',
  direction: 'import',
  node: 'LogisticsReturn',
  nodeMax: 100,
  answers: 'CEB511',
  key: ['logisticsNo', 'logisticsCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['2', '3', '4', '100', '120', '399'],
  way: ['2', '120'],
  body: {
    fields: {
      guid,
      logisticsCode: text({
        zh: '物流企业代码',
        max: 18,
        note: 'Customs code or credit code of the logistics enterprise.',
      }),
      logisticsNo: text({ zh: '物流运单编号', max: 60 }),
      returnStatus,
      returnTime,
      returnInfo,
    },
  },
})
