/** Error codes of CEB311. Source: table of import error codes, 202205 edition, in our own words. */
import type { ErrorTable } from './table.ts'

// biome-ignore format: a table is read by columns
export const orderErrors: ErrorTable = {
  kind: 'CEB311',
  codes: [
    ['-301001', 'data', '订单没有表体', 'Order has no lines', 'no-lines'],
    ['-301002', 'data', '表体序号重复', 'Two lines share a gnum', 'line-number-repeated'],
    ['-301003', 'lookup', '查询不到该订单', 'Order not found (query)'],
    ['-301004', 'lookup', '查询不到该订单', 'Order not found (query)'],
    ['-301005', 'lookup', '按所给主键查询不到订单', 'Order not found for the given key'],
    ['-301006', 'state', '按所给主键查到多份订单', 'Several orders match the key', 'several-match'],
    ['-301007', 'data', '业务数据为空', 'Business part empty', 'empty-body'],
    ['-301008', 'data', '参数校验不通过，详见回执信息', 'A parameter failed its check (named in the text)'],
    ['-301009', 'state', '报送类型不符：没有可变更或删除的订单', 'The appType does not fit: no such order', 'no-original'],
    ['-301010', 'state', '该订单编号已存在', 'An order with this number exists already', 'duplicate'],
    ['-301011', 'state', '该订单已有清单申报，不得改动', 'A list was already declared for this order', 'already-declared'],
    ['-301012', 'state', '报文没有对应的操作', 'No operation matches the message', 'no-operation'],
    ['-301013', 'system', '系统异常', 'System error, retry'],
    ['-301014', 'state', '报送时间早于已有版本，不予处理', 'Older than the stored version (appTime), ignored', 'stale'],
    ['-301015', 'limit', '一个报文内的业务数据过多', 'Too many business records in one message'],
  ],
  seen: [['-301020', 'signature', '订单验签失败', 'Signature check failed for an order']],
  situations: {
    duplicate: '-301010',
    stale: '-301014',
    'no-original': '-301009',
    'already-declared': '-301011',
    'bad-signature': '-301020',
  },
}
