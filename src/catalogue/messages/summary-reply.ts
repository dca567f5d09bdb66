/**
 * CEB702 汇总申请单回执报文. Source: XSD and field table of the 202205 edition.
 * Schema against text — preNo: schema required, spec table optional.
 */
import {
  answeredSeqNo,
  guid,
  returnInfoOrEmpty,
  returnStatus,
  returnTime,
} from '../common-fields.ts'
import { optionalText, text } from '../field.ts'
import { message } from '../message.ts'

export const summaryReply = message({
  code: 'CEB702',
  sort: 'reply',
  zh: '汇总申请单回执报文',
  en: 'Reply to a summary application',
  direction: 'export',
  node: 'SummaryReturn',
  nodeMax: 100,
  answers: 'CEB701',
  key: ['copNo', 'agentCode', 'msgSeqNo'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '399'],
  way: ['2', '399'],
  gives: ['preNo', 'sumNo'],
  body: {
    fields: {
      guid,
      agentCode: text({
        zh: '申报企业代码',
        min: 0,
        max: 18,
        note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
      }),
      ebcCode: text({
        zh: '收发货人代码',
        min: 0,
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
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
      sumNo: optionalText({ zh: '汇总申请编号', length: 18 }),
      msgSeqNo: answeredSeqNo,
      returnStatus,
      returnTime,
      returnInfo: returnInfoOrEmpty,
    },
  },
})
