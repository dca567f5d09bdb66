/**
 * CEB605 撤销申请单数据报文（出口）. Source: XSD and field table of the 202205 edition.
 * Schema against text — agentName: misspelt agengName in the spec table.
 */
import { appTime, appType, guid, note } from '../common-fields.ts'
import { optionalText, text } from '../field.ts'
import { message } from '../message.ts'

export const exportCancellation = message({
  code: 'CEB605',
  sort: 'declaration',
  zh: '撤销申请单数据报文（出口）',
  en: 'Cancellation of an export list',
  direction: 'export',
  node: 'InvtCancel',
  nodeMax: 100,
  reply: 'CEB606',
  key: ['copNo', 'agentCode'],
  owners: [{ role: 'declarant', field: 'agentCode' }],
  signature: 'optional',
  acts: {
    on: 'CEB603',
    verb: 'cancel',
    by: 'invtNo',
    merchant: 'ebcCode',
    makes: 'cancelled',
  },
  done: ['approved'],
  body: {
    fields: {
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
      invtNo: text({ zh: '原清单编号', min: 0, max: 20, note: 'Original list number.' }),
      reason: text({ zh: '撤单原因', min: 0, max: 1000, collapse: true }),
      agentCode: text({
        zh: '申报企业代码',
        identity: 'enterprise',
        min: 0,
        max: 18,
        note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
      }),
      agentName: text({
        zh: '申报企业名称',
        min: 0,
        max: 100,
        note: 'Spec table misspells it agengName.',
      }),
      ebcCode: text({
        zh: '收发货人代码',
        identity: 'enterprise',
        min: 0,
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
      }),
      ebcName: text({ zh: '收发货人名称', min: 0, max: 100 }),
      note,
    },
  },
})
