/**
 * CEB312 电子订单回执报文（进口）. Source: XSD and field table of the 202205 edition.
 */
import { guid, returnInfo, returnStatus, returnTime } from '../common-fields.ts'
import { text } from '../field.ts'
import { message } from '../message.ts'

export const orderReply = message({
  code: 'CEB312',
  sort: 'reply',
  zh: '电子订单回执报文（进口）',
  en: 'Reply to an import order',
  direction: 'import',
  node: 'OrderReturn',
  nodeMax: 100,
  answers: 'CEB311',
  key: ['orderNo', 'ebpCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['2', '3', '4', '100', '120', '399'],
  way: ['2', '120'],
  body: {
    fields: {
      guid,
      ebpCode: text({
        zh: '电商平台代码',
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the platform.',
      }),
      ebcCode: text({
        zh: '电商企业代码',
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
      }),
      orderNo: text({ zh: '订单编号', max: 60, note: 'Unique within one platform.' }),
      returnStatus,
      returnTime,
      returnInfo,
    },
  },
})
