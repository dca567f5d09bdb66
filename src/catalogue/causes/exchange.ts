/**
 * Causes behind the response codes of the exchange platform (DxpRep): the envelope did not reach
 * customs, whatever is inside. Source: response codes of the DXP text, 202205.
 */
import { cause, readText } from './cause.ts'

export const exchangeCauses = {
  'exchange-form': cause(
    ['operator'],
    ['信封不合格式，交换平台没有转发', 'The envelope has a wrong form and was not passed on'],
    [
      '核对 DxpMsg 的结构和字段长度与平台现行版本是否一致，改正后重新发送该报文',
      'Compare structure and lengths of the DxpMsg with the version in force at the platform, then send the message again',
    ],
  ),
  'exchange-security': cause(
    ['operator'],
    [
      '交换平台验签、解密或证书检查不通过',
      'The platform could not verify the signature, the certificate or the encryption',
    ],
    [
      '检查交换终端的证书是否有效、是否与发送账号一致，更换后重新发送该报文',
      'See that the certificate of the terminal is valid and belongs to the sending account; renew it and send the message again',
    ],
  ),
  'exchange-routing': cause(
    ['operator'],
    ['收件账号不存在或与实际不符', 'The receiver’s account does not exist or is another one'],
    [
      '核对海关 DXP 地址和本企业账号（dxpId）的登记，改正后重新发送',
      'Check the DXP address of customs and the account (dxpId) of the enterprise, correct them and send again',
    ],
  ),
  'exchange-system': cause(
    ['operator'],
    ['交换平台系统故障或连接超时', 'A failure or time-out inside the exchange platform'],
    [
      '稍后原样重发；持续故障时联系交换平台值班人员',
      'Send the same bytes again later; if it lasts, call the duty desk of the platform',
    ],
  ),
  'exchange-unknown': readText(
    cause(
      ['operator'],
      ['交换平台的扩展代码，没有公布含义', 'A code of the platform’s own that nobody published'],
      ['向交换平台问明含义后处理', 'Ask the exchange platform what it means'],
    ),
  ),
} as const
