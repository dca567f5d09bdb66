/**
 * Why a reply is not folded, in one table: what is wrong, where that comes from and what an operator
 * does about it. The code is what the reply row keeps; codes are a contract, retired, never reused.
 */
import type { Text } from '../kernel/fault.ts'
import type { ReplyTable } from '../store/tables.ts'

export interface ReplyProblem extends Text {
  readonly code: string
  readonly cause: Text
  readonly cure: Text
}

type Words = readonly [zh: string, en: string]

const problem = (what: Words, cause: Words, cure: Words): Omit<ReplyProblem, 'code'> => ({
  ...textOf(what),
  cause: textOf(cause),
  cure: textOf(cure),
})

const textOf = ([zh, en]: Words): Text => ({ zh, en })

const problems = {
  NO_DOCUMENT: problem(
    ['回执所指单证不在本系统', 'No document here goes by the key in the reply'],
    [
      '单证尚未提交或由其他系统发送，或回执的收件账号不是该单证的发送账号',
      'The document was not handed in yet or another system sent it, or the reply is addressed to another account than its sender’s',
    ],
    [
      '单证提交并组报后会自动重新匹配；账号登记有误的，改正企业 dxpId 后重试',
      'It is matched by itself once the document is handed in and composed; if an account is wrong, correct the dxpId of the enterprise and retry',
    ],
  ),
  AMBIGUOUS: problem(
    [
      '回执缺少部分关键字，符合的单证不止一份',
      'The reply leaves out a part of the key, and several documents fit',
    ],
    [
      '多个企业使用同一编号，而回执未写明是哪一个',
      'Several enterprises use the same number and the reply does not say whose it is',
    ],
    [
      '查看原始回执，联系海关补发带完整关键字的回执；同号单证只剩一份时可重试',
      'Look at the raw reply and ask customs for one with the whole key; retry when one of the documents is gone',
    ],
  ),
  NO_TARGET: problem(
    ['获准的申请所指的单证未找到', 'What the granted document acts on was not found'],
    [
      '本系统没有带该海关编号的清单，或海关给予清单编号的回执尚未收到',
      'No list here bears that number of customs, or the reply that gives it has not come yet',
    ],
    [
      '收到清单编号的回执后会自动处理；清单由其他系统申报的，在该系统中处理',
      'It is settled by itself when the reply with the number arrives; if the list was declared elsewhere, see to it there',
    ],
  ),
  OTHER_MERCHANT: problem(
    [
      '获准的申请所指的清单属于其他电商企业，未作处理',
      'The granted document names a list of another merchant, and nothing was done to it',
    ],
    [
      '清单既不是申请人提交的，其电商企业代码与申请中的也不一致',
      'The list was filed by another enterprise, and the merchant it names is not the one in the application',
    ],
    [
      '核对申请中的清单编号和电商企业代码；海关确已批准的，由清单的电商企业或其代理变更后重试',
      'Check the number of the list and the code of the merchant in the application; if customs did grant it, retry once the merchant of the list, or his agent, has put it right',
    ],
  ),
  NO_MESSAGE: problem(
    [
      '交换平台应答所指报文不是本系统发送的',
      'The exchange platform speaks of a message we did not send',
    ],
    [
      'OriHead 未填或报文编号不符，或 RecevierId 不是该报文的发送账号',
      'OriHead is missing or names another id, or RecevierId is not the account that sent the message',
    ],
    [
      '按 responses 中的报文编号在发送方系统查找；账号登记有误的，改正 dxpId 后重试',
      'Look for the ids in `responses` where they were sent; if an account is wrong, correct the dxpId and retry',
    ],
  ),
  INCOMPLETE: problem(
    [
      '部分回执缺少编号、状态或有效时间',
      'Some replies inside lack a number, a status or a time that can be',
    ],
    [
      '报文中个别回执不完整；其余各份已正常处理',
      'Single replies of the message are incomplete; the others are folded',
    ],
    [
      '查看原始回执，请海关补发缺项的回执；系统升级后可重试',
      'Look at the raw reply and ask customs for the missing ones; retry after an upgrade',
    ],
  ),
  UNREADABLE: problem(
    ['回执无法读取', 'The reply cannot be read'],
    [
      '内容不是规定格式的信封或报文，faults 列出全部错误',
      'It is no envelope or message of the form agreed; faults name all that is wrong',
    ],
    [
      '查看原始内容，请发送方按格式重发；系统升级后可重试',
      'Look at the raw bytes and ask the sender for well-formed ones; retry after an upgrade',
    ],
  ),
  NOT_A_REPLY: problem(
    ['收到的是申报报文，不是回执', 'A declaration came in, not a reply'],
    ['申报报文被投递到了回执入口', 'A message to customs was delivered where replies come in'],
    [
      '检查通道或队列配置，申报报文由 /api/v1/messages 提交',
      'Check links and queues; declarations go to /api/v1/messages',
    ],
  ),
  INTERNAL: problem(
    ['处理回执时本系统出错', 'The gateway failed while folding the reply'],
    [
      '数据库或程序错误，已多次重试；日志中有 reply.failed',
      'A fault of the database or the program, tried several times; the log has reply.failed',
    ],
    ['排除日志所示故障后重试', 'Remove what the log names, then retry'],
  ),
} as const satisfies Readonly<Record<string, Omit<ReplyProblem, 'code'>>>

type Code = keyof typeof problems

const isCode = (text: string): text is Code => Object.hasOwn(problems, text)

/** What an operator is told; null for a reply that is not in trouble. */
export const explainReply = (reply: {
  readonly state: ReplyTable['state']
  readonly problem: string | null
}): ReplyProblem | null => {
  const code = codeOf(reply)
  return code === undefined ? null : { code, ...problems[code] }
}

const codeOf = ({ state, problem: kept }: Parameters<typeof explainReply>[0]): Code | undefined => {
  if (state === 'new' || state === 'folded') return undefined
  if (state === 'failed') return 'INTERNAL'
  if (state === 'unreadable') return kept?.endsWith('-NOT_A_REPLY') ? 'NOT_A_REPLY' : 'UNREADABLE'
  // What the exchange platform answered was once kept by its codes.
  return kept !== null && isCode(kept) ? kept : 'NO_MESSAGE'
}
