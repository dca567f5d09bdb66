/**
 * CEB606 撤销申请单回执报文（出口）. Source: XSD and field table of the 202205 edition.
 * Schema against text — preNo: schema required, spec table optional.
 */
import { guid, returnInfoOrEmpty, returnStatus, returnTime } from '../common-fields.ts'
import { text } from '../field.ts'
import { message } from '../message.ts'

export const exportCancellationReply = message({
  code: 'CEB606',
  sort: 'reply',
  zh: '撤销申请单回执报文（出口）',
  en: 'Reply to a cancellation of an export list',
  direction: 'export',
  node: 'InvtCancelReturn',
  nodeMax: 100,
  answers: 'CEB605',
  key: ['copNo', 'agentCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '399'],
  way: ['2', '399'],
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
      invtNo: text({
        zh: '原清单编号',
        min: 0,
        max: 20,
        note: 'List number given by customs: 4-digit customs code + year + I/E + 9 (import) or 9–11 (export) digits.',
      }),
      returnStatus,
      returnTime,
      returnInfo: returnInfoOrEmpty,
    },
  },
})
