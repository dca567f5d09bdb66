/** What can be wrong with settlement records: codes, texts and cures. */
import { settlement } from '../catalogue/settlement.ts'
import { at, type Fault, type Text } from '../kernel/fault.ts'
import { SETTLEMENT_VERSIONS_MAX } from '../kernel/settlement-limits.ts'

type Entry = readonly [zh: string, en: string, cureZh: string, cureEn: string]

const table = {
  'number-REPEATED': [
    ...(['同一批中结算编号重复', 'The number stands twice in this request'] as const),
    ...(['每条记录只提交一次', 'Hand every record in once'] as const),
  ],
  'number-USED': [
    '该版本已提交过不同内容',
    'This version was handed in before with other content',
    '变更时版本号加一；新业务使用新的结算编号',
    'Give a change the next version; give another settlement a number of its own',
  ],
  'version-WRONG': [
    '版本号应为下一版本，不能跳过或退回',
    'The version is not the one that comes next',
    '首次提交填 1，每次变更加一；所附数值为当前版本',
    'Give 1 at first and one more for each change; the values beside it tell the version that is held',
  ],
  'version-FORM': [
    '版本号应为正整数',
    'The version is no positive whole number',
    `填写 1 至 ${SETTLEMENT_VERSIONS_MAX}`,
    `Give 1 to ${SETTLEMENT_VERSIONS_MAX}`,
  ],
  'gross-NOT_POSITIVE': [
    '结算总额应大于零',
    'The gross amount is not above zero',
    '退款也填正数，由数据性质 3 表示',
    'Give refunds as positive amounts, too: their nature 3 says what they are',
  ],
  'costs-NEGATIVE': [
    '轧差费用不能为负',
    'A netted cost is below zero',
    '填写大于或等于零的金额，没有则留空',
    'Give zero or more, or leave it out',
  ],
  'costs-RESTORED': [
    '还原数据为总额，不应再轧差费用',
    'A restored record states a gross flow and nets no costs',
    '费用另以一条方向相反的还原数据提交',
    'State the costs as a restored record of their own in the other direction',
  ],
  'net-DIFFERS': [
    '实际收付金额不等于总额减各项费用',
    'The net amount is not the gross less the costs',
    '按所附数值更正到分',
    'Correct it to the cent, as the values beside it show',
  ],
  'net-NEGATIVE': [
    '实际收付金额不能为负',
    'The net amount is below zero',
    '费用超出总额的部分另行付汇申报',
    'Settle costs beyond the gross amount as a payment of their own',
  ],
  'gross-LINES_DIFFER': [
    '明细金额之和不等于结算总额',
    'The lines do not add up to the gross amount',
    '按所附数值更正明细或总额',
    'Correct the lines or the gross amount, as the values beside it show',
  ],
  'amount-NOT_POSITIVE': [
    ...(['明细金额应大于零', 'The amount of the line is not above zero'] as const),
    ...(['填写正数', 'Give a positive amount'] as const),
  ],
  'currency-NOT_RMB': [
    ...(['人民币业务的币制应为 142', 'RMB in and out are in currency 142'] as const),
    ...(['改为 142，或更正业务类型', 'Give 142, or correct the direction'] as const),
  ],
  'currency-RMB': [
    '结汇、购汇的币制不能是人民币',
    'Foreign exchange is not in RMB',
    '填写外币币制，或改为人民币收付款',
    'Give the foreign currency, or take RMB in or out for direction',
  ],
  'rate-NOT_ONE': [
    ...(['人民币业务的汇率应为 1', 'The rate of RMB is 1'] as const),
    ...(['填写 1', 'Give 1'] as const),
  ],
  'rate-NOT_POSITIVE': [
    ...(['汇率应大于零', 'The rate is not above zero'] as const),
    ...(['填写每一单位外币折合人民币', 'Give CNY for one unit of the currency'] as const),
  ],
  'rmb-DIFFERS': [
    '人民币金额与实际金额乘汇率不符',
    'The RMB amount is not the net amount at the rate',
    '按所附数值更正金额或汇率；允差见规则数值 settlement-rmb-tolerance',
    'Correct amount or rate, as the values beside it show; the figure settlement-rmb-tolerance says what may differ',
  ],
  'rate-FAR': [
    '汇率与起息月份的海关汇率相差很大',
    'The rate is far from customs’ rate for the month of the value date',
    '按所附数值核对汇率是否为每一单位外币折合人民币；允差见规则数值 settlement-rate-tolerance',
    'See by the values beside it whether it is CNY for one unit; the figure settlement-rate-tolerance says how far it may be',
  ],
  'valueDate-FUTURE': [
    '起息日晚于今天',
    'The value date is later than today',
    '按实际起息日填写；尚未起息的，起息后提交',
    'Give the day on which the money had value; hand in what has none yet on its day',
  ],
  'bopCode-UNKNOWN': [
    '交易编码在起息日不在编码表中',
    'The transaction code is not in the table on the value date',
    '按参考数据 bop-codes 填写；确有此编码的，请运营方补入',
    'Take one of the reference table bop-codes; have the operator add one that exists',
  ],
  'bopCode-NETTING': [
    '轧差结算一般使用轧差编码',
    'A settlement that nets costs usually carries the code of netting',
    '有实际收付用 999999，无实际收付用 999998',
    'Use 999999 where money was moved, 999998 where none was',
  ],
  'bopCode-NOT_NETTING': [
    '没有轧差费用，却使用了轧差编码',
    'It nets no costs and carries the code of netting',
    '改用所对应贸易的交易编码',
    'Use the code of the trade behind it',
  ],
  'orderNo-MISSING': [
    '明细既无订单编号也无清单编号',
    'The line names neither order nor list',
    '填写 orderNo 或 listNo',
    'Give orderNo or listNo',
  ],
  'orderNo-REPEATED': [
    '同一订单或清单在明细中重复',
    'Order or list stands in the lines twice',
    '合并为一行',
    'Put them together into one line',
  ],
  'amount-OVER': [
    '结算金额超过清单扣除退货及已结算、已预留后的金额',
    'The amount goes beyond what is left of the list after returns, settlements and reservations',
    '按所附数值核对金额；清单已退货的，先办理退款',
    'Check the amount against the values beside it; refund what belongs to goods that came back',
  ],
  'amount-SETTLED_BEFORE': [
    '该清单已全额结算，或放行前已全额预留',
    'The list is settled in full already, or reserved in full ahead of its release',
    '核对是否重复结算；原记录有误的先变更或撤销',
    'See whether this settles it twice; change or withdraw a record that was wrong',
  ],
  'amount-WAITING_BEFORE': [
    '已有其他有效记录的明细等待同一订单或清单',
    'Lines of other records in force wait for this order or list already',
    '按所附数值核对是否重复结算；清单到后先提交的先对应，超出的不计入已结算',
    'See by the values beside it whether this settles it twice; when the list comes the earlier records win, and what is over does not count',
  ],
  'reference-UNKNOWN': [
    '没有本机构有效的这一实际结算记录',
    'The institution has no actual record in force of that number',
    '先提交原记录，或更正关联结算编号',
    'Hand the original in first, or correct the reference',
  ],
  'reference-DIFFERS': [
    '与原记录的商户、业务类型或币制不同',
    'Seller, direction or currency differ from the original',
    '与原记录一致填写',
    'Give them as the original has them',
  ],
  'reference-NOT_IN_ORIGINAL': [
    '原记录没有这一订单或清单的明细',
    'The original has no line for that order or list',
    '按原记录的明细填写同样的编号',
    'Name order or list as the line of the original does',
  ],
  'amount-REFUND_OVER': [
    '退款超过原明细尚未退款的金额',
    'The refund goes beyond what is left of the line it refunds',
    '按所附数值核对金额',
    'Check the amount against the values beside it',
  ],
  'number-REFUNDED': [
    '该记录已有退款，不能撤销或改到低于退款的内容',
    'Refunds of it are in force: it cannot go, nor become less than they are',
    '先撤销退款记录',
    'Withdraw the refunds first',
  ],
  'reason-MISSING': [
    ...(['撤销须写明原因', 'A withdrawal needs its reason'] as const),
    ...(['填写 reason', 'Give reason'] as const),
  ],
} as const satisfies Readonly<Record<string, Entry>>

export type SettlementFault = keyof typeof table

/** Codes that are not sure enough to refuse anything. */
const WARNINGS: ReadonlySet<string> = new Set<SettlementFault>([
  ...(['bopCode-NETTING', 'bopCode-NOT_NETTING', 'rate-FAR', 'amount-WAITING_BEFORE'] as const),
])

export const HEAD = '/SettlementHead'

/** `SETTLEMENT-net-DIFFERS`, at its field of the head unless another pointer is told. */
export const settlementFault = (
  what: SettlementFault,
  values?: Readonly<Record<string, string>>,
  pointer = at(HEAD, what.slice(0, what.indexOf('-'))),
): Fault => {
  const [zh, en, cureZh, cureEn] = table[what]
  const text: Text = { zh, en }
  return {
    ...{ code: `${settlement.code}-${what}`, pointer, text, cure: { zh: cureZh, en: cureEn } },
    severity: WARNINGS.has(what) ? 'warning' : 'error',
    ...(values === undefined ? {} : { values }),
  }
}

/** Into a field of a line. */
export const linePointer = (position: number, field: string): string =>
  at(at('/SettlementList', position), field)
