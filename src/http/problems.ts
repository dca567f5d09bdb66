/**
 * Every refusal of the HTTP interface, in one table: code → status, title and cure, in Chinese and
 * in English. `problemResponse` makes the RFC 9457 body of it. Codes are a contract: retired, never
 * reused. What is told here is all that is told: causes inside the gateway go to the log.
 */
import type { Context } from 'hono'
import type { Fault, Text } from '../kernel/fault.ts'
import { eventProblems } from './event-problems.ts'
import { entry, type ProblemEntry } from './problem-entry.ts'

export const problems = {
  ...eventProblems,
  'BODY-TOO-LARGE': entry(
    413,
    ['请求体过大', 'The body is too large'],
    [
      '分批提交,或以 application/x-ndjson 流式提交',
      'Send smaller batches, or stream as application/x-ndjson',
    ],
  ),
  'BATCH-TOO-LONG': entry(
    413,
    ['一批单证过多', 'Too many documents in one batch'],
    [
      '每批最多 2000 份;更多请以 application/x-ndjson 流式提交',
      'At most 2,000 a batch; stream more as application/x-ndjson',
    ],
  ),
  'CONTENT-TYPE-WRONG': entry(
    415,
    ['内容类型不支持', 'The content type is not taken here'],
    [
      '按接口文档设置 Content-Type,不要压缩请求体',
      'Set the Content-Type that the interface page names; do not compress the body',
    ],
  ),
  'BODY-NOT-UTF8': entry(
    400,
    ['请求体不是 UTF-8', 'The body is not UTF-8'],
    ['以 UTF-8 编码后重新提交', 'Encode as UTF-8 and send again'],
  ),
  'BODY-NOT-JSON': entry(
    400,
    ['请求体不是有效的 JSON', 'The body is not JSON'],
    ['检查引号、逗号和括号后重新提交', 'Check quotes, commas and brackets, then send again'],
  ),
  'BODY-WRONG-SHAPE': entry(
    400,
    ['请求体结构不对', 'The body has not the expected shape'],
    ['按所列位置对照接口文档修改', 'Mend the places that are listed'],
  ),
  'QUERY-WRONG': entry(
    400,
    ['查询参数有误', 'A query parameter is wrong'],
    ['按所列参数修改', 'Mend the parameters that are listed'],
  ),
  'KIND-UNKNOWN': entry(
    422,
    ['单证类型未知', 'The kind of document is not known'],
    [
      '使用接口文档所列的类型代码,例如 CEB311;回执请发往 /api/v1/customs/replies',
      'Use a kind that the interface page lists, such as CEB311; replies go to /api/v1/customs/replies',
    ],
  ),
  'DOCUMENTS-REFUSED': entry(
    422,
    ['没有一份单证被接收', 'None of the documents was taken'],
    ['按每份单证所列的问题修改后重新提交', 'Mend what is listed of each document and send again'],
  ),
  'SHEET-UNREADABLE': entry(
    422,
    ['表格无法读取', 'The sheet cannot be read'],
    [
      '按所列问题中的工作表、行、列修改后重新上传',
      'Mend the sheets, rows and columns that are listed, then upload again',
    ],
  ),
  'MESSAGE-UNREADABLE': entry(
    422,
    ['报文无法读取', 'The message cannot be read'],
    ['按所列问题修改报文后重新提交', 'Mend what is listed and send again'],
  ),
  'IDEMPOTENCY-KEY-REUSED': entry(
    422,
    ['该 Idempotency-Key 已用于另一请求', 'This Idempotency-Key came before with another request'],
    ['新的请求使用新的键', 'Use a new key for a new request'],
  ),
  'IDEMPOTENCY-KEY-WRONG': entry(
    400,
    ['Idempotency-Key 无效', 'The Idempotency-Key is not usable'],
    [
      '使用 1 到 200 个可见 ASCII 字符;流式提交不使用该键,单证号本身防重',
      'Use 1 to 200 visible ASCII characters; streams take none, the document numbers themselves prevent doubles',
    ],
  ),
  UNAUTHENTICATED: entry(
    401,
    ['未登录或密钥无效', 'Not signed in, or the key is not valid'],
    [
      '以 Authorization: Bearer <API 密钥> 提交,或先登录',
      'Send Authorization: Bearer <API key>, or sign in first',
    ],
  ),
  'SCOPE-MISSING': entry(
    403,
    ['没有此项权限', 'This is not allowed to you'],
    ['请企业管理员或平台运营者授权', 'Ask an administrator of the enterprise, or the operator'],
  ),
  'ORIGIN-FOREIGN': entry(
    403,
    ['请求来自其他网站', 'The request comes from another site'],
    ['在本平台页面上操作,或使用 API 密钥', 'Use the pages of this gateway, or an API key'],
  ),
  'ENTERPRISE-NOT-CHOSEN': entry(
    400,
    ['未指明企业', 'It is not clear for which enterprise'],
    ['加上参数 enterprise=<企业编号>', 'Add the parameter enterprise=<id>'],
  ),
  'NOT-FOUND': entry(
    404,
    ['未找到', 'Not found'],
    ['核对编号和网址', 'Check the number and the address'],
  ),
  'METHOD-NOT-ALLOWED': entry(
    405,
    ['此网址不支持该方法', 'The method is not taken here'],
    ['使用 Allow 头所列的方法', 'Use a method that the Allow header names'],
  ),
  'MESSAGE-NOT-SIGNED': entry(
    409,
    ['报文已组成,正在等待签名', 'The message is composed and waits for its signature'],
    [
      '稍后再取;签名服务或设备的状态见签名密钥列表',
      'Ask again later; the list of signing keys says how its signers stand',
    ],
  ),
  'MESSAGE-NOT-COMPOSED': entry(
    409,
    ['报文尚未生成', 'The message is not composed yet'],
    ['单证组报之后再取', 'Fetch it once the document is composed'],
  ),
  'LINK-UNKNOWN': entry(
    422,
    ['没有该链路', 'There is no such link'],
    ['使用所列的链路之一，或不指定（null）', 'Use one of those listed, or none (null)'],
  ),
  'DOCUMENT-NOT-BLOCKED': entry(
    409,
    ['单证未被规则拦下', 'No rule holds this document back'],
    [
      '查看单证的 state 和 queue，了解它在等什么',
      'See `state` and `queue` of the document for what it waits for',
    ],
  ),
  'RULE-FIRM': entry(
    409,
    ['所违反的规则不可放宽', 'It breaks rules that nobody may soften'],
    ['按所列问题更正单证后重新提交', 'Mend what is listed and hand the document in again'],
  ),
  'RULE-NOT-OFFERED': entry(
    422,
    ['规则不能这样设置', 'A rule cannot be set so'],
    ['按所列的处理方式选择，或不指定（null）', 'Choose one of those listed, or none (null)'],
  ),
  'ENTERPRISE-INVALID': entry(
    422,
    ['企业信息有误', 'The enterprise has faults'],
    ['按所列问题修改', 'Mend what is listed'],
  ),
  'ENTERPRISE-EXISTS': entry(
    409,
    ['企业已存在', 'The enterprise is there already'],
    [
      '海关注册编码或统一社会信用代码已登记,使用已有企业',
      'Its customs code or credit code is registered: use the existing enterprise',
    ],
  ),
  'USER-EXISTS': entry(
    409,
    ['该邮箱已有账号', 'There is an account with this e-mail address'],
    ['使用已有账号,或换一个邮箱', 'Use that account, or another address'],
  ),
  'SIGNING-KEY-INVALID': entry(
    422,
    ['签名密钥无效', 'The signing key is not usable'],
    [
      '核对证书与私钥是否配对、是否在有效期内',
      'Check that certificate and private key belong together and are in force',
    ],
  ),
  'SIGNING-KEY-EXISTS': entry(
    409,
    ['该证书的签名密钥已登记', 'A signing key with this certificate is there already'],
    ['无须重复登记', 'Nothing needs to be done'],
  ),
  'SIGNER-FAILED': entry(
    422,
    ['签名服务或设备没有通过试签', 'The signing service or device did not pass its trial'],
    [
      '按所列原因检查地址、密钥名、令牌或 PIN、驱动和证书',
      'Check address, key name, token or PIN, driver and certificate, by the reason that is listed',
    ],
  ),
  'MANDATE-INVALID': entry(
    422,
    ['委托有误', 'The mandate has faults'],
    ['按所列问题修改', 'Mend what is listed'],
  ),
  'MANDATE-OVER': entry(
    409,
    ['委托已经终止', 'The mandate is over already'],
    ['无须再次终止', 'Nothing needs to be done'],
  ),
  'ACTION-NOT-OFFERED': entry(
    422,
    ['这类单证不能这样办理', 'Documents of this kind cannot be treated so'],
    ['按所列问题所示改用其他办法', 'Take the way that is listed'],
  ),
  'ACTION-NOT-NOW': entry(
    409,
    ['单证目前的状态不允许这样办理', 'The document does not stand so that this can be done'],
    [
      '按所列问题办理；确知我方状态滞后的，可选择仍然提交（force）',
      'Do what is listed; if you know that our state is behind, choose to hand in all the same (force)',
    ],
  ),
  'ACTION-WRONG': entry(
    422,
    ['申请内容有误', 'What is asked for is wrong'],
    ['按所列位置修改', 'Mend the places that are listed'],
  ),
  'SUMMARY-WRONG': entry(
    422,
    ['汇总申请内容有误', 'The summary cannot be built as asked'],
    ['按所列位置修改', 'Mend the places that are listed'],
  ),
  'TAX-WRONG': entry(
    422,
    ['税款无法试算', 'The taxes cannot be told as asked'],
    ['按所列位置修改', 'Mend the places that are listed'],
  ),
  'CORRECTION-EXPIRED': entry(
    409,
    ['预览已过期', 'The preview is too old'],
    ['重新预览后再提交', 'Preview the correction again, then apply it'],
  ),
  'CODE-PUBLISHED': entry(
    409,
    ['该代码已有公布的含义', 'The meaning of this code is published'],
    ['无须登记；对照 docs/codes.md', 'Nothing needs to be told; see the page of codes'],
  ),
  'RESEND-NOT-NEEDED': entry(
    409,
    ['单证无须重发', 'The document does not need to be sent again'],
    [
      '它尚在发送途中，或海关已有回执；仅发送失败的单证可以重发',
      'It is on its way, or customs has answered it; only what could not be delivered is sent again',
    ],
  ),
  'RESEND-SUPERSEDED': entry(
    409,
    [
      '同一报文中有单证已被新版本取代并发出，不能重发旧报文',
      'A later version of a document in this message was sent: the old bytes must not follow it',
    ],
    [
      '将本单证以变更方式（appType 2、较晚的 appTime）重新提交',
      'Hand this document in again as a change (appType 2, a later appTime)',
    ],
  ),
  'RESEND-TOO-OFTEN': entry(
    409,
    ['该报文重发次数已达上限', 'The message has been sent again too often'],
    ['查明原因，修改单证后重新提交', 'Find the reason, mend the document and hand it in again'],
  ),
  'PAYMENTS-TOO-MANY': entry(
    413,
    ['一次提交的支付过多', 'Too many payments in one request'],
    ['每次最多 500 笔,分批提交', 'At most 500 a request; send the others in further ones'],
  ),
  'PAYMENTS-REFUSED': entry(
    422,
    ['支付原始数据均未接收', 'None of the payments was taken'],
    ['按所列问题修改后重新提交', 'Mend what is listed and hand it in again'],
  ),
  'UPLOAD-NOT-ENDED': entry(
    409,
    ['该上传仍在进行或已完成', 'The upload is under way or done'],
    ['只有已停止(ended)的上传可以重试', 'Only one that ended can be sent again'],
  ),
  'REFERENCE-REFUSED': entry(
    422,
    ['参考数据有误，没有装载', 'The reference data has faults; nothing of it was loaded'],
    ['按所列的行、列修改后重新上传', 'Mend the rows and columns that are listed, then load again'],
  ),
  'REPORT-REFUSED': entry(
    422,
    ['报告不能发布', 'The report cannot be published'],
    ['按所列问题修改后重新提交', 'Mend what is listed and send again'],
  ),
  'REPORT-SIGNED': entry(
    409,
    ['该角色已签发本版', 'This role has signed the edition already'],
    ['无须重复签发;签发记录见报告', 'Once is enough; the report tells who signed'],
  ),
  'REPORT-SUPERSEDED': entry(
    409,
    ['本月已有更新的版次', 'The month has a later edition'],
    ['签发最新一版', 'Sign the latest one'],
  ),
  'FORMAT-NOT-HERE': entry(
    501,
    ['此运行环境不能生成该格式', 'This format cannot be made where the gateway runs'],
    [
      '下载工作簿(.xlsx)或 .json,或在 Node 上运行 yuguan report',
      'Fetch the workbook (.xlsx) or the .json, or run `yuguan report` on Node',
    ],
  ),
  'BOOK-INVALID': entry(
    422,
    ['账册信息有误', 'The bonded book has faults'],
    ['按所列问题修改', 'Mend what is listed'],
  ),
  'BOOK-EXISTS': entry(
    409,
    ['该账册编号已登记', 'A bonded book of this number is registered already'],
    [
      '核对账册编号;确属本企业的,请联系运营方',
      'Check the number; if the book is yours, ask the operator',
    ],
  ),
  'ROWS-TOO-MANY': entry(
    413,
    ['一次提交的行过多', 'Too many rows in one request'],
    ['每次最多 5000 行,分批提交', 'At most 5000 a request; send the others in further ones'],
  ),
  'ROWS-REFUSED': entry(
    422,
    ['数据行有误,均未保存', 'Rows have faults; nothing was stored'],
    ['按所列位置修改后整份重新提交', 'Mend the places that are listed, and send all of it again'],
  ),
  'SETTLEMENTS-TOO-MANY': entry(
    413,
    ['一次提交的结算记录或明细过多', 'Too many settlement records, or lines, in one request'],
    [
      '每次最多 500 条记录、共 20000 行明细，分批提交',
      'At most 500 records with 20,000 lines a request; send the others in further ones',
    ],
  ),
  'SETTLEMENTS-REFUSED': entry(
    422,
    ['结算记录均未接收', 'None of the settlement records was taken'],
    ['按所列问题修改后重新提交', 'Mend what is listed and hand it in again'],
  ),
  'SETTLEMENT-NOT-WITHDRAWN': entry(
    422,
    ['结算记录不能撤销', 'The settlement record cannot be withdrawn'],
    ['按所列问题办理后再撤销', 'Do what is listed first'],
  ),
  'SETTLEMENT-OVER': entry(
    409,
    ['结算记录已经撤销', 'The settlement record was withdrawn before'],
    ['无须再次撤销', 'Nothing needs to be done'],
  ),
  'MOVEMENT-NUMBER-USED': entry(
    409,
    ['该凭证编号已用于其他变动', 'The number stands for another entry already'],
    ['换用新的凭证编号', 'Use a number of its own'],
  ),
  'COUNT-CHANGED': entry(
    409,
    [
      '盘点内容或账册已与预览时不同,没有入账',
      'Count or book are no longer those that were looked at; nothing was booked',
    ],
    [
      '查看 report 中的最新差异,以其中的 token 再次提交',
      'Look at report, and send it again with its token',
    ],
  ),
  'REPLY-NOT-IN-TROUBLE': entry(
    409,
    ['回执无须重新处理', 'The reply does not need to be tried again'],
    [
      '它已处理完毕或正在排队；仅无法读取、未匹配和处理失败的回执可以重试',
      'It is folded or queued; only what is unreadable, unmatched or failed is tried again',
    ],
  ),
  'LAST-OWNER': entry(
    409,
    ['企业至少须有一名负责人', 'An enterprise keeps at least one owner'],
    ['先将另一名用户设为负责人', 'Make somebody else an owner first'],
  ),
  'REPLY-EMPTY': entry(
    400,
    ['回执为空', 'The reply is empty'],
    ['以 application/xml 提交回执报文', 'Send the reply message as application/xml'],
  ),
  'REHEARSAL-NOT-HERE': entry(
    409,
    ['此网关不能进行压力演练', 'No rehearsal may begin at this gateway'],
    [
      '网关的链路须全部指向模拟海关；GET /api/v1/rehearsals 说明原因',
      'All its links must lead to a simulated office; GET /api/v1/rehearsals tells why not',
    ],
  ),
  'REHEARSAL-RUNNING': entry(
    409,
    ['已有一场演练正在进行', 'A rehearsal is under way'],
    ['等它结束，或先中止它', 'Wait for its end, or stop it first'],
  ),
  'RATE-LIMITED': entry(
    429,
    ['请求过多', 'Too many requests'],
    [
      '按 Retry-After 头所示秒数等待后重试;各类限额见 GET /api/v1/limits',
      'Wait for the seconds that Retry-After names; GET /api/v1/limits lists all limits',
    ],
  ),
  'NOT-READY': entry(
    503,
    ['服务暂不可用', 'The service cannot answer now'],
    ['稍后重试', 'Try again later'],
  ),
  INTERNAL: entry(
    500,
    ['内部错误', 'An error inside the gateway'],
    [
      '稍后重试;仍出错时请将 requestId 告知运营者',
      'Try again later; if it stays, tell the operator the requestId',
    ],
  ),
} as const satisfies Readonly<Record<string, ProblemEntry>>

export type ProblemCode = keyof typeof problems

/** Entry of a code that came as text; undefined for a code we never give. */
export const findProblem = (code: string): ProblemEntry | undefined => byCode.get(code)

const byCode: ReadonlyMap<string, ProblemEntry> = new Map(Object.entries(problems))

export interface ProblemMore {
  readonly faults?: readonly Fault[]
  /** Members beside those of every problem, such as `results`. */
  readonly members?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  /** Instead of the cure of the table, where it can be told more exactly. */
  readonly cure?: Text
}

/** The members that every problem has. */
export const problemBody = (code: ProblemCode, requestId: string, more: ProblemMore = {}) => {
  const { status, title, cure } = problems[code]
  return {
    type: `/problems/${code}`,
    title: title.zh,
    status,
    code,
    text: title,
    cure: more.cure ?? cure,
    requestId,
    faults: more.faults ?? [],
    ...more.members,
  }
}

/** Answers with a problem; the only way that a route says no. */
export const problemResponse = (c: Context, code: ProblemCode, more: ProblemMore = {}): Response =>
  c.body(JSON.stringify(problemBody(code, c.get('requestId'), more)), problems[code].status, {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    ...more.headers,
  })
