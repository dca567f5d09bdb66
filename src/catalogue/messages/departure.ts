/**
 * CEB509 物流离境单数据报文. Source: XSD and field table of the 202205 edition.
 */
import { appTime, appType, guid, msgCount, msgSeqNo, note } from '../common-fields.ts'
import { int, optionalText, text } from '../field.ts'
import { many, message, one } from '../message.ts'

export const departure = message({
  code: 'CEB509',
  sort: 'declaration',
  zh: '物流离境单数据报文',
  en: 'Departure',
  direction: 'export',
  node: 'Departure',
  nodeMax: 100,
  reply: 'CEB510',
  key: ['copNo', 'logisticsCode', 'msgSeqNo'],
  owners: [{ role: 'carrier', field: 'logisticsCode' }],
  signature: 'optional',
  acts: {
    on: 'CEB603',
    verb: 'depart',
    by: 'logisticsNo',
    group: 'DepartureList',
    answered: '899',
  },
  done: ['approved'],
  body: {
    groups: {
      DepartureHead: one('物流离境单表头', {
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
        logisticsCode: text({
          zh: '物流企业代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Customs code or credit code of the logistics enterprise.',
        }),
        logisticsName: text({ zh: '物流企业名称', min: 0, max: 100 }),
        trafMode: text({
          zh: '运输方式',
          length: 1,
          collapse: true,
          list: 'transport',
          note: 'One-character transport mode.',
        }),
        trafName: optionalText({
          zh: '运输工具名称',
          max: 100,
          requiredWhen: { field: 'trafMode', notIn: ['6'] },
          note: 'May be empty for post.',
        }),
        voyageNo: optionalText({
          zh: '航班航次号',
          max: 32,
          requiredWhen: { field: 'trafMode', notIn: ['6'] },
          note: 'May be empty for post.',
        }),
        billNo: optionalText({
          zh: '提运单号',
          max: 37,
          requiredWhen: { field: 'trafMode', notIn: ['6'] },
          note: 'May be empty for post.',
        }),
        leaveTime: text({ zh: '离境时间', length: 14, moment: 14, note: 'YYYYMMDDhhmmss.' }),
        msgCount,
        msgSeqNo,
        note,
      }),
      DepartureList: many('物流离境单表体', Number.POSITIVE_INFINITY, {
        gnum: int({ zh: '序号', digits: 5, note: 'Line number from 1, consecutive.' }),
        totalPackageNo: optionalText({
          zh: '总包号',
          max: 37,
          note: 'Stands BEFORE logisticsNo here (in 507 it stands after).',
        }),
        logisticsNo: text({ zh: '物流运单编号', min: 0, max: 32 }),
        note,
      }),
    },
  },
})
