/**
 * CEB606 撤销申请单回执报文（出口）. Source: XSD and field table of the 202205 edition.
 * Schema against text — preNo: schema required, spec table optional.
 */
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
      guid: text({
        zh: '系统唯一序号',
        length: 36,
        note: '36-character upper-case UUID created by the sender for this document; must be unique; also used by the platform to correlate.',
      }),
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
        note: 'Declarant-internal document number; key for receipts.',
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
      returnStatus: text({
        zh: '回执状态',
        max: 10,
        note: 'Signed integer as text; below 0 means processing error; see status-codes.md.',
      }),
      returnTime: text({
        zh: '回执时间',
        length: 17,
        moment: 17,
        note: 'yyyyMMddHHmmssSSS (17 digits). Order receipts by this, not by arrival.',
      }),
      returnInfo: text({
        zh: '回执信息',
        min: 0,
        max: 1000,
        note: 'Free text; customs results look like "[Code:nnnn;Desc:…]".',
      }),
    },
  },
})
