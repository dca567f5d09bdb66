/**
 * CEB792 汇总结果单数据报文. Source: XSD and field table of the 202205 edition.
 * Schema against text — declAgentCode: misspelt declagAgentCode in the spec table.
 */
import { answeredSeqNo, guid, note } from '../common-fields.ts'
import { decimal, int, optionalText, text } from '../field.ts'
import { message, one, some } from '../message.ts'

export const summaryResult = message({
  code: 'CEB792',
  sort: 'notice',
  zh: '汇总结果单数据报文',
  en: 'Result of a summary',
  direction: 'export',
  node: 'SummaryResult',
  nodeMax: 100,
  key: ['declSeqNo', 'sumNo', 'msgSeqNo'],
  about: { kind: 'CEB701', by: 'sumNo', follows: '399' },
  status: { code: 'decState', time: 'opDate' },
  meanings: {},
  gives: ['declSeqNo', 'decTmpNo', 'decPreNo', 'entryId'],
  body: {
    groups: {
      SummaryResultHead: one('汇总结果单表头', {
        guid,
        customsCode: text({
          zh: '申报地海关代码',
          length: 4,
          list: 'customs',
          note: '4-digit customs district that accepts the declaration.',
        }),
        sumNo: text({ zh: '汇总申请编号', length: 18 }),
        opDate: text({ zh: '汇总处理时间', length: 17, moment: 17, note: 'yyyyMMddHHmmssSSS.' }),
        declSeqNo: text({ zh: '汇总统一编号', length: 18, note: 'One per customs declaration.' }),
        decTmpNo: optionalText({ zh: '电子口岸暂存编号', length: 18 }),
        decPreNo: optionalText({ zh: '电子口岸预录入编', length: 18 }),
        entryId: optionalText({ zh: '报关单编号', length: 18 }),
        decState: text({
          zh: '报关单状态',
          max: 3,
          note: 'Up to 3 characters, values decided by customs.',
        }),
        agentCode: text({
          zh: '申报企业代码',
          min: 0,
          max: 18,
          note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
        }),
        agentName: text({ zh: '申报企业名称', min: 0, max: 100 }),
        ebcCode: text({
          zh: '收发货人代码',
          min: 0,
          max: 18,
          note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
        }),
        ebcName: text({ zh: '收发货人名称', min: 0, max: 100 }),
        declAgentCode: text({ zh: '报关单位代码', min: 0, max: 18 }),
        declAgentName: text({ zh: '报关单位名称', min: 0, max: 100 }),
        grossWeight: decimal({ zh: '毛重（公斤）', note: 'Gross kg.' }),
        netWeight: decimal({ zh: '净重（公斤）', note: 'Net kg; not above grossWeight.' }),
        msgCount: int({
          zh: '报文总数',
          digits: 9,
          note: 'Number of parts when a long document is split; 1 when not split.',
        }),
        msgSeqNo: answeredSeqNo,
        note,
      }),
      SummaryResultList: some('汇总结果单表体', Number.POSITIVE_INFINITY, {
        invtNo: text({
          zh: '清单编号',
          min: 0,
          max: 20,
          note: 'List number given by customs: 4-digit customs code + year + I/E + 9 (import) or 9–11 (export) digits.',
        }),
        logisticsNo: text({ zh: '物流运单编号', min: 0, max: 32 }),
        gseqno: int({
          zh: '汇总结果单顺序号',
          digits: 5,
          note: 'New in 202205; the official sample of the same package lacks it.',
        }),
        gnum: int({ zh: '清单商品项号', digits: 5, note: 'Line number from 1, consecutive.' }),
        gcode: text({ zh: '清单商品编码', length: 10, list: 'hs', note: '10-digit HS code.' }),
      }),
    },
  },
})
