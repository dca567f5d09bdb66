/** Error codes of CEB711. Source: table of import error codes, 202205 edition, in our own words. */
import type { ErrorTable } from './table.ts'

// biome-ignore format: a table is read by columns
export const siteEntryErrors: ErrorTable = {
  kind: 'CEB711',
  codes: [
    ['-800000', 'data', '没有表体', 'No lines', 'no-lines'],
    ['-800001', 'data', '校验不通过，详见回执信息', 'Check failed (reason in the text)'],
    ['-800002', 'data', '报文解析失败', 'Message could not be parsed', 'not-parsed'],
    ['-800003', 'state', '该入库明细单已存在', 'Exists already', 'duplicate'],
    ['-800004', 'system', '系统异常', 'System error, retry'],
    ['-800005', 'state', '报送时间早于已有版本，不予处理', 'Older than the stored version, ignored', 'stale'],
    ['-800006', 'limit', '一个报文内的业务数据过多', 'Too many business records in one message'],
  ],
  situations: {
    duplicate: '-800003',
    stale: '-800005',
    // No codes of their own are published.
    'no-original': '-800001',
    'already-declared': '-800003',
    'bad-signature': '-800001',
  },
}
