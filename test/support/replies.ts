/** Reply messages as if from customs, for what the simulated office never says. */
import { derivedId } from '../../src/kernel/ids.ts'
import { customsTells } from './customs-tells.ts'

export interface ListReply {
  readonly copNo: string
  /** '' leaves it out, as the standard allows. */
  readonly agentCode: string
  readonly status: string
  /** 17 digits. */
  readonly time: string
  readonly info?: string
  /** Number that customs gives the list. */
  readonly invtNo?: string
  /** DXP account it is addressed to. */
  readonly receiver: string
}

/** A CEB622 about one list, in its envelope; the same facts give the same bytes. */
export const importListReply = (said: ListReply): Uint8Array => {
  const { copNo, agentCode, status, time, info = '合成回执', invtNo, receiver } = said
  const guid = derivedId(copNo, agentCode, status, time, info).toUpperCase()
  const document = {
    guid,
    ...(agentCode === '' ? {} : { agentCode }),
    copNo,
    preNo: 'B20261015000000001',
    ...(invtNo === undefined ? {} : { invtNo }),
    returnStatus: status,
    returnTime: time,
    returnInfo: info,
  }
  return customsTells('CEB622', [document], receiver)
}
