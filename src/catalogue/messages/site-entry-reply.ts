/**
 * CEB712 入库明细单回执报文. Source: XSD and field table of the 202205 edition.
 * Schema against text — copNo: schema optional, spec table required.
 * Schema against text — preNo: schema optional, spec table required.
 */
import { guid, returnInfo, returnStatus, returnTime } from '../common-fields.ts'
import { optionalText } from '../field.ts'
import { message } from '../message.ts'

export const siteEntryReply = message({
  code: 'CEB712',
  sort: 'reply',
  zh: '入库明细单回执报文',
  en: 'Reply to an entry into the supervised site',
  direction: 'import',
  node: 'DeliveryReturn',
  nodeMax: 100,
  answers: 'CEB711',
  key: ['copNo', 'operatorCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '120', '399'],
  way: ['2', '120'],
  gives: ['preNo', 'rkdNo'],
  body: {
    fields: {
      guid,
      customsCode: optionalText({
        zh: '申报海关代码',
        length: 4,
        list: 'customs',
        note: '4-digit customs district that accepts the declaration.',
      }),
      operatorCode: optionalText({ zh: '监管场所经营人代码', min: 1, max: 18 }),
      copNo: optionalText({
        zh: '企业内部编号',
        max: 20,
        textRequires: true,
        note: 'Declarant-internal document number; key for replies.',
      }),
      preNo: optionalText({
        zh: '预录入编号',
        max: 18,
        textRequires: true,
        note: 'Number given by 电子口岸: one letter + YYYYMMDD + 9 digits = 18 (letters seen: B list, C import cancellation, T import return, R warehousing note, O tally, P other export samples). Leave out on first submission.',
      }),
      rkdNo: optionalText({ zh: '入库单编号', max: 18 }),
      returnStatus,
      returnTime,
      returnInfo,
    },
  },
})
