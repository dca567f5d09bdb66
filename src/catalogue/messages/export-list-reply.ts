/**
 * CEB604 申报清单回执报文（出口）. Source: XSD and field table of the 202205 edition.
 * Schema against text — preNo: schema required, spec table optional.
 * Schema against text — invtNo: schema required, spec table optional.
 */
import { guid, returnInfoOrEmpty, returnStatus, returnTime } from '../common-fields.ts'
import { text } from '../field.ts'
import { message } from '../message.ts'

export const exportListReply = message({
  code: 'CEB604',
  sort: 'reply',
  zh: '申报清单回执报文（出口）',
  en: 'Reply to an export list',
  direction: 'export',
  node: 'InventoryReturn',
  nodeMax: 100,
  answers: 'CEB603',
  key: ['copNo', 'agentCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '120', '300', '399', '500', '800', '899'],
  way: ['2', '120', '399', '800'],
  gives: ['preNo', 'invtNo'],
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
        zh: '清单编号',
        min: 0,
        max: 20,
        note: 'Required in the schema although it is only known later: expect it empty or missing in early replies.',
      }),
      ebcCode: text({
        zh: '收发货人代码',
        min: 0,
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
      }),
      ebpCode: text({
        zh: '电商平台代码',
        min: 0,
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the platform.',
      }),
      orderNo: text({ zh: '订单编号', min: 0, max: 60, note: 'Unique within one platform.' }),
      statisticsFlag: text({
        zh: '申报业务类型',
        length: 1,
        values: { A: '简化申报', B: '汇总申报' },
      }),
      returnStatus,
      returnTime,
      returnInfo: returnInfoOrEmpty,
    },
  },
})
