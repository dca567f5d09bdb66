/**
 * CEB816 电子税单数据报文. Source: XSD and field table of the 202205 edition.
 * Schema against text — orderNo, logisticsNo: spec table and real messages only, not in schema.
 */
import { guid, note, returnTime, taxStatus, taxStatuses } from '../common-fields.ts'
import { decimal, int, optionalText, text } from '../field.ts'
import { many, message, one } from '../message.ts'

export const taxBill = message({
  code: 'CEB816',
  sort: 'notice',
  zh: '电子税单数据报文',
  en: 'Tax bill',
  direction: 'import',
  node: 'Tax',
  nodeMax: Number.POSITIVE_INFINITY,
  key: ['taxNo'],
  about: { kind: 'CEB621', by: 'invtNo', follows: '800' },
  status: { code: 'status', time: 'returnTime' },
  meanings: taxStatuses,
  gives: ['taxNo', 'entDutyNo'],
  bill: {
    amounts: { duty: 'customsTax', consumptionTax: 'consumptionTax', vat: 'valueAddedTax' },
    voided: '3',
  },
  body: {
    groups: {
      TaxHeadRd: one('电子税单表头', {
        guid,
        returnTime,
        invtNo: text({
          zh: '进境清单编号',
          max: 18,
          note: 'List number given by customs: 4-digit customs code + year + I/E + 9 (import) or 9–11 (export) digits.',
        }),
        taxNo: text({
          zh: '电子税单编号',
          max: 50,
          note: 'Usually invtNo + "_" + running number, e.g. …_0.',
        }),
        customsTax: decimal({ zh: '应征关税', note: 'Import duty due.' }),
        valueAddedTax: decimal({ zh: '应征增值税', note: 'VAT due.' }),
        consumptionTax: decimal({ zh: '应征消费税', note: 'Consumption tax due.' }),
        status: taxStatus,
        entDutyNo: optionalText({
          zh: '缴款书编号',
          max: 50,
          note: 'Payment-note number (after consolidation).',
        }),
        note,
        assureCode: optionalText({ zh: '担保企业代码', max: 64, note: 'Guarantor.' }),
        ebcCode: optionalText({
          zh: '电商企业代码',
          max: 64,
          note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
        }),
        logisticsCode: optionalText({
          zh: '物流企业代码',
          max: 64,
          note: 'Customs code or credit code of the logistics enterprise.',
        }),
        agentCode: optionalText({
          zh: '申报单位代码',
          min: 1,
          max: 18,
          note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
        }),
        customsCode: optionalText({
          zh: '申报口岸',
          length: 4,
          list: 'customs',
          note: '4-digit customs district that accepts the declaration.',
        }),
        orderNo: optionalText({
          zh: '订单编号',
          max: 60,
          textOnly: true,
          note: 'In the spec table and in real messages (after customsCode), NOT in the 202205 schema.',
        }),
        logisticsNo: optionalText({
          zh: '物流运单编号',
          max: 60,
          textOnly: true,
          note: 'Spec table writes logisticNo; real messages write logisticsNo. NOT in the 202205 schema.',
        }),
      }),
      TaxListRd: many('电子税单表体', 99, {
        gnum: int({ zh: '商品项号', note: 'Line number from 1, consecutive.' }),
        gcode: text({ zh: '海关商品编码', length: 10, list: 'hs', note: '10-digit HS code.' }),
        taxPrice: decimal({ zh: '完税总价格', note: 'Duty-paid value of the line.' }),
        customsTax: decimal({ zh: '应征关税', note: 'Import duty due.' }),
        valueAddedTax: decimal({ zh: '应征增值税', note: 'VAT due.' }),
        consumptionTax: decimal({ zh: '应征消费税', note: 'Consumption tax due.' }),
      }),
    },
  },
})
