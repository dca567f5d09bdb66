/**
 * CEB818 电子税单状态报文. Source: XSD and field table of the 202205 edition.
 */
import { guid, returnTime, taxStatus, taxStatuses } from '../common-fields.ts'
import { optionalText, text } from '../field.ts'
import { message, one } from '../message.ts'

export const taxBillStatus = message({
  code: 'CEB818',
  sort: 'notice',
  zh: '电子税单状态报文',
  en: 'Status of a tax bill',
  direction: 'import',
  node: 'Tax',
  nodeMax: Number.POSITIVE_INFINITY,
  key: ['taxNo'],
  about: { kind: 'CEB621', by: 'invtNo', follows: '800' },
  status: { code: 'status', time: 'returnTime' },
  meanings: taxStatuses,
  gives: ['taxNo', 'entDutyNo'],
  bill: { voided: '3' },
  body: {
    groups: {
      TaxHeadStatus: one('电子税单状态表头', {
        guid,
        returnTime,
        invtNo: text({
          zh: '进境清单编号',
          max: 18,
          note: 'List number given by customs: 4-digit customs code + year + I/E + 9 (import) or 9–11 (export) digits.',
        }),
        taxNo: text({ zh: '电子税单编号', max: 50 }),
        status: taxStatus,
        entDutyNo: optionalText({ zh: '缴款书编号', max: 50, note: 'Payment-note number.' }),
        assureCode: optionalText({ zh: '担保企业代码', max: 64 }),
      }),
    },
  },
})
