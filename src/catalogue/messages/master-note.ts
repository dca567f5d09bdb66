/**
 * CEB607 清单总分单数据报文. Source: XSD and field table of the 202205 edition.
 */
import { appTime, appType, guid, msgCount, msgSeqNo, note } from '../common-fields.ts'
import { decimal, int, optionalText, text } from '../field.ts'
import { many, message, one } from '../message.ts'

export const masterNote = message({
  code: 'CEB607',
  sort: 'declaration',
  zh: '清单总分单数据报文',
  en: 'Master and house note',
  direction: 'export',
  node: 'WayBill',
  nodeMax: 100,
  reply: 'CEB608',
  key: ['copNo', 'agentCode', 'msgSeqNo'],
  owners: [
    { role: 'declarant', field: 'agentCode' },
    { role: 'carrier', field: 'logisticsCode' },
  ],
  signature: 'optional',
  acts: { on: 'CEB603', verb: 'consolidate', by: 'logisticsNo', group: 'WayBillList' },
  done: ['stored', 'approved'],
  body: {
    groups: {
      WayBillHead: one('清单总分单表头', {
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
          length: 18,
          note: 'Number given by 电子口岸: one letter + YYYYMMDD + 9 digits = 18 (letters seen: B list, C import cancellation, T import return, R warehousing note, O tally, P other export samples). Leave out on first submission.',
        }),
        agentCode: text({
          zh: '申报企业代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
        }),
        agentName: text({ zh: '申报企业名称', min: 0, max: 100 }),
        loctNo: optionalText({
          zh: '监管场所代码',
          max: 10,
          note: 'Only when one customs district has several e-commerce supervised sites.',
        }),
        trafMode: text({
          zh: '运输方式',
          length: 1,
          collapse: true,
          list: 'transport',
          note: 'One-character transport mode.',
        }),
        trafName: text({ zh: '运输工具名称', min: 0, max: 100, collapse: true }),
        voyageNo: text({ zh: '航班航次号', min: 0, max: 32, collapse: true }),
        billNo: text({ zh: '提运单号', min: 0, max: 37 }),
        domesticTrafNo: optionalText({ zh: '境内运输工具编号', max: 100 }),
        grossWeight: decimal({ zh: '毛重（公斤）', note: 'Gross kg.' }),
        logisticsCode: text({
          zh: '物流企业代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Customs code or credit code of the logistics enterprise.',
        }),
        logisticsName: text({ zh: '物流企业名称', min: 0, max: 100 }),
        msgCount,
        msgSeqNo,
        note,
      }),
      WayBillList: many('清单总分单表体', Number.POSITIVE_INFINITY, {
        gnum: int({ zh: '序号', digits: 5, note: 'Line number from 1, consecutive.' }),
        totalPackageNo: optionalText({ zh: '总包号', max: 60, note: 'Max 60 here, 37 elsewhere.' }),
        logisticsNo: text({ zh: '物流运单编号', min: 0, max: 32 }),
        invtNo: optionalText({ zh: '出口清单编号', max: 20, note: 'Original export list number.' }),
        note,
      }),
    },
  },
})
