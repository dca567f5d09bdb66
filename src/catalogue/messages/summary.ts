/**
 * CEB701 汇总申请单数据报文. Source: XSD and field table of the 202205 edition.
 * Schema against text — declAgentCode: misspelt declagAgentCode in the spec table.
 */
import { appTime, appType, guid, msgCount, msgSeqNo, note } from '../common-fields.ts'
import { optionalText, text } from '../field.ts'
import { message, one, some } from '../message.ts'

export const summary = message({
  code: 'CEB701',
  sort: 'declaration',
  zh: '汇总申请单数据报文',
  en: 'Summary application',
  direction: 'export',
  node: 'SummaryApply',
  nodeMax: 100,
  reply: 'CEB702',
  key: ['copNo', 'agentCode', 'msgSeqNo'],
  owners: [{ role: 'declarant', field: 'agentCode' }],
  signature: 'optional',
  acts: { on: 'CEB603', verb: 'summarise', by: 'invtNo', group: 'SummaryApplyList' },
  done: ['approved'],
  body: {
    groups: {
      SummaryApplyHead: one('汇总申请单表头', {
        guid,
        appType,
        appTime,
        appStatus: text({
          zh: '报送状态',
          length: 1,
          schemaDefault: '2',
          values: { '1': '暂存', '2': '申报' },
          note: '1 save only, 2 declare.',
        }),
        customsCode: text({
          zh: '申报地海关代码',
          length: 4,
          list: 'customs',
          note: '4-digit customs district that accepts the declaration.',
        }),
        copNo: text({
          zh: '企业唯一编号',
          min: 0,
          max: 30,
          note: 'Declarant-internal document number; key for replies.',
        }),
        preNo: optionalText({
          zh: '电子口岸编号',
          max: 18,
          note: 'Number given by 电子口岸: one letter + YYYYMMDD + 9 digits = 18 (letters seen: B list, C import cancellation, T import return, R warehousing note, O tally, P other export samples). Leave out on first submission.',
        }),
        sumNo: optionalText({ zh: '汇总申请编号', max: 18, note: 'Given by customs later.' }),
        agentCode: text({
          zh: '申报单位代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
        }),
        agentName: text({ zh: '申报单位名称', min: 0, max: 100 }),
        ebcCode: text({
          zh: '收发货人代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
        }),
        ebcName: text({ zh: '收发货人名称', min: 0, max: 100 }),
        declAgentCode: text({
          zh: '报关单位代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Spec table misspells it declagAgentCode.',
        }),
        declAgentName: text({ zh: '报关单位名称', min: 0, max: 100 }),
        startTime: optionalText({
          zh: '汇总开始时间',
          length: 14,
          moment: 14,
          requiredWhen: { absent: 'SummaryApplyList' },
          together: 'endTime',
          notAbove: 'endTime',
          note: 'With endTime selects lists by time and makes the body be ignored; both or neither; endTime ≥ startTime.',
        }),
        endTime: optionalText({
          zh: '汇总结束时间',
          length: 14,
          moment: 14,
          requiredWhen: { absent: 'SummaryApplyList' },
          together: 'startTime',
          note: 'See startTime.',
        }),
        loctNo: optionalText({
          zh: '监管场所代码',
          max: 10,
          note: 'Only when one customs district has several e-commerce supervised sites.',
        }),
        summaryFlag: text({
          zh: '收发货人汇总标志',
          length: 1,
          values: { '1': '按收发货人单一汇总', '2': '按收发货人和生产销售单位汇总' },
        }),
        itemNameFlag: text({
          zh: '按商品名汇总标志',
          length: 1,
          note: '1 = consolidate by original goods name; empty = by general category name. Schema demands exactly one character, so 1 is the only value that validates.',
        }),
        msgCount,
        msgSeqNo,
        note,
      }),
      SummaryApplyList: some('汇总申请单表体', Number.POSITIVE_INFINITY, {
        invtNo: text({
          zh: '清单编号',
          min: 0,
          max: 20,
          note: 'List number given by customs: 4-digit customs code + year + I/E + 9 (import) or 9–11 (export) digits.',
        }),
      }),
    },
  },
})
