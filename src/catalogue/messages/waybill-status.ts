/**
 * CEB513 物流运单状态数据报文. Source: XSD and field table of the 202205 edition.
 */
import { appTime, appType, guid, note } from '../common-fields.ts'
import { text } from '../field.ts'
import { message } from '../message.ts'

export const waybillStatus = message({
  code: 'CEB513',
  sort: 'declaration',
  zh: '物流运单状态数据报文',
  en: 'Waybill status',
  direction: 'import',
  node: 'LogisticsStatus',
  nodeMax: 100,
  reply: 'CEB514',
  key: ['logisticsNo', 'logisticsCode', 'logisticsStatus'],
  owners: [{ role: 'carrier', field: 'logisticsCode' }],
  signature: 'optional',
  acts: { on: 'CEB621', verb: 'deliver', by: 'logisticsNo' },
  done: ['stored', 'approved'],
  body: {
    fields: {
      guid,
      appType,
      appTime,
      appStatus: text({
        zh: '业务状态',
        max: 3,
        values: { '1': '暂存', '2': '申报' },
        note: 'Default 2.',
      }),
      logisticsCode: text({
        zh: '物流企业代码',
        identity: 'enterprise',
        max: 18,
        note: 'Customs code or credit code of the logistics enterprise.',
      }),
      logisticsName: text({ zh: '物流企业名称', max: 100 }),
      logisticsNo: text({ zh: '物流运单编号', max: 60 }),
      logisticsStatus: text({
        zh: '物流运单状态',
        length: 1,
        values: { S: '签收' },
        note: 'Only S (signed for).',
      }),
      logisticsTime: text({ zh: '物流状态时间', length: 14, moment: 14, note: 'YYYYMMDDhhmmss.' }),
      note,
    },
  },
})
