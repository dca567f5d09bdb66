/**
 * Fields that stand in many messages with the same facts. A message whose facts differ writes its own.
 * Source: XSD and field tables of the 202205 edition.
 */
import { optionalText, text } from './field.ts'

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

export const note = optionalText({ zh: '备注', max: 1000 })
