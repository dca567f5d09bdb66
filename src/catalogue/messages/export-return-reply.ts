/**
 * CEB214 退货申请单回执报文（出口）. Source: XSD and field table of the 202205 edition.
 */
import { guid, returnInfoOrEmpty, returnTime } from '../common-fields.ts'
import { optionalText, text } from '../field.ts'
import { message } from '../message.ts'

export const exportReturnReply = message({
  code: 'CEB214',
  sort: 'reply',
  zh: '退货申请单回执报文（出口）',
  en: 'Reply to an export return',
  direction: 'export',
  node: 'RefundReturn',
  nodeMax: 100,
  answers: 'CEB213',
  key: ['coElNo', 'agentCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '120', '300', '500', '505', '600', '800'],
  way: ['2', '120', '800'],
  gives: ['preNo'],
  body: {
    fields: {
      guid,
      ebpCode: optionalText({
        zh: '电商平台代码',
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the platform.',
      }),
      ebcCode: optionalText({
        zh: '电商企业代码',
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
      }),
      agentCode: text({
        zh: '申报企业代码',
        min: 0,
        max: 18,
        note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
      }),
      coElNo: text({
        zh: '企业内部编号',
        min: 0,
        max: 30,
        note: 'Declarant-internal number (plays the role of copNo in 213–216).',
      }),
      preNo: optionalText({
        zh: '电子口岸编号',
        max: 18,
        note: 'Number given by 电子口岸: one letter + YYYYMMDD + 9 digits = 18 (letters seen: B list, C import cancellation, T import return, R warehousing note, O tally, P other export samples). Leave out on first submission.',
      }),
      invtNo: text({
        zh: '清单编号',
        min: 0,
        max: 20,
        note: 'List number given by customs: 4-digit customs code + year + I/E + 9 (import) or 9–11 (export) digits.',
      }),
      returnStatus: text({
        zh: '回执状态',
        min: 0,
        max: 10,
        note: 'Signed integer as text; below 0 means processing error.',
      }),
      returnTime,
      returnInfo: returnInfoOrEmpty,
    },
  },
})
