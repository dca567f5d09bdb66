/**
 * CEB608 清单总分单回执报文. Source: XSD and field table of the 202205 edition.
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

export const masterNoteReply = message({
  code: 'CEB608',
  sort: 'reply',
  zh: '清单总分单回执报文',
  en: 'Reply to a master and house note',
  direction: 'export',
  node: 'WayBillReturn',
  nodeMax: 100,
  answers: 'CEB607',
  key: ['copNo', 'agentCode', 'msgSeqNo'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '120', '399', '500', '800'],
  way: ['2', '120'],
  gives: ['preNo'],
  body: {
    fields: {
      guid,
      agentCode: text({
        zh: '申报企业代码',
        min: 0,
        max: 18,
        note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
      }),
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
        note: 'Exactly 18; spec table says optional.',
      }),
      billNo: text({ zh: '提运单号', min: 0, max: 37 }),
      msgSeqNo: answeredSeqNo,
      returnStatus,
      returnTime,
      returnInfo: returnInfoOrEmpty,
    },
  },
})
