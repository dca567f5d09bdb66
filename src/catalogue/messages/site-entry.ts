/**
 * CEB711 入库明细单数据报文. Source: XSD and field table of the 202205 edition.
 * Schema against text — copNo: schema optional, spec table required.
 */
import { appTime, appType, guid, note } from '../common-fields.ts'
import { int, optionalText, text } from '../field.ts'
import { many, message, one } from '../message.ts'

export const siteEntry = message({
  code: 'CEB711',
  sort: 'declaration',
  zh: '入库明细单数据报文',
  en: 'Entry into the supervised site',
  direction: 'import',
  node: 'Delivery',
  nodeMax: 1,
  reply: 'CEB712',
  key: ['copNo', 'operatorCode'],
  owners: [{ role: 'site', field: 'operatorCode' }],
  signature: 'required',
  acts: { on: 'CEB621', verb: 'arrive', by: 'logisticsNo', group: 'DeliveryList' },
  done: ['stored', 'approved'],
  body: {
    groups: {
      DeliveryHead: one('入库明细单表头', {
        guid,
        appType,
        appTime,
        appStatus: text({
          zh: '业务状态',
          max: 3,
          values: { '1': '暂存', '2': '申报' },
          note: 'Default 1.',
        }),
        customsCode: text({
          zh: '申报海关代码',
          length: 4,
          list: 'customs',
          note: '4-digit customs district that accepts the declaration.',
        }),
        copNo: optionalText({
          zh: '企业内部编号',
          max: 20,
          textRequires: true,
          note: 'Optional in the schema, required in the spec table.',
        }),
        preNo: optionalText({
          zh: '预录入编号',
          max: 18,
          note: 'Number given by 电子口岸: one letter + YYYYMMDD + 9 digits = 18 (letters seen: B list, C import cancellation, T import return, R warehousing note, O tally, P other export samples). Leave out on first submission.',
        }),
        rkdNo: optionalText({ zh: '入库单编号', max: 18 }),
        operatorCode: text({ zh: '监管场所经营人代码', identity: 'enterprise', max: 18 }),
        operatorName: text({ zh: '监管场所经营人名称', max: 100 }),
        ieFlag: text({
          zh: '进出口标记',
          length: 1,
          values: { I: '进口', E: '出口' },
          note: 'I / E.',
        }),
        trafMode: text({ zh: '运输方式', length: 1, list: 'transport', note: 'Cross-border leg.' }),
        trafNo: text({ zh: '运输工具编号', max: 100 }),
        voyageNo: text({ zh: '航班航次号', max: 32 }),
        billNo: text({ zh: '提运单号', max: 37 }),
        logisticsCode: text({
          zh: '物流企业代码',
          identity: 'enterprise',
          max: 18,
          note: 'Customs code or credit code of the logistics enterprise.',
        }),
        logisticsName: text({ zh: '物流企业名称', max: 100 }),
        unloadLocation: optionalText({ zh: '卸货库位', max: 100 }),
        note,
      }),
      DeliveryList: many('入库明细单表体', Number.POSITIVE_INFINITY, {
        gnum: int({ zh: '序号', note: 'Line number from 1, consecutive.' }),
        logisticsNo: text({ zh: '物流运单编号', max: 60 }),
        note,
      }),
    },
  },
})
