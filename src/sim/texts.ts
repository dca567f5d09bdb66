/**
 * What the office writes into `returnInfo`: the texts of practice, `[Code:…;Desc:…]` where one is
 * known, and the acknowledgement that names the document's guid (status-dependent, 202205 replies).
 */
import { errorCode } from '../catalogue/error-codes.ts'
import { resultCodes, resultText } from '../catalogue/result-codes.ts'
import { officialStatus } from '../catalogue/statuses.ts'
import { errorsFirst, type Fault } from '../kernel/fault.ts'
import type { Filed } from './filed.ts'

/** Usual text of a status. */
export const usualInfo = (filed: Filed, appType: string, status: string): string => {
  if (status === RECEIVED) return acknowledgement(filed, appType)
  if (status === APPROVED && filed.entry.acts?.verb === 'cancel') return CANCELLED
  const code = resultOf.get(status)
  if (code !== undefined) return resultText(code)
  return errorCode(filed.entry.code, status)?.zh ?? officialStatus(status).zh
}

/** Text of a CEB900: where and what, for as many faults as the field holds. */
export const formatInfo = (faults: readonly Fault[]): string => {
  let info = '报文格式校验失败'
  for (const fault of errorsFirst(faults)) {
    const line = `；${fault.pointer} ${fault.text.zh}`
    if (info.length + line.length > FORMAT_INFO_LENGTH_MAX) break
    info += line
  }
  return info
}

const RECEIVED = '2'
const APPROVED = '399'
/** As seen. */
const CANCELLED = '撤单申请审核通过'
/** The field holds 5,000. */
const FORMAT_INFO_LENGTH_MAX = 4_900

/** The code that goes with a status on a document's usual way; rejections have many. */
const resultOf: ReadonlyMap<string, string> = new Map(
  Object.entries(resultCodes)
    .filter(([, result]) => result.status !== '100')
    .map(([code, result]) => [result.status, code]),
)

const verbs: Readonly<Record<string, string>> = { '1': '新增', '2': '变更', '3': '删除' }

const acknowledgement = (filed: Filed, appType: string): string => {
  const { noun } = filed.traits
  const named =
    filed.entry.needs === undefined
      ? ''
      : `[电商企业编码：${filed.facts.ebcCode ?? ''} 订单编号：${filed.orderNo}]`
  return `${noun}${verbs[appType] ?? ''}申报成功[${filed.guid}]${named}`
}
