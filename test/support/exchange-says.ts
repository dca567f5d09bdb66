/** Answers of the exchange platform (DxpRep), as its schema of 202205 has them. */
export interface ExchangeSaying {
  readonly code: string
  /** CopMsgId of the message it speaks of; left out, the answer has no OriHead. */
  readonly about?: string
  readonly info?: string
}

export const exchangeSays = (
  receiver: string,
  sayings: readonly ExchangeSaying[],
  day = '2026-10-15',
): Uint8Array => {
  const responses = sayings.map(
    ({ code, about, info = '' }) =>
      `<dxp:Response><dxp:ResponseCode>${code}</dxp:ResponseCode>` +
      `<dxp:ResponseInfo>${info}</dxp:ResponseInfo><dxp:NoticeTime>${day}</dxp:NoticeTime>` +
      (about === undefined
        ? ''
        : `<dxp:OriHead><dxp:CopMsgId>${about}</dxp:CopMsgId></dxp:OriHead>`) +
      '</dxp:Response>',
  )
  return Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>' +
      '<dxp:DxpRep xmlns:dxp="http://www.chinaport.gov.cn/dxp" ver="1.0">' +
      `<dxp:RecevierId>${receiver}</dxp:RecevierId>${responses.join('')}</dxp:DxpRep>`,
  )
}
