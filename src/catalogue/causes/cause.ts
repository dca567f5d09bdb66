/**
 * What a person needs beside the meaning of a code: why it came, who must act, and what he does.
 * Many codes share one cause, so that thousands of refusals fold into the few things to be mended.
 */
import type { Text } from '../../kernel/fault.ts'

/** Who must act. The sender is whoever handed the document in, whatever his role. */
export type Actor =
  | 'sender'
  | 'platform'
  | 'payer'
  | 'carrier'
  | 'declarant'
  | 'operator'
  | 'customs'
  | 'nobody'

export const actors: Readonly<Record<Actor, Text>> = {
  sender: { zh: '报送企业', en: 'the sender of the document' },
  platform: { zh: '电商平台、电商企业', en: 'the platform or merchant' },
  payer: { zh: '支付企业', en: 'the payment firm' },
  carrier: { zh: '物流企业', en: 'the carrier' },
  declarant: { zh: '申报企业', en: 'the declarant' },
  operator: { zh: '网关运维人员', en: 'the operator of the gateway' },
  customs: { zh: '海关', en: 'customs' },
  nobody: { zh: '无需处理，等待即可', en: 'nobody: wait' },
}

/** The text says why; the likeliest actor stands first. */
export interface Cause extends Text {
  readonly actors: readonly [Actor, ...Actor[]]
  readonly cure: Text
  /** It says only that the text says more: refusals with different texts are mended differently. */
  readonly asksToRead?: true
}

export const cause = (
  who: Cause['actors'],
  [zh, en]: readonly [zh: string, en: string],
  [cureZh, cureEn]: readonly [zh: string, en: string],
): Cause => ({ actors: who, zh, en, cure: { zh: cureZh, en: cureEn } })

/** The same, of which only the text says more. */
export const readText = (found: Cause): Cause => ({ ...found, asksToRead: true })
