/** Error codes of CEB511. Source: table of import error codes, 202205 edition, in our own words. */
import type { ErrorTable } from './table.ts'

// biome-ignore format: a table is read by columns
export const waybillErrors: ErrorTable = {
  kind: 'CEB511',
  codes: [
    ['-504000', 'data', '报文解析失败', 'Message could not be parsed', 'not-parsed'],
    ['-504010', 'data', '业务数据为空', 'Business part empty', 'empty-body'],
    ['-504011', 'data', '参数校验不通过，详见回执信息', 'Parameter check failed'],
    ['-504012', 'state', '运单已存在', 'Waybill exists already', 'duplicate'],
    ['-504013', 'limit', '一个报文内的运单过多', 'Too many waybills in one message'],
    ['-504014', 'state', '报送类型不符：没有可变更或删除的运单', 'The appType does not fit: no such waybill', 'no-original'],
    ['-504015', 'state', '该运单编号已存在', 'A waybill with this number exists already', 'duplicate'],
    ['-504016', 'state', '该运单已向海关申报，不得改动', 'Already declared to customs', 'already-declared'],
  ],
  situations: {
    duplicate: '-504015',
    stale: '-504012',
    'no-original': '-504014',
    'already-declared': '-504016',
    // No code of its own is published.
    'bad-signature': '-504011',
  },
}
