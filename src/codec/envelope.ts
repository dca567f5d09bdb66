/**
 * What surrounds the documents of every message: namespaces, version, and the trailer of a
 * declaration (BaseTransfer, BaseSubscribe, ExtendMessage, Signature). It is the same for all
 * kinds, so it stands here once, not in the catalogue's entries. Source: common groups, XSD 202205.
 */

import { optionalText, text } from '../catalogue/field.ts'
import type { Fields, Group, Message } from '../catalogue/message.ts'

export const CEB_NAMESPACE = 'http://www.chinaport.gov.cn/ceb'
export const SIGNATURE_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#'
/** Root attribute; readers take any text of 1 to 10 characters (`v1.0` occurs). */
export const MESSAGE_VERSION = '1.0'
export const MESSAGE_VERSION_LENGTH_MAX = 10
export const MESSAGE_GUID_LENGTH = 36
/** 中国电子口岸数据交换平台, the only mode there is. */
export const DXP_MODE = 'DXP'
export const SUBSCRIBERS_MAX = 5

const note = optionalText({ zh: '备注', max: 1000 })
const dxpMode = text({ zh: '报文传输模式', length: 3 })

const copCode = { zh: '传输企业代码', max: 18 } as const

const transferFields = {
  copCode: text(copCode),
  // No least length: the schema alone of all required import texts forgets it here and below.
  copName: text({ zh: '传输企业名称', min: 0, max: 100 }),
  dxpMode,
  dxpId: text({ zh: '报文传输编号', min: 0, max: 30 }),
  note,
} as const satisfies Fields

const subscribeFields = {
  status: text({ zh: '订阅状态', min: 0, max: 100 }),
  dxpMode,
  dxpAddress: text({ zh: '订阅方传输地址', min: 0, max: 100 }),
  note,
} as const satisfies Fields

type TrailerGroups = Readonly<Record<'BaseTransfer' | 'BaseSubscribe', Group>>

const importGroups: TrailerGroups = {
  BaseTransfer: { min: 1, max: 1, zh: '基础报文传输实体', fields: transferFields },
  BaseSubscribe: { min: 0, max: SUBSCRIBERS_MAX, zh: '基础回执订阅实体', fields: subscribeFields },
}

/** The export schema knows no least lengths at all. */
const exportGroups: TrailerGroups = {
  ...importGroups,
  BaseTransfer: {
    ...importGroups.BaseTransfer,
    fields: { ...transferFields, copCode: text({ ...copCode, min: 0 }) },
  },
}

/** The parts of the trailer that hold fields, in wire order. */
export const trailerGroupsOf = (direction: Message['direction']): TrailerGroups =>
  direction === 'export' ? exportGroups : importGroups

/** ExtendMessage is read over and never written; only its frame is known. */
export const EXTENSION_ZH = '扩展自定义数据实体'
export const extendFields = {
  name: text({ zh: '自定义报文名称', min: 0, max: 30 }),
  version: text({ zh: '自定义报文版本', min: 0, max: 30 }),
} as const satisfies Fields
