/**
 * Fields that stand in many messages with the same facts. A message whose facts differ writes its own.
 * Source: XSD and field tables of the 202205 edition.
 */
import { int, optionalText, text } from './field.ts'

export const guid = text({
  zh: '系统唯一序号',
  length: 36,
  note: '36-character upper-case UUID created by the sender for this document; must be unique; also used by the platform to correlate.',
})

export const appType = text({
  zh: '报送类型',
  length: 1,
  values: { '1': '新增', '2': '变更', '3': '删除' },
  note: '1 new, 2 change, 3 delete.',
})

export const appTime = text({
  zh: '报送时间',
  length: 14,
  moment: 14,
  note: 'Submission time yyyyMMddHHmmss (China time); an older appTime than the stored one is answered as stale data.',
})

export const returnStatus = text({
  zh: '回执状态',
  max: 10,
  note: 'Signed integer as text; below 0 means processing error.',
})

export const returnTime = text({
  zh: '回执时间',
  length: 17,
  moment: 17,
  note: 'yyyyMMddHHmmssSSS (17 digits). Order replies by this, not by arrival.',
})

const info = {
  zh: '回执信息',
  max: 1000,
  note: 'Free text; customs results look like "[Code:nnnn;Desc:…]".',
} as const

export const returnInfo = text(info)
/** As the export schema has it. */
export const returnInfoOrEmpty = text({ ...info, min: 0 })

/** A document too long for one message is sent in parts, and each is answered on its own. */
export const msgCount = int({
  zh: '报文总数',
  digits: 9,
  least: 1,
  note: 'Number of parts when a long document is split; 1 when not split.',
})

const part = {
  zh: '报文序号',
  digits: 9,
  note: '1-based index of this part, no gaps; 1 when not split.',
} as const

export const msgSeqNo = int({ ...part, least: 1, notAbove: 'msgCount' })
/** The same number in what customs says of the part. */
export const answeredSeqNo = int(part)

/** Of a tax bill, whichever message tells it. */
export const taxStatuses = {
  '1': { zh: '已生成', en: 'Made out' },
  '2': { zh: '已汇总', en: 'Consolidated' },
  '3': { zh: '作废', en: 'Void' },
} as const

export const taxStatus = text({
  zh: '税单状态',
  length: 1,
  values: { '1': taxStatuses[1].zh, '2': taxStatuses[2].zh, '3': taxStatuses[3].zh },
  note: '1 generated, 2 consolidated, 3 void.',
})

export const note = optionalText({ zh: '备注', max: 1000 })
