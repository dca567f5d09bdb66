/**
 * Who must act, and how, when a document stays in a stage for too long. Of stages that customs may be
 * slow in, and of those that wait for somebody from the outset, the causes say it; here stands what
 * delay itself tells.
 */
import type { Text } from '../kernel/fault.ts'
import type { Actor } from './causes/cause.ts'
import { causes } from './causes/index.ts'
import type { State } from './message.ts'

export interface StageAdvice {
  /** The likeliest first. */
  readonly actors: readonly [Actor, ...Actor[]]
  readonly cure: Text
}

const advice = (actors: StageAdvice['actors'], zh: string, en: string): StageAdvice => ({
  actors,
  cure: { zh, en },
})

const ON_THE_WAY = advice(
  ['operator', 'customs'],
  '先查链路状态；链路正常而仍无回执的，请运维人员持报文编号向电子口岸查询，不要换编号重报',
  'Look at the links first; if they are up and no reply comes, the operator asks the e-port with the number of the message. Do not send it again under another number',
)

/** Of every state in which a document may be open. */
export const stageAdvice: Readonly<Record<State, StageAdvice>> = {
  waiting: advice(
    ['sender', 'platform', 'payer', 'carrier'],
    '查看单证等待什么（queue.waitsFor）：未交的三单请对应企业提交，已交未入库的先处理其退单',
    'See what the document waits for (queue.waitsFor): whoever owes a companion hands it in; one that was refused is corrected first',
  ),
  blocked: causes['held-by-rules'],
  ready: advice(
    ['operator', 'sender'],
    '查看单证的排队情况（queue）：缺签名证书或 DXP 账号的由发送企业补登，链路中断的由运维人员恢复',
    'See where the document waits (queue): a missing signing key or DXP account is the sender’s to register, a link that is down the operator’s to bring back',
  ),
  sent: ON_THE_WAY,
  undelivered: advice(
    ['sender', 'operator'],
    '按所述原因（reason）处理后，重新发送原报文（resend）',
    'Do what the reason asks for, then send the same message again (resend)',
  ),
  unknown: causes['unknown-status'],
  drafted: causes['kept-as-draft'],
  received: advice(
    ['sender', 'customs'],
    '清单停在申报中，多为对应的订单、支付单或运单尚未入库：核对四单是否齐全一致；齐全的向主管海关查询',
    'A list that stays here mostly lacks its order, payment or waybill at customs: see whether all are there and agree; if so ask the customs office',
  ),
  forwarded: ON_THE_WAY,
  'forward-failed': causes['not-forwarded'],
  rejected: causes['rejected-by-customs'],
  stored: advice(
    ['customs', 'declarant'],
    '海关已入库而未审结：向主管海关查询；内容有误的可在放行前申请撤单',
    'Customs has it and has not decided: ask the customs office; what is wrong can be cancelled before release',
  ),
  review: causes['under-review'],
  approved: advice(
    ['customs', 'declarant'],
    '海关已审结而未放行：向监管场所核对货物是否到齐，再向主管海关查询',
    'Approved and not released: ask the supervised site whether the goods are there, then the customs office',
  ),
  inspection: causes['under-inspection'],
  held: causes['held-by-customs'],
  suspended: causes['suspended-by-customs'],
  'sent-back': causes['goods-go-back'],
  released: causes.finished,
  closed: causes.finished,
  cancelled: causes.finished,
}
