/**
 * CEB303 订单数据报文（出口）. Source: XSD and field table of the 202205 edition.
 */
import { appTime, appType, guid, note } from '../common-fields.ts'
import { decimal, int, optionalText, text } from '../field.ts'
import { many, message, one } from '../message.ts'

export const exportOrder = message({
  code: 'CEB303',
  sort: 'declaration',
  zh: '订单数据报文（出口）',
  en: 'Export order',
  direction: 'export',
  node: 'Order',
  nodeMax: 100,
  reply: 'CEB304',
  key: ['orderNo', 'ebpCode'],
  owners: [
    { role: 'platform', field: 'ebpCode' },
    { role: 'merchant', field: 'ebcCode' },
  ],
  signature: 'optional',
  consignment: 'orderNo',
  offers: { part: 'export-order', on: ['ebpCode'] },
  done: ['stored', 'approved'],
  body: {
    groups: {
      OrderHead: one('订单表头', {
        guid,
        appType,
        appTime,
        appStatus: text({
          zh: '报送状态',
          length: 1,
          schemaDefault: '1',
          values: { '1': '暂存', '2': '申报' },
          note: '1 save only, 2 declare.',
        }),
        orderType: text({
          zh: '订单类型',
          length: 1,
          values: { E: 'B2C出口订单', B: 'B2B出口订单(9710)', W: '海外仓订仓单(9810)', I: '进口' },
          note: 'E B2C order, B B2B order (9710), W overseas-warehouse stocking order (9810). The schema note also knows I.',
        }),
        orderNo: text({
          zh: '电商订单/海外仓订仓单编号',
          min: 0,
          max: 60,
          note: 'Platform order number, or 海外仓订仓单 number (W).',
        }),
        ebpCode: text({
          zh: '电商平台代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Foreign platform without a code: the word 无.',
        }),
        ebpName: text({
          zh: '电商平台/海外仓名称',
          min: 0,
          max: 100,
          note: 'Platform name, or overseas-warehouse name (W).',
        }),
        ebcCode: text({
          zh: '电商企业代码',
          identity: 'enterprise',
          min: 0,
          max: 18,
          note: 'Customs registration code (10) or unified social credit code (18) of the merchant.',
        }),
        ebcName: text({
          zh: '电商企业名称',
          min: 0,
          max: 100,
          note: 'Equals the consignor/consignee on the list.',
        }),
        goodsValue: decimal({
          zh: '商品金额',
          note: 'FOB value incl. non-cash deductions, without freight.',
        }),
        freight: decimal({ zh: '运杂费', schemaDefault: '0', note: 'Write 0 when none.' }),
        currency: text({
          zh: '币制',
          length: 3,
          list: 'currency',
          note: '3-digit customs currency code.',
        }),
        note,
      }),
      OrderList: many('订单表体', 100, {
        gnum: int({ zh: '序号', digits: 5, note: 'Must correspond with the 603 list lines.' }),
        itemNo: text({ zh: '企业商品货号', min: 0, max: 30 }),
        itemName: text({ zh: '企业商品名称', min: 0, max: 250 }),
        itemDescribe: optionalText({ zh: '企业商品描述', max: 1000 }),
        barCode: optionalText({ zh: '条形码', max: 50, note: 'Product bar code.' }),
        unit: text({
          zh: '计量单位',
          length: 3,
          list: 'unit',
          note: 'Customs 3-digit unit of the traded quantity.',
        }),
        currency: text({
          zh: '币制',
          length: 3,
          list: 'currency',
          note: '3-digit customs currency code.',
        }),
        qty: decimal({ zh: '数量', note: 'Traded quantity.' }),
        price: decimal({ zh: '单价' }),
        totalPrice: decimal({ zh: '总价' }),
        note,
      }),
    },
  },
})
