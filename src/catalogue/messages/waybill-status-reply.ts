/**
 * CEB514 物流运单状态回执报文. Source: XSD and field table of the 202205 edition.
 */
import { guid, returnInfo, returnStatus, returnTime } from '../common-fields.ts'
import { text } from '../field.ts'
import { message } from '../message.ts'

export const waybillStatusReply = message({
  code: 'CEB514',
  sort: 'reply',
  zh: '物流运单状态回执报文',
  en: 'Reply to a waybill status',
  direction: 'import',
  node: 'LogisticsStatusReturn',
  nodeMax: 100,
  answers: 'CEB513',
  key: ['logisticsNo', 'logisticsCode', 'logisticsStatus'],
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
      logisticsStatus: text({ zh: '物流状态', length: 1, values: { S: '签收' } }),
      returnStatus,
      returnTime,
      returnInfo,
    },
  },
})
