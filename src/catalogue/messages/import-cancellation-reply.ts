/**
 * CEB624 撤销申请单回执报文（进口）. Source: XSD and field table of the 202205 edition.
 * Schema against text — preNo: schema required, spec table optional.
 */
import { guid, returnInfo, returnStatus, returnTime } from '../common-fields.ts'
import { optionalText, text } from '../field.ts'
import { message } from '../message.ts'

export const importCancellationReply = message({
  code: 'CEB624',
  sort: 'reply',
  zh: '撤销申请单回执报文（进口）',
  en: 'Reply to a cancellation of an import list',
  direction: 'import',
  node: 'InvtCancelReturn',
  nodeMax: 100,
  answers: 'CEB623',
  key: ['copNo', 'agentCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '120', '399'],
  way: ['2', '120', '399'],
  gives: ['preNo'],
  body: {
    fields: {
      guid,
      customsCode: optionalText({
        zh: '申报海关代码',
        length: 4,
        list: 'customs',
        note: '4-digit customs district that accepts the declaration.',
      }),
      agentCode: optionalText({
        zh: '申报企业代码',
        min: 1,
        max: 18,
        note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
      }),
      ebpCode: optionalText({
        zh: '电商平台代码',
        min: 1,
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the platform.',
      }),
      ebcCode: optionalText({
        zh: '电商企业代码',
        min: 1,
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
      }),
      copNo: text({
        zh: '企业内部编号',
        max: 20,
        note: 'Declarant-internal document number; key for replies.',
      }),
      preNo: text({
        zh: '预录入编号',
        length: 18,
        note: 'Exactly 18 in the schema; spec table says optional.',
      }),
      invtNo: optionalText({
        zh: '清单编号',
        length: 18,
        note: 'List number given by customs: 4-digit customs code + year + I/E + 9 (import) or 9–11 (export) digits.',
      }),
      returnStatus,
      returnTime,
      returnInfo,
    },
  },
})
