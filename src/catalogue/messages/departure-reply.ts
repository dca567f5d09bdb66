/**
 * CEB510 物流离境单回执报文. Source: XSD and field table of the 202205 edition.
 */
import {
  answeredSeqNo,
  guid,
  returnInfoOrEmpty,
  returnStatus,
  returnTime,
} from '../common-fields.ts'
import { text } from '../field.ts'
import { message } from '../message.ts'

export const departureReply = message({
  code: 'CEB510',
  sort: 'reply',
  zh: '物流离境单回执报文',
  en: 'Reply to a departure',
  direction: 'export',
  node: 'DepartureReturn',
  nodeMax: 100,
  answers: 'CEB509',
  key: ['copNo', 'logisticsCode', 'msgSeqNo'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '399'],
  way: ['2', '399'],
  gives: ['preNo'],
  body: {
    fields: {
      guid,
      logisticsCode: text({
        zh: '物流企业代码',
        min: 0,
        max: 18,
        note: 'Customs code or credit code of the logistics enterprise.',
      }),
      copNo: text({
        zh: '企业唯一编号',
        min: 0,
        max: 30,
        note: 'Declarant-internal document number; key for replies.',
      }),
      preNo: text({
        zh: '电子口岸编号',
        length: 18,
        note: 'Number given by 电子口岸: one letter + YYYYMMDD + 9 digits = 18 (letters seen: B list, C import cancellation, T import return, R warehousing note, O tally, P other export samples). Leave out on first submission.',
      }),
      msgSeqNo: answeredSeqNo,
      returnStatus,
      returnTime,
      returnInfo: returnInfoOrEmpty,
    },
  },
})
