/**
 * CEB508 物流运抵单回执报文. Source: XSD and field table of the 202205 edition.
 * Schema against text — preNo: schema required, spec table optional.
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

export const arrivalReply = message({
  code: 'CEB508',
  sort: 'reply',
  zh: '物流运抵单回执报文',
  en: 'Reply to an arrival',
  direction: 'export',
  node: 'ArrivalReturn',
  nodeMax: 100,
  answers: 'CEB507',
  key: ['copNo', 'operatorCode', 'msgSeqNo'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '399'],
  way: ['2', '399'],
  gives: ['preNo'],
  body: {
    fields: {
      guid,
      operatorCode: text({ zh: '监管场所经营人代码', min: 0, max: 18 }),
      logisticsCode: text({
        zh: '物流企业代码',
        min: 0,
        max: 18,
        note: 'Customs code or credit code of the logistics enterprise.',
      }),
      preNo: text({
        zh: '电子口岸编号',
        length: 18,
        note: 'Exactly 18; spec table says optional.',
      }),
      copNo: text({
        zh: '企业唯一编号',
        min: 0,
        max: 30,
        note: 'Declarant-internal document number; key for replies.',
      }),
      billNo: text({ zh: '提运单号', min: 0, max: 37 }),
      msgSeqNo: answeredSeqNo,
      returnStatus,
      returnTime,
      returnInfo: returnInfoOrEmpty,
    },
  },
})
