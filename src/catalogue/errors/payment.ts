/** Error codes of CEB411. Source: table of import error codes, 202205 edition, in our own words. */
import type { ErrorTable } from './table.ts'

// biome-ignore format: a table is read by columns
export const paymentErrors: ErrorTable = {
  kind: 'CEB411',
  codes: [
    ['-401001', 'lookup', '查询不到该支付单', 'Payment not found (query)'],
    ['-401002', 'lookup', '查询不到支付单状态', 'Payment state not found (query)'],
    ['-401003', 'state', '按所给主键查到多份支付单', 'Several payments match the key', 'several-match'],
    ['-401004', 'lookup', '按所给主键查询不到支付单', 'Payment not found for the given key'],
    ['-401005', 'data', '业务数据为空', 'Business part empty', 'empty-body'],
    ['-401006', 'state', '报送类型不符：没有可变更或删除的支付单', 'The appType does not fit: no such payment', 'no-original'],
    ['-401007', 'state', '该支付交易编号已存在', 'A payment with this number exists already', 'duplicate'],
    ['-401008', 'state', '该支付单已向海关申报，不得改动', 'Already declared to customs', 'already-declared'],
    ['-401009', 'data', '参数校验不通过，详见回执信息', 'Parameter check failed'],
    ['-401010', 'state', '报文没有对应的操作', 'No operation matches the message', 'no-operation'],
    ['-401011', 'system', '系统异常', 'System error, retry'],
    ['-401012', 'state', '报送时间早于已有版本，不予处理', 'Older than the stored version, ignored', 'stale'],
    ['-401013', 'limit', '一个报文内的业务数据过多', 'Too many business records in one message'],
  ],
  situations: {
    duplicate: '-401007',
    stale: '-401012',
    'no-original': '-401006',
    'already-declared': '-401008',
    // No code of its own is published.
    'bad-signature': '-401009',
  },
}
