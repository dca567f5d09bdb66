/**
 * Why an upload is not done: what customs answered, or what keeps it from being sent. Stored by name
 * and told in both languages with what to do.
 */
import { findUploadAnswer } from '../catalogue/upload-answers.ts'
import type { Text } from '../kernel/fault.ts'

export interface Problem {
  readonly name: string
  readonly text: Text
  readonly cure: Text
}

const own = {
  'NOT-CONNECTED': {
    text: {
      zh: '尚未设置海关上传地址,上传等待中',
      en: 'The address of customs is not set; the upload waits',
    },
    cure: { zh: '请运营方设置 CUSTOMS_179_URL', en: 'The operator must set CUSTOMS_179_URL' },
  },
  'NO-SIGNING-KEY': {
    text: { zh: '平台没有有效的签名密钥', en: 'The platform has no signing key in force' },
    cure: {
      zh: '登记已在海关服务注册的有效证书;登记后自动继续',
      en: 'Register the key that is in the service registration; it goes on by itself then',
    },
  },
  'SIGNER-AWAY': {
    text: { zh: '签名服务暂时不可用', en: 'The signer does not answer now' },
    cure: { zh: '检查签名服务;恢复后自动继续', en: 'Look after it; it goes on by itself then' },
  },
  'NO-PAYMENT': {
    text: {
      zh: '该订单的支付原始数据已不存在',
      en: 'The original payment data of the order is not there any more',
    },
    cure: { zh: '重新提交该支付数据后重试', en: 'Hand the payment in again, then retry' },
  },
  UNREACHABLE: {
    text: {
      zh: '海关上传地址没有给出有效答复',
      en: 'The address of customs gave no answer of the interface',
    },
    cure: {
      zh: '上传中的会自动重试;已停止的请核对网络与地址后重试',
      en: 'What is under way is tried again; what ended: check network and address, then retry',
    },
  },
  INTERNAL: {
    text: { zh: '网关内部错误', en: 'An error inside the gateway' },
    cure: { zh: '请联系运营方', en: 'Tell the operator' },
  },
} as const satisfies Readonly<Record<string, { readonly text: Text; readonly cure: Text }>>

/** Problems that are ours to find. */
export type OwnProblem = keyof typeof own

const ownProblems: ReadonlyMap<string, { readonly text: Text; readonly cure: Text }> = new Map(
  Object.entries(own),
)

/** The words for a problem by the name under which it was stored. */
export const disclosureProblem = (name: string): Problem => {
  const { text, cure } = ownProblems.get(name) ?? findUploadAnswer(name) ?? own.INTERNAL
  return { name, text, cure }
}

/** What binds a message of customs to its upload: it may quote a person. */
export const messageContext = (id: string): string => `disclosure-message/${id}`

/** What binds the body of an upload to it. */
export const bodyContext = (id: string): string => `disclosure-body/${id}`
