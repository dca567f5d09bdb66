/** Error codes of CEB513. Source: table of import error codes, 202205 edition, in our own words. */
import type { ErrorTable } from './table.ts'

// biome-ignore format: a table is read by columns
export const waybillStatusErrors: ErrorTable = {
  kind: 'CEB513',
  codes: [
    ['-505000', 'data', '报文解析失败', 'Message could not be parsed', 'not-parsed'],
    ['-505010', 'data', '业务数据为空', 'Business part empty', 'empty-body'],
    ['-505011', 'data', '参数校验不通过，详见回执信息', 'Parameter check failed'],
    ['-505012', 'state', '该运单状态已存在', 'This status exists already', 'duplicate'],
    ['-505013', 'limit', '一个报文内的运单状态过多', 'Too many status records in one message'],
    ['-505014', 'state', '报文没有对应的操作', 'No operation matches the message', 'no-operation'],
    ['-505015', 'system', '系统异常', 'System error, retry'],
    ['-505016', 'state', '报送时间早于已有版本，不予处理', 'Older than the stored version, ignored', 'stale'],
    ['-505017', 'limit', '一个报文内的业务数据过多', 'Too many business records in one message'],
  ],
  situations: {
    duplicate: '-505012',
    stale: '-505016',
    'no-original': '-505014',
    'already-declared': '-505012',
    // No code of its own is published.
    'bad-signature': '-505011',
  },
}
