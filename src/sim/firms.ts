/**
 * Which enterprises the office has in its register: all of those it hears of but the serial number
 * 0000, which customs gives to nobody, so that whoever wants to be refused can be. A customs code is
 * division, kind of area, kind of firm and serial (海关注册编码, 10 characters).
 */
import type { FieldRecord } from '../catalogue/message.ts'

/** Head fields with the code of an enterprise, whatever its part. */
const NAMED = [
  ...['ebpCode', 'ebcCode', 'payCode', 'logisticsCode'],
  ...['agentCode', 'assureCode', 'areaCode'],
]
const UNKNOWN_SERIAL = /^\d{4}[0-9A-Z]{2}0000$/

/** Whether the document names somebody the office does not know. */
export const namesStranger = (head: FieldRecord): boolean =>
  NAMED.some((name) => UNKNOWN_SERIAL.test(head[name] ?? ''))
