/**
 * CEB623 撤销申请单数据报文（进口）. Source: XSD and field table of the 202205 edition.
 * Schema against text — copNo: schema optional, spec table required.
 */
import { appTime, guid, note } from '../common-fields.ts'
import { optionalText, text } from '../field.ts'
import { message } from '../message.ts'

export const importCancellation = message({
  code: 'CEB623',
  sort: 'declaration',
  zh: '撤销申请单数据报文（进口）',
  en: 'Cancellation of an import list',
  direction: 'import',
  node: 'InvtCancel',
  nodeMax: 100,
  reply: 'CEB624',
  key: ['copNo', 'agentCode'],
  owners: [{ role: 'declarant', field: 'agentCode' }],
  signature: 'required',
  consignment: 'orderNo',
  buyer: 'buyerIdNumber',
  acts: {
    on: 'CEB621',
    verb: 'cancel',
    by: 'invtNo',
    merchant: 'ebcCode',
    makes: 'cancelled',
  },
  done: ['approved'],
  body: {
    fields: {
      guid,
      appType: text({
        zh: '报送类型',
        length: 1,
        values: { '1': '新增', '2': '变更', '3': '删除' },
        note: '1 only.',
      }),
      appTime,
      appStatus: text({
        zh: '业务状态',
        max: 3,
        values: { '1': '暂存', '2': '申报' },
        note: 'Default 1; 2 needs ds:Signature.',
      }),
      customsCode: text({
        zh: '申报海关代码',
        length: 4,
        list: 'customs',
        note: '4-digit customs district that accepts the declaration.',
      }),
      orderNo: text({ zh: '订单编号', max: 60, note: 'Unique within one platform.' }),
      ebpCode: text({
        zh: '电商平台代码',
        identity: 'enterprise',
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the platform.',
      }),
      ebpName: text({ zh: '电商平台名称', max: 100 }),
      ebcCode: text({
        zh: '电商企业代码',
        identity: 'enterprise',
        max: 18,
        note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
      }),
      ebcName: text({ zh: '电商企业名称', max: 100 }),
      logisticsNo: text({ zh: '物流运单编号', max: 60 }),
      logisticsCode: text({
        zh: '物流企业代码',
        identity: 'enterprise',
        max: 18,
        note: 'Customs code or credit code of the logistics enterprise.',
      }),
      logisticsName: text({ zh: '物流企业名称', max: 100 }),
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
      invtNo: text({ zh: '清单编号', max: 18, note: 'List to cancel.' }),
      buyerIdType: text({
        zh: '订购人证件类型',
        length: 1,
        values: { '1': '身份证', '2': '其它' },
      }),
      buyerIdNumber: text({ zh: '订购人证件号码', max: 60, sensitive: true }),
      buyerName: text({ zh: '订购人姓名', max: 60, sensitive: true }),
      buyerTelephone: text({ zh: '订购人电话', max: 30, sensitive: true }),
      agentCode: text({
        zh: '申报企业代码',
        identity: 'enterprise',
        max: 18,
        note: 'Declarant: 10-digit customs code or 18-character credit code; must match the certificate owner.',
      }),
      agentName: text({ zh: '申报企业名称', max: 100 }),
      reason: text({ zh: '撤单原因', max: 1000 }),
      note,
    },
  },
})
