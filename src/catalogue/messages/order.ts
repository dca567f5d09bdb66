/**
 * CEB311 电子订单数据报文（进口）. Source: XSD and field table of the 202205 edition.
 * Schema against text — buyerTelephone: in schema, absent from spec table.
 * Schema against text — consigneeDistrict: misspelt consigneeDitrict in the spec table.
 */
import { appTime, appType, guid, note } from '../common-fields.ts'
import { decimal, int, optionalText, text } from '../field.ts'
import { many, message, one } from '../message.ts'

export const order = message({
  code: 'CEB311',
  sort: 'declaration',
  zh: '电子订单数据报文（进口）',
  en: 'Import order',
  direction: 'import',
  node: 'Order',
  nodeMax: 100,
  reply: 'CEB312',
  key: ['orderNo', 'ebpCode'],
  owners: [
    { role: 'platform', field: 'ebpCode' },
    { role: 'merchant', field: 'ebcCode' },
  ],
  signature: 'optional',
  consignment: 'orderNo',
  buyer: 'buyerIdNumber',
  offers: { part: 'order', on: ['ebpCode'] },
  done: ['stored', 'approved'],
  body: {
    groups: {
      OrderHead: one('订单表头', {
        guid,
        appType,
        appTime,
        appStatus: text({
          zh: '业务状态',
          max: 3,
          values: { '1': '暂存', '2': '申报' },
          note: 'Default 2.',
        }),
        orderType: text({ zh: '订单类型', length: 1, values: { I: '进口' }, note: 'I only.' }),
        orderNo: text({ zh: '订单编号', max: 60, note: 'Unique within one platform.' }),
        ebpCode: text({
          zh: '电商平台代码',
          identity: 'enterprise',
          max: 18,
          note: 'Unregistered platform: the platform identification number published by 电子口岸.',
        }),
        ebpName: text({ zh: '电商平台名称', max: 100 }),
        ebcCode: text({
          zh: '电商企业代码',
          identity: 'enterprise',
          max: 18,
          note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
        }),
        ebcName: text({ zh: '电商企业名称', max: 100 }),
        goodsValue: decimal({
          zh: '商品价格',
          note: 'Actual goods price incl. non-cash deductions.',
        }),
        freight: decimal({ zh: '运杂费', note: '0 when none.' }),
        discount: decimal({
          zh: '非现金抵扣金额',
          note: 'Points, coupons and other non-cash payment; 0 when none.',
        }),
        taxTotal: decimal({ zh: '代扣税款', note: 'Tax collected in advance; 0 when none.' }),
        acturalPaid: decimal({
          zh: '实际支付金额',
          note: 'goodsValue + freight + taxTotal − discount; must equal the paid amount in 411. (Spelling is official.)',
        }),
        currency: text({
          zh: '币制',
          length: 3,
          fixed: '142',
          list: 'currency',
          note: 'Fixed 142 (CNY).',
        }),
        buyerRegNo: text({ zh: '订购人注册号', max: 60, sensitive: true }),
        buyerName: text({
          zh: '订购人姓名',
          max: 60,
          sensitive: true,
          note: 'Real name of the buyer.',
        }),
        buyerTelephone: text({
          zh: '订购人电话',
          max: 30,
          sensitive: true,
          note: 'In the schema (required, after buyerName) but absent from the 202205 spec table.',
        }),
        buyerIdType: text({
          zh: '订购人证件类型',
          length: 1,
          values: { '1': '身份证', '2': '其它' },
          note: 'Only 1 is accepted.',
        }),
        buyerIdNumber: text({
          zh: '订购人证件号码',
          identity: { type: 'buyerIdType', residentId: '1' },
          max: 60,
          sensitive: true,
        }),
        payCode: optionalText({
          zh: '支付企业代码',
          identity: 'enterprise',
          max: 18,
          note: 'Optional.',
        }),
        payName: optionalText({ zh: '支付企业名称', max: 100 }),
        payTransactionId: optionalText({
          zh: '支付交易编号',
          max: 60,
          note: 'Optional; links to 411.',
        }),
        batchNumbers: optionalText({ zh: '商品批次号', max: 100 }),
        consignee: text({
          zh: '收货人姓名',
          max: 100,
          sensitive: true,
          note: 'Must equal the waybill.',
        }),
        consigneeTelephone: text({
          zh: '收货人电话',
          max: 50,
          sensitive: true,
          note: 'Must equal the waybill.',
        }),
        consigneeAddress: text({
          zh: '收货地址',
          max: 200,
          sensitive: true,
          note: 'Must equal the waybill.',
        }),
        consigneeDistrict: optionalText({
          zh: '收货地址行政区划代码',
          length: 6,
          list: 'gbDistrict',
          note: '6-digit GB/T 2260; spec table misspells it consigneeDitrict. Omit when empty.',
        }),
        note,
      }),
      OrderList: many('订单表体', 99, {
        gnum: int({ zh: '商品序号', note: 'Line number from 1, consecutive.' }),
        itemNo: optionalText({ zh: '企业商品货号', max: 30 }),
        itemName: text({ zh: '企业商品名称', max: 250 }),
        gmodel: text({
          zh: '商品规格型号',
          max: 510,
          note: 'Goods name, brand, spec., model, composition … as needed for classification.',
        }),
        itemDescribe: optionalText({ zh: '企业商品描述', max: 1000 }),
        barCode: optionalText({ zh: '条形码', max: 50, note: 'Product bar code.' }),
        unit: text({ zh: '单位', length: 3, list: 'unit', note: 'Customs 3-digit unit.' }),
        qty: decimal({ zh: '数量', note: 'Traded quantity.' }),
        price: decimal({ zh: '单价', note: '0 for gifts.' }),
        totalPrice: decimal({ zh: '总价', note: 'price × qty.' }),
        currency: text({
          zh: '币制',
          length: 3,
          fixed: '142',
          list: 'currency',
          note: 'Fixed 142 (CNY).',
        }),
        country: text({ zh: '原产国', length: 3, list: 'country', note: 'Country of origin.' }),
        note: optionalText({ zh: '备注', max: 1000, note: 'Explain promotional prices here.' }),
      }),
    },
  },
})
