/**
 * CEB513 物流运单状态数据报文. Source: XSD and field table of the 202205 edition.
 */
import { optionalText, text } from '../field.ts'
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
      guid: text({
        zh: '系统唯一序号',
        length: 36,
        note: '36-character upper-case UUID created by the sender for this document; must be unique; also used by the platform to correlate.',
      }),
      appType: text({
        zh: '报送类型',
        length: 1,
        values: { '1': '新增', '2': '变更', '3': '删除' },
        note: '1 new, 2 change, 3 delete.',
      }),
      appTime: text({
        zh: '报送时间',
        length: 14,
        moment: 14,
        note: 'Submission time YYYYMMDDhhmmss (China time); an older appTime than the stored one is answered as stale data.',
      }),
      appStatus: text({
        zh: '业务状态',
        max: 3,
        values: { '1': '暂存', '2': '申报' },
        note: 'Default 2.',
      }),
      logisticsCode: text({
        zh: '物流企业代码',
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
      note: optionalText({ zh: '备注', max: 1000 }),
    },
  },
})
