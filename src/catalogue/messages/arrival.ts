/**
 * CEB507 物流运抵单数据报文. Source: XSD and field table of the 202205 edition.
 */
import { appTime, appType, guid, msgCount, msgSeqNo, note } from '../common-fields.ts'
import { int, optionalText, text } from '../field.ts'
import { message, one, some } from '../message.ts'

export const arrival = message({
  code: 'CEB507',
  sort: 'declaration',
  zh: '物流运抵单数据报文',
  en: 'Arrival at the supervised site',
  direction: 'export',
  node: 'Arrival',
  nodeMax: 100,
  reply: 'CEB508',
  key: ['copNo', 'operatorCode', 'msgSeqNo'],
  owners: [
    { role: 'site', field: 'operatorCode' },
    { role: 'carrier', field: 'logisticsCode' },
  ],
  signature: 'optional',
  acts: { on: 'CEB603', verb: 'arrive', by: 'logisticsNo', group: 'ArrivalList' },
  done: ['approved'],
  body: {
    groups: {
      ArrivalHead: one('物流运抵单表头', {
        guid,
        appType,
        appTime,
        appStatus: text({
          zh: '报送状态',
          length: 1,
          schemaDefault: '1',
          values: { '1': '暂存', '2': '申报' },
          note: '2 needs ds:Signature.',
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
          note: 'Exactly 18 when present; omit otherwise.',
        }),
        operatorCode: text({
          zh: '监管场所经营人代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Post: the postal enterprise.',
        }),
        operatorName: text({ zh: '监管场所经营人名称', min: 0, max: 100 }),
        loctNo: optionalText({
          zh: '监管场所代码',
          max: 10,
          note: 'Only when one customs district has several e-commerce supervised sites.',
        }),
        ieFlag: text({ zh: '进出口标记', length: 1, values: { I: '进口', E: '出口' } }),
        trafMode: text({
          zh: '运输方式',
          length: 1,
          collapse: true,
          list: 'transport',
          note: 'Whitespace collapsed.',
        }),
        billNo: optionalText({
          zh: '提运单号',
          max: 37,
          requiredWhen: { field: 'trafMode', notIn: ['6'] },
          note: 'May be empty for post.',
        }),
        domesticTrafNo: text({
          zh: '境内运输工具编号',
          min: 0,
          max: 100,
          collapse: true,
          note: 'Vehicle that brings the goods to the site, e.g. plate number.',
        }),
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
      ArrivalList: some('物流运抵单表体', Number.POSITIVE_INFINITY, {
        gnum: int({ zh: '序号', digits: 5, note: 'Line number from 1, consecutive.' }),
        logisticsNo: text({ zh: '物流运单编号', min: 0, max: 32 }),
        totalPackageNo: optionalText({
          zh: '总包号',
          max: 37,
          note: 'Pallet/bag number under the master bill (postal: mail-bag number).',
        }),
        note,
      }),
    },
  },
})
