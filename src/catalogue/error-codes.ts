/**
 * Negative status codes of replies: processing errors of the e-port, by the kind of document they
 * answer, because the numbers of import and export overlap. Source: table of import error codes,
 * 202205 edition, in our own words; codes marked "seen" occur in practice and in no table.
 */
import type { Text } from '../kernel/fault.ts'

/**
 * What kind of trouble it is, and so who acts: the data (correct and send again), the own state
 * (already there, already done), a key nobody knows, a limit of the message, a person's decision,
 * the account or certificate, the signature, or the far system (later, unchanged).
 */
export type ErrorSort =
  | 'data'
  | 'state'
  | 'lookup'
  | 'limit'
  | 'business'
  | 'auth'
  | 'signature'
  | 'system'

export interface ErrorCode extends Text {
  readonly sort: ErrorSort
}

/** Situations in which a sender can bring himself, answered by another code for every kind. */
export type Situation = 'duplicate' | 'stale' | 'no-original' | 'already-declared' | 'bad-signature'

/** The meaning of a code for a kind; undefined when nobody published one. */
export const errorCode = (kind: string, code: string): ErrorCode | undefined =>
  byKind.get(kind)?.get(code)

/** The code that tells a situation for a kind; undefined where none fits. */
export const situationCode = (kind: string, situation: Situation): string | undefined =>
  situations[kind]?.[situation]

const situations: Readonly<Record<string, Readonly<Partial<Record<Situation, string>>>>> = {
  CEB311: {
    duplicate: '-301010',
    stale: '-301014',
    'no-original': '-301009',
    'already-declared': '-301011',
    'bad-signature': '-301020',
  },
  CEB411: {
    duplicate: '-401007',
    stale: '-401012',
    'no-original': '-401006',
    'already-declared': '-401008',
    // No code of its own is published for payments and waybills.
    'bad-signature': '-401009',
  },
  CEB511: {
    duplicate: '-504015',
    stale: '-504012',
    'no-original': '-504014',
    'already-declared': '-504016',
    'bad-signature': '-504011',
  },
  CEB621: {
    duplicate: '-621004',
    stale: '-621012',
    'no-original': '-621011',
    'already-declared': '-621012',
    'bad-signature': '-621029',
  },
}

type Row = readonly [code: string, sort: ErrorSort, zh: string, en: string]

