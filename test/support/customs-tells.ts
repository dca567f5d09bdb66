/** Any message as if from customs: its documents as handed over, in an envelope to one account. */
import { findMessage } from '../../src/catalogue/index.ts'
import type { AnyDocument, FieldRecord } from '../../src/catalogue/message.ts'
import { writeMessage } from '../../src/codec/write.ts'
import { derivedId } from '../../src/kernel/ids.ts'
import { wrapEnvelope } from '../../src/wire/envelope.ts'

/** The same facts give the same bytes. `receiver` is a DXP account. */
export const customsTells = (
  code: string,
  documents: readonly AnyDocument[],
  receiver: string,
): Uint8Array => {
  const entry = findMessage(code)
  if (entry === undefined) throw new Error(`no ${code}`)
  const guid = derivedId(code, receiver, JSON.stringify(documents)).toUpperCase()
  const { canonical } = writeMessage(entry, documents, { guid })
  return wrapEnvelope({
    copMsgId: guid,
    senderId: 'DXPEDCCEB0000002',
    receiverIds: [receiver],
    createdAt: '2026-10-15T10:00:00',
    messageType: `${code}Message`,
    data: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${canonical}`),
  })
}

const guidOf = (...facts: string[]): string => derivedId('told', ...facts).toUpperCase()

/** CEB816; amounts are synthetic. */
export const taxBill = (said: {
  readonly invtNo: string
  readonly taxNo: string
  readonly status: string
  readonly time: string
  /** Another telling of the same facts has another. */
  readonly telling?: string
  readonly entDutyNo?: string
  /** Instead of the synthetic amounts of its head. */
  readonly amounts?: FieldRecord
}): AnyDocument => ({
  TaxHeadRd: {
    guid: guidOf(said.taxNo, said.status, said.time, said.telling ?? ''),
    returnTime: said.time,
    invtNo: said.invtNo,
    taxNo: said.taxNo,
    customsTax: '0',
    valueAddedTax: '12.34',
    consumptionTax: '5.6',
    ...said.amounts,
    status: said.status,
    ...(said.entDutyNo === undefined ? {} : { entDutyNo: said.entDutyNo }),
  },
  TaxListRd: [
    {
      ...{ gnum: '1', gcode: '3304990039', taxPrice: '190', customsTax: '0' },
      ...{ valueAddedTax: '12.34', consumptionTax: '5.6' },
    },
  ],
})

/** CEB818. */
export const taxBillStatus = (said: {
  readonly invtNo: string
  readonly taxNo: string
  readonly status: string
  readonly time: string
  readonly entDutyNo?: string
}): AnyDocument => ({
  TaxHeadStatus: {
    guid: guidOf('818', said.taxNo, said.status, said.time),
    returnTime: said.time,
    invtNo: said.invtNo,
    taxNo: said.taxNo,
    status: said.status,
    ...(said.entDutyNo === undefined ? {} : { entDutyNo: said.entDutyNo }),
  },
})

/** CEB792; `lists` are named by the first telling only. */
export const summaryResult = (said: {
  readonly sumNo: string
  readonly declSeqNo: string
  readonly decState: string
  readonly opDate: string
  readonly lists: readonly string[]
  readonly numbers?: FieldRecord
}): AnyDocument => ({
  SummaryResultHead: {
    guid: guidOf('792', said.declSeqNo, said.decState, said.opDate),
    customsCode: '8012',
    sumNo: said.sumNo,
    opDate: said.opDate,
    declSeqNo: said.declSeqNo,
    ...said.numbers,
    decState: said.decState,
    agentCode: '50019S041',
    agentName: '渝关合成报关有限公司甲',
    ebcCode: '50019S011',
    ebcName: '渝关合成跨境商贸有限公司甲',
    declAgentCode: '50019S041',
    declAgentName: '渝关合成报关有限公司甲',
    grossWeight: '12.5',
    netWeight: '10',
    msgCount: '1',
    msgSeqNo: '1',
  },
  ...(said.lists.length === 0
    ? {}
    : {
        SummaryResultList: said.lists.map((invtNo, i) => ({
          ...{ invtNo, logisticsNo: `WE${i}`, gseqno: String(i + 1), gnum: '1' },
          gcode: '6912001000',
        })),
      }),
})
