/**
 * CEB215 出口退运理货明细单数据报文. Source: XSD and field table of the 202205 edition.
 */
import { appTime, appType, guid } from '../common-fields.ts'
import { optionalText, text } from '../field.ts'
import { message } from '../message.ts'

export const returnTally = message({
  code: 'CEB215',
  sort: 'declaration',
  zh: '出口退运理货明细单数据报文',
  en: 'Tally of returned exports',
  direction: 'export',
  node: 'InvtRefundDetail',
  nodeMax: 100,
  reply: 'CEB216',
  key: ['coElNo', 'operatorCode'],
  owners: [{ role: 'site', field: 'operatorCode' }],
  signature: 'optional',
  acts: { on: 'CEB213', verb: 'tally', by: 'coElNo' },
  done: ['approved'],
  body: {
    fields: {
      guid,
      appType,
      appTime,
      appStatus: text({
        zh: '报送状态',
        length: 1,
        values: { '1': '暂存', '2': '申报' },
        note: '1 save only, 2 declare.',
      }),
      customsCode: text({
        zh: '关区代码',
        length: 4,
        list: 'customs',
        note: '4-digit customs district that accepts the declaration.',
      }),
      operatorCode: text({ zh: '监管场所经营人代码', identity: 'enterprise', min: 0, max: 18 }),
      operatorName: text({ zh: '监管场所经营人名称', min: 0, max: 100 }),
      logisticsCode: text({
        zh: '物流企业代码',
        identity: 'enterprise',
        min: 0,
        max: 18,
        note: 'Customs code or credit code of the logistics enterprise.',
      }),
      logisticsName: text({ zh: '物流企业名称', min: 0, max: 100 }),
      logisticsNo: text({
        zh: '物流运单号',
        min: 0,
        max: 80,
        note: 'May be the original or the inbound waybill.',
      }),
      invtNo: optionalText({
        zh: '清单编号',
        max: 20,
        note: 'List number given by customs: 4-digit customs code + year + I/E + 9 (import) or 9–11 (export) digits.',
      }),
      coElNo: text({
        zh: '企业内部编号',
        min: 0,
        max: 20,
        note: 'Max 20 here but 30 in the reply.',
      }),
      preNo: optionalText({ zh: '电子口岸编号', max: 18, note: 'Letter o + YYYYMMDD + 9 digits.' }),
      billNo: text({
        zh: '提运单号',
        min: 0,
        max: 37,
        note: 'The waybill number when there is no master bill.',
      }),
      ieFlag: text({
        zh: '进出口标识',
        length: 1,
        values: { I: '进口', E: '出口' },
        note: 'I for an export return.',
      }),
      trafMode: text({
        zh: '运输方式',
        length: 1,
        list: 'transport',
        note: 'One-character transport mode.',
      }),
      trafName: text({ zh: '运输工具名称', min: 0, max: 100 }),
      voyageNo: text({ zh: '航班航次', min: 0, max: 32 }),
      location: optionalText({ zh: '卸货堆货的仓储位置', max: 250 }),
      note: optionalText({ zh: '备注', max: 250 }),
    },
  },
})