// biome-ignore format: a table is read by columns
const tables: Readonly<Record<string, readonly Row[]>> = {
  CEB311: [
    ['-301001', 'data', '订单没有表体', 'Order has no lines'],
    ['-301002', 'data', '表体序号重复', 'Two lines share a gnum'],
    ['-301003', 'lookup', '查询不到该订单', 'Order not found (query)'],
    ['-301004', 'lookup', '查询不到该订单', 'Order not found (query)'],
    ['-301005', 'lookup', '按所给主键查询不到订单', 'Order not found for the given key'],
    ['-301006', 'state', '按所给主键查到多份订单', 'Several orders match the key'],
    ['-301007', 'data', '业务数据为空', 'Business part empty'],
    ['-301008', 'data', '参数校验不通过，详见回执信息', 'A parameter failed its check (named in the text)'],
    ['-301009', 'state', '报送类型不符：没有可变更或删除的订单', 'AppType does not fit: no such order'],
    ['-301010', 'state', '该订单编号已存在', 'An order with this number exists already'],
    ['-301011', 'state', '该订单已有清单申报，不得改动', 'A list was already declared for this order'],
    ['-301012', 'state', '报文没有对应的操作', 'No operation matches the message'],
    ['-301013', 'system', '系统异常', 'System error, retry'],
    ['-301014', 'state', '报送时间早于已有版本，不予处理', 'Older than the stored version (appTime), ignored'],
    ['-301015', 'limit', '一个报文内的业务数据过多', 'Too many business records in one message'],
    // Seen.
    ['-301020', 'signature', '订单验签失败', 'Signature check failed for an order'],
  ],
  CEB411: [
    ['-401001', 'lookup', '查询不到该支付单', 'Payment not found (query)'],
    ['-401002', 'lookup', '查询不到支付单状态', 'Payment state not found (query)'],
    ['-401003', 'state', '按所给主键查到多份支付单', 'Several payments match the key'],
    ['-401004', 'lookup', '按所给主键查询不到支付单', 'Payment not found for the given key'],
    ['-401005', 'data', '业务数据为空', 'Business part empty'],
    ['-401006', 'state', '报送类型不符：没有可变更或删除的支付单', 'AppType does not fit: no such payment'],
    ['-401007', 'state', '该支付交易编号已存在', 'A payment with this number exists already'],
    ['-401008', 'state', '该支付单已向海关申报，不得改动', 'Already declared to customs'],
    ['-401009', 'data', '参数校验不通过，详见回执信息', 'Parameter check failed'],
    ['-401010', 'state', '报文没有对应的操作', 'No operation matches the message'],
    ['-401011', 'system', '系统异常', 'System error, retry'],
    ['-401012', 'state', '报送时间早于已有版本，不予处理', 'Older than the stored version, ignored'],
    ['-401013', 'limit', '一个报文内的业务数据过多', 'Too many business records in one message'],
  ],
  CEB511: [
    ['-504000', 'data', '报文解析失败', 'Message could not be parsed'],
    ['-504010', 'data', '业务数据为空', 'Business part empty'],
    ['-504011', 'data', '参数校验不通过，详见回执信息', 'Parameter check failed'],
    ['-504012', 'state', '运单已存在', 'Waybill exists already'],
    ['-504013', 'limit', '一个报文内的运单过多', 'Too many waybills in one message'],
    ['-504014', 'state', '报送类型不符：没有可变更或删除的运单', 'AppType does not fit: no such waybill'],
    ['-504015', 'state', '该运单编号已存在', 'A waybill with this number exists already'],
    ['-504016', 'state', '该运单已向海关申报，不得改动', 'Already declared to customs'],
  ],
  CEB621: [
    ['-621000', 'data', '清单没有表体', 'List has no lines'],
    ['-621001', 'data', '校验不通过，详见回执信息', 'Check failed (reason in the text)'],
    ['-621002', 'system', '四单回执解析失败', 'The reply about the four documents could not be parsed'],
    ['-621003', 'data', '申报失败，详见回执信息', 'Declaration failed (reason in the text)'],
    ['-621004', 'state', '清单已申报', 'List was declared already'],
    ['-621005', 'business', '金额超过单次交易限值', 'Amount above the single-purchase limit'],
    ['-621006', 'lookup', '没有该唯一序号的清单', 'No list with this head guid'],
    ['-621008', 'system', '已发海关，但状态更新失败', 'Sent to customs but status update failed'],
    ['-621009', 'system', '发送海关失败，状态更新也失败', 'Sending to customs failed and status update failed'],
    ['-621010', 'state', '清单不在申报中状态', 'List is not in "declaring" state'],
    ['-621011', 'state', '没有可变更的已申报清单', 'No declared list to change'],
    ['-621012', 'state', '清单当前状态不允许变更', 'State does not allow a change'],
    ['-621013', 'system', '个人额度查询失败', 'Personal quota query failed'],
    ['-621014', 'system', '个人额度登记失败', 'Personal quota booking failed'],
    ['-621015', 'auth', '企业与签名卡不符', 'Enterprise does not match the card'],
    ['-621016', 'auth', '没有权限', 'No permission'],
    ['-621017', 'system', '系统异常', 'System error, retry'],
    ['-621018', 'business', '订购人将超过年度交易限值', 'Buyer would exceed the yearly limit'],
    ['-621019', 'lookup', '没有数据', 'No data'],
    ['-621020', 'data', '请求参数有误', 'Bad request parameters'],
    ['-621021', 'data', '申报失败：主键为空或记录不存在', 'Declaration failed: key empty or record missing'],
    ['-621022', 'data', '申报失败，详见回执信息', 'Declaration failed (reason in the text)'],
    ['-621023', 'system', '变更失败', 'Change failed'],
    ['-621024', 'data', '所有清单都没有表体', 'None of the lists has lines'],
    ['-621025', 'signature', '签名保存失败', 'Signature could not be stored'],
    ['-621026', 'signature', '签名为空', 'Signature empty'],
    ['-621027', 'data', '表体序号重复', 'Gnum repeated (also used for "not saved, refresh")'],
    ['-621028', 'signature', '签名数据与已存数据不符', 'Signed data differ from the stored data'],
    ['-621029', 'signature', '验签失败', 'Signature check failed'],
    ['-621030', 'limit', '一个报文内的清单过多', 'Too many lists in one message'],
  ],
}

const byKind: ReadonlyMap<string, ReadonlyMap<string, ErrorCode>> = new Map(
  Object.entries(tables).map(([kind, rows]) => [
    kind,
    new Map(rows.map(([code, sort, zh, en]) => [code, { sort, zh, en }])),
  ]),
)
