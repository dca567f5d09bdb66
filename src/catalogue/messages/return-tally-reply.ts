/**
 * CEB216 理货明细单回执报文. Source: XSD and field table of the 202205 edition.
 */
import { guid, returnInfoOrEmpty, returnTime } from '../common-fields.ts'
import { optionalText, text } from '../field.ts'
import { message } from '../message.ts'

export const returnTallyReply = message({
  code: 'CEB216',
  sort: 'reply',
  zh: '理货明细单回执报文',
  en: 'Reply to a tally of returned exports',
  direction: 'export',
  node: 'InvtRefundDetailReturn',
  nodeMax: 100,
  answers: 'CEB215',
  key: ['coElNo', 'operatorCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['1', '2', '3', '4', '100', '399'],
  way: ['2', '399'],
  gives: ['preNo'],
  body: {
    fields: {
      guid,
      operatorCode: text({ zh: '监管场所经营人代码', min: 0, max: 18 }),
      logisticsCode: text({
        zh: '物流企业代码',
        min: 0,
        max: 18,
        note: 'Customs code or credit code of the logistics enterprise.',
      }),
      logisticsNo: text({ zh: '物流运单号', min: 0, max: 80 }),
      coElNo: text({
        zh: '企业内部编号',
        min: 0,
        max: 30,
        note: 'Declarant-internal number (plays the role of copNo in 213–216).',
      }),
      preNo: optionalText({
        zh: '预录入编号',
        max: 18,
        note: 'Number given by 电子口岸: one letter + YYYYMMDD + 9 digits = 18 (letters seen: B list, C import cancellation, T import return, R warehousing note, O tally, P other export samples). Leave out on first submission.',
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
