/** Causes of what the gateway does by itself, before customs sees anything. */
import { cause } from './cause.ts'

export const ownCauses = {
  'held-by-rules': cause(
    ['sender', 'platform', 'payer', 'carrier'],
    [
      '四单比对不符合规则，海关会退单，网关暂不发送清单',
      'The documents of the consignment break rules that customs refuses for: the list is not sent',
    ],
    [
      '按各条规则的办法更正并重新提交有误的单证，清单随后自动发送；确认无误的，可选择仍要发送',
      'Correct the document that is wrong and hand it in again: the list then goes by itself. If all is right as it is, send it anyway',
    ],
  ),
} as const
